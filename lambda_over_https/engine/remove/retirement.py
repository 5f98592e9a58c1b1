"""Remove what a step once made and nobody wants any more: a chapter was switched off, say."""

from collections.abc import Iterable, Sequence
from graphlib import TopologicalSorter

from lambda_over_https.deployment.stack import Stack
from lambda_over_https.engine import acts
from lambda_over_https.engine.parts import Parts
from lambda_over_https.engine.remove.removal import Removal, RemovalLog
from lambda_over_https.engine.remove.remover import Remover
from lambda_over_https.errors import LeftBehindError
from lambda_over_https.events import at_step, for_chapter
from lambda_over_https.tutorial.parts.part import Part, Standing, Turn
from lambda_over_https.tutorial.parts.step import Step


class Retirement:
    """Removes the former parts of steps, as far as the journal knows them."""

    def __init__(self, steps: Sequence[Step], stack: Stack) -> None:
        self._steps = steps
        self._stack = stack

    def parts(self, step: Step) -> list[Part]:
        """The former parts of ``step`` that are to be removed."""
        return [
            part for part in step.former(self._stack) if self._stack.record(part.kind, part.name(self._stack))
        ]

    def first(self, steps: Iterable[Step]) -> set[str]:
        """Remove what goes before anything else is done; the numbers of the steps it belonged to.

        Raises LeftBehindError if it is still there.
        """
        return {step.number for step in steps if self._remove(step, Turn.FIRST)}

    def remove(self, step: Step) -> bool:
        """Remove the former parts of ``step``; False if there were none. Raises LeftBehindError."""
        return self._remove(step, *Turn)

    def _remove(self, step: Step, *turns: Turn) -> bool:
        leaving = _in_order([part for part in self.parts(step) if part.turn in turns])
        if not leaving:
            return False
        removal = Removal()
        log = RemovalLog(removal, self._stack.run.emit, step.number)
        remover = Remover(Parts(self._steps, self._stack), self._stack, log)
        with at_step(step.number):
            for part in leaving:
                self._remove_part(part, remover)
        if removal.left:
            raise LeftBehindError(removal.still_there(), "Run the same command again.", step.number)
        return True

    def _remove_part(self, part: Part, remover: Remover) -> None:
        record = self._stack.record(part.kind, part.name(self._stack))
        if record is None:
            return  # it went with another one
        if not part.adopted and acts.look(part, self._stack).standing is Standing.ABSENT:
            self._stack.journal.gone(record)
        else:
            with for_chapter(part.chapter):
                remover.remove(record)


def _in_order(parts: Sequence[Part]) -> list[Part]:
    """Each part after those that must be gone before it."""
    before = {
        number: [other for other, each in enumerate(parts) if each.kind in part.after]
        for number, part in enumerate(parts)
    }
    return [parts[number] for number in TopologicalSorter(before).static_order()]
