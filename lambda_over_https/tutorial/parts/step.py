"""What a step of the tutorial is: a lesson, and the parts that it makes."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from lambda_over_https.deployment.stack import Stack
from lambda_over_https.tutorial.lessons import Lesson
from lambda_over_https.tutorial.parts.part import Part


def _no_parts(_: Stack) -> Sequence[Part]:
    return ()


@dataclass(frozen=True, slots=True)
class Step:
    """One step: the lesson that explains it, and what it makes.

    ``needs``
        The numbers of the steps that must be done first.
    ``parts``
        What it makes.
    ``act``
        What it does besides (trying the function by hand, say); repeated when something it needs was changed.
    ``rehearse``
        The calls that stand for ``act`` where a step is only rehearsed; without them, none.
    ``late``
        Nobody needs ``act`` before everything else is done (waiting for the table, the test over HTTPS).
    ``surveys``
        Before its first change, check that no foreign resource has a name that the deployment needs.
    ``also``
        Parts that earlier choices may have made: only a teardown and a recovery know them.
    ``former``
        Parts that nobody wants any more: what the journal knows of them is removed in this step.
    ``wanted``
        Whether it is part of the deployment; of a step that is not, there may still be something to remove.
    ``without``
        The stack and the steps of the same deployment without this step, if it was a choice to have it.
    ``strays``
        What still carries our tag though no part looks for it; asked at the end of a teardown.
    """

    lesson: Lesson
    needs: tuple[str, ...] = ()
    parts: Callable[[Stack], Sequence[Part]] = _no_parts
    act: Callable[[Stack], None] | None = None
    rehearse: Sequence[Callable[[Stack], None]] = ()
    late: bool = False
    surveys: bool = False
    also: tuple[Part, ...] = ()
    former: Callable[[Stack], Sequence[Part]] = _no_parts
    wanted: bool = True
    without: "Callable[[Stack], tuple[Stack, Sequence[Step]]] | None" = None
    strays: Callable[[Stack], Iterator[str]] | None = None

    @property
    def number(self) -> str:
        """The tutorial's number."""
        return self.lesson.number

    @property
    def name(self) -> str:
        """The word that stands for it in a command."""
        return self.lesson.name

    @property
    def title(self) -> str:
        """The tutorial's title."""
        return self.lesson.title
