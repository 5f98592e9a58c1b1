"""What is right about a resource that a learner made, and what differs, field by field."""

from collections.abc import Sequence
from dataclasses import dataclass

from lambda_over_https.tutorial.parts.part import Part


@dataclass(frozen=True, slots=True)
class Field:
    """One property, named as in AWS's API: what it is, what it should be, and what follows if it differs.

    One that is ``passing`` becomes right by itself: whoever made the resource has only to wait. One that is
    ``to_do`` is not set yet, and a further call sets it: that is no mistake.
    """

    name: str
    seen: str
    wanted: str
    why: str = ""
    passing: bool = False
    to_do: bool = False

    @property
    def right(self) -> bool:
        """Whether it is as it should be."""
        return self.seen == self.wanted


@dataclass(frozen=True, slots=True)
class Judged:
    """One resource of a step: whether it is there, and its fields; ``near`` has almost its name."""

    part: Part
    name: str
    there: bool
    fields: Sequence[Field] = ()
    near: str = ""

    @property
    def right(self) -> bool:
        """Whether it is there and as it should be."""
        return self.there and all(each.right for each in self.fields)

    @property
    def wrong(self) -> Sequence[Field]:
        """What was set and differs, and stays so until somebody corrects it."""
        return [each for each in self.differs if not each.to_do]

    @property
    def differs(self) -> Sequence[Field]:
        """What stays not right until another call is made: it is wrong, or not set yet."""
        return [each for each in self.fields if not each.right and not each.passing]

    @property
    def under_way(self) -> Sequence[Field]:
        """What is not right yet and becomes so by itself, where nothing else differs."""
        return [] if self.differs else [each for each in self.fields if not each.right]
