"""From the members of a call to those of a language: most have the same name, written otherwise."""

from collections.abc import Callable, Mapping
from typing import Any

Rename = str | None | Callable[[Any], Mapping[str, Any]]
"""Another name; None for what the language has no need of; or what to write in the place of the value."""

Renames = Mapping[str, Rename]
"""By the name in the call, in the order in which they are best read."""


def renamed(
    members: Mapping[str, Any], renames: Renames, otherwise: Callable[[str], str | None]
) -> dict[str, Any]:
    """The members under the language's names: first those of ``renames``, then what is not among them."""
    found: dict[str, Any] = {}
    for name in [
        *(each for each in renames if each in members),
        *(each for each in members if each not in renames),
    ]:
        rename = renames.get(name, otherwise(name))
        if callable(rename):
            found |= rename(members[name])
        elif rename is not None:
            found[rename] = members[name]
    return found
