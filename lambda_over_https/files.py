"""Files that are private to the user and never half written."""

import os
from pathlib import Path

from lambda_over_https.errors import LohError


def private_folder(folder: Path) -> Path:
    """Make ``folder`` (and its parents) for the user alone; raises LohError if it cannot be made."""
    try:
        missing = [each for each in (folder, *folder.parents) if not each.exists()]
        for each in reversed(missing):  # mkdir's own ``parents`` would let others read those
            each.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise LohError(
            f"Cannot create the folder {folder}: {error.strerror}.",
            "Make room or choose another place with LAMBDA_OVER_HTTPS_HOME.",
        ) from error
    return folder


def write_private(path: Path, data: bytes) -> None:
    """Replace ``path`` with ``data`` in one step that survives a crash: written aside, synced, renamed.

    Raises OSError if the disk is full or the folder cannot be written; the old file is then untouched.
    """
    aside = path.with_name(f".{path.name}.{os.urandom(4).hex()}")
    try:
        descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
    except OSError:
        aside.unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """Make the rename itself durable, where the system lets a folder be opened."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
