"""How one kind of resource is written as a block, and its names in small letters."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from lambda_over_https.infrastructure.renaming import Renames
from lambda_over_https.kinds import Kind


def _as_they_are(members: Mapping[str, Any]) -> Mapping[str, Any]:
    return members


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """How to write one block.

    ``type``
        The provider's name of the resource, or of the data source if ``data``.
    ``attributes``
        How a template says each attribute that others refer to; ``SELF`` stands for the resource.
    ``members``
        What becomes of the members of the call that makes it; the others are only put into small letters.
    ``also``
        Arguments that it has besides, unless a call says otherwise; ``SELF`` as above in an expression.
    ``only``
        Of the members it takes none but those named in ``members``.
    ``after``
        Kinds of resources that must be there before, without being referred to.
    ``arrange``
        Makes its members anew, where renaming each by itself is not enough.
    ``known_as``
        What ``import`` knows it by: members of the call, ``id``, ``arn`` and what else the journal tells.
    ``called``
        Its name alone, where that is not what it is known as: the journal has it.
    ``step``, ``note``
        Where they are not the resource's own.
    """

    type: str
    data: bool = False
    attributes: Mapping[str, str] = field(default_factory=dict)
    members: Renames = field(default_factory=dict)
    also: Mapping[str, Any] = field(default_factory=dict)
    only: bool = False
    after: tuple[Kind, ...] = ()
    arrange: Callable[[Mapping[str, Any]], Mapping[str, Any]] = _as_they_are
    known_as: str = ""
    called: str = ""
    step: str = ""
    note: str = ""


def snake(name: str) -> str:
    """A member's name as Terraform writes names."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def snakes(members: Mapping[str, Any]) -> dict[str, Any]:
    """The same for members of a member."""
    return {snake(name): value for name, value in members.items()}
