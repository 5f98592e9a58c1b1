"""What became of a deployment since it was recorded: each resource as it is now, and what a client gets."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from lambda_over_https.deployment.journal.state import State
from lambda_over_https.errors import LohError
from lambda_over_https.kinds import Kind
from lambda_over_https.tutorial.checks import ECHO
from lambda_over_https.tutorial.parts.part import Standing
from lambda_over_https.tutorial.request import as_text
from lambda_over_https.tutorial.ways import way

if TYPE_CHECKING:
    from lambda_over_https.deployment.stack import Stack
    from lambda_over_https.engine.make.engine import Engine


@dataclass(frozen=True, slots=True)
class Difference:
    """A resource that is not as it was made, and how it is."""

    kind: str
    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Live:
    """What exists now, what differs from what was made, and in a sentence what a client gets."""

    state: State
    differences: Sequence[Difference]
    answer: str

    def as_json(self) -> dict[str, Any]:
        """The look as plain data."""
        return {"differences": [asdict(each) for each in self.differences], "answer": self.answer}


def look_now(stack: "Stack", engine: "Engine") -> Live:
    """Ask AWS for everything that the journal lists, and send one echo; changes nothing."""
    seen = [(part.kind, part.name(stack), sighting) for part, sighting in engine.look()]
    differences = [
        Difference(kind, name, sighting.reason or "it is missing")
        for kind, name, sighting in seen
        if sighting.standing is not Standing.OURS
    ]
    missing = {(kind, name) for kind, name, sighting in seen if sighting.standing is Standing.ABSENT}
    recorded = stack.journal.state
    there = tuple(each for each in recorded.records if (each.kind, each.name) not in missing)
    return Live(replace(recorded, records=there), differences, _answer(stack))


def _answer(stack: "Stack") -> str:
    if stack.record(Kind.STAGE) is None:
        return "A client reaches nothing: no API is deployed yet."
    try:
        with way(stack, "https") as https:
            reply = https.send(as_text(ECHO.event(stack.names.table, "")))
    except LohError as error:
        return f"A client gets no answer now. {error.message}"
    return f"A client gets HTTP {reply.status} now: {' '.join(reply.body.split())[:200]}"
