"""The record of the running sandbox, in ``<home>/sandbox``, and whether that sandbox is alive.

This module imports nothing that is slow to load: every command waits for it.
"""

import fcntl
import json
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from lambda_over_https.errors import LohError
from lambda_over_https.shapes import as_record

PATIENCE = 10.0
"""Seconds within which a sandbox that starts writes its record, and one that ends is gone."""


@dataclass(frozen=True, slots=True)
class Sandbox:
    """A running sandbox; ``started`` is UTC in ISO 8601, ``ca_bundle`` the path of its CA certificate.

    The keys are the operator's, who may do anything. ``secret`` opens the sandbox's own endpoints. Only the
    private record has them: what the sandbox answers, and what commands print of it, does not.
    """

    endpoint_url: str
    https_url: str
    ca_bundle: str
    pid: int
    boot_id: str
    account: str
    started: str
    timing_factor: float = 0
    access_key_id: str = ""
    secret_access_key: str = field(default="", repr=False)
    secret: str = field(default="", repr=False)

    def public(self) -> dict[str, Any]:
        """All of it but keys and secret."""
        return {name: value for name, value in asdict(self).items() if name not in _PRIVATE}


_PRIVATE = frozenset({"access_key_id", "secret_access_key", "secret"})


def recorded(home: Path) -> Sandbox | None:
    """The sandbox on record, if its process is alive. Fast: it sends no request."""
    folder = home / "sandbox"
    try:
        return from_json((folder / "sandbox.json").read_bytes()) if alive(folder) else None
    except (OSError, ValueError, RecursionError):
        return None


def known(home: Path) -> Sandbox | None:
    """The sandbox that is alive; where one starts or ends just now, it waits for that.

    Raises LohError if one is alive and its record cannot be read: then nothing is known of what it holds.
    """
    folder, deadline = home / "sandbox", time.monotonic() + PATIENCE
    while (found := recorded(home)) is None and alive(folder):
        file = folder / "sandbox.json"
        if (file.exists() and recorded(home) is None and alive(folder)) or time.monotonic() > deadline:
            raise LohError(
                f"A sandbox is running (process {holder(folder) or 'unknown'}), and its record {file}"
                " cannot be read: nothing is known of what is in it, and nothing was changed.",
                "Put the record back. Or end the sandbox with `loh sandbox stop`: all in it is gone then.",
            )
        time.sleep(0.05)
    return found


def holder(folder: Path) -> int:
    """The process that is alive, by what it wrote into ``alive.lock``; 0 if that cannot be read."""
    try:
        return int((folder / "alive.lock").read_bytes())
    except (OSError, ValueError):
        return 0


def from_json(document: bytes) -> Sandbox:
    """The sandbox that a document describes. ValueError if it describes none."""
    described = as_record(json.loads(document), Sandbox)
    if described is None:
        raise ValueError("it describes no sandbox")
    return described


def alive(folder: Path) -> bool:
    """Whether a server is alive: it holds a lock on ``alive.lock``, which the system releases when it dies.

    A process id would not do: another process may have it by now.
    """
    try:
        with (folder / "alive.lock").open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False
