"""Take a deployment away: everything that is ours, nothing that is not, and look whether it is gone.

The journal is walked, not the list of steps and not today's flags. A thing is removed only if it is in the
journal *and* carries our tag (or its owner does); what is gone already counts as done; one failure does not
stop the rest. The throttled delete of the REST API runs beside everything else. At the end each kind is
looked for again.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from lambda_over_https.engine import Guard
from lambda_over_https.errors import InterruptedRunError, LohError
from lambda_over_https.events import Removed, current_step
from lambda_over_https.graph import run_graph
from lambda_over_https.journal import ADOPTED, Record
from lambda_over_https.stack import Stack
from lambda_over_https.steps.step import Part, Sighting, Standing, Step

Key = tuple[str, str]
Strays = Callable[[Stack], Iterable[str]]


@dataclass(slots=True)
class Removal:
    """What became of everything: each entry has kind, name and id; kept and left also a reason."""

    deleted: list[dict[str, str]] = field(default_factory=list)
    already_gone: list[dict[str, str]] = field(default_factory=list)
    kept: list[dict[str, str]] = field(default_factory=list)
    left: list[dict[str, str]] = field(default_factory=list)


class Teardown:
    """Removes what the stack's journal says, using the parts of the given steps."""

    def __init__(self, steps: Sequence[Step], stack: Stack, guard: Guard, strays: Strays) -> None:
        self._stack = stack
        self._journal = stack.journal
        self._guard = guard
        self._strays = strays
        self._parts = {(part.kind, part.name(stack)): part for part in _all_parts(steps, stack)}
        self._looks: dict[str, Sighting] = {}
        self._removal = Removal()

    def inventory(self) -> list[Record]:
        """What will go, in order; what goes along with its owner is not listed."""
        return [each for each in reversed(self._journal.state.records) if not self._owner_of(each)]

    def _owner_of(self, record: Record) -> str:
        """The kind of thing that takes ``record`` along when it goes; empty if nothing does."""
        part = self._parts.get((record.kind, record.name))
        return part.owner if part and part.cascades and self._journal.find(part.owner) else ""

    def down(self, workers: int = 1) -> Removal:
        """Remove everything and look; the journal keeps what is left, and is forgotten if nothing is."""
        current_step.set("4")
        self._stack.remember_kinds()
        records = {(each.kind, each.name): each for each in self.inventory()}
        run_graph(self._order(records), lambda key: self._remove(records[key]), workers, self._stack.pauses)
        self._look_once_more(records)
        if not self._removal.left and not self._journal.state.records:
            self._journal.forget()
        return self._removal

    def _order(self, records: dict[Key, Record]) -> dict[Key, list[Key]]:
        """Newest first; the rationed delete of an API last, if it must be in a row at all."""
        keys = sorted(records, key=lambda key: key[0] == "apigateway:restapi")
        return {key: [other for other in records if self._goes_before(other, key)] for key in keys}

    def _goes_before(self, other: Key, key: Key) -> bool:
        part = self._parts.get(key)
        return part is not None and other[0] in part.after

    def _remove(self, record: Record) -> None:
        current_step.set("4")
        part = self._parts.get((record.kind, record.name))
        try:
            self._stack.pauses.check()
            self._remove_part(part, record)
        except InterruptedRunError:
            raise
        except LohError as error:
            self._told(record, self._removal.left, "left", error.message)

    def _remove_part(self, part: Part | None, record: Record) -> None:
        if part is None:
            self._told(record, self._removal.left, "left", "this version does not know how to remove it")
        elif record.state == ADOPTED or part.adopted:
            self._settle(record, self._removal.kept, "kept", "it is yours: it was only lent")
        elif self._standing(part) is Standing.FOREIGN:
            self._settle(record, self._removal.kept, "kept", "it does not carry our tag: it is not ours")
        else:
            self._delete(part, record)

    def _standing(self, part: Part) -> Standing:
        """How the thing that proves ownership is found; asked once for all that belong to it."""
        if part.owner not in self._looks:
            owner = next(
                each for each in self._parts.values() if each.kind == part.owner and not each.adopted
            )
            with self._guard():
                self._looks[part.owner] = owner.look(self._stack)
        return self._looks[part.owner].standing

    def _delete(self, part: Part, record: Record) -> None:
        gone = part.cascades or self._standing(part) is Standing.ABSENT
        if not gone:
            seen = self._looks[part.owner]
            known = _found(record, seen) if part.owner == part.kind else record
            with self._guard():
                gone = not part.remove(self._stack, known)
        if gone:
            self._settle(record, self._removal.already_gone, "already gone")
        else:
            self._settle(record, self._removal.deleted, "deleted")

    def _settle(self, record: Record, entries: list[dict[str, str]], action: str, reason: str = "") -> None:
        """Write down, in one go, what became of a thing and of all that goes with it."""
        along = [each for each in self._journal.state.records if self._owner_of(each) == record.kind]
        self._journal.gone(record, *along)
        self._told(record, entries, action, reason)
        entries.extend(_entry(each, reason) for each in along)

    def _told(self, record: Record, entries: list[dict[str, str]], action: str, reason: str = "") -> None:
        entries.append(_entry(record, reason))
        self._stack.pauses.emit(Removed("4", record.kind, record.name, action, reason))

    # --- looking once more ---

    def _look_once_more(self, records: dict[Key, Record]) -> None:
        """Each kind is looked for again; what came back or was there twice goes, or is named as left."""
        left = {(each["kind"], each["name"]) for each in self._removal.left}
        for key, part in self._parts.items():
            if key in records and key not in left and part.owner == part.kind and not part.adopted:
                self._remove_again(part, records[key])
        try:
            with self._guard():
                self._removal.left.extend(
                    {"kind": "unknown", "name": arn, "id": arn, "reason": "it carries our tag"}
                    for arn in self._strays(self._stack)
                )
        except LohError as error:
            reason = f"could not look for what carries our tag: {error.message}"
            self._removal.left.append({"kind": "unknown", "name": "", "id": "", "reason": reason})

    def _remove_again(self, part: Part, record: Record) -> None:
        try:
            with self._guard():
                seen = part.look(self._stack)
                if seen.standing in (Standing.OURS, Standing.PARTIAL):
                    part.remove(self._stack, _found(record, seen))
                    self._told(_found(record, seen), self._removal.deleted, "deleted")
        except LohError as error:
            self._told(record, self._removal.left, "left", error.message)


def undo(step: Step, stack: Stack, guard: Guard) -> list[Record]:
    """Take back one step: its parts are removed in reverse order; what is gone already counts as done."""
    current_step.set(step.number)
    parts = {(part.kind, part.name(stack)): part for part in step.parts(stack)}
    removed = []
    for record in reversed(stack.journal.state.records):
        part = parts.get((record.kind, record.name))
        if part is None:
            continue
        if not part.adopted:
            with guard():
                part.remove(stack, record)
            stack.changed()
        stack.journal.gone(record)
        stack.pauses.emit(
            Removed(step.number, record.kind, record.name, "kept" if part.adopted else "deleted")
        )
        removed.append(record)
    stack.journal.step(step.number, "pending")
    return removed


def _entry(record: Record, reason: str) -> dict[str, str]:
    entry = {"kind": record.kind, "name": record.name, "id": record.id}
    return {**entry, "reason": reason} if reason else entry


def _found(record: Record, seen: Sighting) -> Record:
    return Record(record.kind, record.name, record.step, record.state, seen.id, seen.arn)


def _all_parts(steps: Sequence[Step], stack: Stack) -> Iterable[Part]:
    for step in steps:
        yield from step.also
        yield from step.parts(stack)
