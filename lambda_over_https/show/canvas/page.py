"""What a page is made of, however it is shown: lines of styled text, its width, its signs.

A line is made of spans, each a text and its style in rich's words ("bold green", or nothing). Such a page can
be written directly (``screen``), which loads at once, or by rich (``console``).
"""

import textwrap
from collections.abc import Iterator, Sequence
from typing import NamedTuple, Protocol

from lambda_over_https.hints import completed

Span = tuple[str, str]
Line = Sequence[Span]

PIPED_WIDTH = 200
"""Columns of a pipe or a file: ids and URLs stay whole."""

NARROWEST = 20
"""Columns that a page has at least, whatever its terminal says of itself."""

PROSE_WIDTH = 88
"""The widest running text that is easy to read, in columns."""

CODE_WIDTH = 110


class Page(Protocol):
    """What a drawing needs to know about its page; rich's console has the same attributes."""

    @property
    def width(self) -> int:
        """Columns."""

    @property
    def height(self) -> int:
        """Rows."""

    @property
    def is_terminal(self) -> bool:
        """Whether it is a terminal, and not a pipe or a file."""

    @property
    def no_color(self) -> bool:
        """Whether to do without colours."""

    @property
    def encoding(self) -> str:
        """The encoding of its text."""


class Marks(NamedTuple):
    """The signs of a drawing; ``PLAIN`` has those for terminals that show only ASCII."""

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
    bar: str = "█"
    new: str = "★"
    stop: str = "✗"


PLAIN = Marks("*", "o", "-", ".", ">", "v", "|", ":", ("+", "+", "+", "+"), "->", "...", "#", "+", "x")


def marks(page: Page) -> Marks:
    """The signs that the page can show."""
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
    """Running text, wrapped at ``width`` between its words; a word that is wider stays whole."""
    for line in textwrap.wrap(completed(text), width, break_long_words=False, break_on_hyphens=False):
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
    """The columns that the line takes."""
    return sum(len(text) for text, _ in line)
