"""Files that are private to the user and never half written."""

import errno
import os
import re
import stat
from io import DEFAULT_BUFFER_SIZE
from pathlib import Path

from lambda_over_https.errors import LohError, UsageError

_ROOT = 0  # of the user ids; that user may do anything anyway


def private_folder(folder: Path) -> Path:
    """Make ``folder`` (and its parents) for the user alone; raises LohError if it cannot be made."""
    try:
        missing = [each for each in (folder, *folder.parents) if not each.exists()]
        for each in reversed(missing):  # mkdir's own ``parents`` would let others read those
            each.mkdir(mode=0o700, exist_ok=True)
        if not folder.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, "it is not a folder")
        _check_owner(folder)
    except OSError as error:
        raise LohError(
            f"Cannot use the folder {folder}: {error.strerror}.",
            "Make room or choose another place with LAMBDA_OVER_HTTPS_HOME.",
        ) from error
    return folder


def _check_owner(folder: Path) -> None:
    """PermissionError if another user owns the folder, who could then read and replace what is in it."""
    owner = folder.stat().st_uid
    if owner not in (os.getuid(), _ROOT):
        raise PermissionError(errno.EPERM, "it belongs to another user")


def read_regular(path: Path, most: int) -> bytes:
    """The bytes of a file; raises OSError for what is no regular file, or has more than ``most`` bytes.

    A pipe would be waited for, and a device such as /dev/zero has no end.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            kind = "a folder" if stat.S_ISDIR(status.st_mode) else "a pipe or a device"
            raise OSError(errno.EINVAL, f"it is {kind}, not a file", str(path))
        data = _read_all(descriptor, max(status.st_size, DEFAULT_BUFFER_SIZE) + 1, most)
    finally:
        os.close(descriptor)
    if len(data) > most:
        raise OSError(errno.EFBIG, f"it has more than {most // 2**20} MB", str(path))
    return data


def _read_all(descriptor: int, portion: int, most: int) -> bytes:
    """What there is up to the end, read in portions; of more than ``most`` bytes only one byte more.

    A file object would take three times as long, which counts where there are hundreds of files.
    """
    data = b""
    while part := os.read(descriptor, min(portion, most + 1 - len(data))):
        data += part
    return data


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
            _sync(file.fileno())
        aside.replace(path)
    except OSError:
        aside.unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def clear_unfinished(path: Path) -> None:
    """Remove what processes that were killed in ``write_private`` have left beside ``path``.

    Only for whoever alone may write it now: what another is writing looks the same.
    """
    for each in path.parent.glob(f".{path.name}.*"):
        if re.fullmatch("[0-9a-f]{8}", each.suffix[1:]):
            each.unlink(missing_ok=True)


def write_for_user(path: Path, text: str, *, executable: bool = False, replace: bool = False) -> None:
    """Write a file that the user asked for, in UTF-8 whatever the locale; it may be a device or a pipe.

    Raises UsageError if that fails, and for a file that is there already unless ``replace`` allows it: it may
    be a letter of the user's, and nothing would bring that back.
    """
    try:
        if path.is_file() and not replace:
            raise UsageError(
                f"{path} exists already; nothing was changed.",
                "Choose another name, or replace it with --force.",
            )
        path.write_text(text, encoding="utf-8")
        if executable:
            path.chmod(path.stat().st_mode | 0o111)
    except OSError as error:
        raise UsageError(f"Cannot write {path}: {error.strerror}.", "Choose another file.") from error


def _sync_folder(folder: Path) -> None:
    """Make the rename itself durable, where the system lets a folder be opened."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        _sync(descriptor)
    finally:
        os.close(descriptor)


def _sync(descriptor: int) -> None:
    """Wait until it is on the disk, on file systems that can (fsync(2) answers EINVAL if one cannot)."""
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP):
            raise
