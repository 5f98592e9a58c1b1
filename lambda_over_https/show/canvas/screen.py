"""Pages written directly, without rich: loading that takes as long as a whole command."""

import os
import shutil
import sys
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from typing import TextIO

import typer

from lambda_over_https.show.canvas.commands import folded_command
from lambda_over_https.show.canvas.page import (
    NARROWEST,
    PIPED_WIDTH,
    PROSE_WIDTH,
    Line,
    Span,
    Whole,
    folded,
    prose,
    stripped,
)
from lambda_over_https.show.canvas.visible import visible

GAP = 2
"""Blanks between the columns of a table."""

WEIGHTS = ("bold", "dim")
COLOURLESS = ("dumb", "unknown")


class Screen:
    """Standard output or standard error: a terminal with colours, or a pipe that gets plain lines.

    ``COLUMNS`` and ``LINES`` set its size, ``NO_COLOR`` switches the colours off, and ``FORCE_COLOR`` treats
    a pipe as a terminal.
    """

    def __init__(self, *, stderr: bool = False) -> None:
        self._file: TextIO = sys.stderr if stderr else sys.stdout
        self.is_terminal = bool(os.environ.get("FORCE_COLOR")) or self._file.isatty()
        self._plain = not self.is_terminal or os.environ.get("TERM") in COLOURLESS
        self.no_color = self._plain or bool(os.environ.get("NO_COLOR"))
        self.encoding = self._file.encoding or "utf-8"
        width, self.height = shutil.get_terminal_size(_size_of(self._file))
        if not self.is_terminal and not os.environ.get("COLUMNS"):
            width = PIPED_WIDTH
        self.width = max(width, NARROWEST)

    def print(self, *spans: Span) -> None:
        """Write one line, without trailing blanks; on a terminal broken between words if it is too wide."""
        self.write([spans])

    def write(self, lines: Iterable[Line]) -> None:
        """Write lines, each as ``print`` does; a ``Whole`` one as it is."""
        for line in lines:
            for part in folded(line, self.width) if self.is_terminal else [line]:
                self._put(part)

    def _put(self, line: Line) -> None:
        kept = stripped(line)
        if self._plain:
            text = visible("".join(text for text, _ in kept))
        else:
            text = "".join(self._styled(*span) for span in kept)
        self._file.write(f"{text}\n")

    def prose(self, text: str, style: str = "", width: int = PROSE_WIDTH) -> None:
        """Write running text, wrapped at ``width`` or at the edge of the screen."""
        self.write(prose(text, min(self.width, width), style))

    def command(self, text: str, style: str = "") -> None:
        """Write a shell command; on a terminal that is too narrow, on several lines."""
        shown = folded_command(text, self.width) if self.is_terminal else text
        self.write(Whole([(line, style)]) for line in shown.split("\n"))

    def table(self, rows: Sequence[Line], headings: Sequence[str] = (), gap: int = GAP) -> None:
        """Write rows of cells in columns; if they do not fit, the widest columns are wrapped.

        A row with a word that is wider than its column goes over the columns, so that the word stays whole.
        """
        lines = [[(heading, "dim") for heading in headings], *rows] if headings else rows
        if not lines:
            return
        widths = [max(1, *(len(text) for text, _ in column)) for column in zip(*lines, strict=True)]
        words = [max(1, *(_longest_word(text) for text, _ in column)) for column in zip(*lines, strict=True)]
        widths = _fitted(widths, words, self.width - gap * (len(widths) - 1))
        for row in lines:
            if any(_longest_word(text) > width for (text, _), width in zip(row, widths, strict=True)):
                self._over_columns(row, gap)
                continue
            for line in _folded(row, widths):
                self._put([*_spaced(line, widths, gap)])

    def _over_columns(self, row: Line, gap: int) -> None:
        """Write the cells of a row one after the other, and what does not fit on the line below it."""
        cells = [span for cell in row if cell[0] for span in (cell, (" " * gap, ""))]
        for line in folded(stripped(cells), self.width, hang=gap):
            self._put(line)

    def _styled(self, text: str, style: str) -> str:
        text = visible(text)
        if not style:
            return text
        words = style.split()
        colour = next((word for word in words if word not in WEIGHTS), None)
        fg = None if self.no_color else colour
        return typer.style(text, fg=fg, bold="bold" in words or None, dim="dim" in words or None)


def _size_of(file: TextIO) -> tuple[int, int]:
    """Columns and rows of the file's terminal; 80 by 24 if it has none, or does not know its own."""
    try:
        columns, rows = os.get_terminal_size(file.fileno())
    except (OSError, ValueError):
        columns, rows = 0, 0
    return columns or 80, rows or 24


def _longest_word(text: str) -> int:
    return max(map(len, text.split()), default=0)


def _fitted(widths: Sequence[int], words: Sequence[int], room: int) -> list[int]:
    """The columns, the widest ones narrowed until all fit: below a longest word only if need be."""
    fitted = list(widths)
    for least in (words, [1] * len(widths)):
        while sum(fitted) > room and any(width > low for width, low in zip(fitted, least, strict=True)):
            roomy = [at for at, width in enumerate(fitted) if width > least[at]]
            fitted[max(roomy, key=lambda at: fitted[at])] -= 1
    return fitted


def _folded(row: Line, widths: Sequence[int]) -> Iterator[Line]:
    """The lines that a row needs when its cells are wrapped; nearly all rows need one."""
    if all(_is_one_line(text, width) for (text, _), width in zip(row, widths, strict=True)):
        yield row
        return
    cells = [
        [(part, style) for part in _wrapped(text, width)]
        for (text, style), width in zip(row, widths, strict=True)
    ]
    yield from zip_longest(*cells, fillvalue=("", ""))


def _is_one_line(text: str, width: int) -> bool:
    return len(text) <= width and text.isprintable()


def _wrapped(text: str, width: int) -> list[str]:
    if _is_one_line(text, width):  # textwrap would take most of the time
        return [text.rstrip()]
    return textwrap.wrap(text, width, break_on_hyphens=False) or [""]


def _spaced(line: Line, widths: Sequence[int], gap: int) -> Iterator[Span]:
    for (text, style), width in zip(line, widths, strict=True):
        if style:
            yield text, style
            yield " " * (width - len(text) + gap), ""
        else:
            yield text.ljust(width + gap), ""
