"""Where plain pages go: styled lines and tables without rich, whose loading alone takes as long as a command.

A line is made of spans, each a text and its style in rich's words ("bold green", or nothing): what is drawn
here, a page of rich's can hold as well, with ``Text.assemble``.
"""

import os
import shutil
import sys
import textwrap
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Protocol, TextIO

import typer

Span = tuple[str, str]
Line = Sequence[Span]

PIPED_WIDTH = 200
"""Columns of what is no terminal: ids and URLs stay whole."""

PROSE_WIDTH = 88
"""Columns beyond which running text is hard to read."""

GAP = 2
"""Blanks between the columns of a table."""

WEIGHTS = ("bold", "dim")
COLOURLESS = ("dumb", "unknown")


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
    def encoding(self) -> str:
        """How its text becomes bytes."""


class Screen:
    """Standard output, or standard error: a terminal with colours, or a pipe that gets plain lines.

    As everywhere, ``COLUMNS`` and ``LINES`` say how large it is, ``NO_COLOR`` takes the colours away, and
    ``FORCE_COLOR`` treats a pipe as a terminal.
    """

    def __init__(self, *, stderr: bool = False) -> None:
        self._file: TextIO = sys.stderr if stderr else sys.stdout
        self.is_terminal = bool(os.environ.get("FORCE_COLOR")) or self._file.isatty()
        self.encoding = self._file.encoding or "utf-8"
        fallback = (80, 24) if self.is_terminal else (PIPED_WIDTH, 24)
        self.width, self.height = shutil.get_terminal_size(fallback)
        if not self.is_terminal and not os.environ.get("COLUMNS"):
            self.width = PIPED_WIDTH

    def print(self, *spans: Span) -> None:
        """Write a line, however long, without blanks at its end."""
        self._file.write("".join(self._styled(*span) for span in stripped(spans)) + "\n")

    def prose(self, text: str, style: str = "", width: int = PROSE_WIDTH) -> None:
        """Write running text, broken at ``width`` or where the screen ends."""
        for line in textwrap.wrap(text, min(self.width, width)):
            self.print((line, style))

    def table(self, rows: Sequence[Line], headings: Sequence[str] = (), gap: int = GAP) -> None:
        """Write rows of cells below each other; where there is no room the widest columns are folded."""
        lines = [[(heading, "dim") for heading in headings], *rows] if headings else rows
        if not lines:
            return
        widths = [max(1, *(len(text) for text, _ in column)) for column in zip(*lines, strict=True)]
        widths = _fitted(widths, self.width - gap * (len(widths) - 1))
        for row in lines:
            for line in _folded(row, widths):
                self.print(*_spaced(line, widths, gap))

    def _styled(self, text: str, style: str) -> str:
        if not style or not self.is_terminal or os.environ.get("TERM") in COLOURLESS:
            return text
        words = style.split()
        colour = next((word for word in words if word not in WEIGHTS), None)
        fg = None if os.environ.get("NO_COLOR") else colour
        return typer.style(text, fg=fg, bold="bold" in words or None, dim="dim" in words or None)


def stripped(spans: Line) -> list[Span]:
    """The spans without blanks at the end of the line."""
    kept = list(spans)
    while kept:
        text, style = kept.pop()
        if text.rstrip():
            return [*kept, (text.rstrip(), style)]
    return []


def _fitted(widths: Sequence[int], room: int) -> list[int]:
    """The columns' widths with as much taken from the widest as must be."""
    fitted = list(widths)
    while sum(fitted) > room and max(fitted) > 1:
        fitted[fitted.index(max(fitted))] -= 1
    return fitted


def _folded(row: Line, widths: Sequence[int]) -> Iterator[Line]:
    """The lines that a row takes."""
    cells = [
        [(part, style) for part in textwrap.wrap(text, width) or [""]]
        for (text, style), width in zip(row, widths, strict=True)
    ]
    return zip_longest(*cells, fillvalue=("", ""))


def _spaced(line: Line, widths: Sequence[int], gap: int) -> Iterator[Span]:
    for (text, style), width in zip(line, widths, strict=True):
        yield text, style
        yield " " * (width - len(text) + gap), ""
