"""What an experiment is: requests to a deployment, and whether what came back is what was foretold."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from lambda_over_https.deployment.stack import Stack
from lambda_over_https.practice.question import Question
from lambda_over_https.settings import AWS

V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Seen(Generic[V]):
    """One request and its answer; ``at`` in seconds since the experiment began.

    ``note`` says what it shows, in words for people; ``value`` is the same for the verdict, which reads no
    words. It is None where the status alone counts.
    """

    request: str
    status: int
    latency_ms: float
    note: str = ""
    at: float = 0.0
    value: V | None = None

    def as_json(self) -> Mapping[str, Any]:
        """What ``chapter try --json`` gives of it."""
        told = {"request": self.request, "status": self.status, "latency_ms": self.latency_ms}
        return {**told, "note": self.note, "at": self.at}


@dataclass(frozen=True, slots=True, kw_only=True)
class Experiment(Question[Seen[V]]):
    """What ``chapter try`` does: the question before it, the requests, and the verdict.

    ``summary`` says in words what was seen. ``fast`` is the same experiment without its waiting,
    where the sandbox can do without.
    """

    summary: Callable[[Sequence[Seen[V]]], str]
    fast: "Experiment[V] | None" = None


def is_exact(stack: Stack) -> bool:
    """Whether limits act to the request, as in the sandbox. AWS's own are targets: no count is certain."""
    return stack.place.target != AWS
