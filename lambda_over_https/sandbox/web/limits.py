"""What a connection may cost: every port of this machine can be reached by every user and every container.

A client that is silent, slow or endless is closed; one that is only busy never is.
"""

import asyncio
from collections.abc import Callable, Iterable
from typing import Any, Protocol

MAX_CONNECTIONS = 2000
"""To one listener. When there are more, those that wait between two requests are closed first."""

MAX_HEAD = 64 * 1024
"""Bytes of a request line with its headers. API Gateway's limit is 10,240 for the headers."""

MAX_HEADERS = 200

HEAD_SECONDS = 30.0
"""For the head of a request, from its first byte; for the first byte, from the connection on."""

IDLE_SECONDS = 75
"""Between two requests."""

BODY_SECONDS = 30.0
"""For a body, plus the time that it takes at ``SLOWEST`` bytes a second."""

SLOWEST = 10_000

STUCK_SECONDS = 60.0
"""For a client that reads nothing of a response."""

SURPLUS = 128 * 2**20
"""Bytes of a body that has been refused already: so much is read and dropped, so that the answer is read."""

SWEEP_SECONDS = 2.0


class Limited(Protocol):
    """A connection, as the sweeper sees it."""

    def overdue(self, now: float) -> bool:
        """Whether it has used up its time."""

    def abort(self) -> None:
        """Close it at once."""


class Sweeper:
    """Closes connections that have used up their time. ``connections`` lists those that are open."""

    def __init__(self, connections: Callable[[], Iterable[Limited]]) -> None:
        self._connections = connections
        self._loop = asyncio.get_running_loop()
        self._sweep()

    def _sweep(self) -> None:
        now = self._loop.time()
        for connection in list(self._connections()):
            if connection.overdue(now):
                connection.abort()
        self._timer = self._loop.call_later(SWEEP_SECONDS, self._sweep)

    def close(self) -> None:
        """Stop."""
        self._timer.cancel()


class Progress:
    """How long a transport's unsent bytes have not become fewer."""

    def __init__(self) -> None:
        self._unsent, self._since = 0, 0.0

    def stuck(self, transport: Any, now: float) -> bool:
        """Whether the client has read nothing of what waits for it, for too long."""
        unsent = transport.get_write_buffer_size()
        if not unsent or unsent < self._unsent or not self._unsent:
            self._unsent, self._since = unsent, now
            return False
        self._unsent = unsent
        return now - self._since > STUCK_SECONDS
