"""Tells whoever asks of the requests that pass through the gateway; while nobody asks it costs nothing.

A watcher asks again and again for what has come after the last request it knows, and each time waits a while
for more. For one event loop: nothing here is thread-safe.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import unquote
from weakref import WeakValueDictionary

from lambda_over_https.sandbox.gateway.request.exchange import Exchange
from lambda_over_https.sandbox.gateway.request.trail import TABLE, Trail
from lambda_over_https.sandbox.gateway.request.unfollowed import NoTrail
from lambda_over_https.sandbox.web.http import Request

KEPT = 200
"""How many of the latest notes are kept for watchers who are slow."""

LAPSE = 30.0
"""Seconds after the last question when nobody counts as watching any more."""

_UNSEEN = NoTrail()
_DYNAMODB = "DynamoDB_"


class Watch:
    """The requests of all APIs, numbered. ``clock`` is in seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._notes: deque[Mapping[str, Any]] = deque(maxlen=KEPT)
        self._last = 0
        self._asked = float("-inf")
        self._arrived = asyncio.Event()
        self._running: WeakValueDictionary[str, Trail] = WeakValueDictionary()

    def follow(self, exchange: Exchange) -> NoTrail:
        """The trail of a request that has just come in."""
        if self._clock() - self._asked > LAPSE:
            return _UNSEEN
        trail = Trail(exchange, self._tell)
        self._running[exchange.trace_root] = trail
        return trail

    def called(self, request: Request) -> None:
        """Note a call of AWS if a watched request's function made it to DynamoDB.

        AWS's SDKs send the trace of the invocation with each call that a function makes.
        """
        if self._running and request.headers.get("x-amz-target", "").startswith(_DYNAMODB):
            root, _, _ = unquote(request.headers.get("x-amzn-trace-id", "")).partition(";")
            trail = self._running.get(root)
            if trail is not None:
                trail.reach(TABLE)

    async def after(self, number: int | None, seconds: float) -> tuple[int, list[Mapping[str, Any]]]:
        """The notes after that number, and the number of the last one; waits so long if there is none.

        None begins to watch: it answers at once, with no notes.
        """
        self._asked = self._clock()
        if number is None:
            return self._last, []
        if number == self._last:
            arrived = self._arrived
            try:
                await asyncio.wait_for(arrived.wait(), seconds)
            except TimeoutError:
                return self._last, []
        self._asked = self._clock()
        missing = self._last - number if 0 <= number <= self._last else len(self._notes)
        return self._last, list(self._notes)[-missing:] if missing else []

    def _tell(self, note: Mapping[str, Any]) -> None:
        self._notes.append(note)
        self._last += 1
        self._arrived.set()
        self._arrived = asyncio.Event()
