"""How far the steps are: one that failed or was interrupted is wrong, one that only comes next is not."""

from collections.abc import Sequence

from lambda_over_https.deployment.journal.state import State
from lambda_over_https.doctor import Probe, Remark, Wrong
from lambda_over_https.hints import command
from lambda_over_https.states import StepState
from lambda_over_https.tutorial.parts.step import Step


def progress(state: State, steps: Sequence[Step]) -> Probe:
    """Names the first step that is not done; ``steps`` may hold chapters: one that is off is not missing."""
    return Probe("steps", lambda: _look(state, [step for step in steps if step.wanted]))


def _look(state: State, steps: Sequence[Step]) -> str:
    waiting = [step for step in steps if not state.steps.get(step.number, StepState.PENDING).is_over]
    failed = [step for step in waiting if state.steps.get(step.number) is StepState.FAILED]
    begun = [step for step in waiting if _was_begun(step, state, steps)]
    for step in (*failed, *begun):
        what = "failed" if failed else "was begun, and not finished"
        raise Wrong(f"step {step.number} ({step.title}) {what}; this goes on there", command("loh run"))
    for step in waiting:
        return Remark(f"step {step.number} ({step.title}) comes next: {command('loh run')}")
    return "all are done"


def _was_begun(step: Step, state: State, steps: Sequence[Step]) -> bool:
    """Whether something of it was made, or a later step was done: a run stops before a step, or after it."""
    later = steps[steps.index(step) + 1 :]
    done = any(state.steps.get(each.number, StepState.PENDING).is_over for each in later)
    return done or any(record.step == step.number for record in state.records)
