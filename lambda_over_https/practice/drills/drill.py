"""What a drill is, and the requests that drills send."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from lambda_over_https.deployment.stack import Stack
from lambda_over_https.errors import InterruptedRunError, LohError
from lambda_over_https.names import METHOD, PATH_PART, STAGE
from lambda_over_https.practice.question import Question
from lambda_over_https.tutorial import logs
from lambda_over_https.tutorial.checks import ECHO, SETTLE
from lambda_over_https.tutorial.request import as_text, request_event
from lambda_over_https.tutorial.ways import TOO_MANY, ask, client_headers


@dataclass(frozen=True, slots=True)
class Seen:
    """One request of a drill and its answer; ``log`` holds the function's log lines for it.

    A ``status`` of 0 is no answer: ``body`` says what was seen. ``before`` says what happened before it,
    where that is more than the drill's own story.
    """

    request: str
    status: int
    body: str
    log: tuple[str, ...] = ()
    before: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drill(Question[Seen]):
    """One way to break the deployment, and what a learner may expect of it.

    ``repair`` says what makes it whole again. ``chapter`` is the chapter that must be on for it, if there is
    one. ``breaks`` says whether it changes anything, ``whole`` whether requests are answered rightly again,
    where echo and list do not show that. ``mark`` is the word in the log that matters.
    """

    name: str
    repair: str
    chapter: str = ""
    breaks: bool = True
    whole: Callable[[Stack], bool] | None = None
    mark: str = ""


def echo_event(stack: Stack) -> str:
    """The event of an echo, as JSON text."""
    return as_text(ECHO.event(stack.names.table, ""))


def list_event(stack: Stack) -> str:
    """The event that asks for all items, as JSON text."""
    return as_text(request_event("list", stack.names.table, {}))


def post(
    stack: Stack,
    event: str,
    until: Callable[[Seen], bool] | None = None,
    path: str = "",
    log: bool = False,
    header: str = "",
    sent: Mapping[str, str] | None = None,
) -> Seen:
    """POST over HTTPS, and again ``until`` the change shows: on AWS a change takes time to spread.

    ``header`` is one of the answer that is to be shown below its body, also if it is missing. ``sent`` are
    the request's headers, if it is not to have those of every client of the deployment.
    """
    shows = until or _passes
    headers = client_headers(stack) if sent is None else sent

    def send() -> tuple[int, Seen]:
        begin = logs.moment()
        answer = ask(stack, METHOD, path, headers, event)
        body = answer.body.decode(errors="replace")
        if header:
            told = {name.lower(): value for name, value in answer.headers.items()}
            body += f"\n{header}: {told.get(header.lower(), 'missing')}"
        return begin, Seen(f"POST /{STAGE}/{PATH_PART}{path}", answer.status, body)

    begin, seen = stack.run.repeat_until(
        send, lambda sent: shows(sent[1]), "AWS is spreading the change", SETTLE
    )
    return replace(seen, log=_printed(stack, begin)) if log else seen


def _printed(stack: Stack, begin: int) -> tuple[str, ...]:
    """What the function printed; that it cannot be had is no reason to withhold the answer."""
    try:
        return tuple(line.text for line in logs.wait_for_request(stack, begin, logs.moment()))
    except InterruptedRunError:
        raise
    except LohError as error:
        return (f"(The log lines cannot be shown: {error.message})",)


def _passes(seen: Seen) -> bool:
    """Whether the request got past the limit that the deployment itself may have (the chapter throttle)."""
    return seen.status != TOO_MANY
