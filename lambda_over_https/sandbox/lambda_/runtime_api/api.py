"""The Lambda Runtime API, as one worker process sees it.

AWS documents it as "Using the Lambda runtime API". The worker asks for its next invocation, and gets its
response when there is one. Then it posts a result or an error, or that it could not even start.

Each worker has a port of its own, and a path on it that nobody can guess: other users of the machine can
reach the port, but can neither read an event nor forge its result.
"""

import asyncio
import hmac
import json
import secrets
from dataclasses import dataclass
from http import HTTPStatus
from typing import Protocol

from lambda_over_https.sandbox.lambda_.runtime_api.connection import (
    MAXIMUM_RESPONSE,
    Connection,
    WorkerRequest,
)
from lambda_over_https.sandbox.web.http import LOOPBACK

_PREFIX = "2018-06-01/runtime/"
_TOO_LARGE = f"Response payload size exceeded maximum allowed payload size ({MAXIMUM_RESPONSE} bytes)."


@dataclass(frozen=True, slots=True)
class Invocation:
    """One event on its way to a handler. ``client_context`` is JSON, in ASCII."""

    request_id: str
    function_arn: str
    payload: bytes
    trace_id: str
    client_context: str | None = None


class RuntimeEvents(Protocol):
    """What the Runtime API reports of the worker."""

    def on_taken(self, invocation: Invocation) -> int:
        """The worker takes ``invocation`` now. Return its deadline, in milliseconds since 1970."""

    def on_ready(self) -> None:
        """The worker asks for work, so it has started."""

    def on_response(self, payload: bytes) -> None:
        """The handler has returned a result."""

    def on_error(self, payload: bytes) -> None:
        """The handler has failed; ``payload`` is its error document."""

    def on_init_error(self, payload: bytes) -> None:
        """The worker cannot start; ``payload`` is its error document."""


class RuntimeApi:
    """The API of one worker."""

    def __init__(self, runtime: RuntimeEvents) -> None:
        self._runtime = runtime
        self._server: asyncio.Server | None = None
        self._host = ""
        self._path = f"/{secrets.token_urlsafe(24)}/"
        self._connections: set[Connection] = set()
        self._waiting: Connection | None = None
        self._undelivered: Invocation | None = None
        self._current = ""

    async def start(self) -> str:
        """Listen, and return the address for ``AWS_LAMBDA_RUNTIME_API``: host, port and path."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(
            lambda: Connection(self._handle, self._connections), LOOPBACK, 0
        )
        self._host = f"{LOOPBACK}:{self._server.sockets[0].getsockname()[1]}"
        return self._host + self._path.rstrip("/")

    async def close(self) -> None:
        """Stop listening, and drop the worker's connections."""
        if self._server is not None:
            self._server.close()
            for connection in list(self._connections):
                connection.drop()
            await self._server.wait_closed()

    def deliver(self, invocation: Invocation) -> None:
        """Give ``invocation`` to the worker, now or as soon as it asks."""
        self._undelivered = invocation
        if self._waiting in self._connections and not self._waiting.hung_up:
            self._hand_out(self._waiting)

    def _handle(self, connection: Connection, request: WorkerRequest) -> None:
        # A web page can send requests to a port of this machine, but always with its Origin.
        if "origin" in request.headers or request.headers.get("host") != self._host:
            connection.refuse(HTTPStatus.FORBIDDEN, "Only the worker of this port may ask")
            return
        if not hmac.compare_digest(request.path[: len(self._path)].encode(), self._path.encode()):
            connection.refuse(HTTPStatus.FORBIDDEN, "Only who knows this worker's own path may ask")
            return
        path = request.path[len(self._path) :].removeprefix(_PREFIX)
        if path == "invocation/next":
            self._next(connection)
        elif path == "init/error":
            connection.accept()
            connection.flush()
            self._runtime.on_init_error(request.body)
        elif path.startswith("invocation/"):
            request_id, _, result = path.removeprefix("invocation/").rpartition("/")
            self._finish(connection, request_id, result, request.body)
        else:
            connection.refuse(HTTPStatus.NOT_FOUND, "Not a path of the Runtime API")

    def _next(self, connection: Connection) -> None:
        self._waiting = connection
        self._runtime.on_ready()
        if self._undelivered is not None:
            self._hand_out(connection)

    def _hand_out(self, connection: Connection | None) -> None:
        invocation, self._undelivered, self._waiting = self._undelivered, None, None
        assert invocation is not None  # noqa: S101  # the callers have looked
        assert connection is not None  # noqa: S101
        self._current = invocation.request_id
        headers = (
            f"Lambda-Runtime-Aws-Request-Id: {invocation.request_id}\r\n"
            f"Lambda-Runtime-Deadline-Ms: {self._runtime.on_taken(invocation)}\r\n"
            f"Lambda-Runtime-Invoked-Function-Arn: {invocation.function_arn}\r\n"
            f"Lambda-Runtime-Trace-Id: {invocation.trace_id}\r\n"
        )
        if invocation.client_context is not None:
            headers += f"Lambda-Runtime-Client-Context: {invocation.client_context}\r\n"
        connection.answer(HTTPStatus.OK, invocation.payload, headers)

    def _finish(self, connection: Connection, request_id: str, result: str, body: bytes) -> None:
        if request_id != self._current:
            connection.refuse(HTTPStatus.BAD_REQUEST, "Invalid request ID")
            return
        self._current = ""
        if len(body) > MAXIMUM_RESPONSE:
            connection.refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, _TOO_LARGE)
            document = {"errorMessage": _TOO_LARGE, "errorType": "Function.ResponseSizeTooLarge"}
            self._runtime.on_error(json.dumps(document).encode())
            return
        (self._runtime.on_response if result == "response" else self._runtime.on_error)(body)
        connection.accept()
        # The invocation's caller was just woken, and comes first.
        asyncio.get_running_loop().call_soon(self._confirm, connection)

    def _confirm(self, connection: Connection) -> None:
        """Tell the worker that its result is accepted, with the next event if it has asked for one."""
        if connection is not self._waiting:
            connection.flush()
