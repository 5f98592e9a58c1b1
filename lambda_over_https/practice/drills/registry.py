"""All drills, and how one is played."""

from collections.abc import Iterator

from lambda_over_https.aws.errors.explanations import explained
from lambda_over_https.deployment.stack import Stack
from lambda_over_https.practice.drills.drill import Drill, Seen
from lambda_over_https.practice.drills.of_the_chapters import CHAPTER_DRILLS
from lambda_over_https.practice.drills.of_the_tutorial import TUTORIAL_DRILLS

DRILLS: tuple[Drill, ...] = (*TUTORIAL_DRILLS, *CHAPTER_DRILLS)
"""All drills, those of the tutorial first."""


def play(drill: Drill, stack: Stack) -> Iterator[Seen]:
    """Break the deployment and yield what is seen; raises LohError if a call fails."""
    with explained():
        yield from drill.play(stack)
