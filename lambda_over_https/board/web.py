"""The board as a web application: the page's files, the stream of events (server-sent events), and looks."""

import asyncio
import json
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping, MutableMapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, Protocol

from lambda_over_https.board.feed import Feed
from lambda_over_https.board.guard import HEADERS, Guard
from lambda_over_https.board.vocabulary import Document, Event

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

KEEP_ALIVE = 15.0
"""Seconds of silence after which a comment is sent, so that nothing between takes the stream for dead."""

RETRY = 1000
"""Milliseconds after which a browser that has lost the stream tries again."""

MOST_PAGES = 5
"""Streams at a time for one browser: to one address browsers open six connections, and one is for all else.

Source: Chromium's and Firefox's limit of persistent HTTP/1.1 connections to a host.
"""

FROM_A_PAGE = "sec-fetch-site"
"""The header that only browsers send: a program has as many connections as it likes."""

Look = Callable[[str], Awaitable[Document | None]]
"""Looks at what is named, and changes nothing; None if there is nothing of that name."""

LOOK = "/look/"

_TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


class Shown(Protocol):
    """What a page shows: a state as a whole, and a feed of what changes."""

    feed: Feed

    def snapshot(self) -> Document:
        """All of it."""


class Application:
    """An ASGI application: ``/TOKEN/`` is the ``page``, ``/TOKEN/events`` the stream.

    ``/TOKEN/look/NAME`` is a look at NAME, where the page has such looks.
    """

    def __init__(
        self, guard: Guard, scene: Shown, page: str, keep_alive: float = KEEP_ALIVE, look: Look | None = None
    ) -> None:
        self._guard = guard
        self._scene = scene
        self._page = page
        self._keep_alive = keep_alive
        self._look = look
        self._files = page_files()
        self._streams = Counter[str]()
        """How many are open, by the header User-Agent."""

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Serve one request."""
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        refused = self._guard.refusal(scope["method"], headers)
        if refused:
            await _answer(send, *refused)
            return
        path = self._guard.inside(scope["path"])
        if path == "/events":
            await self._stream(headers, receive, send)
        elif path == "":
            await _answer(send, 307, "", location=f"{scope['path']}/")
        elif path is not None and (file := self._files.get(path.removeprefix("/") or self._page)):
            await _answer(send, 200, file[1], file[0])
        elif path is not None and (seen := await self._looked(path)):
            await _answer(send, 200, json.dumps(seen), "application/json")
        else:
            await _answer(send, 404, "There is nothing here. `loh board` prints the board's address.")

    async def _looked(self, path: str) -> Document | None:
        """What a look finds, if the path asks for one that there is."""
        if self._look is None or not path.startswith(LOOK):
            return None
        return await self._look(path.removeprefix(LOOK))

    async def _stream(self, headers: Mapping[str, str], receive: Receive, send: Send) -> None:
        """Send the events, or say that the browser has too many pages open to be sent any."""
        await _begin(send, 200, "text/event-stream")
        await _more(send, f"retry: {RETRY}\n\n".encode())
        browser = headers.get("user-agent", "")
        if FROM_A_PAGE in headers and self._streams[browser] >= MOST_PAGES:
            full = f'event: {Event.FULL}\ndata: {{"pages": {MOST_PAGES}}}\n\n'
            await send({"type": "http.response.body", "body": full.encode()})
            return
        self._streams[browser] += 1
        try:
            await self._events(headers.get("last-event-id", ""), receive, send)
        finally:
            self._streams[browser] -= 1

    async def _events(self, last_event_id: str, receive: Receive, send: Send) -> None:
        """Send the events after the one with that id; a snapshot first, where that one is not known."""
        position = self._scene.feed.number_of(last_event_id)
        gone = asyncio.ensure_future(_disconnected(receive))
        try:
            while not gone.done() and not self._scene.feed.closed:
                text, position = self._news(position)
                if text:
                    await _more(send, text)
                else:
                    await self._wait(position, gone, send)
        finally:
            gone.cancel()
        if self._scene.feed.closed:
            await send({"type": "http.response.body", "body": b""})

    def _news(self, position: int | None) -> tuple[bytes, int]:
        """What a reader who has had everything up to ``position`` is to be sent, and where it is then."""
        feed = self._scene.feed
        missed = None if position is None else feed.after(position)
        if missed is None:
            missed = feed.encoded(Event.SNAPSHOT, self._scene.snapshot())
        return missed, feed.last

    async def _wait(self, position: int, gone: "asyncio.Future[None]", send: Send) -> None:
        """Wait for more events, or for the reader to go; say that we are here where it takes long."""
        more = asyncio.ensure_future(self._scene.feed.more(position))
        try:
            done, _ = await asyncio.wait(
                (more, gone), timeout=self._keep_alive, return_when=asyncio.FIRST_COMPLETED
            )
        finally:
            more.cancel()
        if not done:
            await _more(send, b": here\n\n")


def page_files() -> dict[str, tuple[str, bytes]]:
    """The files of the pages: content type and content, by path."""
    return dict(_served(files("lambda_over_https.board") / "page", ""))


def _served(folder: Traversable, path: str) -> Iterator[tuple[str, tuple[str, bytes]]]:
    for each in folder.iterdir():
        kind = _TYPES.get("." + each.name.rpartition(".")[2])
        if each.is_dir():
            yield from _served(each, f"{path}{each.name}/")
        elif kind:
            yield path + each.name, (kind, each.read_bytes())


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _answer(
    send: Send, status: int, body: str | bytes, kind: str = "text/plain", **headers: str
) -> None:
    content = body.encode() if isinstance(body, str) else body
    await _begin(send, status, kind, **headers, **{"content-length": str(len(content))})
    await send({"type": "http.response.body", "body": content})


async def _begin(send: Send, status: int, kind: str, **headers: str) -> None:
    listed = {"content-type": f"{kind}; charset=utf-8", **HEADERS, **headers}
    encoded = [(name.encode(), value.encode("latin-1")) for name, value in listed.items()]
    await send({"type": "http.response.start", "status": status, "headers": encoded})


async def _more(send: Send, body: bytes) -> None:
    await send({"type": "http.response.body", "body": body, "more_body": True})
