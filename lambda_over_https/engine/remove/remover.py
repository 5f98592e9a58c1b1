"""Remove one resource after the other: only what is in the journal and proven to be ours."""

from collections.abc import Sequence
from functools import partial

from lambda_over_https.deployment.journal.state import Record
from lambda_over_https.deployment.stack import Stack
from lambda_over_https.engine import acts
from lambda_over_https.engine.graph import look_around
from lambda_over_https.engine.parts import Key, Parts, key_of
from lambda_over_https.engine.remove.removal import RemovalLog, tolerating
from lambda_over_https.errors import LohError
from lambda_over_https.events import Note, at_step
from lambda_over_https.names import TAG_DEPLOYMENT
from lambda_over_https.states import Fate, RecordState, StepState
from lambda_over_https.tutorial.parts.part import IDENTITY, Orphan, Part, Sighting, Standing

UNPROVEN = (
    "it has the recorded id, but somebody took our tag off. If it is yours: `loh teardown --untagged` deletes"
    " it. If it is not: `loh recover` forgets it"
)
"""Why a resource is left that may be ours or not."""

SHOWS = 10.0
"""Seconds after which what was made shows wherever one looks. IAM, for one, is eventually consistent (IAM
user guide, "Changes that I make are not always immediately visible")."""


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
        self._looks: dict[Key, Sighting] = {}
        self._additions: dict[Key, Sequence[str]] = {}

    # --- what will go ---

    def inventory(self) -> list[Record]:
        """What will go, in order; what goes with its owner is not listed."""
        return [each for each in reversed(self._chosen()) if not self._owner_of(each)]

    def _chosen(self) -> list[Record]:
        return [each for each in self._journal.state.records if self._step in ("", each.step)]

    def _owner_of(self, record: Record) -> str:
        """The kind of the resource that ``record`` goes with; empty if it has to be removed by itself."""
        part = self._parts.of(record)
        if part is None or not part.cascades:
            return ""
        return part.owner if any(each.kind == part.owner for each in self._chosen()) else ""

    def additions(self) -> list[str]:
        """What somebody added to resources of ours, and what they hold: it goes with them.

        For the question before a removal; what nobody asked about is reported just before it goes.
        """
        inventory = self.inventory()

        def look(prover: Key) -> None:  # one after the other what the same resource proves to be ours
            for record in inventory:
                if self._prover_of(record) == prover:
                    self._additions[key_of(record)] = self._additions_of(record)

        look_around({self._prover_of(record) for record in inventory}, look, self._stack.run)
        return [each for record in inventory for each in self._additions[key_of(record)]]

    def _prover_of(self, record: Record) -> Key:
        """The resource that proves whether ``record`` is ours."""
        part = self._parts.of(record)
        return self._parts.prover_key(part) if part and not part.adopted else key_of(record)

    def _additions_of(self, record: Record) -> Sequence[str]:
        part = self._parts.of(record)
        if part is None or part.adopted:
            return ()
        found: list[str] = []
        # To know them is a courtesy; what stands in the way is reported when it does.
        with tolerating(lambda _: None):
            if self._proof(part).standing.is_ours:
                for listing in part.additions():
                    with tolerating(partial(self._not_known, part)):
                        found.extend(acts.listed(listing, self._stack))
        return found

    def _not_known(self, part: Part, error: LohError) -> None:
        text = f"Could not ask for all that others added to the {part.kind}: {error.message}"
        self._stack.run.emit(Note(self._log.number, text))

    def orphans(self) -> list[Orphan]:
        """What somebody hung on resources of ours that outlives them."""
        found: list[Orphan] = []
        for part in filter(None, map(self._parts.of, self.inventory())):
            with tolerating(partial(self._not_known, part)):
                found.extend(acts.orphans(part, self._stack))
        return found

    # --- removing ---

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
        elif self._is_unproven(part) and not self._untagged:
            self._log.left(record, UNPROVEN)
        elif self._proof(part).standing is Standing.FOREIGN and not self._is_unproven(part):
            self._settle(Fate.KEPT, record, "it does not carry our tag: it is not ours")
        elif self._proof(part).standing is Standing.ABSENT or not self._delete(part, record):
            self._settle(Fate.ALREADY_GONE, record)
        else:
            self._settle(Fate.DELETED, record)

    def _proof(self, part: Part) -> Sighting:
        """How the resource that proves ownership is found; asked once for all that belong to it."""
        key = self._parts.prover_key(part)
        if key not in self._looks:
            self._looks[key] = self._look(self._parts.prover(part), key)
        return self._looks[key]

    def _look(self, prover: Part, key: Key) -> Sighting:
        """How it is found; that what was made a moment ago does not show is no proof that it is gone."""
        known = self._journal.find(*key)
        fresh = known.left_of(SHOWS) if known and not self._stack.place.on_this_machine else 0.0

        def shows(seen: Sighting) -> bool:
            if seen.standing is Standing.ABSENT:
                self._stack.readings.forget()
            return seen.standing is not Standing.ABSENT

        reason = f"AWS may not show yet that there is a {prover.kind}"
        return self._stack.run.repeat_until(lambda: acts.look(prover, self._stack), shows, reason, fresh)

    def _is_unproven(self, part: Part) -> bool:
        """Whether what proves ownership has the recorded id and not our tag: only a user can decide."""
        proof, known = self._proof(part), self._journal.find(*self._parts.prover_key(part))
        if proof.standing is not Standing.FOREIGN or TAG_DEPLOYMENT in proof.tags or known is None:
            return False
        identity = known.detail.get(IDENTITY), proof.detail.get(IDENTITY)
        return proof.id == known.id and (identity[0] == identity[1] or None in identity)

    def _delete(self, part: Part, record: Record) -> bool:
        """Whether it was there to be deleted."""
        self._report_additions(record)
        self._take_for_not_done()
        known = record if part.owner else self._proof(part).identify(record)
        return acts.remove(part, self._stack, known, force=self._force)

    def _take_for_not_done(self) -> None:
        if self._step:
            self._journal.step(self._step, StepState.PENDING)

    def _report_additions(self, record: Record) -> None:
        if key_of(record) not in self._additions and not self._discreet:
            for addition in self._additions_of(record):
                self._stack.run.emit(Note(self._log.number, f"Also deleted: {addition}."))

    def _settle(self, fate: Fate, record: Record, reason: str = "") -> None:
        """Write down, in one go, what became of a resource and of all that goes with it."""
        self._take_for_not_done()
        cascaded = [each for each in self._chosen() if self._owner_of(each) == record.kind]
        self._journal.gone(record, *cascaded)
        self._log.note(fate, record, reason, cascaded)
