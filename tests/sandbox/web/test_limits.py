"""What a client may cost: silent, slow, endless and surplus connections are closed, busy ones never."""

import asyncio
import contextlib
import socket
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from lambda_over_https.sandbox.web import bodies, limits
from lambda_over_https.sandbox.web.http import Listener, Request, Response, json_response, listen

Talk = Callable[[Listener], Awaitable[Any]]


@pytest.fixture(autouse=True)
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    """All times are short, so that no test waits long."""
    for name, seconds in (("HEAD", 0.3), ("BODY", 0.3), ("IDLE", 0.3), ("STUCK", 0.3), ("SWEEP", 0.05)):
        monkeypatch.setattr(limits, f"{name}_SECONDS", seconds)


class Served:
    """A listener under test; ``arrived`` are the requests that its handler has seen."""

    def __init__(self, admit: Callable[[Request], Response | int] = lambda _: 10_000_000) -> None:
        self.arrived: list[Request] = []
        self.answer = b"done"
        self.wait: asyncio.Event | None = None
        self._admit = admit

    async def handle(self, request: Request) -> Response:
        self.arrived.append(request)
        if self.wait:
            await self.wait.wait()
        return Response(200, self.answer)

    def run(self, talk: Talk) -> Any:
        async def serve() -> Any:
            listener = await listen(self.handle, admit=self._admit)
            try:
                return await asyncio.wait_for(talk(listener), 20)
            finally:
                for writer in _writers:
                    writer.close()
                _writers.clear()
                await listener.close()

        return asyncio.run(serve())


_writers: list[asyncio.StreamWriter] = []


async def connected(listener: Listener) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    reader, writer = await asyncio.open_connection("127.0.0.1", listener.port)
    _writers.append(writer)
    return reader, writer


async def rest(reader: asyncio.StreamReader) -> bytes:
    """All that arrives until the connection is closed."""
    said = b""
    with contextlib.suppress(ConnectionError):
        while chunk := await reader.read(1 << 16):
            said += chunk
    return said


POST = b"POST / HTTP/1.1\r\nHost: localhost\r\n"


@pytest.mark.parametrize(
    "beginning",
    [b"", b"GET", b"GET / HTTP/1.1\r\nX: ", POST + b"Content-Length: 100\r\n\r\nx"],
    ids=["nothing", "a verb", "half a head", "half a body"],
)
def test_a_client_that_falls_silent_is_hung_up_on(beginning: bytes) -> None:
    async def talk(listener: Listener) -> bytes:
        reader, writer = await connected(listener)
        writer.write(beginning)
        return await rest(reader)

    served = Served()
    assert served.run(talk) == b""
    assert served.arrived == []


@pytest.mark.parametrize("beginning", [b"GET / HTTP/1.1\r\nX: ", POST + b"Content-Length: 100000\r\n\r\n"])
def test_a_client_that_sends_a_byte_now_and_then_is_hung_up_on(beginning: bytes) -> None:
    async def talk(listener: Listener) -> bytes:
        reader, writer = await connected(listener)
        writer.write(beginning)
        ended = asyncio.create_task(rest(reader))
        while not ended.done():
            writer.write(b"x")
            await asyncio.sleep(0.02)
        return await ended

    assert Served().run(talk) == b""


def test_a_connection_between_two_requests_is_closed_after_a_while() -> None:
    async def talk(listener: Listener) -> bytes:
        reader, writer = await connected(listener)
        writer.write(POST + b"Content-Length: 0\r\n\r\n")
        return await rest(reader)

    assert Served().run(talk).endswith(b"done")


def test_a_client_that_waits_for_a_slow_answer_is_not_hung_up_on() -> None:
    served = Served()

    async def talk(listener: Listener) -> bytes:
        served.wait = asyncio.Event()
        reader, writer = await connected(listener)
        writer.write(POST + b"Content-Length: 2\r\n\r\nhi")
        await asyncio.sleep(0.9)
        served.wait.set()
        return await reader.readuntil(b"done")

    assert served.run(talk).startswith(b"HTTP/1.1 200 ")


def test_a_large_body_has_the_time_that_it_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "SLOWEST", 1000)

    async def talk(listener: Listener) -> bytes:
        reader, writer = await connected(listener)
        writer.write(POST + b"Content-Length: 5000\r\n\r\n")
        for _ in range(10):
            writer.write(b"x" * 500)
            await asyncio.sleep(0.1)
        return await reader.readuntil(b"done")

    served = Served()
    served.run(talk)
    assert len(served.arrived[0].body) == 5000


def test_a_client_that_reads_nothing_is_hung_up_on() -> None:
    served = Served()
    served.answer = b"x" * 30_000_000

    async def talk(listener: Listener) -> bool:
        with socket.create_connection(("127.0.0.1", listener.port)) as client:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            client.sendall(POST + b"Content-Length: 0\r\n\r\n")
            while listener.connections or not served.arrived:
                await asyncio.sleep(0.05)
        return bool(served.arrived)

    assert served.run(talk)


@pytest.mark.parametrize(
    "endless",
    [b"GET / HTTP/1.1\r\nX: ", b"GET /", b"GET / HTTP/1.1\r\n"],
    ids=["a header", "a target", "headers"],
)
def test_an_endless_head_is_refused(endless: bytes) -> None:
    more = b"X: y\r\n" * 5000 if endless.endswith(b"\n") else b"x" * 30_000

    async def talk(listener: Listener) -> bytes:
        reader, writer = await connected(listener)
        writer.write(endless)
        ended = asyncio.create_task(rest(reader))
        while not ended.done():
            writer.write(more)
            await asyncio.sleep(0)
        return await ended

    served = Served()
    said = served.run(talk)
    assert said == b"" or said.startswith((b"HTTP/1.1 431 ", b"HTTP/1.1 400 "))
    assert served.arrived == []


def test_a_head_of_too_many_headers_is_refused_however_it_arrives() -> None:
    async def talk(listener: Listener) -> bytes:
        reader, writer = await connected(listener)
        writer.write(b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 300 + b"\r\n")
        return await rest(reader)

    served = Served()
    assert served.run(talk).startswith(b"HTTP/1.1 431 ")
    assert served.arrived == []


def test_a_head_of_the_size_that_is_allowed_is_served() -> None:
    async def talk(listener: Listener) -> bytes:
        reader, writer = await connected(listener)
        writer.write(b"GET / HTTP/1.1\r\nX: " + b"y" * 60_000 + b"\r\n\r\n")
        return await reader.readuntil(b"done")

    assert Served().run(talk).startswith(b"HTTP/1.1 200 ")


def test_what_is_refused_by_its_head_is_answered_before_its_body() -> None:
    refusal = json_response(403, {"message": "no"})

    async def talk(listener: Listener) -> bytes:
        reader, writer = await connected(listener)
        writer.write(POST + b"Content-Length: 5000000\r\n\r\n")
        return await reader.readuntil(b"}")

    served = Served(admit=lambda _: refusal)
    assert served.run(talk).startswith(b"HTTP/1.1 403 ")
    assert served.arrived == []


def test_an_announced_body_that_is_too_long_is_refused_before_it_comes() -> None:
    async def talk(listener: Listener) -> bytes:
        reader, writer = await connected(listener)
        writer.write(POST + b"Expect: 100-continue\r\nContent-Length: 5000000\r\n\r\n")
        return await reader.readuntil(b"}")

    assert Served(admit=lambda _: 1000).run(talk).startswith(b"HTTP/1.1 413 ")


def test_an_endless_body_is_refused_and_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "SURPLUS", 1_000_000)

    async def talk(listener: Listener) -> tuple[bytes, int]:
        reader, writer = await connected(listener)
        writer.write(POST + b"Transfer-Encoding: chunked\r\n\r\n")
        ended, sent = asyncio.create_task(rest(reader)), 0
        with contextlib.suppress(ConnectionError):
            while not ended.done():
                writer.write(b"2710\r\n" + b"x" * 10_000 + b"\r\n")
                sent += 10_000
                await writer.drain()
        return await ended, sent

    served = Served(admit=lambda _: 1000)
    said, sent = served.run(talk)
    assert said == b"" or said.startswith(b"HTTP/1.1 413 ")
    assert sent < 20_000_000
    assert served.arrived == []


def test_a_body_whose_client_goes_away_reaches_nobody() -> None:
    async def talk(listener: Listener) -> None:
        _, writer = await connected(listener)
        writer.write(POST + b"Content-Length: 100\r\n\r\nhalf")
        await writer.drain()
        await asyncio.sleep(0.05)
        writer.close()
        await asyncio.sleep(0.1)

    served = Served()
    served.run(talk)
    assert served.arrived == []


def test_all_bodies_together_have_only_so_much_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "ROOM", 1500)
    served = Served()

    async def talk(listener: Listener) -> tuple[bytes, bytes]:
        served.wait = asyncio.Event()
        first, writer = await connected(listener)
        writer.write(POST + b"Content-Length: 1000\r\n\r\n" + b"x" * 1000)
        while not served.arrived:
            await asyncio.sleep(0.01)
        second, other = await connected(listener)
        other.write(POST + b"Content-Length: 1000\r\n\r\n" + b"x" * 1000)
        refused = await second.readuntil(b"}")
        served.wait.set()
        await first.readuntil(b"done")
        other.write(POST + b"Content-Length: 1000\r\n\r\n" + b"x" * 1000)
        return refused, await second.readuntil(b"done")

    refused, served_again = served.run(talk)
    assert refused.startswith(b"HTTP/1.1 503 ")
    assert served_again.startswith(b"HTTP/1.1 200 ")


def test_surplus_connections_take_the_place_of_those_that_are_idle(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_CONNECTIONS", 3)
    monkeypatch.setattr(limits, "IDLE_SECONDS", 20)
    monkeypatch.setattr(limits, "HEAD_SECONDS", 20)

    async def talk(listener: Listener) -> list[bytes]:
        idle, writer = await connected(listener)
        writer.write(POST + b"Content-Length: 0\r\n\r\n")
        await idle.readuntil(b"done")
        others = [await connected(listener) for _ in range(3)]
        assert await idle.read() == b"", "the idle one had to go"
        last, _ = await connected(listener)
        assert await rest(last) == b"", "all others are busy, so the newest had to go"
        said = []
        for reader, writer in others:
            writer.write(POST + b"Content-Length: 0\r\n\r\n")
            said.append(await reader.readuntil(b"done"))
        return said

    assert len(Served().run(talk)) == 3
