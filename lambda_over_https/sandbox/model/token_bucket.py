"""The token bucket, by which API Gateway and Lambda limit the rate of requests.

API Gateway developer guide, "Throttle requests to your REST APIs for better throughput": a token is taken for
each request, tokens come back at a steady rate, and the bucket's size is the largest burst.
"""

from collections.abc import Callable


class TokenBucket:
    """A full bucket of ``size`` tokens, to which ``rate`` tokens a second come back.

    ``now`` is a clock in seconds.
    """

    def __init__(self, rate: float, size: float, now: Callable[[], float]) -> None:
        self._rate = rate
        self._size = size
        self._now = now
        self._tokens = size
        self._filled_at = now()

    @property
    def left(self) -> float:
        """The tokens that were left when one was last asked for."""
        return self._tokens

    def take(self) -> bool:
        """Take a token; False if there is none."""
        now = self._now()
        self._tokens = min(self._size, self._tokens + (now - self._filled_at) * self._rate)
        self._filled_at = now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True
