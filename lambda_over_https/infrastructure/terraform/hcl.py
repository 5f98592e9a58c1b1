"""Writes HCL as ``terraform fmt`` would leave it.

Its rules (hashicorp/hcl, hclwrite/format.go): two blanks a level; the ``=`` of lines that follow one another
are below each other, where the whole value stands on its line. Any other line begins a new column.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lambda_over_https.infrastructure.description import Noted, Wrapper, without_note
from lambda_over_https.infrastructure.noting import commented, escaped

WIDTH = 88
"""Columns of a comment, or of a list on one line, at most."""

_LAST = ("depends_on",)
"""Arguments that the style guide puts at a block's end."""

_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")


@dataclass(frozen=True, slots=True)
class Expression:
    """Source text: a reference, say."""

    text: str


@dataclass(frozen=True, slots=True)
class Function(Wrapper):
    """A call of the function ``name`` with one argument."""

    name: str


@dataclass(frozen=True, slots=True)
class Block(Wrapper):
    """A block: its arguments, and blocks or lists of blocks, which are written after them.

    ``head`` is what stands before its bracket; inside another block that is its key there.
    """

    head: str = ""


@dataclass(frozen=True, slots=True)
class _Line:
    """A line: what comes before ``=``, and what after it if all of the value does."""

    depth: int
    head: str
    value: str = ""

    @property
    def indented(self) -> str:
        return f"{'  ' * self.depth}{self.head}" if self.head else ""


def text(blocks: Iterable[Any]) -> str:
    """Blocks, noted or not, with a blank line between them."""
    lines: list[_Line] = []
    for number, block in enumerate(blocks):
        lines += [_Line(0, "")] if number else []
        lines += _block(without_note(block).head, block, 0)
    return "\n".join(_aligned(lines))


def _aligned(lines: Iterable[_Line]) -> Iterator[str]:
    column: list[_Line] = []
    for line in [*lines, None]:
        if line is not None and line.value:
            column.append(line)
            continue
        width = max((len(each.indented) for each in column), default=0)
        yield from (f"{each.indented:<{width}} = {each.value}" for each in column)
        column = []
        if line is not None:
            yield line.indented


def _block(head: str, block: Any, depth: int) -> Iterator[_Line]:
    yield from _comment(block, depth)
    body: Mapping[str, Any] = without_note(block).value
    arguments = {name: value for name, value in body.items() if not _blocks(value)}
    inner = [(name, each) for name, value in body.items() for each in _blocks(value)]
    last = {name: arguments.pop(name) for name in _LAST if name in arguments}
    groups = [list(_arguments(arguments, depth + 1))]
    groups += [list(_block(name, each, depth + 1)) for name, each in inner]
    groups += [list(_arguments(last, depth + 1))]
    if not any(groups):
        yield _Line(depth, f"{head} {{}}")
        return
    yield _Line(depth, f"{head} {{")
    for number, lines in enumerate(group for group in groups if group):
        yield from [_Line(0, ""), *lines] if number else lines
    yield _Line(depth, "}")


def _blocks(value: Any) -> list[Any]:
    """The blocks that a value is; none if it is something else."""
    many = value if isinstance(value, list) else [value]
    return [each for each in many if isinstance(without_note(each), Block)]


def _comment(value: Any, depth: int) -> Iterator[_Line]:
    if isinstance(value, Noted) and value.comment:
        yield from (_Line(depth, line) for line in commented(value.comment, WIDTH - 2 * depth))


def _arguments(arguments: Mapping[str, Any], depth: int) -> Iterator[_Line]:
    for key, value in arguments.items():
        yield from _comment(value, depth)
        name = key if _IDENTIFIER.fullmatch(key) else quoted(key)
        yield from _assigned(name, without_note(value), depth)


def _assigned(name: str, value: Any, depth: int) -> Iterator[_Line]:
    first, *rest = _value(value, depth)
    if not rest:
        yield _Line(depth, name, first.head)
        return
    yield _Line(depth, f"{name} = {first.head}")
    yield from rest


def _value(value: Any, depth: int) -> list[_Line]:
    """The value's lines; the first goes behind what leads to it."""
    value = without_note(value)
    if isinstance(value, Function):
        inner = _value(value.value, depth)
        first, last = inner[0], inner[-1]
        if len(inner) == 1:
            return [_Line(depth, f"{value.name}({first.head})")]
        return [_Line(depth, f"{value.name}({first.head}"), *inner[1:-1], _Line(depth, f"{last.head})")]
    if isinstance(value, Mapping) and value:
        return [_Line(depth, "{"), *_arguments(value, depth + 1), _Line(depth, "}")]
    if isinstance(value, list | tuple) and value:
        return _list(value, depth)
    return [_Line(depth, _scalar(value))]


def _list(items: Iterable[Any], depth: int) -> list[_Line]:
    values = [_value(item, depth + 1) for item in items]
    flat = f"[{', '.join(lines[0].head for lines in values)}]"
    if all(len(lines) == 1 for lines in values) and len(flat) + 2 * depth <= WIDTH // 2:
        return [_Line(depth, flat)]
    inner: list[_Line] = []
    for *lines, last in values:
        inner += [*lines, _Line(depth + 1, f"{last.head},")]
    return [_Line(depth, "["), *inner, _Line(depth, "]")]


def _scalar(value: Any) -> str:
    if isinstance(value, Expression):
        return value.text
    if isinstance(value, str):
        return quoted(value)
    return json.dumps(value)  # null, true, a number, {} and [] are the same in both languages


def quoted(value: str) -> str:
    """A string literal that means exactly this text."""
    return f'"{literal(value)}"'


def literal(value: str) -> str:
    """Text as it stands inside a literal."""
    plain = "".join(sign if sign.isprintable() and sign not in '"\\' else escaped(sign) for sign in value)
    return re.sub(r"([$%])\{", r"\1\1{", plain)
