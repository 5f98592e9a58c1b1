"""A call to AWS as it was made: what it asked for, what it was answered, and what for."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from lambda_over_https.events import Called

_CHANGING = (
    *("Create", "Put", "Add", "Update", "Tag", "Attach", "Associate"),
    *("Delete", "Remove", "Untag", "Detach", "Disassociate", "Flush"),
)
_TRYING = frozenset({"Invoke", "TestInvokeMethod"})


@dataclass(frozen=True, slots=True)
class Call:
    """One call: ``at`` is when it was answered (ISO, UTC); the calls of one command have the same ``run``.

    ``error`` is empty after a success; ``attempts`` counts all tries, ``seconds`` includes the waits between.
    No attempts: nobody has recorded it, and it must have been made (see ``practice/rehearsal/lost_calls``).
    ``request_id`` is what AWS's own logs know it by. ``by_hand``: a learner made it, outside the program; it
    stands for the calls that had the same effect. ``chapter`` asked for it, in whichever step it was made.
    """

    at: str
    run: str
    step: str
    service: str
    operation: str
    parameters: Mapping[str, Any]
    answer: Mapping[str, Any]
    error: str = ""
    seconds: float = 0.0
    attempts: int = 1
    request_id: str = ""
    by_hand: bool = False
    chapter: str = ""

    @property
    def whose(self) -> str:
        """What it was made for: the chapter that asks for it, else the step."""
        return self.chapter or self.step

    @property
    def changes(self) -> bool:
        """Whether it changes something (or tries to)."""
        return self.operation.startswith(_CHANGING)

    @property
    def tries(self) -> bool:
        """Whether it runs the function."""
        return self.operation in _TRYING


def call_of(event: Called, run: str = "") -> Call:
    """The event as a call of the history."""
    at = datetime.now(UTC).isoformat(timespec="milliseconds")
    seconds = round(event.seconds, 4)
    what = (event.service, event.operation, event.parameters, event.answer)
    call = Call(at, run, event.step, *what, event.error, seconds, event.attempts)
    return replace(call, request_id=event.request_id, by_hand=event.by_hand, chapter=event.chapter)
