"""An HTTP server for tests of HTTP integrations: it tells what it was asked, and answers as it is told."""

import ssl
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Asked:
    """One request as it came; ``headers`` are its lines."""

    verb: str
    target: str
    headers: Sequence[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str | None:
        """The one value of a header, in whatever case; None if it was not sent."""
        values = [value for each, value in self.headers if each.lower() == name.lower()]
        assert len(values) <= 1, f"{name} was sent {len(values)} times"
        return values[0] if values else None


@dataclass(frozen=True)
class Told:
    """What the server answers."""

    status: int = 200
    body: bytes = b"{}"
    headers: Sequence[tuple[str, str]] = (("Content-Type", "application/json"),)


@dataclass
class Endpoint:
    """A server on loopback; ``answer`` makes the response to a request."""

    answer: Callable[[Asked], Told] = lambda _: Told()
    port: int = 0
    asked: list[Asked] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Its address over HTTP."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def last(self) -> Asked:
        """The latest request."""
        return self.asked[-1]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    endpoint: Endpoint

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        asked = Asked(self.command, self.path, self.headers.items(), body)
        self.endpoint.asked.append(asked)
        told = self.endpoint.answer(asked)
        self.send_response(told.status)
        for name, value in (*told.headers, ("Content-Length", str(len(told.body)))):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(told.body)

    do_POST = do_PUT = do_DELETE = do_PATCH = do_HEAD = do_OPTIONS = do_GET  # noqa: N815 - its base's names

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@contextmanager
def listening(endpoint: Endpoint, context: ssl.SSLContext | None = None) -> Iterator[Endpoint]:
    """Run the server on a free port, with TLS if a context is given."""
    http = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (_Handler,), {"endpoint": endpoint}))
    http.daemon_threads = True
    if context:
        http.socket = context.wrap_socket(http.socket, server_side=True)
    endpoint.port = http.server_address[1]
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield endpoint
    finally:
        http.shutdown()
        http.server_close()
        thread.join()
