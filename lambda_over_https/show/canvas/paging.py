"""Show a text that is longer than the window, one window at a time."""

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from lambda_over_https.show.canvas.console import print_lines
from lambda_over_https.show.canvas.page import Line, folded, length

if TYPE_CHECKING:
    from rich.console import Console

KEPT = 3
"""Rows for the question, and for the lines that stay visible after it."""


def print_paged(lines: Iterable[Line], out: "Console", go_on: Callable[[bool], bool]) -> None:
    """Print the lines and a blank one; on a terminal, ask ``go_on`` after each window.

    It is told whether there is more, and says whether to show that.
    """
    left = [part for line in lines for part in (folded(line, out.width) if out.is_terminal else [line])]
    while left and not left[-1]:
        left.pop()
    while left:
        count = fitting(left, out) if out.is_terminal else len(left)
        print_lines(left[:count], out)
        left = left[count:]
        if out.is_terminal and not go_on(bool(left)):
            break
    out.print()


def fitting(lines: Sequence[Line], out: "Console") -> int:
    """How many of the lines fit in a window; at least one."""
    rows = 0
    for count, line in enumerate(lines):
        rows += max(1, -(-length(line) // out.width))
        if rows > out.height - KEPT:
            return max(count, 1)
    return len(lines)
