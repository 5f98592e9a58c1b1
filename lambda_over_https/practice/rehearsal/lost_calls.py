"""The calls that made what exists now, also those that are not in the history.

A run that is killed while AWS works does not hear the answer; the next one finds the resource made, and goes
on. A history may be lost, too, and the journal rebuilt. What the journal has and no recorded call made, the
step's own code makes once more, in a rehearsal.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from lambda_over_https.deployment.recorded.call import Call
from lambda_over_https.deployment.stack import Stack
from lambda_over_https.events import at_step
from lambda_over_https.practice.rehearsal.rehearsing import calls_of_part, calls_that_try
from lambda_over_https.states import RecordState
from lambda_over_https.transcript.selection import effective, is_update, made_by, same_thing
from lambda_over_https.tutorial.course import NUMBERS
from lambda_over_https.tutorial.parts.step import Step


def calls_that_made(recorded: Sequence[Call], steps: Sequence[Step], stack: Stack) -> list[Call]:
    """The calls that made what exists now of these steps, each step's together, in their order.

    Those that are not ``recorded`` have no attempts. Calls that tested the function come last in their step.
    """
    kept = effective(recorded, NUMBERS, stack.choices.chapters)
    return [call for step in steps for call in _complete(step, kept, stack)]


def _complete(step: Step, kept: Sequence[Call], stack: Stack) -> list[Call]:
    """The step's calls among those ``kept``, and in the right places between them those that were lost.

    A change that was lost shows in the call that makes the resource from nothing: that takes the place of the
    recorded one.
    """
    calls = [call for call in kept if call.step == step.number]
    place = 0
    for call in _rehearsed(step, stack):
        same = [index for index, each in enumerate(calls) if same_thing(call, each)]
        place = same[-1] + 1 if same else place
        if made_by(call, kept):
            continue
        if same and not is_update(call):
            calls[same[-1]] = call
        else:
            calls.insert(place, call)
            place += 1
    return [*calls, *_tests(step, calls, stack)]


def _tests(step: Step, calls: Sequence[Call], stack: Stack) -> Iterator[Call]:
    """The calls by which a step that is done has tested the function, if none of ``calls`` did."""
    if stack.journal.state_of(step.number).is_over and not any(call.tries for call in calls):
        for call in calls_that_try(step, stack):
            if call.tries:
                yield replace(call, answer={}, attempts=0)


def _rehearsed(step: Step, stack: Stack) -> Iterator[Call]:
    """The calls that make from nothing what the journal has of the step."""
    for part in step.parts(stack):
        record = stack.record(part.kind, part.name(stack))
        if record and record.state is RecordState.MADE and not part.local:
            with at_step(step.number):
                calls = calls_of_part(part, stack, record)
            yield from (replace(call, at=record.at, attempts=0) for call in calls)
