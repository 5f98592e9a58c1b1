"""What the doctor found: first who we are, then what is well in a line, and last what is wrong."""

import textwrap
from typing import TYPE_CHECKING

from lambda_over_https.show.canvas.screen import Screen

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lambda_over_https.doctor import Finding

IN_FULL = ("identity",)
"""The checks that are shown in full even where they are well: whoever reads on must know where he is."""

INDENT = " " * len("WRONG ")


def print_findings(
    findings: "Sequence[Finding]", *, everything: bool, in_full: str = "`loh doctor --all`"
) -> None:
    """Write them so that what is wrong is the last that one reads; ``everything`` folds nothing.

    ``in_full`` is the command that shows everything, in backticks.
    """
    screen = Screen()
    wrong = [each for each in findings if not each.ok]
    shown = [each for each in findings if each.ok and (everything or each.remark or each.name in IN_FULL)]
    folded = [each.name for each in findings if each.ok and each not in shown]
    _print(shown, screen)
    if folded:
        names = f"{in_full} shows them" if screen.is_terminal else ", ".join(folded)
        screen.prose(f"ok    {len(folded)} more: {names}", "", screen.width)
    _print(wrong, screen)


def _print(findings: "Iterable[Finding]", screen: Screen) -> None:
    for each in findings:
        mark = ("ok   ", "green") if each.ok else ("WRONG", "bold red")
        first, *more = _wrapped(f"{each.name}: {each.what}", screen)
        screen.print(mark, (f" {first}", ""))
        screen.write([(f"{INDENT}{line}", "")] for line in more)
        if each.fix:
            _print_fix(each.fix, screen)


def _print_fix(fix: str, screen: Screen) -> None:
    """The command that fixes it; one that does not fit beside the word has lines of its own."""
    label = f"{INDENT}fix: "
    if not screen.is_terminal or len(label) + len(fix) <= screen.width:
        screen.print((label, ""), (fix, "bold"))
        return
    screen.print((label, ""))
    screen.command(fix, "bold")


def _wrapped(text: str, screen: Screen) -> list[str]:
    """The text in lines that fit beside a mark; in a pipe it is one."""
    if not screen.is_terminal:
        return [text]
    room = screen.width - len(INDENT)
    return textwrap.wrap(text, room, break_long_words=False, break_on_hyphens=False) or [""]
