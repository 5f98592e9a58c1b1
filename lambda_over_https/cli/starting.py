"""Taking turns with what keeps a processor busy, so that of many programs the first is ready early.

Thirty that begin together would otherwise all be ready at the same late moment, while the account's first
turns go by unused (see ``pacing``).
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

LONGEST = 5.0
"""Seconds after which nobody waits for a turn any more: whoever has it may have been stopped."""

POLL = 0.01


@contextmanager
def taking_turns(home: Path) -> Iterator[None]:
    """As many at a time as there are processors; whoever cannot lock, or waits too long, goes on anyway."""
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
