"""uvicorn's protocol for HTTP/1.1: header names in the case that was sent, no upgrades, limits on clients."""

from enum import Enum, auto
from typing import Any

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from lambda_over_https.sandbox.web import limits

_INVALID = "Invalid HTTP request received."
_TOO_LARGE = b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"


class _Phase(Enum):
    """What a connection is waiting for."""

    HEAD = auto()
    BODY = auto()
    ANSWER = auto()
    NEXT = auto()


class PlainProtocol(HttpToolsProtocol):  # type: ignore[misc]
    """Ignores the ``Upgrade`` header of a request, as a server may do (RFC 9110, section 7.8).

    Java's HTTP client sends that header with every request. The parser takes what follows such a request's
    head for another protocol and reads no body, so this class parses the head again without the header.

    A connection whose client is silent, slow or endless is ``overdue`` at some time; see ``limits``.
    """

    parser: Any

    # The connection

    def connection_made(self, transport: Any) -> None:
        """Begin to wait for a request."""
        super().connection_made(transport)
        self._progress = limits.Progress()
        self._head = self._received = 0
        self._enter(_Phase.HEAD)
        if len(self.connections) > limits.MAX_CONNECTIONS:
            self._make_room()

    def overdue(self, now: float) -> bool:
        """Whether the client has used up its time."""
        if self._progress.stuck(self.transport, now):
            return True
        if self._phase is _Phase.ANSWER or self.flow.read_paused:  # it waits for us
            return False
        allowed = {
            _Phase.NEXT: limits.IDLE_SECONDS,
            _Phase.HEAD: limits.HEAD_SECONDS,
            _Phase.BODY: limits.BODY_SECONDS + self._received / limits.SLOWEST,
        }
        return bool(now - self._since > allowed[self._phase])

    def abort(self) -> None:
        """Close the connection at once."""
        self.transport.abort()

    def _enter(self, phase: _Phase) -> None:
        self._phase, self._since = phase, self.loop.time()

    def _make_room(self) -> None:
        """Close the connection that has waited longest between two requests; this one, if there is none."""
        idle = (each for each in self.connections if each.idle_since is not None)
        min(idle, key=lambda each: each.idle_since, default=self).abort()

    @property
    def idle_since(self) -> float | None:
        """Since when it waits for another request; None if it does something else."""
        return self._since if self._phase is _Phase.NEXT else None

    # The parser's callbacks

    def on_message_begin(self) -> None:
        """Begin with a head."""
        super().on_message_begin()
        self._head = self._received = 0
        self._enter(_Phase.HEAD)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Keep the name as it was sent: the event of a Lambda proxy integration has it so."""
        super().on_header(name, value)
        self.headers[-1] = (name, value)

    def on_headers_complete(self) -> None:
        """Begin with the request, unless its head is too large or will be parsed again."""
        size = len(self.url) + sum(len(name) + len(value) for name, value in self.headers)
        if size > limits.MAX_HEAD or len(self.headers) > limits.MAX_HEADERS:
            self._refuse_head()
        elif not self.parser.should_upgrade():
            self._enter(_Phase.BODY)
            super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Take a part of the body; drop the connection if the body has been refused, but never ends."""
        if self.transport.is_closing():
            return
        self._received += len(body)
        super().on_body(body)
        if self.cycle.response_complete and self._received > limits.SURPLUS:
            self.abort()

    def on_message_complete(self) -> None:
        """End the request's body, unless its head will be parsed again."""
        if self.transport.is_closing() or self.parser.should_upgrade():
            return
        self._enter(_Phase.NEXT if self.cycle.response_complete else _Phase.ANSWER)
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """Wait for the next request, if this one has arrived whole."""
        if self._phase is _Phase.ANSWER and not self.pipeline:
            self._enter(_Phase.NEXT)
        super().on_response_complete()

    def data_received(self, data: bytes) -> None:
        """Parse what has arrived."""
        self._unset_keepalive_if_required()
        before = self._since
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade as upgrade:
            self._parse_again(data[upgrade.args[0] :])
        except httptools.HttpParserError:
            self.send_400_response(_INVALID)
        if self._phase is _Phase.HEAD and before == self._since:  # nothing but more of the same head
            self._head += len(data)
            if self._head > limits.MAX_HEAD:
                self._refuse_head()

    def _refuse_head(self) -> None:
        if not self.transport.is_closing():
            self.transport.write(_TOO_LARGE)
            self.transport.close()

    def _parse_again(self, rest: bytes) -> None:
        method, version = self.parser.get_method(), self.parser.get_http_version().encode()
        if method == b"CONNECT":
            self.send_400_response(_INVALID)
            return
        kept = [b"%s: %s" % (name, value) for name, value in self.headers if name.lower() != b"upgrade"]
        head = [b"%s %s HTTP/%s" % (method, self.url, version), *kept, b"", b""]
        self.parser = httptools.HttpRequestParser(self)
        self.parser.set_dangerous_leniencies(lenient_data_after_close=True)  # uvicorn sets this too
        self.data_received(b"\r\n".join(head) + rest)
