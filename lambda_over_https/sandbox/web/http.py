"""HTTP for the sandbox: a request, a response, and a listener on loopback.

uvicorn's protocol (on httptools) handles keep-alive, chunked bodies, TLS and limits. This module turns its
ASGI calls into one plain function, ``Handler``: a whole request in, a whole response out.
"""

import asyncio
import json
import ssl
from collections.abc import Awaitable, Callable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, replace
from email.utils import formatdate
from typing import Any

from lambda_over_https.sandbox.web.bodies import GoneError, NoRoomError, Room, Share, TooLongError, read_body
from lambda_over_https.sandbox.web.header_names import written
from lambda_over_https.sandbox.web.limits import HEAD_SECONDS, IDLE_SECONDS, Sweeper

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

Admit = Callable[[Request], "Response | int"]
"""Sees the head of a request: refuses it, or says how many bytes its body may have."""

_DATE, _LENGTH = written("Date"), written("Content-Length")
_KEPT, _CLOSED = (written("Connection"), b"keep-alive"), (written("Connection"), b"close")

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
        self._sweeper = Sweeper(lambda: state.connections)
        self.port: int = server.sockets[0].getsockname()[1]
        self._set_date()

    @property
    def connections(self) -> int:
        """How many connections are open."""
        return len(self._state.connections)

    def _set_date(self) -> None:
        """Set the Date header of all responses, once a second."""
        self._state.default_headers = [(_DATE, formatdate(usegmt=True).encode())]
        self._clock = asyncio.get_running_loop().call_later(1, self._set_date)

    async def close(self) -> None:
        """Stop listening and drop open connections."""
        self._clock.cancel()
        self._sweeper.close()
        self._server.close()
        for connection in list(self._state.connections):
            connection.transport.abort()
        await self._server.wait_closed()


async def listen(
    handler: Handler,
    port: int = 0,
    tls: ssl.SSLContext | None = None,
    admit: Admit = lambda _: MAX_BODY,
) -> Listener:
    """Serve ``handler`` on 127.0.0.1:``port`` (0: any free one), with TLS if a context is given.

    What ``admit`` refuses is refused before its body is read; a body of more bytes than it allows, with 413.
    OSError if the port is taken.
    """
    from uvicorn.config import Config
    from uvicorn.server import ServerState

    from lambda_over_https.sandbox.web.protocol import PlainProtocol

    config = Config(
        _application(handler, admit),
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_keep_alive=IDLE_SECONDS,
        ws="none",
        proxy_headers=False,
    )
    config.load()
    state = ServerState()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: PlainProtocol(config=config, server_state=state, app_state={}),
        LOOPBACK,
        port,
        ssl=tls,
        ssl_handshake_timeout=HEAD_SECONDS if tls else None,
    )
    return Listener(server, state)


def _application(handler: Handler, admit: Admit) -> Callable[..., Awaitable[None]]:
    room = Room()

    async def application(scope: Message, receive: Callable[[], Awaitable[Message]], send: Any) -> None:
        head = _request(scope)
        with room.share() as share:
            response = await _answer(handler, admit(head), head, receive, share)
        headers: list[tuple[bytes, bytes]] = [
            (written(name), value.encode("latin-1")) for name, value in response.headers
        ]
        content = b"" if response.status in _WITHOUT_CONTENT else response.body
        if response.status not in _WITHOUT_CONTENT:
            headers.append((_LENGTH, str(len(content)).encode()))
        headers.append(_KEPT if _keeps_alive(scope, head) else _CLOSED)
        await send({"type": "http.response.start", "status": response.status, "headers": headers})
        await send({"type": "http.response.body", "body": content})

    return application


def _keeps_alive(scope: Message, request: Request) -> bool:
    """Whether the connection stays open, as uvicorn decides it."""
    return scope["http_version"] != "1.0" and "close" not in request.headers.get("connection", "").lower()


async def _answer(
    handler: Handler,
    admitted: Response | int,
    head: Request,
    receive: Callable[[], Awaitable[Message]],
    share: Share,
) -> Response:
    if not isinstance(admitted, int):
        return admitted
    try:
        body = await read_body(receive, admitted, head.headers.get("content-length", ""), share)
    except TooLongError:
        return json_response(413, {"message": "Request Too Long"})
    except GoneError:
        return Response(400)  # nobody reads it
    except NoRoomError:
        return json_response(503, {"message": "Too many large requests at a time"}, (("Retry-After", "1"),))
    return await handler(replace(head, body=body) if body else head)


def _request(scope: Message) -> Request:
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
        body=b"",
        scheme=scope["scheme"],
        client=(scope.get("client") or (LOOPBACK,))[0],
        header_lines=lines,
    )
