"""CORS: what a browser would ask and be told, and so what a page of another origin may read."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from lambda_over_https.deployment.stack import Stack
from lambda_over_https.names import METHOD
from lambda_over_https.practice.experiments.experiment import Experiment, Seen
from lambda_over_https.practice.experiments.requests import Sender
from lambda_over_https.tutorial.chapters.cors import ALLOW_HEADERS, ALLOW_METHODS, ALLOW_ORIGIN, PREFLIGHT
from lambda_over_https.tutorial.checks import ECHO
from lambda_over_https.tutorial.request import as_text, request_event

ORIGIN = "http://localhost:8000"
"""The origin of a page on the learner's own machine."""

ASKED = {"Access-Control-Request-Method": METHOD, "Access-Control-Request-Headers": "content-type"}
"""What a browser asks before it lets a page send JSON."""

READABLE, BLOCKED = "readable", "blocked"
"""What the browser makes of an answer: the page may read it, or it may not."""

_STORY = (
    f"We send what a browser sends for a page at {ORIGIN}: the preflight (may this page send JSON?), a "
    "request, one with a mistake, and one to a wrong path"
)

NO_SUCH_PATH = "s"
"""Put behind the path, it makes one that does not exist."""


def experiment(stack: Stack, *, on: bool) -> Experiment:
    """The experiment, while the chapter is on or before."""
    del stack
    return _with_headers() if on else _without_headers()


def _without_headers() -> Experiment:
    return Experiment(
        title="A page calls the API",
        story=f"{_STORY}.",
        question="What does the page's script get?",
        choices=("the answers: the API is public", "403 Forbidden", "nothing; the browser blocks all of it"),
        right=2,
        why="The function runs and answers 200. But no answer has the header Access-Control-Allow-Origin, "
        "and OPTIONS does not exist, so the preflight gets 403. The browser keeps every answer from the "
        "page; its console says CORS error. curl and servers do not ask for any of this.",
        play=_play,
        foretold=lambda seen: (
            [each.status for each in seen] == [403, 200, 400, 403]
            and all(each.note == BLOCKED for each in seen)
        ),
        summary=_summary,
    )


def _with_headers() -> Experiment:
    return Experiment(
        title="A page calls the API, which allows it",
        story=f"{_STORY}, which API Gateway answers by itself.",
        question="What can the page's script read of the wrong path?",
        choices=("nothing, a failure is hidden", "the status 403 and its message", "500 instead of 403"),
        right=1,
        why="The preflight is answered by API Gateway alone. POST's answers carry the header, errors too, "
        "because every integration response has it. And what API Gateway answers by itself has it from the "
        "gateway response DEFAULT_4XX; without that one the page would see a CORS error and no 403.",
        play=_play,
        foretold=lambda seen: (
            [each.status for each in seen] == [200, 200, 400, 403]
            and all(each.note == READABLE for each in seen)
        ),
        summary=_summary,
    )


def _play(stack: Stack) -> Iterator[Seen]:
    sender, origin = Sender(stack), {"Origin": ORIGIN}
    asked = sender.send(PREFLIGHT, {**origin, **ASKED})
    yield replace(asked, note=READABLE if _allows(asked.status, sender.answer.headers) else BLOCKED)
    table = stack.names.table
    for event, path in (
        (ECHO.event(table, ""), ""),
        (request_event("nonsense", table, {}), ""),
        (ECHO.event(table, ""), NO_SUCH_PATH),
    ):
        seen = sender.send(METHOD, origin, as_text(event), path=path)
        yield replace(seen, note=READABLE if _readable(sender.answer.headers) else BLOCKED)


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


def _summary(seen: Sequence[Seen]) -> str:
    readable = sum(each.note == READABLE for each in seen)
    if readable == len(seen):
        return f"The page may read all {readable} answers, the errors too."
    return f"The browser blocks {len(seen) - readable} of {len(seen)} answers."
