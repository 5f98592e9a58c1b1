"""Files of one JSON document a line, to which a command adds what it has to tell."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any


def add_line(path: Path, /, **facts: Any) -> None:
    """Add the facts, and when it is, to a file that is there. OSError if that cannot be."""
    at = datetime.now(UTC).isoformat(timespec="milliseconds")
    line = json.dumps({"at": at, **facts}, separators=(",", ":")).encode() + b"\n"
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_APPEND), "ab", buffering=0) as file:
        file.write(line)
