"""What a page is made of, whoever shows it: lines of styled text, its width, its signs.

A line is made of spans, each a text and its style in rich's words ("bold green", or nothing). A page drawn
so can be written directly (``screen``), which takes no time to load, or by rich (``console``).
"""

import textwrap
from collections.abc import Iterator, Sequence
from typing import NamedTuple, Protocol

Span = tuple[str, str]
Line = Sequence[Span]

PIPED_WIDTH = 200
"""Columns of what is no terminal: ids and URLs stay whole."""

PROSE_WIDTH = 88
"""Columns beyond which running text is hard to read."""

CODE_WIDTH = 110


class Page(Protocol):
    """What a drawing must know of where it will stand; rich's console can tell it too."""

    @property
    def width(self) -> int:
        """Columns."""

    @property
    def height(self) -> int:
        """Rows."""

    @property
    def is_terminal(self) -> bool:
        """Whether somebody looks at it."""

    @property
    def no_color(self) -> bool:
        """Whether colours are not wanted."""

    @property
    def encoding(self) -> str:
        """How its text becomes bytes."""


class Marks(NamedTuple):
    """The signs of a drawing; there are plain ones for terminals that know no others."""

    there: str = "●"
    missing: str = "○"
    line: str = "─"
    gap: str = "╌"
    head: str = "▶"
    down: str = "▼"
    side: str = "│"
    side_gap: str = "╎"
    corners: tuple[str, str, str, str] = ("╭", "╮", "╰", "╯")
    arrow: str = "→"
    wait: str = "…"


PLAIN = Marks("*", "o", "-", ".", ">", "v", "|", ":", ("+", "+", "+", "+"), "->", "...")


def marks(page: Page) -> Marks:
    """The signs that can be shown there."""
    return Marks() if page.encoding.lower().startswith("utf") else PLAIN


def prose_width(page: Page) -> int:
    """Columns for running text."""
    return min(page.width, PROSE_WIDTH)


def code_width(page: Page) -> int:
    """Columns for code."""
    return min(page.width, CODE_WIDTH)


def plain(*texts: str) -> list[Span]:
    """Texts in no style, each a span."""
    return [(text, "") for text in texts]


def prose(text: str, width: int, style: str = "") -> Iterator[Line]:
    """Running text, broken at ``width``."""
    for line in textwrap.wrap(text, width):
        yield [(line, style)]


def stripped(line: Line) -> list[Span]:
    """The line without blanks at its end."""
    kept = list(line)
    while kept:
        text, style = kept.pop()
        if text.rstrip():
            return [*kept, (text.rstrip(), style)]
    return []


def length(line: Line) -> int:
    """Columns that the line takes."""
    return sum(len(text) for text, _ in line)
