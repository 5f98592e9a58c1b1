"""What drills and experiments have in common: a learner predicts, and then sees what happens."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from lambda_over_https.deployment.stack import Stack

S = TypeVar("S")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question(Generic[S]):
    """A question before something is done to a deployment, and what is seen then.

    ``story`` says what will be done. ``right`` is the index of the correct answer among ``choices``, and
    ``why`` explains it. ``play`` does it and yields what is seen; ``foretold`` says whether that matches the
    correct answer.
    """

    title: str
    story: str
    question: str
    choices: tuple[str, ...]
    right: int
    why: str
    play: Callable[[Stack], Iterator[S]]
    foretold: Callable[[Sequence[S]], bool]
