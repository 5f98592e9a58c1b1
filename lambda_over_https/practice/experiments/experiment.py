"""What an experiment is: requests to a deployment, and whether what came back is what was foretold."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from lambda_over_https.deployment.stack import Stack
from lambda_over_https.settings import AWS


@dataclass(frozen=True, slots=True)
class Seen:
    """One request and its answer; ``at`` in seconds since the experiment began, ``note`` what it shows."""

    request: str
    status: int
    latency_ms: float
    note: str = ""
    at: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Experiment:
    """What ``chapter try`` does: the question before it, the requests, and the verdict.

    ``right`` is the index of the correct answer among ``choices``. ``play`` sends the requests and yields
    what is seen. ``foretold`` says whether that is what must be seen, ``summary`` what it comes to in words.
    ``fast`` is the same experiment without its waiting, where the sandbox can do without.
    """

    title: str
    story: str
    question: str
    choices: tuple[str, ...]
    right: int
    why: str
    play: Callable[[Stack], Iterator[Seen]]
    foretold: Callable[[Sequence[Seen]], bool]
    summary: Callable[[Sequence[Seen]], str]
    fast: "Experiment | None" = None


def is_exact(stack: Stack) -> bool:
    """Whether limits act to the request, as in the sandbox. AWS's own are targets: no count is certain."""
    return stack.place.target != AWS
