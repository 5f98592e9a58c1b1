"""Counting requests in sliding windows: what a rate-based rule goes by.

AWS estimates the rate, and usually acts within half a minute; here the count is exact and acts at once.
"""

from collections import deque
from dataclasses import dataclass, field

_MOST_KEYS = 10_000


@dataclass(slots=True)
class _Window:
    """How many requests came in each second of the window, and in all of it."""

    seconds: deque[list[int]] = field(default_factory=deque)
    total: int = 0

    def forget(self, before: int) -> None:
        while self.seconds and self.seconds[0][0] <= before:
            self.total -= self.seconds.popleft()[1]

    def add(self, second: int) -> None:
        if not self.seconds or self.seconds[-1][0] != second:
            self.seconds.append([second, 0])
        self.seconds[-1][1] += 1
        self.total += 1


class RateCounter:
    """Counts requests by key, in the last ``window`` seconds; more than ``limit`` are too many."""

    def __init__(self, limit: int, window: int) -> None:
        self.limit = limit
        self.window = window
        self._windows: dict[str, _Window] = {}

    def exceeds(self, key: str, now: float) -> bool:
        """Count one more request, and tell whether that is too many."""
        window = self._windows.setdefault(key, _Window())
        window.forget(int(now) - self.window)
        window.add(int(now))
        if len(self._windows) > _MOST_KEYS:
            self._tidy(now)
        return window.total > self.limit

    def too_many(self, now: float) -> list[str]:
        """The keys that have exceeded the limit and still do."""
        self._tidy(now)
        return sorted(key for key, window in list(self._windows.items()) if window.total > self.limit)

    def _tidy(self, now: float) -> None:
        for key, window in list(self._windows.items()):
            window.forget(int(now) - self.window)
            if not window.total:
                self._windows.pop(key, None)
