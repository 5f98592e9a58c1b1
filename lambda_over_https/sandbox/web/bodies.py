"""The bodies of requests, read whole: none is too long, and all together have only so much room."""

import contextlib
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from typing import Any

ROOM = 256 * 2**20
"""Bytes of all bodies that are in memory at a time."""


class TooLongError(Exception):
    """The body has more bytes than it may."""


class GoneError(Exception):
    """The client has gone before its body was whole."""


class NoRoomError(Exception):
    """The bodies in memory have too many bytes together."""


class Share:
    """One request's part of the room."""

    def __init__(self, room: "Room") -> None:
        self._room = room
        self.size = 0

    def take(self, size: int) -> None:
        """Take so many bytes more. NoRoomError if there are not so many."""
        if self._room.taken + size > ROOM:
            raise NoRoomError
        self.size += size
        self._room.taken += size


class Room:
    """The room that one listener has for bodies."""

    def __init__(self) -> None:
        self.taken = 0

    @contextlib.contextmanager
    def share(self) -> Iterator[Share]:
        """A share of the room, given back in the end."""
        share = Share(self)
        try:
            yield share
        finally:
            self.taken -= share.size


async def read_body(
    receive: Callable[[], Awaitable[MutableMapping[str, Any]]], limit: int, announced: str, share: Share
) -> bytes:
    """The whole body. TooLongError or NoRoomError as soon as that is certain: the rest is not kept."""
    if announced.isdigit() and int(announced) > limit:
        raise TooLongError
    chunks = []
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise GoneError
        chunk = message.get("body", b"")
        if share.size + len(chunk) > limit:
            raise TooLongError
        share.take(len(chunk))
        chunks.append(chunk)
        if not message.get("more_body", False):
            return b"".join(chunks) if len(chunks) > 1 else chunk
