"""The execution log of one request, in AWS's words: the ``log`` of TestInvokeMethod, and a stage's own.

A line has one of three kinds: of a failure, of the request's way, or of the data that it carries.
"""

import time
from collections.abc import Iterable, Mapping

from lambda_over_https.sandbox.gateway.request.exchange import MONTHS, Exchange
from lambda_over_https.sandbox.gateway.request.unfollowed import NoLog
from lambda_over_https.sandbox.model.apis import ExecutionLogging
from lambda_over_https.sandbox.web.http import Response

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_LONGEST = 1000
_SECRET = frozenset({"authorization", "x-api-key"})
_SHOWN_OF_A_SECRET = 6


class ExecutionLog(NoLog):
    """Collects the lines. Each begins with the time when it was written."""

    kept = True

    def __init__(self) -> None:
        self._lines: list[str] = []

    def add(self, text: str, *values: object) -> None:
        """Add one line: ``text`` with each ``%s`` filled in, maps as ``{a=1, b=2}``, long values cut."""
        self._lines.append(f"{_now()} : {_filled(text, values)}")

    def note(self, text: str, *values: object) -> None:
        """The same, for a line on the request's way."""
        self.add(text, *values)

    def fail(self, text: str, *values: object) -> None:
        """The same, for a line on why the request failed."""
        self.add(text, *values)

    def text(self, request_id: str) -> str:
        """Return the whole log."""
        return "\n".join((f"Execution log for request {request_id}", *self._lines, ""))


class StageLog(NoLog):
    """Collects what a stage logs of one request, as log events; each begins with the request's id."""

    def __init__(self, request_id: str, settings: ExecutionLogging) -> None:
        self.kept = settings.data_trace and settings.level == "INFO"
        self.events: list[tuple[int, str]] = []
        self._id = request_id
        self._settings = settings

    def add(self, text: str, *values: object) -> None:
        """Add a line on data, if the stage traces data."""
        if self.kept:
            self.fail(text, *values)

    def note(self, text: str, *values: object) -> None:
        """Add a line on the request's way, if the stage's level is INFO."""
        if self._settings.level == "INFO":
            self.fail(text, *values)

    def fail(self, text: str, *values: object) -> None:
        """Add a line at whatever level."""
        self.events.append((int(time.time() * 1000), f"({self._id}) {_filled(text, values)}"))


def log_request(exchange: Exchange) -> None:
    """Add what came in."""
    log, request = exchange.log, exchange.request
    log.note("Starting execution for request: %s", exchange.request_id)
    log.note("HTTP Method: %s, Resource Path: %s", exchange.verb, exchange.path)
    if log.kept:
        log.add("Method request path: %s", exchange.path_parameters)
        log.add("Method request query string: %s", exchange.query)
        log.add("Method request headers: %s", grouped(request.header_lines))
        log.add("Method request body before transformations: %s", request.body)


def log_sent(exchange: Exchange, url: str, headers: Mapping[str, str], body: bytes) -> None:
    """Add the request to the integration's endpoint."""
    exchange.log.add("Endpoint request URI: %s", url)
    exchange.log.add("Endpoint request headers: %s", headers)
    exchange.log.add("Endpoint request body after transformations: %s", body)
    exchange.log.add("Sending request to %s", url)


def log_received(
    exchange: Exchange, status: int, headers: Mapping[str, str], body: bytes, seconds: float
) -> None:
    """Add the endpoint's response, which took so many seconds."""
    latency = round(seconds * 1000)
    exchange.log.add("Received response. Status: %s, Integration latency: %s ms", status, latency)
    exchange.log.add("Endpoint response headers: %s", headers)
    exchange.log.add("Endpoint response body before transformations: %s", body)


def log_response(exchange: Exchange, response: Response) -> None:
    """Add what goes out, if the integration has answered."""
    if exchange.log.kept:
        exchange.log.add("Method response body after transformations: %s", response.body)
        exchange.log.add("Method response headers: %s", grouped(response.headers))
    exchange.log.note("Successfully completed execution")


def grouped(headers: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """All values of each header."""
    found: dict[str, list[str]] = {}
    for name, value in headers:
        found.setdefault(name, []).append(value)
    return found


def masked(secret: str) -> str:
    """A secret as a stage's log shows it: asterisks, and its last characters."""
    return "*" * max(len(secret) - _SHOWN_OF_A_SECRET, 0) + secret[-_SHOWN_OF_A_SECRET:]


def _filled(text: str, values: Iterable[object]) -> str:
    return text % tuple(_shown(value) for value in values)


def _shown(value: object) -> str:
    if isinstance(value, Mapping):
        text = "{" + ", ".join(f"{name}={_of_header(name, item)}" for name, item in value.items()) + "}"
    elif isinstance(value, bytes):
        text = value.decode("utf-8", "replace")
    elif isinstance(value, list):
        text = ",".join(map(str, value))
    else:
        text = str(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]} [TRUNCATED]"


def _of_header(name: object, value: object) -> str:
    text = _shown(value)
    return masked(text) if str(name).lower() in _SECRET else text


def _now() -> str:
    now = time.gmtime()
    clock = time.strftime("%d %H:%M:%S UTC %Y", now)
    return f"{_DAYS[now.tm_wday]} {MONTHS[now.tm_mon - 1]} {clock}"
