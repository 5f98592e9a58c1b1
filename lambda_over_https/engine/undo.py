"""Take back the last step that was done: remove what it made, and nothing of the steps before."""

from collections.abc import Sequence

from lambda_over_https.deployment.stack import Stack
from lambda_over_https.engine.make.engine import Engine
from lambda_over_https.engine.parts import Parts
from lambda_over_https.engine.remove.removal import Removal, RemovalLog
from lambda_over_https.engine.remove.remover import Remover
from lambda_over_https.events import Note, Undone, at_step
from lambda_over_https.states import StepState
from lambda_over_https.tutorial.parts.step import Step


def last_step(steps: Sequence[Step], stack: Stack) -> Step | None:
    """The last step that was done, or begun: that is the one to take back."""
    state = stack.journal.state
    begun = {*state.steps, *(record.step for record in state.records)}
    return next((step for step in reversed(steps) if step.number in begun), None)


class Undo:
    """Removes what ``step`` made, and nothing of the steps before."""

    def __init__(self, step: Step, steps: Sequence[Step], stack: Stack) -> None:
        self.step = step
        self._stack = stack
        self._removal = Removal()
        log = RemovalLog(self._removal, stack.run.emit, step.number)
        self._remover = Remover(Parts(steps, stack), stack, log, step=step.number)
        self.inventory = self._remover.inventory
        """What will go, for whoever asks before it does."""

    def take_back(self) -> Removal:
        """Remove it; the step is pending then, unless something is left.

        If the step was a choice, the deployment becomes what it is without it. LeftBehindError if something
        is left of that.
        """
        if self.step.without:
            leave_out(self.step.number, *self.step.without(self._stack))
            return self._removal
        with at_step(self.step.number):
            orphans = self.inventory.orphans()
            for record in self.inventory.records():
                self._remover.remove(record)
        for orphan in orphans:
            text = f"{orphan.kind} {orphan.name} stays. Delete it: {orphan.command}"
            self._stack.run.emit(Note(self.step.number, text))
        if not self._removal.left:
            self._stack.journal.step(self.step.number, StepState.PENDING)
            self._stack.run.emit(Undone(self.step.number))
        return self._removal


def leave_out(number: str, stack: Stack, steps: Sequence[Step], workers: int = 1) -> bool:
    """Bring what there is of the deployment to what it is without step ``number``: ``steps`` on ``stack``.

    Nothing is made that is not there. True if that took a change. The choice is on disk before the first
    change, so that a run that was killed goes on to the same end.
    """
    stack.journal.choose(stack.choices.to_remember)
    stack.journal.step(number, StepState.PENDING)
    return Engine(steps, stack, makes=False).run(workers=workers)
