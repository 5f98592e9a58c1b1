"""Where and how wide we draw, and with which marks."""

import os
import textwrap
from typing import TYPE_CHECKING, NamedTuple

from lambda_over_https.show.screen import PIPED_WIDTH, PROSE_WIDTH, Page

if TYPE_CHECKING:
    from rich.console import Console

CODE_WIDTH = 110


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


def console(*, stderr: bool = False) -> "Console":
    """A console that neither guesses at numbers nor breaks long ids when it is piped."""
    from rich.console import Console

    made = Console(stderr=stderr, highlight=False)
    if not made.is_terminal and not os.environ.get("COLUMNS"):
        made.width = PIPED_WIDTH
    return made


def marks(out: Page) -> Marks:
    """The signs that can be shown there."""
    return Marks() if out.encoding.lower().startswith("utf") else PLAIN


def prose_width(out: Page) -> int:
    """Columns for running text."""
    return min(out.width, PROSE_WIDTH)


def code_width(out: Page) -> int:
    """Columns for code."""
    return min(out.width, CODE_WIDTH)


def print_prose(text: str, out: "Console", style: str = "") -> None:
    """Running text, broken at the page's width; where rich would leave blanks at line ends."""
    out.print(textwrap.fill(text, prose_width(out)), style=style, markup=False, soft_wrap=True)
