"""Writes a template as YAML that reads as if somebody had written it: comments, CloudFormation's short tags.

The values are plain data; a ``Noted`` value gets its comment above it. The readers of such files follow
YAML 1.1, so whatever a reader of that version would take for something else than text stands in quotes.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lambda_over_https.infrastructure.description import Noted, without_note
from lambda_over_https.infrastructure.noting import commented, escaped

WIDTH = 88
"""Columns of a comment at most, its indentation included."""

_STEP = "  "
_PLAIN = re.compile(
    r"[A-Za-z/$](?:[^\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff]*[^\x00-\x20:\x7f-\xa0\ud800-\udfff])?"
)
_RESERVED = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})


@dataclass(frozen=True, slots=True)
class Tagged:
    """A value with one of CloudFormation's short tags: ``!Ref``, ``!GetAtt`` or ``!Sub``."""

    tag: str
    text: str


def mapping_lines(mapping: Mapping[str, Any], depth: int = 0, *, spaced: bool = False) -> Iterator[str]:
    """The lines of a mapping; ``spaced`` puts a blank one between its members."""
    for number, (key, value) in enumerate(mapping.items()):
        if spaced and number:
            yield ""
        yield from _comment(value, depth)
        yield from _after(f"{_STEP * depth}{_on_one_line(key)}:", without_note(value), depth + 1)


def _comment(value: Any, depth: int) -> Iterator[str]:
    if isinstance(value, Noted) and value.comment:
        for line in commented(value.comment, WIDTH - len(_STEP) * depth):
            yield f"{_STEP * depth}{line}"


def _after(head: str, value: Any, depth: int) -> Iterator[str]:
    """The value behind what leads to it: on the same line, or below."""
    if isinstance(value, Mapping) and value:
        yield head
        yield from mapping_lines(value, depth)
    elif isinstance(value, list | tuple) and value:
        yield head
        for item in value:
            yield from _item(item, depth)
    else:
        yield f"{head} {scalar(value, depth)}"


def _item(item: Any, depth: int) -> Iterator[str]:
    yield from _comment(item, depth)
    item, dash = without_note(item), f"{_STEP * depth}- "
    if not isinstance(item, Mapping) or not item:
        yield from _after(dash.rstrip(), item, depth + 1)
        return
    lines = list(mapping_lines(item, depth + 1))
    yield dash + lines[0].lstrip()
    yield from lines[1:]


def scalar(value: Any, depth: int) -> str:
    """A value behind its key: on that line, or a text as a block below it."""
    if isinstance(value, Tagged):
        return f"!{value.tag} {_on_one_line(value.text)}"
    if not isinstance(value, str):
        return json.dumps(value)  # null, true, a number, {} and [] are the same in both languages
    return "\n".join(_block(value, depth)) if _reads_better_as_a_block(value) else _on_one_line(value)


def _on_one_line(text: str) -> str:
    if _is_plain(text):
        return text
    if text.isprintable() and ('"' in text or "\\" in text):
        return "'" + text.replace("'", "''") + "'"
    return '"' + "".join(sign if _is_itself(sign) else escaped(sign) for sign in text) + '"'


def _is_itself(sign: str) -> bool:
    return sign.isprintable() and sign not in '"\\'


def _block(text: str, depth: int) -> Iterator[str]:
    yield "|" if text.endswith("\n") else "|-"
    yield from (f"{_STEP * depth}{line}" for line in text.removesuffix("\n").split("\n"))


def _is_plain(text: str) -> bool:
    return (
        _PLAIN.fullmatch(text) is not None and text.lower() not in _RESERVED and not re.search(r": | #", text)
    )


def _reads_better_as_a_block(text: str) -> bool:
    """Whether it has lines, or both kinds of quotes, and would mean the same in a block."""
    lines = text.removesuffix("\n").split("\n")
    same = all(line and line.isprintable() and line == line.rstrip() for line in lines)
    return (len(lines) > 1 or ("'" in text and '"' in text)) and same and not text.startswith(" ")
