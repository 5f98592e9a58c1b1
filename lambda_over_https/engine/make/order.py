"""Which step builds on which, and so what has to wait for what."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import NamedTuple

from lambda_over_https.deployment.stack import Stack
from lambda_over_https.tutorial.parts.step import Step


class Task(NamedTuple):
    """Some work for the graph, and the keys of what it needs."""

    needs: Sequence[str]
    work: Callable[[], None]


class Order:
    """The order of the steps of one deployment."""

    def __init__(self, steps: Sequence[Step], stack: Stack) -> None:
        self._steps = steps
        self._stack = stack

    def all_needs(self, step: Step) -> set[str]:
        """The numbers of the step and of all that it builds on, whatever is between."""
        needs = {step.number}
        for earlier in reversed(self._steps):
            if earlier.number in needs:
                needs.update(earlier.needs)
        return needs

    def tasks(
        self, chosen: Sequence[Step], make: Callable[[Step], None], finish: Callable[[Step], None]
    ) -> dict[str, Task]:
        """What there is to do, in the steps' order: ``make`` a step, and then try and ``finish`` it.

        What a step makes is all that the next ones need to make theirs: it is tried beside them. What is
        late is tried when nothing else is left; a late step that makes nothing waits for the other late ones
        as well.
        """

        def whole(step: Step) -> None:
            make(step)
            finish(step)

        tasks: dict[str, Task] = {}
        for step in chosen:
            before = self._before(step, chosen)
            if step.act and step.parts(self._stack):
                tasks[step.number] = Task(step.needs, partial(make, step))
                tasks[_tried(step.number)] = Task((step.number, *before), partial(finish, step))
            else:
                tasks[step.number] = Task((*step.needs, *before), partial(whole, step))
        return tasks

    def _before(self, step: Step, chosen: Sequence[Step]) -> Iterator[str]:
        """The keys of all that a late step waits for: what is done without it and does not wait for it."""
        waits_for_late = not step.parts(self._stack)
        for other in chosen if step.late else ():
            if step.number not in self.all_needs(other) and (waits_for_late or not other.late):
                yield from (other.number, _tried(other.number))


def _tried(number: str) -> str:
    """The key of trying what a step has made."""
    return f"{number} tried"
