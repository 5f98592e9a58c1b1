"""HTTP for the sandbox: a request, a response, and a listener on loopback.

uvicorn's protocol (on httptools) handles keep-alive, chunked bodies, TLS and limits. This module turns its
ASGI calls into one plain function, ``Handler``: a whole request in, a whole response out.
"""

import asyncio
import json
import ssl
from collections.abc import Awaitable, Callable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from email.utils import formatdate
from typing import Any

LOOPBACK = "127.0.0.1"

MAX_BODY = 70_167_211
"""Bytes. The limit of Lambda's CreateFunction, which is the largest request of any call served here."""

_WITHOUT_CONTENT = frozenset({204, 304})  # a client would read a body as the next response (RFC 9110)


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request: ``path`` and ``query`` are still percent-encoded, header names are in lower case.

    ``header_lines`` are the headers as they were sent, in their order and with their case.
    """

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes
    scheme: str = "http"
    client: str = LOOPBACK
    header_lines: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class Response:
    """One HTTP response; Content-Length is added when it is sent."""

    status: int
    body: bytes = b""
    headers: Sequence[tuple[str, str]] = ()


Handler = Callable[[Request], Awaitable[Response]]

Message = MutableMapping[str, Any]


def json_response(status: int, document: object, headers: Sequence[tuple[str, str]] = ()) -> Response:
    """Answer ``document`` as JSON."""
    body = json.dumps(document, separators=(",", ":")).encode()
    return Response(status, body, (("Content-Type", "application/json"), *headers))


class Listener:
    """A listening socket on loopback; ``port`` is the one in use, even if 0 was asked for."""

    def __init__(self, server: asyncio.Server, state: Any) -> None:
        self._server = server
        self._state = state
        self.port: int = server.sockets[0].getsockname()[1]
        self._set_date()

    def _set_date(self) -> None:
        """Set the Date header of all responses, once a second."""
        self._state.default_headers = [(b"date", formatdate(usegmt=True).encode())]
        self._clock = asyncio.get_running_loop().call_later(1, self._set_date)

    async def close(self) -> None:
        """Stop listening and drop open connections."""
        self._clock.cancel()
        self._server.close()
        for connection in list(self._state.connections):
            connection.transport.abort()
        await self._server.wait_closed()


async def listen(
    handler: Handler, port: int = 0, tls: ssl.SSLContext | None = None, max_body: int = MAX_BODY
) -> Listener:
    """Serve ``handler`` on 127.0.0.1:``port`` (0: any free one), with TLS if a context is given.

    A body of more than ``max_body`` bytes is refused with 413. OSError if the port is taken.
    """
    from uvicorn.config import Config
    from uvicorn.server import ServerState

    from lambda_over_https.sandbox.web.protocol import PlainProtocol

    config = Config(
        _application(handler, max_body),
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_keep_alive=75,
        ws="none",
        proxy_headers=False,
    )
    config.load()
    state = ServerState()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: PlainProtocol(config=config, server_state=state, app_state={}), LOOPBACK, port, ssl=tls
    )
    return Listener(server, state)


def _application(handler: Handler, max_body: int) -> Callable[..., Awaitable[None]]:
    async def application(scope: Message, receive: Callable[[], Awaitable[Message]], send: Any) -> None:
        body = await _body(receive, max_body)
        too_long = json_response(413, {"message": "Request Too Long"})
        response = too_long if body is None else await handler(_request(scope, body))
        headers = [
            (name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in response.headers
        ]
        content = b"" if response.status in _WITHOUT_CONTENT else response.body
        if response.status not in _WITHOUT_CONTENT:
            headers.append((b"content-length", str(len(content)).encode()))
        await send({"type": "http.response.start", "status": response.status, "headers": headers})
        await send({"type": "http.response.body", "body": content})

    return application


def _request(scope: Message, body: bytes) -> Request:
    lines = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]]
    headers: dict[str, str] = {}
    for name, text in lines:
        key = name.lower()
        headers[key] = f"{headers[key]}, {text}" if key in headers else text
    return Request(
        method=scope["method"],
        path=scope["raw_path"].decode("latin-1"),
        query=scope["query_string"].decode("latin-1"),
        headers=headers,
        body=body,
        scheme=scope["scheme"],
        client=(scope.get("client") or (LOOPBACK,))[0],
        header_lines=lines,
    )


async def _body(receive: Callable[[], Awaitable[Message]], limit: int) -> bytes | None:
    """The whole body; None if it is longer than ``limit``. Such a body is read to its end, but not kept."""
    chunks, size = [], 0
    while True:
        message = await receive()
        chunk = message.get("body", b"")
        size += len(chunk)
        if size <= limit:
            chunks.append(chunk)
        if not message.get("more_body", False):
            return b"".join(chunks) if size <= limit else None
