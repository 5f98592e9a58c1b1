"""What each chapter is called, why it is worth a look and what it costs: quick to load, as ``lessons`` is."""

from typing import NamedTuple

from lambda_over_https.tutorial.lessons import Lesson

PRICES_OF = "November 2026, us-east-1"


class Outline(NamedTuple):
    """A chapter in the list of chapters.

    ``shows`` is what it shows, in a few words; ``minutes`` how long it takes to go through; ``usd_per_hour``
    what it costs on AWS for as long as it is on, used or not; ``needs`` the numbers of the steps that must be
    done before.
    """

    lesson: Lesson
    shows: str
    minutes: int
    usd_per_hour: float = 0.0
    needs: tuple[str, ...] = ("3.7",)

    @property
    def name(self) -> str:
        """The word that stands for it in a command."""
        return self.lesson.name

    @property
    def asks(self) -> bool:
        """Whether on AWS it needs a yes to its cost."""
        return self.usd_per_hour > 0


def _lesson(name: str, title: str, why: str, costs: str, more: str) -> Lesson:
    return Lesson(name, name, title, why, costs, more)


OUTLINES = (
    Outline(
        _lesson(
            "throttle",
            "Throttle requests",
            why=(
                "Anyone who knows the URL may send as many requests as the account takes, 10,000 a second by "
                "default. A stage can allow less, for each method: rateLimit is how many requests a second, "
                "burstLimit how many at once. Think of a bucket: burstLimit tokens fit in, rateLimit tokens "
                "a second flow in, each request takes one. When the bucket is empty, the caller gets 429 Too "
                "Many Requests, and the function is not called."
            ),
            costs="Nothing.",
            more=(
                "This is a stage setting: it takes effect without a new deployment. AWS calls these limits "
                "targets, not ceilings: now and then more requests pass, so do not rely on them to limit "
                "costs. The first limit that applies counts: usage plan, then stage and method, then account "
                "and region. A rateLimit of 0 is the emergency brake: every request gets 429. A good client "
                "waits after a 429 and tries again. 429 means too fast, 403 not allowed or not there, 500 "
                "broken behind the API."
            ),
        ),
        "a burst of 12 requests against a limit of 2 a second",
        5,
    ),
)
"""The chapters, in the order of the list."""


def outline(name: str) -> Outline:
    """The outline of the chapter of that name."""
    return next(each for each in OUTLINES if each.name == name)
