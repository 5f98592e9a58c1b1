"""What the doctor found: first who we are, then what is well in a line, and last what is wrong."""

from typing import TYPE_CHECKING

from lambda_over_https.show.canvas.screen import Screen

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lambda_over_https.doctor import Finding

IN_FULL = ("identity",)
"""The checks that are shown in full even where they are well: whoever reads on must know where he is."""


def print_findings(findings: "Sequence[Finding]", *, everything: bool) -> None:
    """Write them so that what is wrong is the last that one reads; ``everything`` folds nothing."""
    screen = Screen()
    wrong = [each for each in findings if not each.ok]
    shown = [each for each in findings if each.ok and (everything or each.remark or each.name in IN_FULL)]
    folded = [each.name for each in findings if each.ok and each not in shown]
    _print(shown, screen)
    if folded:
        screen.prose(f"ok    {len(folded)} more: {', '.join(folded)}", "", screen.width)
    _print(wrong, screen)


def _print(findings: "Iterable[Finding]", screen: Screen) -> None:
    for each in findings:
        mark = ("ok   ", "green") if each.ok else ("WRONG", "bold red")
        screen.print(mark, (f" {each.name}: {each.what}", ""))
        if each.fix:
            screen.print(("      fix: ", ""), (each.fix, "bold"))
