"""What is longer than the window, a window at a time."""

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

KEPT = 3
"""Rows that the question takes, and those that are seen again after it."""


def print_paged(tell: Callable[[], None], out: "Console", go_on: Callable[[], bool]) -> None:
    """Print what ``tell`` prints to ``out``; before each further window of it ask ``go_on``."""
    with out.capture() as captured:
        tell()
    lines = captured.get().rstrip().splitlines(keepends=True)
    while lines:
        count = _fitting(lines, out) if out.is_terminal else len(lines)
        out.file.write("".join(lines[:count]))
        out.file.flush()
        lines = lines[count:]
        if lines and not go_on():
            break
    out.print("" if lines else "\n")


def _fitting(lines: list[str], out: "Console") -> int:
    """How many of the lines a window takes; one at least."""
    from rich.text import Text

    rows = 0
    for count, line in enumerate(lines):
        rows += max(1, -(-Text.from_ansi(line).cell_len // out.width))
        if rows > out.height - KEPT:
            return max(count, 1)
    return len(lines)
