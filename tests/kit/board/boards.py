"""A board that serves in a thread of the test's process, and readers of its stream."""

import asyncio
import http.client
import json
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from lambda_over_https.board import server
from lambda_over_https.board.classes.account import ClassAccount
from lambda_over_https.classroom.meeting import meeting
from lambda_over_https.classroom.roll import book
from lambda_over_https.settings import Settings, home
from tests.kit.sandbox.live_api import Answer

PATIENCE = 20.0
"""Seconds within which whatever is waited for must come."""


@dataclass(frozen=True)
class Told:
    """One event of the stream."""

    id: str
    kind: str
    data: Any


class Stream:
    """One reader's connection to the stream."""

    def __init__(self, url: str, last_event_id: str = "", **headers: str) -> None:
        self._connection = _connection(url)
        headers |= {"Last-Event-ID": last_event_id} if last_event_id else {}
        self._connection.request("GET", f"{urlsplit(url).path}/events", headers=headers)
        self.response = self._connection.getresponse()

    def lines(self) -> Iterator[str]:
        """The lines as they come; ends when the board ends the stream."""
        while line := self.response.readline():
            yield line.decode().rstrip("\n")

    def next(self) -> Told:
        """The next event; EOFError if the board has ended the stream."""
        fields: dict[str, str] = {}
        for line in self.lines():
            assert line != ": here", "nothing comes"
            if line and not line.startswith(":"):
                name, _, value = line.partition(": ")
                fields[name] = value
            elif "data" in fields:
                return Told(fields.get("id", ""), fields["event"], json.loads(fields["data"]))
        raise EOFError

    def until(self, kind: str, **members: Any) -> Told:
        """The next event of that kind whose members are these."""
        end = time.monotonic() + PATIENCE
        while True:
            told = self.next()
            assert time.monotonic() < end, f"no {kind} with {members} comes"
            if told.kind == kind and members.items() <= told.data.items():
                return told

    def each(self, *wanted: tuple[str, dict[str, Any]]) -> list[Told]:
        """The first event of each kind and members, in whatever order they come."""
        found: dict[int, Told] = {}
        while len(found) < len(wanted):
            told = self.next()
            for index, (kind, members) in enumerate(wanted):
                if told.kind == kind and members.items() <= told.data.items():
                    found.setdefault(index, told)
        return [found[index] for index in range(len(wanted))]

    def close(self) -> None:
        """Go away."""
        self.response.close()
        self._connection.close()


class Board:
    """A running board."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._streams: list[Stream] = []

    def stream(self, last_event_id: str = "", **headers: str) -> Stream:
        """Begin to read the stream."""
        stream = Stream(self.url, last_event_id, **headers)
        self._streams.append(stream)
        return stream

    def get(self, path: str = "/", method: str = "GET", whole: str = "", **headers: str) -> Answer:
        """Ask for ``path`` below the board's address, or for the ``whole`` path."""
        connection = _connection(self.url)
        target = whole or urlsplit(self.url).path + path
        connection.request(
            method, target, headers={key.replace("_", "-"): value for key, value in headers.items()}
        )
        response = connection.getresponse()
        answer = Answer(
            response.status, {name.lower(): value for name, value in response.getheaders()}, response.read()
        )
        connection.close()
        return answer

    def close(self) -> None:
        """Close what was opened."""
        for each in self._streams:
            each.close()


def board(
    name: str = "tutorial", port: int = 0, keep_alive: float = 15.0, **settings: Any
) -> AbstractContextManager[Board]:
    """A board of the deployment with that name, until the end of the block."""
    return _running(lambda serving: server.serve(Settings(name=name, **settings), serving), port, keep_alive)


@contextmanager
def class_board(name: str, *, ask: bool = True) -> Iterator[Board]:
    """A board of the class with that name, until the end of the block."""
    taught = book.load(home(), name)
    with (
        meeting(Settings(), taught) as found,
        _running(
            lambda serving: server.serve_class(taught, ClassAccount(lambda: found), serving, ask=ask)
        ) as opened,
    ):
        yield opened


@contextmanager
def _running(
    serve: Callable[[server.Serving], Coroutine[None, None, None]], port: int = 0, keep_alive: float = 15.0
) -> Iterator[Board]:
    loop, stop, ready = asyncio.new_event_loop(), asyncio.Event(), threading.Event()
    urls: list[str] = []

    def announce(url: str) -> None:
        urls.append(url)
        ready.set()

    def run() -> None:
        serving = server.Serving(port, announce, stop, keep_alive)
        loop.run_until_complete(serve(serving))
        loop.close()

    thread = threading.Thread(target=run)
    thread.start()
    assert ready.wait(PATIENCE)
    running = Board(urls[0])
    try:
        yield running
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(PATIENCE)
        running.close()
        assert not thread.is_alive()


def _connection(url: str) -> http.client.HTTPConnection:
    return http.client.HTTPConnection(urlsplit(url).netloc, timeout=PATIENCE)
