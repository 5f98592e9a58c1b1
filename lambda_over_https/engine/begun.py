"""What a learner has made by hand in a step that is not done: it is there, and no part of the deployment yet.

The logbook knows which resources were not there when the step began. One of them that is there now, with no
deployment's tag, is most likely the learner's work: only the learner can say so. Nothing here changes
anything.
"""

from collections.abc import Iterator, Sequence

from lambda_over_https.deployment.recorded.logbook import begun_by_hand, read
from lambda_over_https.deployment.stack import Stack
from lambda_over_https.engine import acts
from lambda_over_https.names import TAG_DEPLOYMENT
from lambda_over_https.tutorial.parts.part import Part, Sighting, Standing
from lambda_over_https.tutorial.parts.step import Step

TAKES_IT_UP = "`loh run --yourself` goes on there, and asks whether it is yours"


def noted_as(part: Part, stack: Stack) -> str:
    """What the logbook calls a part's resource."""
    return f"{part.kind} {part.name(stack)}"


def is_untagged(seen: Sighting) -> bool:
    """Whether it is there, and carries no deployment's tag."""
    return seen.standing is Standing.FOREIGN and TAG_DEPLOYMENT not in seen.tags


class Begun:
    """What the logbook of one deployment says of steps that were begun by hand and are not done."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self._steps = begun_by_hand(read(stack.journal.path.parent))

    def step_of(self, part: Part, seen: Sighting) -> str:
        """In which step a learner has made what was ``seen``; empty if it is not a learner's work."""
        return self._steps.get(noted_as(part, self._stack), "") if is_untagged(seen) else ""

    def there(self, steps: Sequence[Step]) -> Iterator[tuple[str, str]]:
        """What a learner has made of ``steps`` and not taken in: each resource, and its step."""
        for part in (part for step in steps for part in step.parts(self._stack) if part.proves):
            if noted_as(part, self._stack) in self._steps:
                number = self.step_of(part, acts.look(part, self._stack))
                if number:
                    yield noted_as(part, self._stack), number
