"""Rich's console: for what moves while we wait, and for the pages of the walk."""

import os
from collections.abc import Iterable
from itertools import chain
from typing import TYPE_CHECKING

from lambda_over_https.show.canvas.page import NARROWEST, PIPED_WIDTH, Line, folded
from lambda_over_https.show.canvas.visible import visible

if TYPE_CHECKING:
    from rich.console import Console


def console(*, stderr: bool = False) -> "Console":
    """A console that does not colour numbers by itself, and does not break long ids in a pipe."""
    from rich.console import Console

    made = Console(stderr=stderr, highlight=False, markup=False, emoji=False)
    if not made.is_terminal and not os.environ.get("COLUMNS"):
        made.width = PIPED_WIDTH
    elif made.width < NARROWEST:
        made.width = NARROWEST
    return made


def print_lines(lines: Iterable[Line], out: "Console") -> None:
    """Write lines; on a terminal those that are too wide are broken between words."""
    from rich.text import Text

    for line in chain.from_iterable(folded(line, out.width) for line in lines) if out.is_terminal else lines:
        out.print(Text.assemble(*((visible(text), style) for text, style in line)), soft_wrap=True)
