"""Remove a deployment: everything that is ours and nothing that is not; then verify that it is gone.

The journal is walked, not the list of steps and not today's options. A resource is removed only if it is in
the journal *and* carries our tag (or its owner does). What is gone already counts as done; one failure does
not stop the rest. The rationed delete of the REST API runs beside everything else. Last, each kind of
resource is looked for again (see ``second_look``).
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain

from lambda_over_https.deployment.journal.state import Record
from lambda_over_https.deployment.stack import Stack
from lambda_over_https.engine import acts
from lambda_over_https.engine.begun import is_untagged
from lambda_over_https.engine.graph import look_around, run_graph
from lambda_over_https.engine.parts import Key, Parts, key_of
from lambda_over_https.engine.remove.removal import CLEANING_UP, Cause, Removal, RemovalLog
from lambda_over_https.engine.remove.remover import Remover
from lambda_over_https.engine.remove.second_look import SecondLook
from lambda_over_https.events import TornDown, at_step
from lambda_over_https.states import Fate, RecordState
from lambda_over_https.tutorial.parts.part import Standing, Turn
from lambda_over_https.tutorial.parts.step import Step

EVERYTHING: Key = ("", "")
"""Stands for the look at everything that carries our tag."""

_UNKNOWN = "no journal knows it. If it is yours, `loh recover` adds it to the journal"
_UNTAGGED = "it carries no deployment's tag, so we never remove it. If it is yours, remove it yourself"


def remains(steps: Sequence[Step], stack: Stack) -> Removal:
    """What there is under the names of a deployment that no journal knows: named, and left alone."""
    removal = Removal()
    log = RemovalLog(removal, stack.run.emit, CLEANING_UP)
    provers = Parts(steps, stack).provers

    def look(key: Key) -> None:
        seen = acts.look(provers[key], stack)
        if seen.standing is not Standing.ABSENT:
            record = Record(*key, "", RecordState.MADE, seen.id, seen.arn)
            log.left(record, _UNTAGGED if is_untagged(seen) else _UNKNOWN, Cause.UNDECIDED)

    look_around([key for key, part in provers.items() if not part.local], look, stack.run)
    return removal


class Teardown:
    """Removes all that the stack's journal knows, with the parts of the given steps.

    ``force`` takes off what somebody has put on a resource to prevent its deletion. ``untagged`` also removes
    what has the recorded id and has lost our tag. ``discreet`` says nothing of what others added to it.
    """

    def __init__(
        self,
        steps: Sequence[Step],
        stack: Stack,
        *,
        force: bool = False,
        untagged: bool = False,
        discreet: bool = False,
    ) -> None:
        kinds = frozenset(record.kind for record in stack.journal.state.records)
        self._stack = replace(stack, kinds_before=kinds)
        self._steps = steps
        self._removal = Removal()
        self._parts = Parts(steps, self._stack)
        log = RemovalLog(self._removal, stack.run.emit, CLEANING_UP)
        self._remover = Remover(
            self._parts, self._stack, log, force=force, untagged=untagged, discreet=discreet
        )
        self.inventory = self._remover.inventory
        """What will go, for whoever asks before it does."""
        self._second_look = SecondLook(self._stack, log, force=force)

    @at_step(CLEANING_UP)
    def remove_all(self, workers: int = 1) -> Removal:
        """Remove everything and verify; the journal keeps what is left, and is forgotten if nothing is."""
        journal = self._stack.journal
        journal.begin_again()
        records = {key_of(each): each for each in self.inventory.records()}
        run_graph(
            self._order(records), lambda key: self._remover.remove(records[key]), workers, self._stack.run
        )
        self._look_once_more(records)
        if not self._removal.left and not journal.state.records:
            journal.forget()
        deleted, left = len(self._removal.of(Fate.DELETED)), len(self._removal.left)
        self._stack.run.emit(TornDown(CLEANING_UP, deleted, left))
        return self._removal

    def _order(self, records: dict[Key, Record]) -> dict[Key, list[Key]]:
        """Each resource with those that must go before it; newest first, but each kind in its turn."""
        keys = sorted(records, key=self._turn)
        return {key: [other for other in records if self._goes_before(other, key)] for key in keys}

    def _turn(self, key: Key) -> Turn:
        part = self._parts.at(key)
        return part.turn if part else Turn.ANY

    def _goes_before(self, other: Key, key: Key) -> bool:
        part = self._parts.at(key)
        return part is not None and other[0] in part.after

    def _look_once_more(self, records: dict[Key, Record]) -> None:
        """At the very end: a log line that comes late lets Lambda make the log group again."""
        provers = self._parts.provers

        def look(key: Key) -> None:
            if key == EVERYTHING:
                self._second_look.name_strays(self._strays)
                return
            if key in records:
                self._second_look.remove_again(provers[key], records[key])
            else:
                self._second_look.name_unknown(provers[key])
            self._second_look.name_orphans(provers[key])

        left = {(each.kind, each.name) for each in self._removal.left}
        remote = (key for key, part in provers.items() if not part.local and key not in left)
        look_around([*remote, EVERYTHING], look, self._stack.run)

    def _strays(self) -> Iterator[str]:
        """What carries our tag though no part looks for it."""
        return chain.from_iterable(step.strays(self._stack) for step in self._steps if step.strays)
