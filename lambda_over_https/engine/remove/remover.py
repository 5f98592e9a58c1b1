"""Remove one resource after the other: only what is in the journal and proven to be ours."""

from functools import partial

from lambda_over_https.deployment.journal.state import Record
from lambda_over_https.deployment.stack import Stack
from lambda_over_https.engine import acts
from lambda_over_https.engine.parts import Parts
from lambda_over_https.engine.remove.inventory import Inventory
from lambda_over_https.engine.remove.proofs import Proofs
from lambda_over_https.engine.remove.removal import RemovalLog, tolerating
from lambda_over_https.events import Note, at_step
from lambda_over_https.states import Fate, RecordState, StepState
from lambda_over_https.tutorial.parts.part import Part, Standing

UNPROVEN = (
    "it has the recorded id, but somebody took our tag off. If it is yours: `loh teardown --untagged` deletes"
    " it. If it is not: `loh recover` forgets it"
)
"""Why a resource is left that may be ours or not."""


class Remover:
    """Removes what the journal of ``stack`` knows; of one step alone where ``step`` is its number.

    That step is not done any more, which is on disk before the first of it goes: after a kill, ``next`` must
    not pass it over.

    What becomes of each resource goes into ``log`` and into the journal. ``untagged`` lets the recorded id
    alone prove that a resource is ours, where its tag is missing. ``discreet`` says nothing of what others
    added to what goes, and so need not ask.
    """

    def __init__(
        self,
        parts: Parts,
        stack: Stack,
        log: RemovalLog,
        *,
        step: str = "",
        force: bool = False,
        untagged: bool = False,
        discreet: bool = False,
    ) -> None:
        self._parts = parts
        self._stack = stack
        self._journal = stack.journal
        self._log = log
        self._step = step
        self._force = force
        self._untagged = untagged
        self._discreet = discreet
        self._proofs = Proofs(parts, stack)
        self.inventory = Inventory(parts, self._proofs, stack, log.number, step)

    def remove(self, record: Record) -> None:
        """Remove one resource; a failure is noted and stops nothing else."""
        with at_step(self._log.number), tolerating(partial(self._log.failed, record)):
            self._stack.run.raise_if_interrupted()
            self._remove_part(self._parts.of(record), record)

    def _remove_part(self, part: Part | None, record: Record) -> None:
        if record.state is RecordState.ADOPTED or (part is not None and part.adopted):
            self._settle(Fate.KEPT, record, "it is yours: the deployment only used it")
        elif part is None:
            self._log.left(record, "this version does not know how to remove it")
        elif self._proofs.is_missing(part) and not self._untagged:
            self._log.left(record, UNPROVEN)
        elif self._proofs.of(part).standing is Standing.FOREIGN and not self._proofs.is_missing(part):
            self._settle(Fate.KEPT, record, "it does not carry our tag: it is not ours")
        elif self._proofs.of(part).standing is Standing.ABSENT or not self._delete(part, record):
            self._settle(Fate.ALREADY_GONE, record)
        else:
            self._settle(Fate.DELETED, record)

    def _delete(self, part: Part, record: Record) -> bool:
        """Whether it was there to be deleted."""
        for addition in () if self._discreet else self.inventory.further_additions(record):
            self._stack.run.emit(Note(self._log.number, f"Also deleted: {addition}."))
        self._take_for_not_done()
        known = record if part.owner else self._proofs.of(part).identify(record)
        return acts.remove(part, self._stack, known, force=self._force)

    def _take_for_not_done(self) -> None:
        if self._step:
            self._journal.step(self._step, StepState.PENDING)

    def _settle(self, fate: Fate, record: Record, reason: str = "") -> None:
        """Write down, in one go, what became of a resource and of all that goes with it."""
        self._take_for_not_done()
        cascaded = self.inventory.along_with(record)
        self._journal.gone(record, *cascaded)
        self._log.note(fate, record, reason, cascaded)
