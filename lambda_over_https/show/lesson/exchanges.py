"""What step 3.7 shows: each request and answer as a client sees them; behind a key, every check."""

import json
import textwrap
from collections.abc import Iterator, Sequence

from lambda_over_https.events import Checked
from lambda_over_https.show.canvas.page import Line, Page, marks, prose, prose_width
from lambda_over_https.tutorial.request import shortened

CLIENT = "https"
TRIAL = "echo"
"""The operation that only tries the way in."""

OK = "ok "

ERRORS = 400
"""The first status that says that a request failed."""

LONGEST = 300
"""Characters of an error's body that are shown."""

MISTAKEN = (
    "The function's error message begins with [BadRequest], and the pattern of step 3.4 makes that 400: the"
    " client has made a mistake. Without the pattern it would be 200 (`loh drill unmapped` shows it)."
)

OPERATION = 8
"""Columns for an operation's name."""


def result_lines(checks: Sequence[Checked], page: Page) -> Iterator[Line]:
    """Request and answer of each operation over HTTPS, and that the other ways gave the same."""
    yield [("What a client sends, and what it gets:", "bold")]
    for check in checks:
        if check.via == CLIENT and check.name != TRIAL:
            yield from _exchange(check.name, check.request, check.status, check.body, page)
    slowest = max(check.latency_ms for check in checks)
    said = f"{len(checks)} checks passed: {_counted(checks)}; in {slowest:.0f} ms at most"
    for place, line in enumerate(prose(said, prose_width(page) - len(OK), "dim")):
        yield [(" " * len(OK) if place else OK, "green"), *line]


def _counted(checks: Sequence[Checked]) -> str:
    """How many operations by how many ways; echo, which only tries the way, is counted and not shown."""
    names, ways = {check.name for check in checks}, list(dict.fromkeys(check.via for check in checks))
    operations = TRIAL if names == {TRIAL} else f"{len(names)} operations"
    also = f" ({TRIAL} is one of them)" if TRIAL in names and len(names) > 1 else ""
    return f"{operations}{also}, each by {len(ways)} ways ({', '.join(ways)})"


def mistake_lines(request: str, status: int, body: str, page: Page) -> Iterator[Line]:
    """A request with a mistake, its answer, and what makes the status of it."""
    yield [("And with a mistake, an item without its key Id:", "bold")]
    yield from _exchange("create", request, status, body, page)
    yield from prose(MISTAKEN, prose_width(page))


def _exchange(name: str, request: str, status: int, body: str, page: Page) -> Iterator[Line]:
    room, style = prose_width(page) - OPERATION, "green" if status < ERRORS else "red"
    for place, line in enumerate(_wrapped(_compact(request), room)):
        yield [(f"{'' if place else name:<{OPERATION}}", "bold cyan"), (line, "")]
    answer = _compact(body)
    shown = [_cut(answer, room, page)] if status < ERRORS else _wrapped(shortened(answer, LONGEST), room)
    for place, line in enumerate(shown):
        yield [(f"{'' if place else status:>{OPERATION - 1}} ", style), (line, "")]


def _wrapped(text: str, room: int) -> list[str]:
    return textwrap.wrap(text, room, break_long_words=False, break_on_hyphens=False)


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
