"""Garbage collection at quiet moments.

A full collection looks at every object of moto and of the services' models, which takes a tenth of a second:
all requests that come meanwhile would wait. So what is there at the start is left out of it, and the rest is
looked through when nothing is going on; only a sandbox without a quiet second for very long is interrupted.
"""

import asyncio
import gc

WORTHWHILE = 50
"""Collections of the youngest generation (700 objects or more each) since the last full one."""

_MIDDLE_COLLECTIONS = 10_000  # of the middle generation until a full one that does not wait: usually 10


class QuietCollector:
    """Takes full collections upon itself until ``close``. It looks around every ``every`` seconds."""

    def __init__(self, every: float = 1.0) -> None:
        self._every = every
        self._loop = asyncio.get_running_loop()
        self._thresholds = gc.get_threshold()
        gc.set_threshold(*self._thresholds[:2], _MIDDLE_COLLECTIONS)
        gc.freeze()
        self._seen = self._collected = _young_collections()
        self._timer = self._loop.call_later(every, self._look)

    def close(self) -> None:
        """Leave it to Python again."""
        self._timer.cancel()
        gc.unfreeze()
        gc.set_threshold(*self._thresholds)

    def _look(self) -> None:
        now = _young_collections()
        if now == self._seen and now - self._collected >= WORTHWHILE:
            gc.collect()
            self._collected = now
        self._seen = now
        self._timer = self._loop.call_later(self._every, self._look)


def _young_collections() -> int:
    """How often the youngest generation has been collected: the more is going on, the more often."""
    return int(gc.get_stats()[0]["collections"])
