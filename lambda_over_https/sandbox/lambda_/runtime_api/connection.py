"""The connections of a worker to its Runtime API: an HTTP server that does just enough, and fast.

Each invocation makes two requests, so speed matters: without tasks or queues this takes a fraction of a web
server's time. It also knows at once when the worker is gone.
"""

import asyncio
import json
import select
from http import HTTPStatus
from typing import TYPE_CHECKING

import httptools

if TYPE_CHECKING:
    from collections.abc import Callable

MAXIMUM_RESPONSE = 6_291_556
"""Bytes of the largest response of a function. AWS names the number when it refuses a larger one."""

_ACCEPTED = (
    b'HTTP/1.1 202 Accepted\r\nContent-Type: application/json\r\nContent-Length: 15\r\n\r\n{"status":"OK"}'
)


class WorkerRequest:
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


class Connection(asyncio.Protocol):
    """One connection of the worker. ``handle`` gets each request, and answers it now or later."""

    def __init__(
        self, handle: "Callable[[Connection, WorkerRequest], None]", everybody: "set[Connection]"
    ) -> None:
        self._handle = handle
        self._everybody = everybody
        self._transport: asyncio.Transport | None = None
        self._socket = -1
        self._unsent = b""
        self._parser = httptools.HttpRequestParser(self)
        self._request = WorkerRequest()

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
        request, self._request = self._request, WorkerRequest()
        self._handle(self, request)
