"""The table's terms: what is served of an operation, and what is said of all else.

A call is done as AWS does it, or refused: nothing is accepted without effect. So each table names every
member that a call may have. What a table does not name is refused, also what a new version of moto or of
botocore brings.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

Tree = dict[str, "Tree | frozenset[str] | None"]
"""Members by name. None accepts every value, a set only the values in it, a tree only the members in it."""


@dataclass(frozen=True)
class Served:
    """What the sandbox serves of one operation. Members are named by path: ``Code.ZipFile``.

    ``acted`` are the members that have AWS's effect, ``kept`` those that are only stored and returned, as
    texts with spaces between the names. ``only`` maps further members to the values that they may have:
    AWS's own defaults, which many tools send.
    """

    acted: str = ""
    kept: str = ""
    only: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def tree(self) -> Tree:
        """All members that a call may have."""
        tree: Tree = {}
        for path in (*self.acted.split(), *self.kept.split()):
            _plant(tree, path, None)
        for path, values in self.only.items():
            _plant(tree, path, frozenset(values.split()))
        return tree


@dataclass(frozen=True)
class Service:
    """What the sandbox serves of one service.

    ``instead`` maps members, and operations that are not served, to what the caller can do instead: the end
    of a sentence. A member's own path wins over its last name.
    """

    name: str
    operations: Mapping[str, Served]
    instead: Mapping[str, str] = field(default_factory=dict)


def refused_members(tree: Tree, parameters: Mapping[str, Any]) -> Iterator[str]:
    """The paths of those parameters that are not in the tree. A value that says nothing is never refused."""
    for name, value in parameters.items():
        allowed = tree.get(name, _NOTHING)
        if allowed is not None and not _is_empty(value):
            yield from _refused(name, allowed, value)


def _refused(path: str, allowed: Any, value: Any) -> Iterator[str]:
    for item in value if isinstance(value, list) else (value,):
        if isinstance(allowed, frozenset):
            if _as_text(item) not in allowed:
                yield path
        elif isinstance(item, Mapping) and allowed:
            yield from (f"{path}.{rest}" for rest in refused_members(allowed, item))
        else:
            yield path


def _as_text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


_NOTHING: Tree = {}


def _is_empty(value: Any) -> bool:
    """Whether the value says no more than its absence: nothing, False, or only members that say nothing."""
    if isinstance(value, Mapping):
        return all(_is_empty(item) for item in value.values())
    return value is None or value is False or value in ("", b"") or (isinstance(value, list) and not value)


def _plant(tree: Tree, path: str, leaf: frozenset[str] | None) -> None:
    name, _, rest = path.partition(".")
    if not rest:
        tree[name] = leaf
        return
    branch = tree.setdefault(name, {})
    if isinstance(branch, dict):
        _plant(branch, rest, leaf)
