"""The Runtime API's client for AWS's Python runtime, in Python: awslambdaric imports it by this name.

AWS's own is a C++ extension that exists for Linux only. This one has the same interface and is used
everywhere, so that a handler runs alike on each system; it also keeps one connection open, which makes it
the quicker of the two.
"""

import os
import socket

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


class _Connection:
    """One kept connection to the Runtime API."""

    def __init__(self) -> None:
        self._address = os.environ["AWS_LAMBDA_RUNTIME_API"]
        self._socket: socket.socket | None = None

    def exchange(self, method: str, path: str, body: bytes = b"") -> tuple[int, dict[str, str], bytes]:
        """Send one request and read its answer; twice, if the API has dropped the idle connection."""
        head = (
            f"{method} {_PATH}{path} HTTP/1.1\r\nHost: {self._address}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        message = head.encode() + body
        if self._socket is not None:
            try:
                return self._attempt(self._socket, message)
            except OSError:
                self._socket.close()
        host, port = self._address.rsplit(":", 1)
        self._socket = socket.create_connection((host, int(port)))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return self._attempt(self._socket, message)

    def _attempt(self, connection: socket.socket, message: bytes) -> tuple[int, dict[str, str], bytes]:
        connection.sendall(message)
        received = bytearray()
        while (end := received.find(b"\r\n\r\n")) < 0:
            received += _read(connection)
        status, *lines = received[:end].decode("latin-1").split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
        body = received[end + 4 :]
        while len(body) < int(headers["content-length"]):
            body += _read(connection)
        return int(status.split(" ")[1]), headers, bytes(body)


def _read(connection: socket.socket) -> bytes:
    data = connection.recv(1 << 16)
    if not data:
        raise ConnectionResetError("The Runtime API closed the connection")
    return data


_connection = _Connection()


def initialize_client(_user_agent: str) -> None:
    """Nothing to prepare; awslambdaric calls it once."""


def next() -> tuple[bytes, Headers]:  # noqa: A001  # the name is awslambdaric's
    """Wait for the next invocation: its event and the headers awslambdaric reads."""
    try:
        status, headers, body = _connection.exchange("GET", "/next")
    except OSError:
        os._exit(0)  # The sandbox is gone, and there is nobody to tell.
    if status != 200:
        raise RuntimeError("Failed to get next")
    found: Headers = {name: headers.get(name.lower()) for name in _HEADERS}
    found[_DEADLINE] = int(headers[_DEADLINE.lower()])
    return body, found


def post_invocation_result(
    invoke_id: str, result: bytes, _content_type: str, _invocation_id: str | None = None
) -> None:
    """Answer the invocation; RuntimeError if the API refuses the answer, say because it is too large."""
    _post(f"/{invoke_id}/response", result, "response")


def post_error(
    invoke_id: str, error: str | bytes, _xray_fault: str, _invocation_id: str | None = None
) -> None:
    """Report that the handler failed."""
    _post(f"/{invoke_id}/error", error.encode() if isinstance(error, str) else error, "error")


def _post(path: str, body: bytes, what: str) -> None:
    status, _, _ = _connection.exchange("POST", path, body)
    if status != 202:
        raise RuntimeError(f"Failed to post invocation {what}")
