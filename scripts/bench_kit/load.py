"""A load generator with kept connections, as light as possible: it shares the machine with the server."""

import asyncio
import ssl
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

import httptools

from bench_kit.figures import Figures, latencies

TIMEOUT = 30
"""Seconds after the end of a load until an answer counts as lost."""


@dataclass(frozen=True)
class Target:
    """What to POST, and where; ``ca_bundle`` is a file, for https."""

    url: str
    body: bytes
    ca_bundle: str = ""

    def message(self) -> bytes:
        """The whole request, sent in one piece."""
        parts = urlsplit(self.url)
        head = (
            f"POST {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\nAccept: */*\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(self.body)}\r\n\r\n"
        )
        return head.encode() + self.body


class _Connection(asyncio.Protocol):
    def __init__(self) -> None:
        self._parser = httptools.HttpResponseParser(self)
        self._answer: asyncio.Future[int] | None = None
        self._body = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: asyncio.Transport = transport  # type: ignore[assignment]

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(exc or ConnectionResetError("closed by the server"))

    def on_body(self, body: bytes) -> None:
        self._body += body

    def on_message_complete(self) -> None:
        status, self._parser = self._parser.get_status_code(), httptools.HttpResponseParser(self)
        if self._answer is not None and not self._answer.done():
            self._answer.set_result(status)

    async def exchange(self, message: bytes) -> None:
        """Send and wait; raises RuntimeError unless the answer is 200."""
        self._body = b""
        self._answer = asyncio.get_running_loop().create_future()
        self.transport.write(message)
        status = await self._answer
        if status != 200:
            raise RuntimeError(f"answered {status}: {self._body[:500]!r}")


def load(target: Target, clients: int, seconds: float) -> Figures:
    """Send one request after the other over each of ``clients`` connections, for ``seconds``.

    ``sent`` counts those before the measurement too: they have taken processor time as well.
    """
    return asyncio.run(_load(target, clients, seconds))


async def _load(target: Target, clients: int, seconds: float) -> Figures:
    connections = [await _connect(target) for _ in range(clients)]
    message = target.message()
    try:
        warming = await _send(connections, message, seconds / 5)  # workers are warm after this
        began = time.perf_counter()
        taken = await _send(connections, message, seconds)
        figures = latencies(taken, time.perf_counter() - began)
        return {**figures, "sent": len(warming) + len(taken)}
    finally:
        for connection in connections:
            connection.transport.close()


async def _connect(target: Target) -> _Connection:
    parts = urlsplit(target.url)
    context = ssl.create_default_context(cafile=target.ca_bundle) if parts.scheme == "https" else None
    loop = asyncio.get_running_loop()
    _, connection = await loop.create_connection(
        _Connection, parts.hostname or "", parts.port or 0, ssl=context
    )
    return connection


async def _send(connections: list[_Connection], message: bytes, seconds: float) -> list[float]:
    end, taken = time.perf_counter() + seconds, []

    async def client(connection: _Connection) -> None:
        while (began := time.perf_counter()) < end:
            await connection.exchange(message)
            taken.append(time.perf_counter() - began)

    async with asyncio.timeout(seconds + TIMEOUT):
        await asyncio.gather(*(client(each) for each in connections))
    return taken
