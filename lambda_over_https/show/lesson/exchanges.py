"""What step 3.7 shows: each request and answer as a client sees them; behind a key, every check."""

import json
from collections.abc import Iterator, Sequence

from lambda_over_https.events import Checked
from lambda_over_https.show.canvas.page import Line, Page, marks, prose, prose_width

CLIENT = "https"
TRIAL = "echo"
"""The operation that only tries the way in."""

OK = "ok "

OPERATION = 8
"""Columns for an operation's name."""


def result_lines(checks: Sequence[Checked], page: Page) -> Iterator[Line]:
    """Request and answer of each operation over HTTPS, and that the other ways gave the same."""
    yield [("What a client sends, and what it gets:", "bold")]
    for check in checks:
        if check.via == CLIENT and check.name != TRIAL:
            yield from _exchange(check, page)
    ways = ", ".join(dict.fromkeys(check.via for check in checks))
    slowest = max(check.latency_ms for check in checks)
    said = f"{len(checks)} checks passed ({ways}), in {slowest:.0f} ms at most"
    for place, line in enumerate(prose(said, prose_width(page) - len(OK), "dim")):
        yield [(" " * len(OK) if place else OK, "green"), *line]


def _exchange(check: Checked, page: Page) -> Iterator[Line]:
    room = prose_width(page) - OPERATION
    payload = json.dumps(json.loads(check.request).get("payload", {}))
    yield [(f"{check.name:<{OPERATION}}", "bold cyan"), (_cut(payload, room, page), "")]
    yield [(f"{check.status:>{OPERATION - 1}} ", "green"), (_cut(_compact(check.body), room, page), "")]


def _compact(body: str) -> str:
    """A JSON body on one line."""
    try:
        return json.dumps(json.loads(body), ensure_ascii=False)
    except ValueError:
        return " ".join(body.split())


def _cut(text: str, room: int, page: Page) -> str:
    """What fits on the line; a body that goes on ends in an ellipsis."""
    wait = marks(page).wait
    return text if len(text) <= room else f"{text[: room - len(wait)]}{wait}"


def check_lines(checks: Sequence[Checked]) -> Iterator[Line]:
    """Each check on a line: how it was sent, its status and its time."""
    for check in checks:
        where = f" {check.via:<19} {check.name:<7} {check.status} {check.latency_ms:8.1f} ms"
        yield [("  ok", "green"), (where, "")]
