"""The part of JSONPath that ``$input.path`` and ``$input.json`` use.

Supported: ``$``, ``.name``, ``['name']``, ``[0]``, ``[-1]``, ``[0,1]``, ``[1:3]``, ``[*]``, ``.*`` and
``..name``, but not filters and functions. Source: API Gateway developer guide, "Mapping template reference".
As in the Jayway library, which AWS uses, a definite path gives one value, an indefinite one a list.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from lambda_over_https.sandbox.gateway.languages.budget import current

MISSING: Any = object()
"""The result of a definite path to a place that does not exist."""

_Step = Callable[[Any], Iterable[Any]]
_NAME = re.compile(r"[^\s.\[\]()'\"*?@$,:]+")
_QUOTED = re.compile(r"\s*(?:'((?:[^'\\]|\\.)*)'|\"((?:[^\"\\]|\\.)*)\")\s*")
_INDEX = re.compile(r"\s*(-?\d+)\s*")
_SLICE = re.compile(r"\s*(-?\d+)?\s*:\s*(-?\d+)?\s*")


@dataclass(frozen=True, slots=True)
class JsonPath:
    """A parsed path. A ``definite`` path leads to one place at most."""

    steps: tuple[_Step, ...]
    definite: bool

    def find(self, document: Any) -> Any:
        """The value that a definite path leads to (MISSING if none), or an indefinite path's list of all."""
        found: Iterable[Any] = [document]
        for step in self.steps:
            found = list(_counted(value for origin in found for value in step(origin)))
        values = list(found)
        if self.definite:
            return values[0] if values else MISSING
        return values


def _counted(values: Iterable[Any]) -> Iterator[Any]:
    """The values; each is a step of the evaluation's budget."""
    budget = current()
    for value in values:
        budget.step()
        yield value


@lru_cache(maxsize=512)
def parse(path: str) -> JsonPath:
    """Parse a path. ValueError names the part that is not understood."""
    text = path.strip()
    at = 1 if text.startswith("$") else 0
    text = text if at or text.startswith("[") else f".{text}"
    steps: list[_Step] = []
    definite = True
    while at < len(text):
        step, at, one = _step(text, at)
        steps.append(step)
        definite = definite and one
    return JsonPath(tuple(steps), definite)


def _step(text: str, at: int) -> tuple[_Step, int, bool]:
    if text.startswith("..", at):
        inner, end, _ = _step(text, at + 1 if text[at + 2 : at + 3] != "[" else at + 2)
        return _everywhere(inner), end, False
    if text.startswith("[", at):
        return _bracket(text, at + 1)
    if text.startswith(".*", at):
        return _children, at + 2, False
    name = _NAME.match(text, at + 1) if text.startswith(".", at) else None
    if name is None or text.startswith("(", name.end()):
        raise ValueError(f"JSONPath {text!r} from position {at} on: {text[at:]!r}")
    return _member((name.group(),)), name.end(), True


def _bracket(text: str, at: int) -> tuple[_Step, int, bool]:
    if text.startswith("*]", at):
        return _children, at + 2, False
    if (part := _SLICE.match(text, at)) and text.startswith("]", part.end()):
        bounds = [int(bound) if bound else None for bound in part.groups()]
        return _slice(slice(*bounds)), part.end() + 1, False
    for pattern, make in ((_QUOTED, _named), (_INDEX, _indexed)):
        if matches := _list_of(pattern, text, at):
            return make(matches), matches[-1].end() + 1, len(matches) == 1
    raise ValueError(f"JSONPath {text!r} from position {at - 1} on: {text[at - 1 :]!r}")


def _list_of(pattern: re.Pattern[str], text: str, at: int) -> list[re.Match[str]]:
    """Match ``x``, ``x,x``, ``x,x,x``… up to a closing bracket; empty if anything else is there."""
    matches = []
    while match := pattern.match(text, at):
        matches.append(match)
        at = match.end() + 1
        if text[match.end() : at] == "]":
            return matches
        if text[match.end() : at] != ",":
            break
    return []


def _named(matches: list[re.Match[str]]) -> _Step:
    return _member(
        tuple(re.sub(r"\\(.)", r"\1", match.group(1) or match.group(2) or "") for match in matches)
    )


def _indexed(matches: list[re.Match[str]]) -> _Step:
    return _item(tuple(int(match.group(1)) for match in matches))


def _member(names: tuple[str, ...]) -> _Step:
    return lambda value: [value[name] for name in names if name in value] if isinstance(value, dict) else ()


def _item(indexes: tuple[int, ...]) -> _Step:
    def items(value: Any) -> Iterable[Any]:
        if not isinstance(value, list):
            return ()
        return [value[index] for index in indexes if -len(value) <= index < len(value)]

    return items


def _slice(bounds: slice) -> _Step:
    return lambda value: value[bounds] if isinstance(value, list) else ()


def _children(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else ()


def _everywhere(step: _Step) -> _Step:
    return lambda value: (found for place in _counted(_places(value)) for found in step(place))


def _places(value: Any) -> Iterator[Any]:
    yield value
    for child in _children(value):
        yield from _places(child)
