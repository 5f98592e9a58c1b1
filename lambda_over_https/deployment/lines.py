"""Files of one JSON document a line, to which a command adds what it has to tell."""

import json
import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any


def add_line(path: Path, /, **facts: Any) -> None:
    """Add the facts, and when it is, to a file that is there. OSError if that cannot be."""
    at = datetime.now(UTC).isoformat(timespec="milliseconds")
    line = json.dumps({"at": at, **facts}, separators=(",", ":")).encode() + b"\n"
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_APPEND), "ab", buffering=0) as file:
        file.write(line)


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
