"""A clock for tests of what depends on time."""


class StoppedClock:
    """Stands still until a test changes ``now`` (seconds), or lets some ``pass_``.

    Call it as code under test calls ``time.time``; ``pass_`` stands in for ``time.sleep``.
    """

    def __init__(self, now: float = 0.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now

    def pass_(self, seconds: float) -> None:
        """Let so many seconds pass at once."""
        self.now += seconds
