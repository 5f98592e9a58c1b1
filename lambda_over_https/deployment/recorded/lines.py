"""Files of one JSON document a line, to which a command adds what it has to tell."""

import errno
import json
import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any


def add_line(path: Path, /, **facts: Any) -> None:
    """Add the facts, and when it is, to a file that is there. OSError if that cannot be."""
    at = datetime.now(UTC).isoformat(timespec="milliseconds")
    line = json.dumps({"at": at, **facts}, separators=(",", ":")).encode() + b"\n"
    with open_to_add(path) as file:
        write_whole(file, line)


def open_to_add(path: Path) -> IO[bytes]:
    """A file that is there, to add lines to. OSError if that cannot be.

    Half a line that a kill or a full disk has left at its end is ended: else it takes the next one along.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_APPEND)
    file = os.fdopen(descriptor, "ab", buffering=0)
    size = os.fstat(descriptor).st_size
    if size and os.pread(descriptor, 1, size - 1) != b"\n":
        file.write(b"\n")
    return file


def write_whole(file: IO[bytes], line: bytes) -> None:
    """Add all of a line; OSError where the disk took only a part of it, which is no error to the system."""
    if file.write(line) < len(line):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def documents(data: bytes, become: Callable[[dict[str, Any]], Any] | None = None) -> Iterator[dict[str, Any]]:
    """The objects on these lines, each passed through ``become``, also those inside it.

    What is none is passed over: a killed run may leave half a line, a disk or an editor anything.
    """
    for line in data.splitlines():
        try:
            document = json.loads(line, object_hook=become)
        except (ValueError, RecursionError):
            continue
        if isinstance(document, dict):
            yield document
