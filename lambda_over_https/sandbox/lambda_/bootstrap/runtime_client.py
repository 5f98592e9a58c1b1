"""The Runtime API's client for AWS's Python runtime; awslambdaric imports it by this name.

AWS's own client is a C++ extension for Linux only. This one has the same interface and is used everywhere, so
that a handler behaves the same on each system. It is also the faster of the two: it keeps one connection
open, and sends a result together with the request for the next invocation.
"""

import os
import socket
from collections.abc import Sequence

Headers = dict[str, str | int | None]

_HEADERS = (
    "Lambda-Runtime-Aws-Request-Id",
    "Lambda-Runtime-Trace-Id",
    "Lambda-Runtime-Invoked-Function-Arn",
    "Lambda-Runtime-Client-Context",
    "Content-Type",
    "Lambda-Runtime-Cognito-Identity",
    "Lambda-Runtime-Aws-Tenant-Id",
)
_DEADLINE = "Lambda-Runtime-Deadline-Ms"
_PATH = "/2018-06-01/runtime/invocation"
_SURELY_TAKEN = 1 << 20  # bytes; a result up to this size is surely not too large

Answer = tuple[int, dict[str, str], bytes]
"""Status, headers with names in lower case, body."""


class _Connection:
    """One kept connection to the Runtime API."""

    def __init__(self) -> None:
        self._host, _, path = os.environ["AWS_LAMBDA_RUNTIME_API"].partition("/")
        self._path = f"/{path}{_PATH}" if path else _PATH
        self._socket: socket.socket | None = None

    def request(self, method: str, path: str, body: bytes = b"") -> bytes:
        """The bytes of a request."""
        length = len(body)
        head = (
            f"{method} {self._path}{path} HTTP/1.1\r\nHost: {self._host}\r\nContent-Length: {length}\r\n\r\n"
        )
        return head.encode() + body

    def exchange(self, *requests: bytes) -> list[Answer]:
        """Send requests together and read their responses; once more if the API dropped the connection."""
        if self._socket is not None:
            try:
                return self._attempt(self._socket, requests)
            except OSError:
                self._socket.close()
        host, port = self._host.rsplit(":", 1)
        self._socket = socket.create_connection((host, int(port)))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return self._attempt(self._socket, requests)

    def _attempt(self, connection: socket.socket, requests: Sequence[bytes]) -> list[Answer]:
        connection.sendall(b"".join(requests))
        received = bytearray()
        return [_answer(connection, received) for _ in requests]


def _answer(connection: socket.socket, received: bytearray) -> Answer:
    """Read the next response."""
    while (end := received.find(b"\r\n\r\n")) < 0:
        received += _read(connection)
    status, *lines = received[:end].decode("latin-1").split("\r\n")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
    start, length = end + 4, int(headers["content-length"])
    while len(received) < start + length:
        received += _read(connection)
    body = bytes(received[start : start + length])
    del received[: start + length]
    return int(status.split(" ")[1]), headers, body


def _read(connection: socket.socket) -> bytes:
    data = connection.recv(1 << 16)
    if not data:
        raise ConnectionResetError("The Runtime API closed the connection")
    return data


_connection = _Connection()
_results: list[bytes] = []  # at most one; it goes out with the next request


def initialize_client(_user_agent: str) -> None:
    """Do nothing: awslambdaric calls it once, and there is nothing to prepare."""


def next() -> tuple[bytes, Headers]:  # noqa: A001  # the name is awslambdaric's
    """Wait for the next invocation: its event, and the headers that awslambdaric reads."""
    requests = [*_results, _connection.request("GET", "/next")]
    _results.clear()
    try:
        # The API refuses a result only if the event has one already; then that one counts.
        *_, (status, headers, body) = _connection.exchange(*requests)
    except OSError:
        os._exit(0)  # The sandbox has ended, so there is nobody to report to.
    if status != 200:
        raise RuntimeError("Failed to get next")
    found: Headers = {name: headers.get(name.lower()) for name in _HEADERS}
    found[_DEADLINE] = int(headers[_DEADLINE.lower()])
    return body, found


def post_invocation_result(
    invoke_id: str, result: bytes, _content_type: str, _invocation_id: str | None = None
) -> None:
    """Post the result. RuntimeError if the API refuses it because it is too large."""
    path = f"/{invoke_id}/response"
    if len(result) > _SURELY_TAKEN:
        _post(path, result, "response")
    else:
        _results.append(_connection.request("POST", path, result))  # awslambdaric calls next() at once


def post_error(
    invoke_id: str, error: str | bytes, _xray_fault: str, _invocation_id: str | None = None
) -> None:
    """Report that the handler failed."""
    _post(f"/{invoke_id}/error", error.encode() if isinstance(error, str) else error, "error")


def _post(path: str, body: bytes, what: str) -> None:
    ((status, _, _),) = _connection.exchange(_connection.request("POST", path, body))
    if status != 202:
        raise RuntimeError(f"Failed to post invocation {what}")
