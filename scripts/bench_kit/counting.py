"""A proxy between a program and its endpoint that counts the AWS calls."""

import asyncio
import contextlib
import threading
from collections.abc import Iterator
from urllib.parse import urlsplit

import httptools


class Counter:
    """Counts the calls sent to its ``url`` and passes them on. Requests to a deployed API are not counted.

    ``throttled`` are the answers 429.
    """

    def __init__(self, endpoint_url: str) -> None:
        parts = urlsplit(endpoint_url)
        self._to = (parts.hostname or "", parts.port or 80)
        self.calls = 0
        self.throttled = 0
        self.url = ""

    async def serve(self, ready: threading.Event, stop: asyncio.Event) -> None:
        """Pass calls on until ``stop`` is set."""
        server = await asyncio.start_server(self._pass, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        ready.set()
        async with server:
            await stop.wait()

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection(*self._to)
        answers = asyncio.create_task(_pump(there, writer, httptools.HttpResponseParser(_Answers(self))))
        await _pump(reader, back, httptools.HttpRequestParser(_Requests(self)))
        await answers

    def saw(self, path: bytes) -> None:
        """A request began."""
        if not path.startswith((b"/_aws/", b"/_sandbox/")):
            self.calls += 1


class _Requests:
    def __init__(self, counter: Counter) -> None:
        self._counter = counter

    def on_url(self, url: bytes) -> None:
        self._counter.saw(url)


class _Answers:
    def __init__(self, counter: Counter) -> None:
        self._counter = counter

    def on_status(self, status: bytes) -> None:
        self._counter.throttled += status == b"Too Many Requests"


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, parser: object) -> None:
    feed = parser.feed_data  # type: ignore[attr-defined]
    with contextlib.suppress(ConnectionError):
        while data := await reader.read(1 << 16):
            feed(data)
            writer.write(data)
            await writer.drain()
    writer.close()


@contextlib.contextmanager
def counting(endpoint_url: str) -> Iterator[Counter]:
    """A counter in front of ``endpoint_url``, for the ``with`` block."""
    counter, ready = Counter(endpoint_url), threading.Event()
    loop, stop = asyncio.new_event_loop(), asyncio.Event()
    thread = threading.Thread(target=lambda: loop.run_until_complete(counter.serve(ready, stop)))
    thread.start()
    ready.wait()
    try:
        yield counter
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join()
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()
