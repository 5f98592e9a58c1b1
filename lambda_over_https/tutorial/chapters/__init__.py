"""The chapters: small additions to the finished tutorial, each switched on and off by itself."""

from lambda_over_https.tutorial.chapters import cache, cors, keys, protect, schedule, throttle
from lambda_over_https.tutorial.parts.chapter import Chapter

CHAPTERS: tuple[Chapter, ...] = (
    cors.CHAPTER,
    throttle.CHAPTER,
    keys.CHAPTER,
    schedule.CHAPTER,
    cache.CHAPTER,
    protect.CHAPTER,
)
