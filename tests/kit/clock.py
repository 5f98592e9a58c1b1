"""A clock for tests of what depends on time."""


class StoppedClock:
    """Stands still until a test changes ``now`` (seconds); call it as code under test calls ``time.time``."""

    def __init__(self, now: float = 0.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now
