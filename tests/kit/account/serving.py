"""A small server for tests: answers whatever it is asked, and tells what it was."""

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Server:
    """A server that answers whatever it is asked; ``callers`` are the ports that it was asked from."""

    url: str = ""
    asked: list[str] = field(default_factory=list)
    callers: set[int] = field(default_factory=set)
    bodies: list[bytes] = field(default_factory=list)
    answer: bytes = b"{}"
    status: int = 200
    endless: bool = False


class Handler(BaseHTTPRequestHandler):
    """Answers for the ``Server`` that a subclass names."""

    protocol_version = "HTTP/1.1"
    told: Server

    def do_POST(self) -> None:
        self.told.bodies.append(self.rfile.read(int(self.headers.get("Content-Length") or 0)))
        self.told.asked.append(self.path)
        self.told.callers.add(self.client_address[1])
        self.send_response(self.told.status)
        if self.told.endless:
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            self._for_ever()
            return
        self.send_header("Content-Length", str(len(self.told.answer)))
        self.end_headers()
        self.wfile.write(self.told.answer)

    do_GET = do_PUT = do_DELETE = do_PATCH = do_POST  # noqa: N815 - the base class's names

    def do_CONNECT(self) -> None:
        self.told.asked.append(f"CONNECT {self.path}")
        self.send_error(502)

    def _for_ever(self) -> None:
        piece = b"100000\r\n" + b" " * 0x100000 + b"\r\n"
        try:
            while True:
                self.wfile.write(piece)
        except OSError:
            self.close_connection = True

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@contextmanager
def serving(server: Server, context: ssl.SSLContext | None = None) -> Iterator[Server]:
    http = ThreadingHTTPServer(("127.0.0.1", 0), type("Telling", (Handler,), {"told": server}))
    http.daemon_threads = True
    if context:
        http.socket = context.wrap_socket(http.socket, server_side=True)
    server.url = f"http{'s' if context else ''}://127.0.0.1:{http.server_address[1]}"
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        http.shutdown()
        http.server_close()
