"""What a part is: a resource of AWS (or one local file) that can be looked for, made and removed.

The engine looks before it acts, writes the journal around each act, and never touches what is not ours. A
part says how, and declares all that the engine must know of it: so a new kind of resource is one new class.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import IntEnum, StrEnum

from lambda_over_https.deployment.choices import Choices
from lambda_over_https.deployment.journal.state import Record
from lambda_over_https.deployment.stack import Stack


class Standing(StrEnum):
    """How a resource is found."""

    ABSENT = "absent"
    PARTIAL = "partial"
    """It is ours, but not as it should be."""
    OURS = "ours"
    FOREIGN = "foreign"
    """Somebody else's resource has the name."""

    @property
    def is_ours(self) -> bool:
        """Whether it is there and this deployment's."""
        return self in (Standing.OURS, Standing.PARTIAL)


@dataclass(frozen=True, slots=True)
class Sighting:
    """What ``look`` saw, why it says so, and the resource's id, ARN and tags where it has them.

    ``tuned`` says, in words, what is otherwise than we make it and does no harm: it is kept and mentioned.
    ``stops`` is whether what is kept so lets nothing run: then it is tried again.
    ``member`` is the name that AWS gives to what is not as it should be, where the part needs to know it.
    """

    standing: Standing
    reason: str = ""
    id: str = ""
    arn: str = ""
    detail: Mapping[str, str] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
    tuned: tuple[str, ...] = ()
    stops: bool = False
    member: str = ""

    def identify(self, record: Record) -> Record:
        """The record with the id and ARN of what was seen."""
        return replace(record, id=self.id, arn=self.arn)


PROTECTED = "Remove the protection, or let `loh teardown --force` do it."
"""What to do about a resource that somebody has protected against deletion."""

IDENTITY = "identity"
"""The member of ``detail`` that tells a resource from a later one of the same name and id."""

ABSENT = Sighting(Standing.ABSENT, "it is not there")


@dataclass(frozen=True, slots=True)
class Product:
    """What ``make`` made."""

    id: str = ""
    arn: str = ""
    detail: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Orphan:
    """Something that somebody hung on a resource, that outlives it, and the command that deletes it."""

    kind: str
    name: str
    command: str


Listing = Callable[[Stack], Iterable[str]]
"""Lists one kind of thing that somebody may have added to a resource, in words."""

Namesake = tuple[str, str, Mapping[str, str]]
"""A resource that has a part's name: its name, its id (empty where names are unique), and its tags."""


class Turn(IntEnum):
    """When a resource is removed, where nothing else decides: in this order."""

    FIRST = -1
    """Its deletion takes long, so it begins before all others."""
    ANY = 0
    LAST = 1
    """AWS rations its deletion, so nothing else may wait for it."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What resources show of the choices that made them, when the journal is lost.

    ``own_source``: the function's code is not the tutorial's; nothing says which file it came from.
    """

    choices: Choices
    own_source: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Part(ABC):
    """One resource that a step makes: what the engine must know of it, and how it is handled.

    ``kind``
        What it is called in the journal.
    ``creates``, ``updates``, ``removes``
        The operations that make it from nothing, that correct it, and that delete it; for the plan.
    ``owner``
        The kind of the resource whose tag proves that this is ours; empty if it carries the tag itself.
    ``cascades``
        It goes when its owner goes.
    ``adopted``
        The user lends it: it is looked up and recorded, and never changed or removed.
    ``local``
        It is a file on this machine.
    ``turn``, ``after``
        When it is removed, and the kinds of resources that must be gone before.
    ``rests_on``
        The kinds of resources without which it cannot be right: a fault in them explains a fault in it.
    ``seen_after``
        The kinds that must be known before it is clear whether this is ours.
    ``deployed_with``
        The kind of the resource that must be deployed again before clients see a change of this one.
    ``chapter``
        The chapter that asks for it; empty for what the tutorial itself makes.
    ``telling``
        If it is there just as we make it, its chapter is on; False for what anybody may have set so.
    """

    kind: str
    creates: tuple[str, ...] = ()
    updates: tuple[str, ...] = ()
    removes: tuple[str, ...] = ()
    owner: str = ""
    cascades: bool = False
    adopted: bool = False
    local: bool = False
    turn: Turn = Turn.ANY
    after: tuple[str, ...] = ()
    rests_on: tuple[str, ...] = ()
    seen_after: tuple[str, ...] = ()
    deployed_with: str = ""
    chapter: str = ""
    telling: bool = True

    @property
    def prover(self) -> str:
        """The kind of the resource whose tag proves that this is ours."""
        return self.owner or self.kind

    @property
    def proves(self) -> bool:
        """Whether its own tag proves that it, and what belongs to it, is ours."""
        return not self.owner and not self.adopted

    @abstractmethod
    def name(self, stack: Stack) -> str:
        """Its name here; unique among its kind in one deployment."""

    @abstractmethod
    def look(self, stack: Stack) -> Sighting:
        """Look for it, changing nothing. Only the service's own not-found answer means absent."""

    @abstractmethod
    def make(self, stack: Stack, seen: Sighting) -> Product:
        """Create it (``seen`` absent) or correct it (``seen`` partial), and wait until it is usable."""

    @abstractmethod
    def remove(self, stack: Stack, record: Record, *, force: bool) -> bool:
        """Delete it and wait until it is gone; False if it was gone already.

        ``force`` takes off what somebody has put on to prevent that; without it, that is a LohError.
        """

    def adopt(self, stack: Stack, seen: Sighting) -> Product:
        """Take in what a learner made by hand, as ``look`` saw it: put our tag on it, if it can have one."""
        del stack
        return Product(seen.id, seen.arn, seen.detail)

    def calls(self, sighting: Sighting) -> tuple[str, ...]:
        """The mutating operations that ``make`` would call, for the plan."""
        if sighting.standing is Standing.ABSENT:
            return self.creates
        return self.updates if sighting.standing is Standing.PARTIAL else ()

    def additions(self) -> Sequence[Listing]:
        """What it may hold that we have not made and that goes with it: nothing, for most."""
        return ()

    def orphans(self, stack: Stack) -> Iterable[Orphan]:
        """What somebody hung on it that outlives it: nothing, for most. Asked when it is gone, too."""
        del stack
        return ()

    def namesakes(self, stack: Stack) -> Iterator[Namesake]:
        """Every resource of this name: one at most, where names are unique."""
        yield self.name(stack), "", self.look(stack).tags

    def testify(self, stack: Stack, so_far: Evidence) -> Evidence:
        """Add what it shows of the choices that made it: nothing, for most."""
        del stack
        return so_far


def deleted(delete: Callable[[], object], missing: type[Exception]) -> bool:
    """Call ``delete``; False if the service answers ``missing``: it was gone already."""
    try:
        delete()
    except missing:
        return False
    return True
