"""What was made, on disk before and after each change.

One file a deployment, ``HOME/deployments/SCOPE/NAME/journal.json``; SCOPE is ``sandbox``,
``aws-ACCOUNT-REGION`` or ``endpoint-…``. Before a mutating call the intent is written (and synced), right
after it the result; if it cannot be written, the call is not made. The file is replaced in one step, so a
reader sees the old state or the new one, never half of either. It holds names, ids and ARNs, no secrets.
"""

import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from lambda_over_https.deployment.journal.format import (
    EditedError,
    NewerError,
    head_in,
    sealed,
    state_in,
    unsealed,
)
from lambda_over_https.deployment.journal.state import Deployment, Head, Record, State
from lambda_over_https.errors import LohError
from lambda_over_https.files import private_folder, read_regular, write_private
from lambda_over_https.states import RecordState, StepState

T = TypeVar("T")

LARGEST = 16 * 2**20
"""Bytes; far more than any journal has."""

_RECOVER = "`loh recover` rebuilds it from what AWS holds, and keeps this one as a backup."


class JournalError(LohError):
    """The journal cannot be read or written."""


Write = Callable[[Path, bytes], None]
"""How the file is replaced; raises OSError and leaves the old file if that is not possible."""


class Journal:
    """One deployment's state in memory and on disk; every change goes through here. Safe across threads."""

    def __init__(self, path: Path, state: State, write: Write = write_private) -> None:
        self.path = path
        self._state = state
        self._replace_file = write
        self._unwritten = False
        self._lock = threading.RLock()

    def saying(self, state: State) -> "Journal":
        """The same journal with another state, which is written with ``save``."""
        return Journal(self.path, state, self._replace_file)

    @property
    def state(self) -> State:
        """The state as it is now."""
        return self._state

    @property
    def deployment(self) -> Deployment:
        """Which deployment this is."""
        return self._state.deployment

    def find(self, kind: str, name: str | None = None) -> Record | None:
        """The record of a resource; of a kind that there is one of, by the kind alone."""
        for record in self._state.records:
            if record.kind == kind and name in (None, record.name):
                return record
        return None

    def intend(self, kind: str, name: str, step: str) -> None:
        """Say that ``kind`` ``name`` is about to be made or changed; what is known of it stays."""
        with self._lock:
            self._put(
                replace(self.find(kind, name) or Record(kind, name, step, RecordState.INTENDED), at=_now())
            )

    def made(self, record: Record) -> None:
        """Say that it exists now, as ``record`` describes it."""
        with self._lock:
            serial = 1 + max((each.serial for each in self._state.records), default=0)
            self._put(replace(record, serial=serial, at=_now()))

    def gone(self, *records: Record) -> None:
        """Say that these do not exist any more."""
        gone = {(each.kind, each.name) for each in records}
        with self._lock:
            rest = tuple(each for each in self._state.records if (each.kind, each.name) not in gone)
            self._write(replace(self._state, records=rest))

    def step(self, number: str, state: StepState) -> None:
        """Say how far a step is; one that is pending is not noted at all.

        A step that failed before anything was made leaves no trace: nothing was changed.
        """
        with self._lock:
            steps = {key: value for key, value in self._state.steps.items() if key != number}
            if state is not StepState.PENDING:
                steps[number] = state
            if state is StepState.FAILED and not self._state.records and not self._state.steps:
                return
            if self._unwritten or steps != self._state.steps:
                self._write(replace(self._state, steps=steps))

    def state_of(self, number: str) -> StepState:
        """How far a step is."""
        return self._state.steps.get(number, StepState.PENDING)

    def begin_again(self) -> None:
        """Say that no step is done any more: what they made is about to be removed."""
        with self._lock:
            if self._state.steps:
                self._write(replace(self._state, steps={}))

    def choose(self, choices: Mapping[str, str]) -> None:
        """Remember what the user chose for this deployment (runtime, role, source, policy).

        It is written with the next change: what was chosen for a run that changed nothing is not kept.
        """
        with self._lock:
            self._unwritten = self._unwritten or choices != self._state.choices
            self._state = replace(self._state, choices=dict(choices))

    def save(self) -> None:
        """Write the state as it is."""
        with self._lock:
            self._write(self._state)

    def forget(self) -> None:
        """Remove the file: nothing of the deployment is left."""
        self.path.unlink(missing_ok=True)

    def _put(self, record: Record) -> None:
        with self._lock:
            records = list(self._state.records)
            for index, each in enumerate(records):
                if (each.kind, each.name) == (record.kind, record.name):
                    records[index] = record
                    break
            else:
                records.append(record)
            self._write(replace(self._state, records=tuple(records)))

    def _write(self, state: State) -> None:
        try:
            self._replace_file(self.path, sealed(state))
        except OSError as error:
            raise JournalError(
                f"The journal {self.path} cannot be written: {error.strerror}. Nothing more was changed.",
                "Make room or correct the folder's permissions, then run the same command again.",
            ) from error
        self._state = state
        self._unwritten = False


def create(path: Path, deployment: Deployment, write: Write = write_private) -> Journal:
    """A journal for a new deployment; written with its first entry."""
    private_folder(path.parent)
    return Journal(path, State(deployment), write)


def load(path: Path, write: Write = write_private) -> Journal | None:
    """The journal at ``path``, or None if there is none.

    Raises JournalError if it cannot be understood: not JSON, not a journal, or of a newer version.
    """
    state = _read(path, state_in)
    return None if state is None else Journal(path, state, write)


def head(path: Path) -> Head | None:
    """What a list says of the deployment whose journal is at ``path``; otherwise as ``load``."""
    return _read(path, head_in)


def _read(path: Path, build: Callable[[str], T]) -> T | None:
    """What ``build`` makes of the journal at ``path``, or None if there is none; raises JournalError."""
    try:
        data = read_regular(path, LARGEST)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise JournalError(
            f"The journal {path} cannot be read: {error.strerror}.",
            "Correct the permissions of the file and its folder, then run the same command again.",
        ) from error
    return _decode(path, data, build)


def _decode(path: Path, data: bytes, build: Callable[[str], T]) -> T:
    try:
        return build(unsealed(data))
    except NewerError as error:
        raise _newer(path, error.version) from error
    except EditedError as error:
        raise _unusable(path, "was edited by hand or is incomplete") from error
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise _unusable(path, "is damaged") from error


def _unusable(path: Path, why: str) -> JournalError:
    return JournalError(f"The journal {path} {why}, so it is not used.", _RECOVER)


def _newer(path: Path, version: int) -> JournalError:
    return JournalError(
        f"A newer version of this program wrote the journal {path} (format {version}), so it is not used.",
        f"Upgrade lambda-over-https. Or: {_RECOVER}",
    )


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
