"""The parts of a deployment, found by what the journal knows of them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from lambda_over_https.deployment.journal.state import Record
from lambda_over_https.deployment.stack import Stack
from lambda_over_https.tutorial.parts.part import Part
from lambda_over_https.tutorial.parts.step import Step

Key = tuple[str, str]
"""A resource's kind and name."""


def key_of(record: Record) -> Key:
    """What the journal knows a resource by."""
    return record.kind, record.name


def every_part(steps: Iterable[Step], stack: Stack) -> Iterator[tuple[Part, Step]]:
    """Every part of ``steps`` and its step, with those that earlier choices may have made."""
    for step in steps:
        for part in (*step.also, *step.former(stack), *step.parts(stack)):
            yield part, step


class Parts:
    """Every part of some steps for one stack."""

    def __init__(self, steps: Sequence[Step], stack: Stack) -> None:
        # Of two parts of one name, the one that is ours to remove counts, not the one that is lent.
        every = sorted((part for part, _ in every_part(steps, stack)), key=lambda part: not part.adopted)
        self._parts = {(part.kind, part.name(stack)): part for part in every}
        self._stack = stack
        self._provers = {part.kind: part for part in every if part.proves}
        self.provers: Mapping[Key, Part] = {
            (part.kind, part.name(stack)): part for part in every if part.proves
        }
        """The parts that prove, by their tags, what is ours."""

    def of(self, record: Record) -> Part | None:
        """The part that handles a resource; None if this version of the program has none."""
        return self._parts.get(key_of(record))

    def at(self, key: Key) -> Part | None:
        """The part of that kind and name."""
        return self._parts.get(key)

    def prover(self, part: Part) -> Part:
        """The part whose tag proves that this one's resource is ours: itself, or the one of its owner."""
        return part if part.proves else self._provers[part.prover]

    def prover_key(self, part: Part) -> Key:
        """The kind and name of the resource whose tag proves that this part's is ours."""
        prover = self.prover(part)
        return prover.kind, prover.name(self._stack)
