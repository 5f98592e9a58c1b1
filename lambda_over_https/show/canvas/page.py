"""What a page is made of, however it is shown: lines of styled text, its width, its signs.

A line is made of spans, each a text and its style in rich's words ("bold green", or nothing). Such a page can
be written directly (``screen``), which loads at once, or by rich (``console``).
"""

import re
import textwrap
from collections.abc import Iterator, Sequence
from typing import NamedTuple, Protocol

from lambda_over_https.hints import completed

Span = tuple[str, str]
Line = Sequence[Span]


class Whole(tuple[Span, ...]):
    """A line that is never broken: code, which a reader copies. A terminal wraps it where it ends."""

    __slots__ = ()


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


def folded(line: Line, width: int, hang: int = 0) -> Iterator[Line]:
    """The line, broken between words where it is wider than ``width``.

    It is continued as far in as it begins, and by ``hang`` columns more; a word that needs the whole width
    gets it. One that is wider stays whole, for the terminal to wrap: so it can be copied.
    """
    text = "".join(part for part, _ in line)
    if isinstance(line, Whole) or (len(text) <= width and "\n" not in text):
        yield line
        return
    at = 0
    for part in text.split("\n"):
        yield from _broken(list(_between(line, at, at + len(part))), part, width, hang)
        at += len(part) + 1


def _broken(line: Line, text: str, width: int, hang: int) -> Iterator[Line]:
    """One line, whose spans make ``text``, in as many as it needs."""
    if len(text) <= width:
        yield line
        return
    first = len(text) - len(text.lstrip())
    for begin, end in _pieces(text, width, first + hang):
        indent = first + hang if begin else first
        inside = plain(" " * indent) if indent + end - max(begin, first) <= width else []
        yield [*inside, *_between(line, max(begin, first), end)]


def _pieces(text: str, width: int, indent: int) -> Iterator[tuple[int, int]]:
    """Where each line that ``text`` needs begins and ends in it."""
    begin, end, room = 0, 0, width
    for word in re.finditer(r"\S+", text):
        if end and word.end() - begin > room:
            yield begin, end
            begin, room = word.start(), width - indent
        end = word.end()
    yield begin, end


def _between(line: Line, begin: int, end: int) -> Iterator[Span]:
    """The spans of what stands from ``begin`` to ``end``."""
    at = 0
    for text, style in line:
        part = text[max(0, begin - at) : max(0, end - at)]
        if part:
            yield part, style
        at += len(text)


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
