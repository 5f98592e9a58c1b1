"""Every AWS call of a deployment as it was, in a private file beside its journal.

One JSON document a line: first which deployment it is, then the calls in the order of their answers. What
``explain``, ``history`` and ``export`` show comes from here. Secrets were taken out before (see
``aws.recording``).
"""

import json
import secrets
import threading
from collections.abc import Iterator
from dataclasses import asdict, fields
from pathlib import Path
from typing import IO, Any

from lambda_over_https.deployment.journal.state import Deployment
from lambda_over_https.deployment.recorded.call import Call, call_of
from lambda_over_https.deployment.recorded.lines import documents, open_to_add, write_whole
from lambda_over_https.errors import LohError
from lambda_over_https.events import Called, Emit, Event, Note
from lambda_over_https.files import write_private
from lambda_over_https.shapes import as_record, is_moment

FILE = "history.jsonl"
VERSION = 1
LIMIT = 4_000_000
"""Bytes; beyond it, calls that only looked are dropped."""


class History:
    """Listens to events, passes each on to ``listener``, and writes the calls down once it knows where."""

    def __init__(self, listener: Emit) -> None:
        self._listener = listener
        self._run = secrets.token_hex(4)
        self._lock = threading.Lock()
        self._waiting: list[Call] = []
        self._file: IO[bytes] | None = None
        self._failed = False

    def __call__(self, event: Event) -> None:
        """Take one event."""
        if isinstance(event, Called):
            self._keep(call_of(event, self._run))
        self._listener(event)

    def open(self, folder: Path, deployment: Deployment, *, alone: bool = False) -> None:
        """Write to the history in ``folder`` from now on; one of another deployment is replaced.

        A long one is shortened if nobody else writes to it (``alone``: we hold the deployment's lock).
        """
        path = folder / FILE
        try:
            _prepare(path, deployment, alone)
            with self._lock:
                self._file = open_to_add(path)
                waiting, self._waiting = self._waiting, []
        except OSError as error:
            self._give_up(error)
            return
        for call in waiting:
            self._keep(call)

    def close(self) -> None:
        """Write no more."""
        with self._lock:
            if self._file:
                self._file.close()
            self._file = None

    def _keep(self, call: Call) -> None:
        try:
            with self._lock:
                if self._file:
                    write_whole(self._file, _line(call))
                elif not self._failed:
                    self._waiting.append(call)
        except OSError as error:
            self._give_up(error)

    def _give_up(self, error: OSError) -> None:
        self.close()
        self._failed = True
        self._listener(
            Note("", f"The history cannot be written: {error.strerror}. Calls are not kept any more.")
        )


def read(path: Path) -> list[Call]:
    """The calls kept at ``path``, oldest first; none if there is no such file."""
    try:
        _, _, lines = path.read_bytes().partition(b"\n")
    except FileNotFoundError:
        return []
    return parsed(lines)


def parsed(lines: bytes) -> list[Call]:
    """The calls on these lines of a history, which follow its first line."""
    found = (as_record(document, Call) for document in documents(lines, _decoded))
    return [call for call in found if call and is_moment(call.at)]


def find(home: Path, scope: str, name: str) -> Path | None:
    """The newest history of a deployment of that name, even if the deployment is gone.

    ``scope`` is how the folder's name begins: ``sandbox``, ``aws-…``, ``endpoint-…``.
    """
    found = (home / "deployments").glob(f"{scope}*/{name}/{FILE}")
    return max(found, key=lambda path: path.stat().st_mtime, default=None)


def deployment_of(path: Path) -> Deployment:
    """Whose calls the history at ``path`` holds; raises LohError if that cannot be read."""
    with path.open("rb") as file:
        header = next(documents(file.readline()), {})
    whose = as_record(header.get("deployment"), Deployment)
    if whose is None:
        raise LohError(f"The history {path} is damaged.", "`loh run` begins a new one.")
    return whose


def is_of(path: Path, deployment: Deployment) -> bool:
    """Whether the history at ``path`` is that deployment's, by its id: a recovery notes the rest anew."""
    try:
        return deployment_of(path).id == deployment.id
    except (FileNotFoundError, LohError):
        return False


def _prepare(path: Path, deployment: Deployment, alone: bool) -> None:
    """Begin the file, or shorten it when it has grown long."""
    header = json.dumps({"version": VERSION, "deployment": asdict(deployment)}).encode() + b"\n"
    if not is_of(path, deployment):
        write_private(path, header)
    elif alone and path.stat().st_size > LIMIT:
        write_private(path, header + b"".join(_line(call) for call in _worth_keeping(path)))


def _worth_keeping(path: Path) -> Iterator[Call]:
    calls = read(path)
    last = calls[-1].run if calls else ""
    return (call for call in calls if call.changes or (call.tries and call.run == last))


def _line(call: Call) -> bytes:
    document = {each.name: getattr(call, each.name) for each in fields(call)}
    return json.dumps(document, default=_encoded, separators=(",", ":")).encode() + b"\n"


def _encoded(value: Any) -> Any:
    return {"$bytes": value.decode(errors="replace")} if isinstance(value, bytes) else str(value)


def _decoded(document: dict[str, Any]) -> Any:
    text = document.get("$bytes")
    return text.encode() if isinstance(text, str) and len(document) == 1 else document
