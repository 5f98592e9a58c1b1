"""Which part of a template belongs to which step: headings, the part of one step, what a chapter adds."""

import textwrap
from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import replace
from typing import Any

from lambda_over_https.infrastructure.description import Noted, Wrapper, without_note

_NOTHING = object()


def headed(tree: Any, headings: Mapping[str, str]) -> Any:
    """The tree with each step's heading above the first part of it."""
    told: set[str] = set()

    def head(noted: Noted) -> Noted:
        heading = "" if noted.step in told else headings.get(noted.step, "")
        told.add(noted.step)
        comment = "\n".join(text for text in (heading, noted.comment) if text)
        return replace(noted, comment=comment, value=_each(noted.value, head))

    return _each(tree, head)


def _each(tree: Any, change: Callable[[Noted], Noted]) -> Any:
    """The tree with every outermost ``Noted`` changed."""
    if isinstance(tree, Noted):
        return change(tree)
    if isinstance(tree, Wrapper):
        return replace(tree, value=_each(tree.value, change))
    if isinstance(tree, Mapping):
        return {key: _each(value, change) for key, value in tree.items()}
    return [_each(item, change) for item in tree] if isinstance(tree, list | tuple) else tree


def part(tree: Any, steps: Set[str]) -> Any:
    """What of the tree belongs to those steps, with what encloses it; None if nothing does."""
    found = _part(tree, steps, inside=False)
    return None if found is _NOTHING else found


def _part(tree: Any, steps: Set[str], *, inside: bool) -> Any:
    """``inside`` the part of such a step all is kept but parts of others; elsewhere what leads to one."""
    if isinstance(tree, Noted):
        ours = tree.step in steps
        found = _part(tree.value, steps, inside=ours)
        if ours and found is _NOTHING:
            found = type(tree.value)()  # all in it is of other steps; what remains is that it is there
        return (
            found if found is _NOTHING else replace(tree, value=found, comment=tree.comment if ours else "")
        )
    if isinstance(tree, Wrapper):
        found = _part(tree.value, steps, inside=inside)
        return found if found is _NOTHING else replace(tree, value=found)
    if isinstance(tree, Mapping):
        kept = {key: _part(value, steps, inside=inside) for key, value in tree.items()}
        kept = {key: value for key, value in kept.items() if value is not _NOTHING}
        return kept if kept or (inside and not tree) else _NOTHING
    if isinstance(tree, list | tuple):
        items = [_part(item, steps, inside=inside) for item in tree]
        items = [item for item in items if item is not _NOTHING]
        return items if items or (inside and not tree) else _NOTHING
    return tree if inside else _NOTHING


def added(tree: Any, before: Any) -> Any:
    """What the tree has that it had not ``before``, with what encloses it; None if nothing."""
    found = _added(tree, before)
    return None if found is _NOTHING else found


def _added(tree: Any, before: Any) -> Any:
    if isinstance(tree, Noted):
        found = _added(tree.value, without_note(before))
        return found if found is _NOTHING else replace(tree, value=found, comment="")
    if isinstance(tree, Wrapper) and type(tree) is type(before):
        found = _added(tree.value, before.value)
        return found if found is _NOTHING else replace(tree, value=found)
    if isinstance(tree, Mapping) and isinstance(before, Mapping):
        return _members(
            {key: _added(each, before[key]) if key in before else each for key, each in tree.items()}
        )
    if isinstance(tree, list) and isinstance(before, list):
        known = {_name(each): each for each in before}
        items = [_added(each, known[_name(each)]) if _name(each) in known else each for each in tree]
        return [item for item in items if item is not _NOTHING] or _NOTHING
    return _NOTHING if tree == before else tree


def _members(found: Mapping[str, Any]) -> Any:
    return {key: value for key, value in found.items() if value is not _NOTHING} or _NOTHING


def _name(item: Any) -> Any:
    """What tells one item of a list from the others: what a block begins with, or all of it."""
    bare = without_note(item)
    return getattr(bare, "head", "") or repr(bare)


def commented(comment: str, width: int) -> Iterator[str]:
    """A comment as lines of that width; both languages begin them with ``#``."""
    for line in comment.split("\n"):
        for each in textwrap.wrap(line, width - 2, break_long_words=False, break_on_hyphens=False):
            yield f"# {each}"


def escaped(sign: str) -> str:
    """A sign as both languages write it inside double quotes."""
    short = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
    return short.get(sign) or (f"\\u{ord(sign):04x}" if ord(sign) < 0x10000 else f"\\U{ord(sign):08x}")
