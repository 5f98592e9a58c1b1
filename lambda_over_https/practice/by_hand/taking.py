"""What a learner made by hand becomes this deployment's own, or is taken back.

It becomes ours only if it has the exact name, was not there when the step began, and carries no other
deployment's tag. The intent is in the journal before the tag is put on, as before each change.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace

from lambda_over_https.deployment.journal.state import Record
from lambda_over_https.deployment.stack import Stack
from lambda_over_https.engine import acts
from lambda_over_https.engine.begun import noted_as
from lambda_over_https.engine.parts import Parts
from lambda_over_https.engine.remove.removal import Removal, RemovalLog
from lambda_over_https.engine.remove.remover import Remover
from lambda_over_https.errors import LohError
from lambda_over_https.events import Called
from lambda_over_https.names import TAG_DEPLOYMENT
from lambda_over_https.practice.by_hand.hints import calls_by_hand
from lambda_over_https.practice.by_hand.judged import Judged
from lambda_over_https.states import RecordState
from lambda_over_https.tutorial.parts.part import Part, Sighting, Standing
from lambda_over_https.tutorial.parts.step import Step


def absent_now(step: Step, stack: Stack) -> list[str]:
    """The resources of the step that are not there: what appears later was made after the step began."""
    parts = (part for part in step.parts(stack) if part.proves)
    return [noted_as(part, stack) for part in parts if acts.look(part, stack).standing is Standing.ABSENT]


class Taking:
    """Takes in, or back, what was made by hand in one step; ``absent`` is what was not there before."""

    def __init__(self, step: Step, stack: Stack, absent: Collection[str]) -> None:
        self._step = step
        self._stack = stack
        self._absent = absent

    def must_tag(self, judged: Judged) -> bool:
        """Whether it becomes ours only by a tag."""
        return judged.part.proves and acts.look(judged.part, self._stack).standing is Standing.FOREIGN

    def take(self, judged: Judged) -> None:
        """Make it this deployment's own; raises LohError if it is, or may be, somebody else's."""
        part, stack = judged.part, self._stack
        if stack.record(part.kind, judged.name):
            return
        stack.readings.forget()
        seen = acts.look(part, stack)
        self._check(part, judged.name, seen)
        self._tell(judged, seen)
        stack.journal.intend(part.kind, judged.name, self._step.number)
        product = acts.adopt(part, stack, seen)
        state = RecordState.MADE
        made = Record(part.kind, judged.name, self._step.number, state, product.id, product.arn)
        stack.journal.made(replace(made, detail=product.detail))

    def take_back(self, steps: Sequence[Step], wrong: Sequence[Judged]) -> Removal:
        """Remove what is wrong: it is made ours first, so that the same checks guard every removal."""
        removal = Removal()
        for judged in wrong:
            self.take(judged)
        log = RemovalLog(removal, self._stack.run.emit, self._step.number)
        remover = Remover(Parts(steps, self._stack), self._stack, log, step=self._step.number)
        chosen = {(each.part.kind, each.name) for each in wrong}
        for record in remover.inventory.records():
            if (record.kind, record.name) in chosen:
                remover.remove(record)
        return removal

    def _check(self, part: Part, name: str, seen: Sighting) -> None:
        if seen.standing is Standing.ABSENT:
            raise LohError(f"{part.kind} {name} is gone again.", "Make it once more.", self._step.number)
        if seen.standing is not Standing.FOREIGN:
            return
        if TAG_DEPLOYMENT in seen.tags or noted_as(part, self._stack) not in self._absent:
            raise LohError(
                f"A resource that is not ours is in the way: {part.kind} {name}. It was there before this"
                " step began, or belongs to another deployment.",
                "It was left untouched. Remove it yourself, or choose another name with --name.",
                self._step.number,
            )

    def _tell(self, judged: Judged, seen: Sighting) -> None:
        """Tell the history which calls had this effect: the learner's own were made outside the program."""
        for call in calls_by_hand(judged, self._stack, seen):
            what = (call.service, call.operation, call.parameters, call.answer)
            self._stack.run.emit(Called(self._step.number, *what, "", 0.0, 1, by_hand=True))
