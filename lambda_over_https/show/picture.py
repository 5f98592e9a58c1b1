"""The architecture as a drawing: what exists is lit, and so is the request's way as far as it leads."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from lambda_over_https.picture import Box, Picture
from lambda_over_https.show.console import Marks, console, marks, print_prose

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

WIDE = 78
"""Columns that the drawing from left to right needs; with fewer it goes from top to bottom."""

HIGH = 34
"""Rows that a page with the drawing from top to bottom needs; with fewer the boxes become lines."""

LIT, UNLIT = "bold green", "dim"
_INDENT = 1
IN_A_LINE = 3
"""Things of a service beside each other in a low window."""


def print_picture(picture: Picture, out: "Console | None" = None) -> None:
    """Draw it, as wide as there is room."""
    out = out or console()
    low = out.is_terminal and out.height < HIGH
    draw = _wide if out.width >= WIDE else _low if low else _tall
    out.print()
    for line in draw(picture, marks(out)):
        out.print(line, no_wrap=True, overflow="ignore", crop=False)
    print_prose(picture.answer, out)


def _wide(picture: Picture, signs: Marks) -> list["Text"]:
    """From left to right; the arrows run along the third line of the boxes."""
    gateway, function, table = (_box(box, signs) for box in picture.boxes)
    height = max(len(gateway), len(function), len(table))
    columns = [
        _arrow_column("client ", picture.reaches[0], 2, height, signs),
        _padded(gateway, height),
        _arrow_column("", picture.reaches[1], 14, height, signs, picture.permission),
        _padded(function, height),
        _arrow_column("", picture.reaches[2], 2, height, signs),
        _padded(table, height),
    ]
    return [_joined(row) for row in zip(*columns, strict=True)]


def _tall(picture: Picture, signs: Marks) -> list["Text"]:
    """From top to bottom."""
    from rich.text import Text

    lines = [Text("  client")]
    labels = (Text("POST"), _thing(*picture.permission, signs), Text(""))
    for box, reached, label in zip(picture.boxes, picture.reaches, labels, strict=True):
        style = LIT if reached else UNLIT
        lines.append(Text.assemble("    ", (signs.side if reached else signs.side_gap, style), " ", label))
        lines.append(Text.assemble("    ", (signs.down, style)))
        lines += [Text.assemble("  ", line) for line in _box(box, signs)]
    return lines


def _low(picture: Picture, signs: Marks) -> list["Text"]:
    """From top to bottom, a service a line, or two."""
    from rich.text import Text

    lines = [Text("  client")]
    labels = (Text(""), _thing(*picture.permission, signs), Text(""))
    for box, reached, label in zip(picture.boxes, picture.reaches, labels, strict=True):
        style = LIT if reached else UNLIT
        lines.append(Text.assemble("  ", (signs.side if reached else signs.side_gap, style), " ", label))
        for first in range(0, len(box.things), IN_A_LINE):
            title = "" if first else box.title
            things = [_thing(*thing, signs) for thing in box.things[first : first + IN_A_LINE]]
            lines.append(Text.assemble((f"  {title:<11}  ", "bold"), Text("  ").join(things)))
    return lines


def _box(box: Box, signs: Marks) -> list["Text"]:
    from rich.text import Text

    inner = max(len(box.title) + 1, *(len(name) + 3 for name, _ in box.things))
    lit = any(there for _, there in box.things)
    style, (a, b, c, d) = ("" if lit else UNLIT), signs.corners
    title = f"{a} {box.title} {signs.line * (inner - len(box.title))}{b}"
    lines = [Text(title, "bold" if lit else UNLIT)]
    for name, there in box.things:
        thing = _thing(name, there, signs)
        thing.pad_right(inner - len(thing) + 1)
        lines.append(Text.assemble((f"{signs.side} ", style), thing, (signs.side, style)))
    lines.append(Text(f"{c}{signs.line * (inner + 2)}{d}", style))
    return lines


def _thing(name: str, there: bool, signs: Marks) -> "Text":
    from rich.text import Text

    mark = signs.there if there else signs.missing
    return Text.assemble((f"{mark} ", LIT if there else UNLIT), (name, "" if there else UNLIT))


def _arrow_column(
    label: str, lit: bool, width: int, height: int, signs: Marks, thing: tuple[str, bool] | None = None
) -> list["Text"]:
    from rich.text import Text

    style, line = (LIT, signs.line) if lit else (UNLIT, signs.gap)
    arrow = Text(label + line * (width - 1) + signs.head)
    arrow.stylize(style, len(label))
    blank = Text(" " * len(arrow))
    column = [blank] * height
    column[2] = arrow
    if thing:
        above = Text.assemble(" ", _thing(*thing, signs))
        above.pad_right(len(arrow) - len(above))
        column[1] = above
    return column


def _padded(box: Sequence["Text"], height: int) -> list["Text"]:
    from rich.text import Text

    return [*box, *[Text(" " * len(box[0]))] * (height - len(box))]


def _joined(row: Sequence["Text"]) -> "Text":
    from rich.text import Text

    line = Text(" " * _INDENT).join([Text(""), Text("").join(row)])
    line.rstrip()
    return line
