"""The drawing in ``status`` and the walk: what exists is lit, and so is the path of a request."""

from collections.abc import Iterator, Sequence

from lambda_over_https.report.picture import Box, Picture
from lambda_over_https.show.canvas.page import Line, Marks, Page, Span, length, marks, stripped

WIDE = 78
"""Columns that the drawing from left to right needs; in fewer it goes from top to bottom."""

HIGH = 34
"""Rows that a page with the drawing from top to bottom needs; in fewer the boxes become lines."""

LIT, UNLIT, NEW = "bold green", "dim", "bold magenta"
IN_A_LINE = 3
"""Resources of a service beside each other in a low window."""

Block = list[list[Span]]


def drawn(picture: Picture, page: Page) -> Sequence[Line]:
    """The lines of the drawing, in the widest form that fits the page."""
    low = page.is_terminal and page.height < HIGH
    draw = _wide if page.width >= WIDE else _low if low else _tall
    return [stripped(line) for line in draw(picture, marks(page))]


def _wide(picture: Picture, signs: Marks) -> Block:
    """From left to right; the arrows run along the third line of the boxes."""
    gateway, function, table = (_box(box, signs) for box in picture.boxes)
    height = max(len(gateway), len(function), len(table))
    columns = [
        _arrow_column(" client ", picture.reaches[0], 2, height, signs),
        _padded(gateway, height),
        _arrow_column("", picture.reaches[1], 14, height, signs, picture.permission),
        _padded(function, height),
        _arrow_column("", picture.reaches[2], 2, height, signs),
        _padded(table, height),
    ]
    return [[span for part in row for span in part] for row in zip(*columns, strict=True)]


def _tall(picture: Picture, signs: Marks) -> Block:
    """From top to bottom."""
    lines: Block = [[("  client", "")]]
    for box, way, style in _downwards(picture, signs, [("POST", "")]):
        lines += [[("    ", ""), *way], [("    ", ""), (signs.down, style)]]
        lines += [[("  ", ""), *line] for line in _box(box, signs)]
    return lines


def _low(picture: Picture, signs: Marks) -> Block:
    """From top to bottom, one or two lines for each service."""
    lines: Block = [[("  client", "")]]
    for box, way, _ in _downwards(picture, signs, []):
        lines.append([("  ", ""), *way])
        for first in range(0, len(box.things), IN_A_LINE):
            title = "" if first else box.title
            things = [_thing_in(box, *thing, signs) for thing in box.things[first : first + IN_A_LINE]]
            beside = [span for thing in things for span in (*thing, ("  ", ""))]
            lines.append([(f"  {title:<11}  ", "bold"), *beside])
    return lines


def _downwards(picture: Picture, signs: Marks, first: list[Span]) -> Iterator[tuple[Box, list[Span], str]]:
    """Each box with the line that leads into it, and that line's style; ``first`` labels the first line."""
    labels: tuple[list[Span], ...] = (first, _thing(*picture.permission, signs), [])
    for box, reached, label in zip(picture.boxes, picture.reaches, labels, strict=True):
        style = LIT if reached else UNLIT
        yield box, [(signs.side if reached else signs.side_gap, style), (" ", ""), *label], style


def _box(box: Box, signs: Marks) -> Block:
    inner = max(len(box.title) + 1, *(len(name) + 3 for name, _ in box.things))
    lit = any(there for _, there in box.things)
    style, (a, b, c, d) = ("" if lit else UNLIT), signs.corners
    title = f"{a} {box.title} {signs.line * (inner - len(box.title))}{b}"
    lines: Block = [[(title, "bold" if lit else UNLIT)]]
    for name, there in box.things:
        thing = _wide_as(inner + 1, _thing_in(box, name, there, signs))
        lines.append([(f"{signs.side} ", style), *thing, (signs.side, style)])
    return [*lines, [(f"{c}{signs.line * (inner + 2)}{d}", style)]]


def _thing_in(box: Box, name: str, there: bool, signs: Marks) -> list[Span]:
    if name in box.new:
        return [(f"{signs.new} ", NEW), (name, NEW)]
    return _thing(name, there, signs)


def _thing(name: str, there: bool, signs: Marks) -> list[Span]:
    mark = signs.there if there else signs.missing
    return [(f"{mark} ", LIT if there else UNLIT), (name, "" if there else UNLIT)]


def _arrow_column(
    label: str, lit: bool, width: int, height: int, signs: Marks, thing: tuple[str, bool] | None = None
) -> Block:
    style, line = (LIT, signs.line) if lit else (UNLIT, signs.gap)
    arrow = [(label, ""), (line * (width - 1) + signs.head, style)]
    wide = len(label) + width
    column: Block = [[(" " * wide, "")]] * height
    column[2] = arrow
    if thing:
        column[1] = _wide_as(wide, [(" ", ""), *_thing(*thing, signs)])
    return column


def _padded(box: Block, height: int) -> Block:
    wide = length(box[0])
    return [*box, *[[(" " * wide, "")]] * (height - len(box))]


def _wide_as(width: int, line: Line) -> list[Span]:
    """The line, padded with blanks to ``width``."""
    return [*line, (" " * (width - length(line)), "")]
