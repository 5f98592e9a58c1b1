"""The Lambda Runtime API, as one worker process sees it.

AWS documents it as "Using the Lambda runtime API". The worker asks for its next invocation, and gets its
response when there is one. Then it posts a result or an error, or that it could not even start. The address
in ``AWS_LAMBDA_RUNTIME_API`` has no room for a path, so each worker has a port of its own.

Each invocation makes two requests, so speed matters here. This module has an HTTP server of its own: without
tasks or queues it takes a fraction of a web server's time, and it notices at once when the worker is gone.
"""

import asyncio
import json
import select
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Protocol

import httptools

from lambda_over_https.sandbox.web.http import LOOPBACK

if TYPE_CHECKING:
    from collections.abc import Callable

MAXIMUM_RESPONSE = 6_291_556
"""Bytes of the largest response of a function. AWS names the number when it refuses a larger one."""

_PREFIX = "/2018-06-01/runtime/"
_ACCEPTED = (
    b'HTTP/1.1 202 Accepted\r\nContent-Type: application/json\r\nContent-Length: 15\r\n\r\n{"status":"OK"}'
)
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
        self._address = ""
        self._connections: set[_Connection] = set()
        self._waiting: _Connection | None = None
        self._undelivered: Invocation | None = None
        self._current = ""

    async def start(self) -> str:
        """Listen, and return the address for ``AWS_LAMBDA_RUNTIME_API``."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(
            lambda: _Connection(self._handle, self._connections), LOOPBACK, 0
        )
        self._address = f"{LOOPBACK}:{self._server.sockets[0].getsockname()[1]}"
        return self._address

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

    def _handle(self, connection: "_Connection", request: "_Request") -> None:
        # A web page can send requests to a port of this machine, but always with its Origin.
        if "origin" in request.headers or request.headers.get("host") != self._address:
            connection.refuse(HTTPStatus.FORBIDDEN, "Only the worker of this port may ask")
            return
        path = request.path.removeprefix(_PREFIX)
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

    def _next(self, connection: "_Connection") -> None:
        self._waiting = connection
        self._runtime.on_ready()
        if self._undelivered is not None:
            self._hand_out(connection)

    def _hand_out(self, connection: "_Connection | None") -> None:
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

    def _finish(self, connection: "_Connection", request_id: str, result: str, body: bytes) -> None:
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

    def _confirm(self, connection: "_Connection") -> None:
        """Tell the worker that its result is accepted, with the next event if it has asked for one."""
        if connection is not self._waiting:
            connection.flush()


class _Request:
    """A request, as httptools reads it piece by piece. A body over the limit is not kept in full."""

    def __init__(self) -> None:
        self.path = ""
        self.headers: dict[str, str] = {}
        self.parts: list[bytes] = []
        self.size = 0

    @property
    def body(self) -> bytes:
        """The body; if it was over the limit, it is longer than the limit."""
        return b"".join(self.parts)


class _Connection(asyncio.Protocol):
    """One connection of the worker. ``handle`` gets each request, and answers it now or later."""

    def __init__(
        self, handle: "Callable[[_Connection, _Request], None]", everybody: "set[_Connection]"
    ) -> None:
        self._handle = handle
        self._everybody = everybody
        self._transport: asyncio.Transport | None = None
        self._socket = -1
        self._unsent = b""
        self._parser = httptools.HttpRequestParser(self)
        self._request = _Request()

    def answer(self, status: HTTPStatus, body: bytes, headers: str = "") -> None:
        """Send a response, after what was written before."""
        head = f"HTTP/1.1 {status} {status.phrase}\r\n{headers}Content-Type: application/json\r\n"
        self._unsent += f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body
        self.flush()

    def accept(self) -> None:
        """Write that a post is accepted. ``flush`` or the next response sends it."""
        self._unsent += _ACCEPTED

    def flush(self) -> None:
        """Send what was written."""
        unsent, self._unsent = self._unsent, b""
        if unsent and self._transport is not None and not self._transport.is_closing():
            self._transport.write(unsent)

    def refuse(self, status: HTTPStatus, message: str) -> None:
        """Answer with an error and its message."""
        kind = status.phrase.title().replace(" ", "")
        self.answer(status, json.dumps({"errorMessage": message, "errorType": kind}).encode())

    def drop(self) -> None:
        """Close the connection."""
        if self._transport is not None:
            self._transport.abort()

    @property
    def hung_up(self) -> bool:
        """Whether the worker has closed the connection just now; while it waits, it sends nothing."""
        poll = select.poll()
        poll.register(self._socket, select.POLLIN)
        return bool(poll.poll(0))

    # asyncio's callbacks

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Set the transport."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101  # of a stream server
        self._transport = transport
        self._socket = transport.get_extra_info("socket").fileno()
        self._everybody.add(self)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        """Forget the connection."""
        self._everybody.discard(self)

    def data_received(self, data: bytes) -> None:
        """Parse what has arrived; close the connection if it is not HTTP."""
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserCallbackError:
            raise  # a bug of the sandbox
        except httptools.HttpParserError:
            self.drop()

    # httptools' callbacks

    def on_url(self, url: bytes) -> None:
        """Add a part of the path."""
        self._request.path += url.decode("latin-1")

    def on_header(self, name: bytes, value: bytes) -> None:
        """Add a header."""
        self._request.headers[name.decode("latin-1").lower()] = value.decode("latin-1")

    def on_body(self, body: bytes) -> None:
        """Add a part of the body."""
        if self._request.size <= MAXIMUM_RESPONSE:
            self._request.parts.append(body)
            self._request.size += len(body)

    def on_message_complete(self) -> None:
        """Pass on the whole request."""
        request, self._request = self._request, _Request()
        self._handle(self, request)
