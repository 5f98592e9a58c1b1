"""Take a deployment away: everything that is ours, nothing that is not, and look whether it is gone.

The journal is walked, not the list of steps and not today's flags. A thing is removed only if it is in the
journal *and* carries our tag (or its owner does); what is gone already counts as done; one failure does not
stop the rest. The throttled delete of the REST API runs beside everything else. At the end each kind is
looked for again. ``undo`` is the same for the things of one step.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from lambda_over_https.engine import Guard
from lambda_over_https.errors import CredentialsError, InterruptedRunError, LohError
from lambda_over_https.events import Note, Removed, current_step
from lambda_over_https.graph import look_around, run_graph
from lambda_over_https.journal import ADOPTED, MADE, JournalError, Record
from lambda_over_https.stack import Stack
from lambda_over_https.steps.step import Part, Sighting, Standing, Step

Key = tuple[str, str]

EVERYTHING: Key = ("", "")
"""Stands for the look at everything that carries our tag."""
Strays = Callable[[Stack], Iterable[str]]

CLEANING_UP = "4"
SAME_KIND = 10
"""How many things of one kind that carry our tag are removed in the last look, one after the other."""

# What makes every further removal pointless or forbidden: it ends the teardown, the rest stays written down.
FATAL = (InterruptedRunError, CredentialsError, JournalError)


@dataclass(slots=True)
class Removal:
    """What became of everything: each entry has kind, name and id; kept and left also a reason."""

    deleted: list[dict[str, str]] = field(default_factory=list)
    already_gone: list[dict[str, str]] = field(default_factory=list)
    kept: list[dict[str, str]] = field(default_factory=list)
    left: list[dict[str, str]] = field(default_factory=list)


class Teardown:
    """Removes what the stack's journal says, using the parts of the given steps; ``only`` of one step."""

    def __init__(
        self, steps: Sequence[Step], stack: Stack, guard: Guard, strays: Strays, only: str = ""
    ) -> None:
        self._stack = stack
        self._journal = stack.journal
        self._guard = guard
        self._strays = strays
        self._only = only
        # What is lent comes first: of two parts of one name, the one that is ours to remove counts.
        parts = sorted(all_parts(steps, stack), key=lambda part: not part.adopted)
        self._parts = {(part.kind, part.name(stack)): part for part in parts}
        self._owners = {part.kind: part for part in parts if _proves(part)}
        self._looks: dict[str, Sighting] = {}
        self._removal = Removal()

    # --- what will go ---

    def inventory(self) -> list[Record]:
        """What will go, in order; what goes along with its owner is not listed."""
        return [each for each in reversed(self._chosen()) if not self._owner_of(each)]

    def _chosen(self) -> list[Record]:
        return [each for each in self._journal.state.records if self._only in ("", each.step)]

    def _owner_of(self, record: Record) -> str:
        """The kind of thing that takes ``record`` along when it goes; empty if nothing does."""
        part = self._parts.get((record.kind, record.name))
        if part is None or not part.cascades:
            return ""
        return part.owner if any(each.kind == part.owner for each in self._chosen()) else ""

    def additions(self) -> list[str]:
        """What somebody added to things of ours, and what they hold: it goes with them."""
        inventory = self.inventory()
        found: dict[Key, Sequence[str]] = {}

        def look(owner: str) -> None:  # one after the other what the same thing proves to be ours
            for record in inventory:
                if self._prover(record) == owner:
                    found[record.kind, record.name] = self._additions_of(record)

        look_around({self._prover(record) for record in inventory}, look, self._stack.pauses)
        return [each for record in inventory for each in found[record.kind, record.name]]

    def _prover(self, record: Record) -> str:
        """The kind of thing that proves whether ``record`` is ours."""
        part = self._parts.get((record.kind, record.name))
        return part.owner if part else record.kind

    def _additions_of(self, record: Record) -> Sequence[str]:
        part = self._parts.get((record.kind, record.name))
        if part is None or part.adopted:
            return ()
        try:
            if self._standing(part) not in (Standing.OURS, Standing.PARTIAL):
                return ()
            with self._guard():
                return part.additions(self._stack)
        except FATAL:
            raise
        except LohError:  # to know it is a courtesy; what stands in the way will be said when it does
            return ()

    # --- removing ---

    def down(self, workers: int = 1) -> Removal:
        """Remove everything and look; the journal keeps what is left, and is forgotten if nothing is."""
        current_step.set(CLEANING_UP)
        self._stack.remember_kinds()
        self._journal.begin_again()
        records = {(each.kind, each.name): each for each in self.inventory()}
        run_graph(self._order(records), lambda key: self._remove(records[key]), workers, self._stack.pauses)
        self._look_once_more(records)
        if not self._removal.left and not self._journal.state.records:
            self._journal.forget()
        return self._removal

    def back(self) -> Removal:
        """Take back the one step that was chosen; it is pending then, unless something is left."""
        current_step.set(self._only)
        for record in self.inventory():
            self._remove(record)
        if not self._removal.left:
            self._journal.step(self._only, "pending")
        return self._removal

    def _order(self, records: dict[Key, Record]) -> dict[Key, list[Key]]:
        """Newest first; the rationed delete of an API last, if it must be in a row at all."""
        keys = sorted(records, key=lambda key: key[0] == "apigateway:restapi")
        return {key: [other for other in records if self._goes_before(other, key)] for key in keys}

    def _goes_before(self, other: Key, key: Key) -> bool:
        part = self._parts.get(key)
        return part is not None and other[0] in part.after

    def _remove(self, record: Record) -> None:
        current_step.set(self._only or CLEANING_UP)
        try:
            self._stack.pauses.check()
            self._remove_part(self._parts.get((record.kind, record.name)), record)
        except FATAL:
            raise
        except LohError as error:
            self._told(record, self._removal.left, "left", f"{error.message} {error.hint}".strip())
        finally:
            self._stack.changed()

    def _remove_part(self, part: Part | None, record: Record) -> None:
        if record.state == ADOPTED or (part is not None and part.adopted):
            self._settle(record, self._removal.kept, "kept", "it is yours: it was only lent")
        elif part is None:
            self._told(record, self._removal.left, "left", "this version does not know how to remove it")
        elif self._standing(part) is Standing.FOREIGN:
            self._settle(record, self._removal.kept, "kept", "it does not carry our tag: it is not ours")
        else:
            self._delete(part, record)

    def _standing(self, part: Part) -> Standing:
        """How the thing that proves ownership is found; asked once for all that belong to it."""
        if part.owner not in self._looks:
            with self._guard():
                self._looks[part.owner] = self._owners[part.owner].look(self._stack)
        return self._looks[part.owner].standing

    def _delete(self, part: Part, record: Record) -> None:
        gone = self._standing(part) is Standing.ABSENT
        if not gone:
            known = _found(record, self._looks[part.owner]) if part.owner == part.kind else record
            with self._guard():
                gone = not part.remove(self._stack, known)
        if gone:
            self._settle(record, self._removal.already_gone, "already gone")
        else:
            self._settle(record, self._removal.deleted, "deleted")

    def _settle(self, record: Record, entries: list[dict[str, str]], action: str, reason: str = "") -> None:
        """Write down, in one go, what became of a thing and of all that goes with it."""
        along = [each for each in self._chosen() if self._owner_of(each) == record.kind]
        self._journal.gone(record, *along)
        self._told(record, entries, action, reason)
        entries.extend(_entry(each, reason) for each in along)

    def _told(self, record: Record, entries: list[dict[str, str]], action: str, reason: str = "") -> None:
        entries.append(_entry(record, reason))
        number = self._only or CLEANING_UP
        self._stack.pauses.emit(Removed(number, record.kind, record.name, action, reason))

    # --- looking once more ---

    def _look_once_more(self, records: dict[Key, Record]) -> None:
        """Each kind is looked for again; what came back or was there twice goes, or is named as left."""
        left = {(each["kind"], each["name"]) for each in self._removal.left}
        parts = {(part.kind, part.name(self._stack)): part for part in self._owners.values()}

        def look(key: Key) -> None:
            if key == EVERYTHING:
                self._name_strays()
            elif key in records:
                self._remove_again(parts[key], records[key])
            else:
                self._name_unknown(parts[key])

        kinds = (key for key in parts if key not in left and not key[0].startswith("local:"))
        look_around([*kinds, EVERYTHING], look, self._stack.pauses)

    def _remove_again(self, part: Part, record: Record) -> None:
        try:
            for _ in range(SAME_KIND):
                with self._guard():
                    seen = part.look(self._stack)
                if seen.standing not in (Standing.OURS, Standing.PARTIAL):
                    return
                found = _found(record, seen)
                with self._guard():
                    part.remove(self._stack, found)
                self._told(found, self._removal.deleted, "deleted")
        except FATAL:
            raise
        except LohError as error:
            self._told(record, self._removal.left, "left", f"{error.message} {error.hint}".strip())

    def _name_unknown(self, part: Part) -> None:
        """A kind that the journal does not know: what carries our tag is named, not removed."""
        try:
            with self._guard():
                seen = part.look(self._stack)
        except FATAL:
            raise
        except LohError as error:
            self._stack.pauses.emit(Note(CLEANING_UP, f"Could not look for any {part.kind}: {error.message}"))
            return
        if seen.standing in (Standing.OURS, Standing.PARTIAL):
            record = Record(part.kind, part.name(self._stack), "", MADE, seen.id, seen.arn)
            reason = "it carries our tag but is not in the journal; `loh recover` takes it in"
            self._told(record, self._removal.left, "left", reason)

    def _name_strays(self) -> None:
        try:
            with self._guard():
                strays = list(self._strays(self._stack))
        except FATAL:
            raise
        except LohError as error:
            text = f"Could not ask the tagging service what else carries our tag: {error.message}"
            self._stack.pauses.emit(Note(CLEANING_UP, text))
            return
        for arn in strays:
            self._told(
                Record("unknown", arn, "", MADE, arn), self._removal.left, "left", "it carries our tag"
            )


def last_step(steps: Sequence[Step], stack: Stack) -> Step | None:
    """The last step that was done, or begun: that is what ``undo`` takes back."""
    state = stack.journal.state
    begun = {*state.steps, *(record.step for record in state.records)}
    return next((step for step in reversed(steps) if step.number in begun), None)


def all_parts(steps: Sequence[Step], stack: Stack) -> Iterable[Part]:
    """Every part of ``steps``, with those that earlier choices may have made."""
    for step in steps:
        yield from step.also
        yield from step.parts(stack)


def _proves(part: Part) -> bool:
    """Whether looking at it tells whether it, and what belongs to it, is ours."""
    return part.owner == part.kind and not part.adopted


def _entry(record: Record, reason: str) -> dict[str, str]:
    entry = {"kind": record.kind, "name": record.name, "id": record.id}
    return {**entry, "reason": reason} if reason else entry


def _found(record: Record, seen: Sighting) -> Record:
    return replace(record, id=seen.id, arn=seen.arn)
