"""Take a deployment away: everything that is ours, nothing that is not, and look whether it is gone.

The journal is walked, not the list of steps and not today's flags. A thing is removed only if it is in the
journal *and* carries our tag (or its owner does); what is gone already counts as done; one failure does not
stop the rest. The throttled delete of the REST API runs beside everything else. Each kind is looked for again
(see ``second_look``). ``undo`` is the same for the things of one step.
"""

from collections.abc import Iterable, Sequence
from functools import partial

from lambda_over_https.deployment.journal import ADOPTED, Record
from lambda_over_https.deployment.stack import Stack
from lambda_over_https.engine.engine import Guard
from lambda_over_https.engine.graph import look_around, run_graph
from lambda_over_https.engine.removal import CLEANING_UP, Action, Outcome, Removal, bearing
from lambda_over_https.engine.second_look import SecondLook, Strays, identified
from lambda_over_https.events import Note, current_step
from lambda_over_https.tutorial.steps.step import Part, Sighting, Standing, Step

Key = tuple[str, str]
"""A thing's kind and name."""

EVERYTHING: Key = ("", "")
"""Stands for the look at everything that carries our tag."""


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
        self._removal = Removal()
        self._outcome = Outcome(self._removal, stack.run.emit, only or CLEANING_UP)
        self._second_look = SecondLook(stack, guard, self._outcome)
        # What is lent comes first: of two parts of one name, the one that is ours to remove counts.
        parts = sorted(all_parts(steps, stack), key=lambda part: not part.adopted)
        self._parts = {(part.kind, part.name(stack)): part for part in parts}
        self._owners = {part.kind: part for part in parts if _proves(part)}
        self._looks: dict[str, Sighting] = {}
        self._additions: dict[Key, Sequence[str]] = {}

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
        """What somebody added to things of ours, and what they hold: it goes with them.

        To be asked for before the user decides; what nobody asked for is told just before it goes.
        """
        inventory = self.inventory()

        def look(owner: str) -> None:  # one after the other what the same thing proves to be ours
            for record in inventory:
                if self._prover(record) == owner:
                    self._additions[record.kind, record.name] = self._additions_of(record)

        look_around({self._prover(record) for record in inventory}, look, self._stack.run)
        return [each for record in inventory for each in self._additions[record.kind, record.name]]

    def _prover(self, record: Record) -> str:
        """The kind of thing that proves whether ``record`` is ours."""
        part = self._parts.get((record.kind, record.name))
        return part.owner if part else record.kind

    def _additions_of(self, record: Record) -> Sequence[str]:
        part = self._parts.get((record.kind, record.name))
        if part is None or part.adopted:
            return ()
        # To know it is a courtesy; what stands in the way will be said when it does.
        with bearing(lambda _: None):
            if self._standing(part) in (Standing.OURS, Standing.PARTIAL):
                with self._guard():
                    return part.additions(self._stack)
        return ()

    # --- removing ---

    def down(self, workers: int = 1) -> Removal:
        """Remove everything and look; the journal keeps what is left, and is forgotten if nothing is."""
        current_step.set(CLEANING_UP)
        self._stack.remember_kinds()
        self._journal.begin_again()
        records = {(each.kind, each.name): each for each in self.inventory()}
        run_graph(self._order(records), lambda key: self._remove(records[key]), workers, self._stack.run)
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
        """What is waited for first; then newest first; the rationed delete of an API last, if in a row."""
        place = {"dynamodb:table": -1, "apigateway:restapi": 1}
        keys = sorted(records, key=lambda key: place.get(key[0], 0))
        return {key: [other for other in records if self._goes_before(other, key)] for key in keys}

    def _goes_before(self, other: Key, key: Key) -> bool:
        part = self._parts.get(key)
        return part is not None and other[0] in part.after

    def _remove(self, record: Record) -> None:
        current_step.set(self._outcome.number)
        try:
            with bearing(partial(self._outcome.failed, record)):
                self._stack.run.raise_if_interrupted()
                self._remove_part(self._parts.get((record.kind, record.name)), record)
        finally:
            self._stack.changed()

    def _remove_part(self, part: Part | None, record: Record) -> None:
        if record.state == ADOPTED or (part is not None and part.adopted):
            self._settle("kept", record, "it is yours: it was only lent")
        elif part is None:
            self._outcome.tell("left", record, "this version does not know how to remove it")
        elif self._standing(part) is Standing.FOREIGN:
            self._settle("kept", record, "it does not carry our tag: it is not ours")
        elif self._standing(part) is Standing.ABSENT or not self._delete(part, record):
            self._settle("already gone", record)
        else:
            self._settle("deleted", record)

    def _standing(self, part: Part) -> Standing:
        """How the thing that proves ownership is found; asked once for all that belong to it."""
        if part.owner not in self._looks:
            with self._guard():
                self._looks[part.owner] = self._owners[part.owner].look(self._stack)
        return self._looks[part.owner].standing

    def _delete(self, part: Part, record: Record) -> bool:
        """Whether it was there to be deleted."""
        self._tell_additions(record)
        known = identified(record, self._looks[part.owner]) if part.owner == part.kind else record
        with self._guard():
            return part.remove(self._stack, known)

    def _tell_additions(self, record: Record) -> None:
        if (record.kind, record.name) not in self._additions:
            for addition in self._additions_of(record):
                self._stack.run.emit(Note(self._outcome.number, f"Along goes {addition}."))

    def _settle(self, action: Action, record: Record, reason: str = "") -> None:
        """Write down, in one go, what became of a thing and of all that goes with it."""
        along = [each for each in self._chosen() if self._owner_of(each) == record.kind]
        self._journal.gone(record, *along)
        self._outcome.tell(action, record, reason, along)

    def _look_once_more(self, records: dict[Key, Record]) -> None:
        """At the very end: a log line that comes late lets Lambda make the log group again."""
        parts = {(part.kind, part.name(self._stack)): part for part in self._owners.values()}

        def look(key: Key) -> None:
            if key == EVERYTHING:
                self._second_look.name_strays(self._strays)
            elif key in records:
                self._second_look.remove_again(parts[key], records[key])
            else:
                self._second_look.name_unknown(parts[key])

        left = {(each["kind"], each["name"]) for each in self._removal.left}
        kinds = (key for key in parts if key not in left and not key[0].startswith("local:"))
        look_around([*kinds, EVERYTHING], look, self._stack.run)


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
