"""The three ways to send the function an event: to Lambda, through API Gateway's test, over HTTPS."""

import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from lambda_over_https.aws.errors.explanations import explained
from lambda_over_https.aws.http import Answer
from lambda_over_https.deployment.stack import Stack
from lambda_over_https.events import Requested, current_step
from lambda_over_https.kinds import Kind
from lambda_over_https.names import METHOD

JSON = "application/json"
PLAIN_TEXT = "text/plain"
"""What a web page may send without a preflight (Fetch standard, "CORS-safelisted request-header")."""

API_KEY = "x-api-key"
"""The header that carries an API key."""

REQUEST_ID = "x-amzn-requestid"
"""The header with API Gateway's id of a request, in lower case."""

LONGEST_TOLD = 20_000
"""Characters of a body that are told to who listens."""

TOO_MANY = 429

THROTTLING = (Kind.METHOD_SETTINGS, Kind.USAGE_PLAN)
"""What of a deployment's own holds back requests: limits of the method, limits of each key."""

BACK_OFF = 5.0
"""Seconds; a bucket that a burst has emptied gives the next token much earlier."""


class _HasStatus(Protocol):
    @property
    def status(self) -> int:
        """The HTTP status."""


Answered = TypeVar("Answered", bound=_HasStatus)


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back: an HTTP status (Lambda's own for ``invoke``), the body, whether the function failed.

    ``log`` is what the way itself reports of the request: Lambda's log tail or API Gateway's execution log.
    """

    status: int
    body: str
    seconds: float
    failed: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)
    log: str = ""

    @property
    def ok(self) -> bool:
        """Whether the function did what it was asked."""
        return self.status == 200 and not self.failed


class Way(Protocol):
    """One way in."""

    name: str

    def send(self, event: str) -> Reply:
        """Send the event (JSON text); raises LohError if there is no answer at all."""
        ...


class Invoke:
    """Lambda's Invoke: no API Gateway in between."""

    name = "invoke"

    def __init__(self, stack: Stack) -> None:
        self._stack = stack

    def send(self, event: str) -> Reply:
        """Invoke synchronously and wait for the result."""
        import base64

        began = time.monotonic()
        with explained():
            answer = self._stack.cloud.lambda_.invoke(
                FunctionName=self._stack.names.function, Payload=event.encode(), LogType="Tail"
            )
            body = answer["Payload"].read().decode()
        log = base64.b64decode(answer.get("LogResult", "")).decode(errors="replace")
        seconds = time.monotonic() - began
        return Reply(answer["StatusCode"], body, seconds, "FunctionError" in answer, {}, log)


class TestInvokeMethod:
    """API Gateway's TestInvokeMethod: the method as it is now, deployed or not."""

    name = "test-invoke-method"

    def __init__(self, stack: Stack) -> None:
        self._stack = stack

    def send(self, event: str) -> Reply:
        """Have API Gateway call the method; its effects are real."""
        began = time.monotonic()
        with explained():
            answer: Any = self._stack.cloud.apigateway.test_invoke_method(
                restApiId=self._stack.id_of(Kind.REST_API),
                resourceId=self._stack.id_of(Kind.RESOURCE),
                httpMethod=METHOD,
                pathWithQueryString="",
                body=event,
            )
        seconds = time.monotonic() - began
        return Reply(answer["status"], answer["body"], seconds, False, answer["headers"], answer["log"])


class Https:
    """The deployed API over HTTPS, as any client in the world would call it."""

    name = "https"

    def __init__(self, stack: Stack) -> None:
        self._stack = stack

    def send(self, event: str) -> Reply:
        """POST the event."""
        answer = ask(self._stack, METHOD, "", client_headers(self._stack), event)
        return Reply(
            answer.status, answer.body.decode(errors="replace"), answer.seconds, False, answer.headers
        )


def ask(stack: Stack, verb: str, path: str, headers: Mapping[str, str], body: str) -> Answer:
    """Send a request to the method's URL (and ``path``), and tell whoever listens what came back.

    Raises LohError if there is no answer.
    """
    url = stack.invoke_url + path
    answer = stack.cloud.http.ask(verb, url, headers, body.encode())
    if not stack.place.is_sandbox:
        told = {name.lower(): value for name, value in answer.headers.items()}
        got = answer.body[:LONGEST_TOLD].decode(errors="replace")
        ms = round(answer.seconds * 1000, 1)
        known = told.get(REQUEST_ID) or str(uuid.uuid4())
        event = Requested(current_step.get(), known, verb, url, body[:LONGEST_TOLD], answer.status, got, ms)
        stack.run.emit(event)
    return answer


def sent(stack: Stack, chosen: Way, event: str) -> Reply:
    """Send the event, and again after a 429 where the deployment itself throttles: as a good client does."""
    return backing_off(stack, lambda: chosen.send(event))


def backing_off(stack: Stack, send: Callable[[], Answered]) -> Answered:
    """What ``send`` gives; where the deployment itself throttles, it is repeated after a 429."""
    throttling = any(stack.record(kind) for kind in THROTTLING)
    reason, patience = "The deployment throttles requests", BACK_OFF if throttling else 0.0
    return stack.run.repeat_until(send, lambda answer: answer.status != TOO_MANY, reason, patience)


def client_headers(stack: Stack) -> dict[str, str]:
    """What every client of the deployment sends with its requests; where it asks for an API key, ours."""
    return {"Content-Type": JSON, **key_header(stack, stack.names.api_keys[1])}


def key_header(stack: Stack, name: str) -> dict[str, str]:
    """The header with the value of that API key; nothing if there is none.

    The value is asked for each time: it is a secret, and kept neither in the journal nor in the history.
    """
    key = stack.record(Kind.API_KEY, name)
    if key is None or not key.id:
        return {}
    with explained():
        found = stack.cloud.apigateway.get_api_key(apiKey=key.id, includeValue=True)
    return {API_KEY: found.get("value", "")}


WAYS: dict[str, Callable[[Stack], Way]] = {
    "invoke": Invoke,
    "test-invoke-method": TestInvokeMethod,
    "https": Https,
}


@contextmanager
def way(stack: Stack, name: str) -> Iterator[Way]:
    """The way of that name."""
    yield WAYS[name](stack)
