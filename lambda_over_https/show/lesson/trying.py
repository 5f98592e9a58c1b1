"""One request that the learner tried: sent, answered, and how far it came."""

import re
from collections.abc import Iterator

from lambda_over_https.practice.trying import Tried
from lambda_over_https.show.canvas.page import Line, Page, marks, prose, prose_width
from lambda_over_https.tutorial.request import shortened


def tried_lines(tried: Tried, page: Page) -> Iterator[Line]:
    """The request, its way with a cross where it stopped, the answer, and why."""
    sign = marks(page)
    where, _, event = tried.request.partition("  ")
    yield from ([(line, "bold")] for line in _folded(where, page.width))
    yield from prose(event, page.width)
    style = "bold green" if tried.reply.ok else "bold red"
    line: list[tuple[str, str]] = [(tried.hops[0], "")]
    for place, hop in enumerate(tried.hops[1:], 1):
        if place < tried.reached:
            line += [(f" {sign.line}{sign.head} ", "green"), (hop, "")]
        else:
            stops = place == tried.reached
            line += [(f" {sign.stop if stops else sign.gap} ", "bold red" if stops else "dim"), (hop, "dim")]
    yield line
    body = " ".join(tried.reply.body.split())
    yield [(f"{sign.arrow} HTTP {tried.reply.status}", style), (f"  {shortened(body, 300)}", "")]
    yield from prose(tried.why, prose_width(page))
    yield []


def _folded(where: str, width: int) -> Iterator[str]:
    """What was asked, with its URL; if that is wider than the page, broken before a part of its path."""
    line = ""
    for part in re.findall(r"/*[^/]+", where):
        if line and len(line) + len(part) > width:
            yield line
            line = "  "
        line += part
    yield line
