"""One command at a time on a deployment: the lock, and who holds it.

The lock is the system's own, so that it is free as soon as its holder ends, in whatever way. The file beside
it only says who that is.
"""

import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from lambda_over_https.errors import LockedError
from lambda_over_https.files import clear_unfinished, private_folder, write_private


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock of the deployment whose journal is at ``path``; raises LockedError if another has it."""
    from filelock import FileLock, Timeout

    folder = private_folder(path.parent)
    lock = FileLock(folder / "lock", mode=0o600)
    holder = folder / "holder.json"
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise _locked_by(holder) from None
    try:
        for file in (path, holder):
            clear_unfinished(file)
        write_private(holder, json.dumps(_me()).encode())
        yield
    finally:
        holder.unlink(missing_ok=True)
        lock.release()


def _me() -> dict[str, Any]:
    since = datetime.now(UTC).isoformat(timespec="milliseconds")
    return {"pid": os.getpid(), "host": socket.gethostname(), "since": since}


def _locked_by(holder: Path) -> LockedError:
    try:
        who = json.loads(holder.read_bytes())
        whom = f"process {who['pid']} on {who['host']}, since {who['since']}"
    except (OSError, ValueError, KeyError, TypeError):
        whom = "another process"
    return LockedError(
        f"Another run of this deployment is under way ({whom}).", "Wait for it to end, or stop it with ^C."
    )
