"""One command at a time on a deployment: the lock, and who holds it.

The lock is the system's own, so that it is free as soon as its holder ends, in whatever way. The file beside
it only says who that is.
"""

import errno
import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from lambda_over_https.errors import LockedError, LohError
from lambda_over_https.files import clear_unfinished, private_folder, write_private

_NO_LOCKS = frozenset({errno.ENOSYS, errno.ENOLCK, errno.EOPNOTSUPP, errno.EINVAL})
"""What a file system without locks answers (flock(2)); some network file systems, for example."""


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock of the deployment whose journal is at ``path``.

    Raises LockedError if another has it, LohError where the file system has no locks: two commands at once
    would then each overwrite what the other writes.
    """
    folder = private_folder(path.parent)
    holder = folder / "holder.json"
    descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _lock(descriptor, holder)
        for file in (path, holder):
            clear_unfinished(file)
        write_private(holder, json.dumps(_me()).encode())
        try:
            yield
        finally:
            with suppress(OSError):  # the next holder replaces it; what failed before matters more
                holder.unlink(missing_ok=True)
    finally:
        os.close(descriptor)


def _lock(descriptor: int, holder: Path) -> None:
    import fcntl

    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):  # some network file systems answer EACCES
        raise _locked_by(holder) from None
    except OSError as error:
        if error.errno not in _NO_LOCKS:
            raise
        raise LohError(
            f"The file system of {holder.parent} has no locks: two commands could spoil each other's work.",
            "Choose a folder on another disk with LAMBDA_OVER_HTTPS_HOME.",
        ) from error


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
