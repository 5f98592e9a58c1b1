"""Where and how wide we draw, and with which marks."""

import os
import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

PIPED_WIDTH = 200
"""Columns of what is no terminal: ids and URLs stay whole."""

PROSE_WIDTH = 88
"""Columns beyond which running text is hard to read."""

CODE_WIDTH = 110


@dataclass(frozen=True, slots=True)
class Marks:
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


def console(*, stderr: bool = False) -> "Console":
    """A console that neither guesses at numbers nor breaks long ids when it is piped."""
    from rich.console import Console

    made = Console(stderr=stderr, highlight=False)
    if not made.is_terminal and not os.environ.get("COLUMNS"):
        made.width = PIPED_WIDTH
    return made


def marks(out: "Console") -> Marks:
    """The signs that this console can show."""
    return Marks() if out.encoding.lower().startswith("utf") else PLAIN


def prose_width(out: "Console") -> int:
    """Columns for running text."""
    return min(out.width, PROSE_WIDTH)


def code_width(out: "Console") -> int:
    """Columns for code."""
    return min(out.width, CODE_WIDTH)


def print_table(table: "Table", out: "Console") -> None:
    """A table without blanks at the ends of its lines: in a file, or copied, they are in the way."""
    with out.capture() as captured:
        out.print(table)
    out.file.write("".join(f"{line.rstrip()}\n" for line in captured.get().splitlines()))


def print_prose(text: str, out: "Console", style: str = "") -> None:
    """Running text, broken at the page's width; where rich would leave blanks at line ends."""
    out.print(textwrap.fill(text, prose_width(out)), style=style, markup=False, soft_wrap=True)
