"""Numbered events, the latest of which are kept, so that any number of readers can follow at their own pace.

A reader remembers only the number of the last event it had. So a slow reader costs nothing, and one that was
away gets what it missed, or learns that it missed too much. For one event loop: nothing here is thread-safe.
"""

import asyncio
import json
import secrets
from collections import deque

from lambda_over_https.board.vocabulary import Document, Event

KEPT = 500
"""Events that are kept for readers who were away."""


class Feed:
    """The events of one run of the board. The ids of another run mean nothing to it."""

    def __init__(self, kept: int = KEPT) -> None:
        self._run = secrets.token_hex(4)
        self._events: deque[bytes] = deque(maxlen=kept)
        self._arrived = asyncio.Event()
        self.last = 0
        self.closed = False

    def publish(self, event: Event, document: Document) -> None:
        """Add one event, and wake the readers that wait."""
        self.last += 1
        self._events.append(self.encoded(event, document))
        self._wake()

    def encoded(self, event: Event, document: Document) -> bytes:
        """The event as it stands in the stream, with the id of the last event: what comes next follows it."""
        data = json.dumps(document, separators=(",", ":"))
        return f"id: {self._run}-{self.last}\nevent: {event}\ndata: {data}\n\n".encode()

    def number_of(self, event_id: str) -> int | None:
        """The number of the event with that id; None if the events after it are not all known any more."""
        run, _, number = event_id.partition("-")
        if run != self._run or not number.isdecimal():
            return None
        return int(number) if self.last - len(self._events) <= int(number) <= self.last else None

    def after(self, number: int) -> bytes | None:
        """The events after that number, as they stand in the stream; None if some of them are gone."""
        missing = self.last - number
        if missing > len(self._events):
            return None
        return b"".join(list(self._events)[len(self._events) - missing :])

    async def more(self, number: int) -> None:
        """Return when there is an event after that number, or no more will come."""
        while number >= self.last and not self.closed:
            await self._arrived.wait()

    def close(self) -> None:
        """Let every reader end."""
        self.closed = True
        self._wake()

    def _wake(self) -> None:
        self._arrived.set()
        self._arrived = asyncio.Event()
