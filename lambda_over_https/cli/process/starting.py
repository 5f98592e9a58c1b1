"""Taking turns while programs load, so that of many started together the first is ready early.

Thirty that start together would otherwise all be ready at the same late moment, while the account's first
turns pass unused (see ``aws.waiting.pacing``).
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

LONGEST = 5.0
"""Seconds after which a program stops waiting for its turn: the holder may have been suspended."""

POLL = 0.01


@contextmanager
def taking_turns(home: Path) -> Iterator[None]:
    """Let as many through at a time as there are processors; without a lock, or after a long wait, anyway."""
    from filelock import FileLock, Timeout

    if not home.is_dir():
        yield
        return
    lock = FileLock(home / f"starting-{os.getpid() % (os.cpu_count() or 1)}.lock", mode=0o600)
    with suppress(OSError, Timeout):
        lock.acquire(LONGEST, poll_interval=POLL)
    try:
        yield
    finally:
        lock.release()
