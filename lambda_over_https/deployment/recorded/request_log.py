"""The requests that the program itself sends over HTTPS, in a private file beside the journal.

Nothing else tells of them: they are no calls to AWS. The board shows them where no sandbox of this machine
tells of every request. One JSON document a line: first which deployment it is, then the requests as they were
answered. A long file is begun anew: who watches has read it by then.
"""

import json
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from threading import Lock
from typing import Any

from lambda_over_https.deployment.journal.state import Deployment
from lambda_over_https.deployment.recorded.lines import add_line, documents
from lambda_over_https.events import Emit, Event, Note, Requested
from lambda_over_https.files import write_private
from lambda_over_https.shapes import fits, is_moment

FILE = "requests.jsonl"
LONGEST = 500_000
"""Bytes; beyond it the file is begun anew."""


class RequestLog:
    """Listens to events, passes each on to ``listener``, and writes down the requests.

    Safe across threads.
    """

    def __init__(self, listener: Emit) -> None:
        self._listener = listener
        self._path: Path | None = None
        self._deployment = ""
        self._lock = Lock()

    def __call__(self, event: Event) -> None:
        """Take one event."""
        if isinstance(event, Requested) and self._path:
            try:
                with self._lock:
                    self._write(self._path, event)
            except OSError as error:
                self._path = None
                self._listener(Note("", f"Requests cannot be written down for the board: {error.strerror}."))
        self._listener(event)

    def open(self, folder: Path, deployment: Deployment) -> None:
        """Write to the file in ``folder`` from now on; it is made when there is a request to write."""
        self._path, self._deployment = folder / FILE, deployment.id

    def close(self) -> None:
        """Write no more."""
        self._path = None

    def _write(self, path: Path, event: Requested) -> None:
        if not self._goes_on(path):
            header = {"deployment": self._deployment, "begun": secrets.token_hex(4)}
            write_private(path, json.dumps(header).encode() + b"\n")
        add_line(path, **asdict(event))

    def _goes_on(self, path: Path) -> bool:
        """Whether the file is this deployment's, and not too long."""
        try:
            with path.open("rb") as file:
                header = next(documents(file.readline()), {})
            return path.stat().st_size < LONGEST and header.get("deployment") == self._deployment
        except FileNotFoundError:
            return False


def requests_on(lines: bytes) -> Iterator[Mapping[str, Any]]:
    """The requests on these lines, each with ``at``; what is none, or damaged, is passed over."""
    return (
        document
        for document in documents(lines)
        if is_moment(document.get("at")) and fits(document, Requested)
    )
