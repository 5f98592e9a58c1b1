"""What a chapter is: a step that can be switched on and off, and what it makes of the API."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from lambda_over_https.aws.policies.permissions import Calls
from lambda_over_https.deployment.stack import Stack
from lambda_over_https.tutorial.chapter_lessons import Outline
from lambda_over_https.tutorial.definition import Api
from lambda_over_https.tutorial.parts.part import Part
from lambda_over_https.tutorial.parts.step import Step


def _no_parts(_: Stack) -> Sequence[Part]:
    return ()


def _as_it_is(api: Api) -> Api:
    return api


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """A chapter: what it adds to the tutorial while it is on.

    ``change``
        What it makes of the API: methods, headers, permissions. The tutorial's own steps make and deploy it.
    ``parts``
        The resources that it makes besides, after the API is deployed.
    ``also``
        Resources that it has made if the deployment's choices were others then.
    ``act``
        What it does when those are made.
    ``calls``
        The calls that it makes besides the tutorial's, with the permissions that each needs.
    """

    outline: Outline
    change: Callable[[Api], Api] = _as_it_is
    parts: Callable[[Stack], Sequence[Part]] = _no_parts
    also: tuple[Part, ...] = ()
    act: Callable[[Stack], None] | None = None
    calls: Calls = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The word that stands for it in a command."""
        return self.outline.name

    def step(self, *, on: bool) -> Step:
        """The step that makes its parts; while it is off, the one that removes what is left of them."""
        if on:
            return Step(self.outline.lesson, NEEDS, parts=self.parts, act=self.act, also=self.also)
        return Step(self.outline.lesson, NEEDS, former=self.former, wanted=False)

    def former(self, stack: Stack) -> Sequence[Part]:
        """All that it may have made."""
        parts = {(part.kind, part.name(stack)): part for part in (*self.also, *self.parts(stack))}
        return tuple(parts.values())


NEEDS = ("2.3", "2.4", "3.5", "3.6")
"""The steps whose resources a chapter builds on. The test (3.7) is none of them: it tries the chapter too."""
