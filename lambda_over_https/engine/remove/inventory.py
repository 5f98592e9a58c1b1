"""What will go, what goes along with it, and what outlives it; nothing is removed here."""

from collections.abc import Sequence
from functools import partial

from lambda_over_https.deployment.journal.state import Record
from lambda_over_https.deployment.stack import Stack
from lambda_over_https.engine import acts
from lambda_over_https.engine.graph import look_around
from lambda_over_https.engine.parts import Key, Parts, key_of
from lambda_over_https.engine.remove.proofs import Proofs
from lambda_over_https.engine.remove.removal import tolerating
from lambda_over_https.errors import LohError
from lambda_over_https.events import Note
from lambda_over_https.tutorial.parts.part import Orphan, Part


class Inventory:
    """What will go of what the journal of ``stack`` knows; of one step alone where ``step`` is its number.

    ``number`` is the step that notes are told in.
    """

    def __init__(self, parts: Parts, proofs: Proofs, stack: Stack, number: str, step: str = "") -> None:
        self._parts = parts
        self._proofs = proofs
        self._stack = stack
        self._number = number
        self._step = step
        self._additions: dict[Key, Sequence[str]] = {}

    def records(self) -> list[Record]:
        """What will go, in order; what goes with its owner is not listed."""
        return [each for each in reversed(self._chosen()) if not self._owner_of(each)]

    def along_with(self, record: Record) -> list[Record]:
        """What goes with its owner ``record``."""
        return [each for each in self._chosen() if self._owner_of(each) == record.kind]

    def _chosen(self) -> list[Record]:
        return [each for each in self._stack.journal.state.records if self._step in ("", each.step)]

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
        records = self.records()

        def look(prover: Key) -> None:  # one after the other what the same resource proves to be ours
            for record in records:
                if self._proofs.key_for(record) == prover:
                    self._additions[key_of(record)] = self._additions_of(record)

        look_around({self._proofs.key_for(record) for record in records}, look, self._stack.run)
        return [each for record in records for each in self._additions[key_of(record)]]

    def further_additions(self, record: Record) -> Sequence[str]:
        """What somebody added to a resource, if ``additions`` has not told of it."""
        return () if key_of(record) in self._additions else self._additions_of(record)

    def _additions_of(self, record: Record) -> Sequence[str]:
        part = self._parts.of(record)
        if part is None or part.adopted:
            return ()
        found: list[str] = []
        # To know them is a courtesy; what stands in the way is reported when it does.
        with tolerating(lambda _: None):
            if self._proofs.of(part).standing.is_ours:
                for listing in part.additions():
                    with tolerating(partial(self._not_known, part)):
                        found.extend(acts.listed(listing, self._stack))
        return found

    def _not_known(self, part: Part, error: LohError) -> None:
        text = f"Could not ask for all that others added to the {part.kind}: {error.message}"
        self._stack.run.emit(Note(self._number, text))

    def orphans(self) -> list[Orphan]:
        """What somebody hung on resources of ours that outlives them: it stays."""
        found: list[Orphan] = []
        for part in filter(None, map(self._parts.of, self.records())):
            with tolerating(partial(self._not_known, part)):
                found.extend(acts.orphans(part, self._stack))
        return found
