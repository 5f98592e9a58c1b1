"""What a description is made of: resources, what they take from one another, parameters, outputs.

A resource's members are spelt as in the call that makes it. A member is plain data (text, numbers, lists,
mappings), except where it takes something from elsewhere: then it is a ``Text`` with a ``Ref`` in it.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from lambda_over_https.kinds import Kind

PARAMETER = "parameter"
"""The kind of a reference to a parameter."""

PLACE = "place"
"""The kind of a reference to where the stack is: its ``partition``, ``region`` or ``account``."""


@dataclass(frozen=True, slots=True)
class Ref:
    """What another part of the description has: ``attribute`` of the resource ``local`` of that kind."""

    kind: str
    local: str
    attribute: str = "value"


@dataclass(frozen=True, slots=True)
class Text:
    """A text with references in it; one that is nothing but a reference has one part."""

    parts: tuple[str | Ref, ...]


@dataclass(frozen=True, slots=True)
class Wrapper:
    """A value with something about it that is no data."""

    value: Any


@dataclass(frozen=True, slots=True)
class Noted(Wrapper):
    """A value that belongs to a step of the tutorial, and what is said above it."""

    step: str
    comment: str = ""


def without_note(value: Any) -> Any:
    """The value without what is said of it."""
    return without_note(value.value) if isinstance(value, Noted) else value


@dataclass(frozen=True, slots=True)
class Resource:
    """One resource.

    ``local`` is what the description calls it, ``note`` what a reader should know of it, ``owner`` what it
    belongs to: the local name of an API, say.
    """

    kind: str
    local: str
    step: str
    members: Mapping[str, Any]
    note: str = ""
    owner: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """What no other resource has."""
        return self.kind, self.local


@dataclass(frozen=True, slots=True)
class Parameter:
    """What whoever deploys it may choose; without a default they must. Bounds are for numbers."""

    name: str
    about: str
    default: str | int | float | None = None
    least: int | None = None
    most: int | None = None

    @property
    def is_number(self) -> bool:
        """Whether it is a number."""
        return not isinstance(self.default, str | None)


@dataclass(frozen=True, slots=True)
class Output:
    """What a deployment of it tells."""

    name: str
    about: str
    value: Text


@dataclass(frozen=True, slots=True)
class Description:
    """A whole stack. ``headings`` are its steps, by number; ``left_out`` says in words what it lacks.

    Only the user knows what an ``own_handler`` of his expects.
    """

    resources: tuple[Resource, ...]
    parameters: tuple[Parameter, ...] = ()
    outputs: tuple[Output, ...] = ()
    headings: Mapping[str, str] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()
    own_handler: bool = False

    def before(self, resource: Resource, kinds: Collection[str]) -> Iterator[Resource]:
        """The resources of these kinds that belong to the resource, or to a role that it refers to."""
        roles = {ref.local for ref in references(resource.members) if ref.kind == Kind.ROLE}
        for each in self.resources:
            if each.kind in kinds and each.owner in {resource.local, *roles}:
                yield each


def references(value: Any) -> Iterator[Ref]:
    """All references in a value."""
    if isinstance(value, Text):
        yield from (part for part in value.parts if isinstance(part, Ref))
    elif isinstance(value, Wrapper):
        yield from references(value.value)
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from references(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from references(each)
