"""The bucket that the throttle's experiment holds answers against."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from lambda_over_https.practice.experiments.experiment import Seen
from lambda_over_https.practice.experiments.throttle import fits_the_bucket
from lambda_over_https.tutorial.chapters.throttle import BURST, RATE


def exact(gaps: list[float], latency: float = 0.01) -> list[Seen[None]]:
    """What a bucket answers that decides each request in the middle of its latency."""
    seen: list[Seen[None]] = []
    tokens, now, last = float(BURST), 0.0, 0.0
    for gap in gaps:
        now += gap
        decided = now + latency / 2
        tokens = min(BURST, tokens + RATE * (decided - last))
        last, passes = decided, tokens >= 1
        tokens -= passes
        seen.append(Seen("POST", 200 if passes else 429, latency * 1000, at=now))
        now += latency
    return seen


@given(st.lists(st.floats(0, 3), min_size=1, max_size=20))
def test_what_a_bucket_answers_fits_whatever_the_times(gaps: list[float]) -> None:
    assert fits_the_bucket(exact(gaps))


@given(st.lists(st.floats(0, 0.02), min_size=BURST + 1, max_size=12))
def test_a_burst_that_all_passes_fits_no_bucket(gaps: list[float]) -> None:
    assert not fits_the_bucket([replace(each, status=200) for each in exact(gaps)])


def test_a_request_that_is_refused_though_there_are_tokens_fits_no_bucket() -> None:
    assert not fits_the_bucket([Seen("POST", 429, 10)])


def test_what_is_neither_passed_nor_throttled_fits_no_bucket() -> None:
    assert not fits_the_bucket([Seen("POST", 500, 10)])
