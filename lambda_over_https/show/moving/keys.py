"""The keys of the walk's pages, each with what it does, and the lines that show them."""

from collections.abc import Sequence

from lambda_over_https.show.canvas.page import Line, Page, Span, length, marks

BEFORE = ("Enter do it", "y yourself", "t try it", "b undo", "e more", "c calls", "o web", "q quit")
AFTER = ("Enter go on", "v all checks", "t try it", "b undo", "e more", "c answers", "o web", "q quit")
FIRST = ("Enter begin", "q quit")
LONGER = ("Enter continue", "q skip the rest")
LAST = ("Enter back",)
SEEN = ("Enter go on",)
SURE = ("y yes", "n no")
"""The form of every question of yes or no on a page: a single key."""


def key_lines(where: str, keys: Sequence[str], page: Page) -> list[Line]:
    """The keys and what they do, wrapped between two of them."""
    dot = " · " if marks(page).wait == "…" else " | "
    lines: list[list[Span]] = [[(f"{where} ", "dim")] if where else []]
    for place, each in enumerate(keys):
        key, _, does = each.partition(" ")
        shown = [(dot if place else "", "dim"), (key, "bold cyan"), (f" {does}", "")]
        if length(lines[-1]) + length(shown) > page.width:
            lines.append([])
            shown = shown[1:]
        lines[-1] += shown
    return [*lines]
