"""What a step of the tutorial is, and what it makes.

A step has *parts*: things of AWS (or one local file) that can be looked for, made and removed. The engine
looks before it acts, writes the journal around each act, and never touches what is not ours; a part only
says how. ``look`` has four answers, see ``Standing``.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from lambda_over_https.deployment.journal import Record
from lambda_over_https.deployment.stack import Stack
from lambda_over_https.tutorial.lessons import Lesson


class Standing(StrEnum):
    """How a thing is found: not there; there but not as it should be; as it should be; somebody else's."""

    ABSENT = "absent"
    PARTIAL = "partial"
    OURS = "ours"
    FOREIGN = "foreign"


@dataclass(frozen=True, slots=True)
class Sighting:
    """What ``look`` saw, why it says so, and the thing's id, ARN and tags where it has them."""

    standing: Standing
    reason: str = ""
    id: str = ""
    arn: str = ""
    detail: Mapping[str, str] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)


PROTECTED = "Take that off, or let `loh teardown --force` do it."
"""What to do about a thing that somebody has protected against removal."""

ABSENT = Sighting(Standing.ABSENT, "it is not there")


@dataclass(frozen=True, slots=True)
class Product:
    """What ``make`` made."""

    id: str = ""
    arn: str = ""
    detail: Mapping[str, str] = field(default_factory=dict)


class Part(Protocol):
    """One thing that a step makes.

    ``kind`` is its name in the journal. ``owner`` is the kind whose tag proves that this is ours: the
    thing's own where it can carry tags. ``cascades`` says that it goes when its owner goes. ``adopted``
    says that the user lends it: it is looked up, recorded, and never changed or removed. ``after`` are the
    kinds that must be gone before it is removed.
    """

    @property
    def kind(self) -> str: ...
    @property
    def owner(self) -> str: ...
    @property
    def cascades(self) -> bool: ...
    @property
    def adopted(self) -> bool: ...
    @property
    def after(self) -> tuple[str, ...]: ...

    def name(self, stack: Stack) -> str:
        """Its name here; unique among its kind in one deployment."""
        ...

    def calls(self, sighting: Sighting) -> tuple[str, ...]:
        """The mutating operations that ``make`` would call, for the plan."""
        ...

    def look(self, stack: Stack) -> Sighting:
        """Look for it, changing nothing. Only the service's own not-found answer means absent."""
        ...

    def make(self, stack: Stack, seen: Sighting) -> Product:
        """Create it (``seen`` absent) or mend it (``seen`` partial), and wait until it is usable."""
        ...

    def remove(self, stack: Stack, record: Record) -> bool:
        """Delete it and wait until it is gone; False if it was gone already.

        Raises LohError, with the reason, where somebody has protected it and ``stack.force`` is not set.
        """
        ...

    def additions(self, stack: Stack) -> Sequence[str]:
        """What it holds that we have not made and that goes with it, in words."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A base for parts: the facts that do not depend on the deployment.

    ``creates`` and ``updates`` name the operations that make it from nothing, and that mend it.
    """

    kind: str
    owner: str
    creates: tuple[str, ...] = ()
    updates: tuple[str, ...] = ()
    cascades: bool = False
    adopted: bool = False
    after: tuple[str, ...] = ()

    def calls(self, sighting: Sighting) -> tuple[str, ...]:
        """The mutating operations that ``make`` would call."""
        if sighting.standing is Standing.ABSENT:
            return self.creates
        return self.updates if sighting.standing is Standing.PARTIAL else ()

    def additions(self, stack: Stack) -> Sequence[str]:
        """Nothing, for most."""
        return ()


def _no_parts(_: Stack) -> Sequence[Part]:
    return ()


@dataclass(frozen=True, slots=True)
class Step:
    """One step: the lesson that tells of it, and what it makes.

    ``needs`` are the numbers of the steps that must be done first. ``act`` is what the step does besides
    making things (trying the function by hand, say); it is repeated when something it needs was changed.
    ``late`` says that nobody needs that before everything else is done (waiting for the table, say).
    ``also`` are parts that earlier choices may have made: only a teardown knows them.
    """

    lesson: Lesson
    needs: tuple[str, ...] = ()
    parts: Callable[[Stack], Sequence[Part]] = _no_parts
    act: Callable[[Stack], None] | None = None
    late: bool = False
    also: tuple[Part, ...] = ()

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
