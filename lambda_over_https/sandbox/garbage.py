"""Garbage collection while the sandbox is idle.

A full collection visits every object of moto and of the services' models. That takes a tenth of a second, in
which no request is served. So the objects that exist at the start are excluded from collection, and the rest
is collected while nothing happens. Python interrupts only a sandbox that has had no idle second for very
long.
"""

import asyncio
import gc

WORTHWHILE = 50
"""How many collections of the youngest generation make a full one worthwhile."""

THRESHOLDS = (700, 10, 10_000)
"""Objects made before the youngest generation is collected, how often that is before the middle one is, and
the middle one before all. The first two are Python's own. A command of this program sets others, which suit
a process that ends soon: with them a sandbox would grow, and would look idle at work."""


class QuietCollector:
    """Makes full collections until ``close``. Every ``every`` seconds it checks whether nothing happens."""

    def __init__(self, every: float = 1.0) -> None:
        self._every = every
        self._loop = asyncio.get_running_loop()
        self._thresholds = gc.get_threshold()
        gc.set_threshold(*THRESHOLDS)
        gc.freeze()
        self._last_check = self._last_full = _young_collections()
        self._timer = self._loop.call_later(every, self._check)

    def close(self) -> None:
        """Give garbage collection back to Python."""
        self._timer.cancel()
        gc.unfreeze()
        gc.set_threshold(*self._thresholds)

    def _check(self) -> None:
        now = _young_collections()
        if now == self._last_check and now - self._last_full >= WORTHWHILE:
            gc.collect()
            self._last_full = now
        self._last_check = now
        self._timer = self._loop.call_later(self._every, self._check)


def _young_collections() -> int:
    """How often the youngest generation has been collected. It stands still while the sandbox is idle."""
    return int(gc.get_stats()[0]["collections"])
