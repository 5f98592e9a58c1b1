"""CORS: what a browser would ask and be told, and so what a page of another origin may read."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from enum import StrEnum
from typing import Any

from lambda_over_https.deployment.stack import Stack
from lambda_over_https.kinds import Kind
from lambda_over_https.names import METHOD
from lambda_over_https.practice.experiments.experiment import Experiment, Seen
from lambda_over_https.practice.experiments.requests import Sender
from lambda_over_https.tutorial.chapters.cors import ALLOW_HEADERS, ALLOW_METHODS, ALLOW_ORIGIN, PREFLIGHT
from lambda_over_https.tutorial.checks import ECHO
from lambda_over_https.tutorial.request import as_text, request_event
from lambda_over_https.tutorial.ways import API_KEY, PLAIN_TEXT

ORIGIN = "http://localhost:8000"
"""The origin of a page on the learner's own machine."""

ASKED = {"Access-Control-Request-Method": METHOD, "Access-Control-Request-Headers": "content-type"}
"""What a browser asks before it lets a page send JSON."""


class Reading(StrEnum):
    """What a browser does after a preflight, and what becomes of an answer."""

    SENDS = "the browser sends the JSON"
    SENDS_NOT = "the browser does not send the JSON"
    READABLE = "the page may read it"
    BLOCKED = "the browser blocks it"
    BY_CURL = "curl reads it"


WITHOUT_PREFLIGHT = {"Content-Type": PLAIN_TEXT, API_KEY: ""}
"""What a page may send at once. An API key is a header that needs a preflight, so none is sent."""

NO_SUCH_PATH = "s"
"""Put behind the path, it makes one that does not exist."""


def experiment(stack: Stack, *, on: bool) -> Experiment[Reading]:
    """The experiment, while the chapter is on or before."""
    return _with_headers() if on else _without_headers(asks_for_key=bool(stack.record(Kind.USAGE_PLAN)))


def _without_headers(*, asks_for_key: bool) -> Experiment[Reading]:
    plain_text = 403 if asks_for_key else 200
    return Experiment(
        title="A page calls the API",
        story=f"We do what a browser does for a page at {ORIGIN}: we send the preflight (may this page send "
        "JSON?), and an echo as plain text, which needs no preflight. Then we send the echo as curl does.",
        question="What does the page's script get?",
        choices=("the answers: the API is public", "403 Forbidden", "nothing; the browser blocks all of it"),
        right=2,
        why="OPTIONS does not exist, so the preflight gets 403, and the browser does not send the JSON: the "
        "function does not run. Plain text is sent and answered, but the answer has no header "
        "Access-Control-Allow-Origin, so the browser keeps it from the page. In both cases its console says "
        "CORS error. curl and servers do not ask for any of this.",
        play=_play_without,
        foretold=lambda seen: (
            [(each.status, each.value) for each in seen]
            == [(403, Reading.SENDS_NOT), (plain_text, Reading.BLOCKED), (200, Reading.BY_CURL)]
        ),
        summary=_summary,
    )


def _with_headers() -> Experiment[Reading]:
    return Experiment(
        title="A page calls the API, which allows it",
        story=f"We do what a browser does for a page at {ORIGIN}: we send the preflight (may this page send "
        "JSON?), an echo, and a request with a mistake; and plain text, which needs no preflight, to a wrong "
        "path.",
        question="What can the page's script read of the wrong path?",
        choices=("nothing, a failure is hidden", "the status 403 and its message", "500 instead of 403"),
        right=1,
        why="The preflight is answered by API Gateway alone. POST's answers carry the header, errors too, "
        "because every integration response has it. And what API Gateway answers by itself has it from the "
        "gateway response DEFAULT_4XX; without that one the page would see a CORS error and no 403. JSON to "
        "the wrong path would not even be sent: no OPTIONS is there to answer its preflight.",
        play=_play_with,
        foretold=lambda seen: (
            seen[0].value is Reading.SENDS
            and [each.status for each in seen] == [200, 200, 400, 403]
            and all(each.value is Reading.READABLE for each in seen[1:])
        ),
        summary=_summary,
    )


def _play_without(stack: Stack) -> Iterator[Seen[Reading]]:
    sender, echo = Sender(stack), as_text(ECHO.event(stack.names.table, ""))
    yield _preflight(sender)
    yield _by_page(sender, echo, WITHOUT_PREFLIGHT)
    yield _showing(sender.echo(), Reading.BY_CURL)


def _play_with(stack: Stack) -> Iterator[Seen[Reading]]:
    sender, table = Sender(stack), stack.names.table
    echo = as_text(ECHO.event(table, ""))
    asked = _preflight(sender)
    yield asked
    if asked.value is Reading.SENDS:
        yield _by_page(sender, echo)
        yield _by_page(sender, as_text(request_event("nonsense", table, {})))
    yield _by_page(sender, echo, WITHOUT_PREFLIGHT, NO_SUCH_PATH)


def _preflight(sender: Sender) -> Seen[Reading]:
    seen = sender.send(PREFLIGHT, {"Content-Type": "", API_KEY: "", "Origin": ORIGIN, **ASKED})
    allowed = _allows(seen.status, sender.answer.headers)
    return _showing(seen, Reading.SENDS if allowed else Reading.SENDS_NOT)


def _by_page(
    sender: Sender, event: str, headers: Mapping[str, str] | None = None, path: str = ""
) -> Seen[Reading]:
    seen = sender.send(METHOD, {"Origin": ORIGIN, **(headers or {})}, event, path=path)
    return _showing(seen, Reading.READABLE if _readable(sender.answer.headers) else Reading.BLOCKED)


def _showing(seen: Seen[Any], value: Reading) -> Seen[Reading]:
    return replace(seen, note=value, value=value)


def _readable(headers: Mapping[str, str]) -> bool:
    """Whether a browser lets a page of ORIGIN read the answer (Fetch standard, "CORS check")."""
    return _lower(headers).get(ALLOW_ORIGIN.lower()) in ("*", ORIGIN)


def _allows(status: int, headers: Mapping[str, str]) -> bool:
    """Whether a browser sends JSON after that preflight (Fetch standard, "CORS-preflight fetch")."""
    told = _lower(headers)
    verbs = told.get(ALLOW_METHODS.lower(), "").split(",")
    names = told.get(ALLOW_HEADERS.lower(), "").lower().split(",")
    return status in range(200, 300) and _readable(headers) and METHOD in verbs and "content-type" in names


def _lower(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def _summary(seen: Sequence[Seen[Reading]]) -> str:
    readable = sum(each.value is Reading.READABLE for each in seen)
    if not readable:
        return "The page gets nothing."
    return f"The page may read {readable} answers, the errors too."
