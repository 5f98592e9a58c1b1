"""Look once more for what a teardown has removed: what came back or was there twice goes, or is named.

A create whose answer was lost may have been repeated; something may carry our tag that no journal knows.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial

from lambda_over_https.deployment.journal import MADE, Record
from lambda_over_https.deployment.stack import Stack
from lambda_over_https.engine.engine import Guard
from lambda_over_https.engine.removal import CLEANING_UP, Outcome, Tell, bearing
from lambda_over_https.events import Note
from lambda_over_https.tutorial.steps.step import Part, Sighting, Standing

Strays = Callable[[Stack], Iterable[str]]
"""The ARNs of what carries the deployment's tag and is of no kind that it makes."""

SAME_KIND = 10
"""How many things of one kind that carry our tag are removed, one after the other."""


class SecondLook:
    """Looks at AWS, not at the journal; what it finds goes into ``outcome``."""

    def __init__(self, stack: Stack, guard: Guard, outcome: Outcome) -> None:
        self._stack = stack
        self._guard = guard
        self._outcome = outcome

    def remove_again(self, part: Part, record: Record) -> None:
        """Remove what carries our tag and is of the kind of ``record``, until there is none."""
        with bearing(partial(self._outcome.failed, record)):
            for _ in range(SAME_KIND):
                found = self._still_there(part, record)
                if found is None:
                    return
                with self._guard():
                    removed = part.remove(self._stack, found)
                if removed:  # if not, AWS has only shown for a while what was gone
                    self._outcome.tell("deleted", found)

    def _still_there(self, part: Part, record: Record) -> Record | None:
        with self._guard():
            seen = part.look(self._stack)
        return identified(record, seen) if _is_ours(seen) else None

    def name_unknown(self, part: Part) -> None:
        """A kind that the journal does not know: what carries our tag is named, not removed."""
        with bearing(self._failing(f"look for any {part.kind}")):
            with self._guard():
                seen = part.look(self._stack)
            if _is_ours(seen):
                record = Record(part.kind, part.name(self._stack), "", MADE, seen.id, seen.arn)
                reason = "it carries our tag but is not in the journal; `loh recover` takes it in"
                self._outcome.tell("left", record, reason)

    def name_strays(self, strays: Strays) -> None:
        """Name whatever else carries our tag."""
        with bearing(self._failing("ask the tagging service what else carries our tag")):
            with self._guard():
                found = list(strays(self._stack))
            for arn in found:
                self._outcome.tell("left", Record("unknown", arn, "", MADE, arn), "it carries our tag")

    def _failing(self, attempt: str) -> Tell:
        """Says that what was attempted could not be done, and why."""
        emit = self._stack.run.emit
        return lambda error: emit(Note(CLEANING_UP, f"Could not {attempt}: {error.message}"))


def identified(record: Record, seen: Sighting) -> Record:
    """The record with the id and ARN of what was seen."""
    return replace(record, id=seen.id, arn=seen.arn)


def _is_ours(seen: Sighting) -> bool:
    return seen.standing in (Standing.OURS, Standing.PARTIAL)
