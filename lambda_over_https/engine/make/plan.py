"""What a run would do, found out without a single mutating call."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from lambda_over_https.deployment.stack import Stack
from lambda_over_https.engine.make.sights import Sights
from lambda_over_https.engine.remove.retirement import Retirement
from lambda_over_https.states import Action, StepState
from lambda_over_https.tutorial.parts.part import Part, Sighting, Standing
from lambda_over_https.tutorial.parts.step import Step


@dataclass(frozen=True, slots=True)
class Planned:
    """What ``run`` would do with a step, and why."""

    number: str
    name: str
    action: Action
    reason: str
    calls: tuple[str, ...]


class Planner:
    """Says what ``run`` would do with each step of a deployment."""

    def __init__(self, stack: Stack, sights: Sights, retirement: Retirement) -> None:
        self._stack = stack
        self._sights = sights
        self._retirement = retirement

    def plan(self, step: Step) -> Planned:
        """What it would do with this one."""
        seen = [(part, self._sights.of(part)) for part in step.parts(self._stack)]
        action, reason = _verdict(seen, self._stack.journal.state_of(step.number))
        calls = [call for part, sighting in seen for call in part.calls(sighting)]
        leaving = self._retirement.parts(step)
        if leaving and action is not Action.BLOCKED:
            action, reason = Action.UPDATE, f"{self._sights.named(leaving[0])} is not wanted any more"
            calls += [call for part in leaving for call in part.removes]
        return Planned(step.number, step.name, action, reason, tuple(calls))


def _verdict(seen: Sequence[tuple[Part, Sighting]], state: StepState) -> tuple[Action, str]:
    standings = {sighting.standing for _, sighting in seen}
    if Standing.FOREIGN in standings:
        return Action.BLOCKED, _first_reason(seen, lambda standing: standing is Standing.FOREIGN)
    if seen and all(part.adopted for part, _ in seen):
        return Action.SKIP, "it uses yours instead of making its own"
    if standings <= {Standing.OURS}:
        if state is StepState.DONE:
            return Action.KEEP, f"it is as it should be{_tuned(seen)}"
        return Action.CREATE, "it has not been done yet"
    if standings == {Standing.ABSENT}:
        return Action.CREATE, "it is not there"
    return Action.UPDATE, _first_reason(seen, lambda standing: standing is not Standing.OURS)


def _tuned(seen: Sequence[tuple[Part, Sighting]]) -> str:
    notes = [note for _, sighting in seen for note in sighting.tuned]
    return f"; kept as it is: {', '.join(notes)}" if notes else ""


def _first_reason(seen: Sequence[tuple[Part, Sighting]], wanted: Callable[[Standing], bool]) -> str:
    return next(sighting.reason for _, sighting in seen if wanted(sighting.standing))
