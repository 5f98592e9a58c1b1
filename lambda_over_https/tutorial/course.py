"""The course of one deployment: the tutorial's steps, and the chapters that are on.

The tutorial's steps make an API that the chapters may have changed; what a chapter makes besides is a step of
its own. Of a chapter that is off, its step is there only as long as something is left to remove.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from lambda_over_https.aws.policies.permissions import Calls
from lambda_over_https.deployment.stack import Stack
from lambda_over_https.errors import LohError
from lambda_over_https.tutorial.chapters import CHAPTERS
from lambda_over_https.tutorial.definition import TUTORIAL, Api, changed, surplus
from lambda_over_https.tutorial.parts.chapter import Chapter
from lambda_over_https.tutorial.parts.part import Part
from lambda_over_https.tutorial.parts.reading import described
from lambda_over_https.tutorial.parts.step import Step
from lambda_over_https.tutorial.steps import STEPS, steps_for

NUMBERS: tuple[str, ...] = (*(step.number for step in STEPS), *(each.name for each in CHAPTERS))
"""The numbers of all steps that a deployment may have, chapters last."""


def chapter_steps() -> tuple[Step, ...]:
    """The steps of all chapters, as they are while those are on."""
    return tuple(_step(each) for each in CHAPTERS)


def steps_of(stack: Stack) -> tuple[Step, ...]:
    """All steps of the deployment, in order; the chapters come in the order in which they were switched on.

    Raises LohError if the journal names a chapter that this version does not have.
    """
    on = [_chapter(name) for name in stack.choices.chapters]
    off = [each for each in CHAPTERS if each not in on and _is_left(each, stack)]
    api = api_with(on)
    return (
        *steps_for(api, surplus(api_with(CHAPTERS), api)),
        *(each.step(on=False) for each in off),
        *(_step(each) for each in on),
    )


def steps_of_everything(stack: Stack) -> tuple[Step, ...]:
    """The steps of a deployment with every chapter on, whatever the journal says: for a recovery."""
    everything = tuple(each.name for each in CHAPTERS)
    return steps_of(replace(stack, choices=replace(stack.choices, chapters=everything)))


def switched(stack: Stack, name: str, *, on: bool) -> Stack:
    """The stack with that chapter on or off; the journal does not know it yet."""
    others = [each for each in stack.choices.chapters if each != name]
    chapters = (*others, name) if on else tuple(others)
    return replace(stack, choices=replace(stack.choices, chapters=chapters))


def parts_of(name: str, stack: Stack) -> list[Part]:
    """Every part that the chapter asks for, in the order in which they are made; it need not be on."""
    steps = steps_of(switched(stack, name, on=True))
    return [part for step in steps for part in step.parts(stack) if part.chapter == name]


def as_read(stack: Stack) -> dict[str, Any]:
    """What would be read of the deployment's API if it is as it should be (see ``parts.reading``)."""
    return {"API": described(api_with([_chapter(name) for name in stack.choices.chapters]))}


def api_with(chapters: Sequence[Chapter]) -> Api:
    """The API that the tutorial and these chapters make together.

    The order of the list decides, not that of the switching on: the first chapter has the last word.
    """
    return changed(TUTORIAL, (each.change for each in reversed(CHAPTERS) if each in chapters))


def calls_of(names: Iterable[str]) -> Calls:
    """The calls that these chapters make besides the tutorial's, with the permissions that they need."""
    chapters = [_chapter(name) for name in names]
    return {call: needed for each in chapters for call, needed in each.calls.items()}


def _chapter(name: str) -> Chapter:
    for each in CHAPTERS:
        if each.name == name:
            return each
    raise LohError(
        f"This version does not have the chapter {name}, which is on in this deployment.",
        "Upgrade lambda-over-https.",
    )


def _is_left(chapter: Chapter, stack: Stack) -> bool:
    """Whether the journal knows something of it."""
    return any(stack.record(part.kind, part.name(stack)) for part in chapter.former(stack))


def _step(chapter: Chapter) -> Step:
    return replace(chapter.step(on=True), without=partial(_without, chapter.name))


def _without(name: str, stack: Stack) -> tuple[Stack, Sequence[Step]]:
    """The deployment with that chapter off."""
    without = switched(stack, name, on=False)
    return without, steps_of(without)
