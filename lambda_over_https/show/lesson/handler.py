"""The handler's source as step 2.1 shows it: what Lambda calls, and as much after it as fits."""

import re
from collections.abc import Iterator

from lambda_over_https.show.canvas.page import Line, Page, prose, prose_width
from lambda_over_https.show.code import Code, block_lines

_HANDLER = re.compile(r"^(?:(?:async )?def handler\b|(?:module\.)?exports\.handler\b)", re.MULTILINE)
_BETWEEN = re.compile(r"\n{2,}(?=\S)")
"""Between two parts of a source: a blank line before one that is not indented."""

ROOMY = 40
"""Rows of the excerpt where there is no window that it must fit."""
LEAST = 4
"""The fewest rows in which a piece of a handler is of use."""


def handler_lines(source: Code, page: Page, rows: int | None) -> Iterator[Line]:
    """The beginning of the handler in ``rows`` rows, and what the key c adds."""
    room = (ROOMY if rows is None else rows) - 2  # the label and a blank line
    shown = excerpt(source.text, room) if room >= LEAST else ""
    if shown:
        yield from block_lines([Code(source.label, source.language, shown)], page)
    if shown != source.text.strip("\n"):
        count = source.text.rstrip("\n").count("\n") + 1
        yield from prose(f"Press c to see the whole file: {count} lines.", prose_width(page), "dim")
        yield []


def excerpt(source: str, rows: int) -> str:
    """The whole source if it fits; else from the handler on, as many whole parts as fit."""
    whole = source.strip("\n")
    if whole.count("\n") < rows:
        return whole
    parts = _BETWEEN.split(_from_handler(whole))
    shown = parts.pop(0)
    if shown.count("\n") >= rows:
        return "\n".join([*shown.split("\n")[: rows - 1], "    ..."])
    while parts and shown.count("\n") + parts[0].count("\n") + 3 <= rows:
        shown = f"{shown}\n\n{parts.pop(0)}"
    return shown


def _from_handler(source: str) -> str:
    """The source from the handler on, with the remarks that stand directly above it."""
    found = _HANDLER.search(source)
    if found is None:
        return source
    before = source[: found.start()].split("\n")[:-1]
    begin = len(before)
    while begin and before[begin - 1].startswith(("#", "//", "@")):
        begin -= 1
    return "\n".join([*before[begin:], source[found.start() :]])
