"""What became of each resource that was to be removed: kept for the report, and reported as it happens."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum, auto

from lambda_over_https.deployment.journal.journal import JournalError
from lambda_over_https.deployment.journal.state import Record
from lambda_over_https.errors import (
    CredentialsError,
    EndedError,
    InterruptedRunError,
    LohError,
    NotItsTurnError,
)
from lambda_over_https.events import Emit, Removed
from lambda_over_https.states import Fate

CLEANING_UP = "4"
"""The tutorial's last step."""

FATAL = (InterruptedRunError, CredentialsError, EndedError, JournalError)
"""What makes every further removal pointless or forbidden: the work ends, the rest stays in the journal."""


class Cause(Enum):
    """Why something is left."""

    FAILED = auto()
    """AWS refused to delete it, or its answer was lost; the next teardown tries again."""
    NOT_ITS_TURN = auto()
    """AWS rations its deletion, and others were first."""
    STRAY = auto()
    """It carries our tag and is in no journal."""
    UNDECIDED = auto()
    """It may be ours or not: only the user knows, and no teardown removes it."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one resource; ``reason`` says why it was kept or left, ``cause`` counts only if left.

    ``student`` says whose it was, in a class. Of a student whose resources cannot be told apart there is no
    ``kind`` and ``name``.
    """

    fate: Fate
    kind: str
    name: str
    id: str = ""
    reason: str = ""
    cause: Cause = Cause.FAILED
    student: str = ""

    def __str__(self) -> str:
        return f"{self.kind} {self.name}: {self.reason}"

    @property
    def document(self) -> dict[str, str]:
        """It as reports have it: only what is known of it."""
        which = {"kind": self.kind, "name": self.name, "id": self.id} if self.kind else {}
        return {
            **({"student": self.student} if self.student else {}),
            **which,
            **({"reason": self.reason} if self.reason else {}),
        }


@dataclass(slots=True)
class Removal:
    """What became of everything that was to be removed, in the order in which it was known."""

    outcomes: list[Outcome] = field(default_factory=list)

    def of(self, *fates: Fate) -> list[Outcome]:
        """What had one of these fates."""
        return [each for each in self.outcomes if each.fate in fates]

    @property
    def left(self) -> list[Outcome]:
        """What is still there though it is, or may be, ours."""
        return self.of(Fate.LEFT)

    def by_fate(self) -> dict[str, list[dict[str, str]]]:
        """The documents of all: ``deleted``, ``already_gone``, ``kept``, ``left``."""
        return {fate.name.lower(): [each.document for each in self.of(fate)] for fate in Fate}

    def still_there(self) -> str:
        """What is left, in a sentence."""
        return f"Still there: {', '.join(map(str, self.left))}."


@dataclass(frozen=True, slots=True)
class RemovalLog:
    """Adds to ``removal`` and reports it, as part of the step ``number``."""

    removal: Removal
    emit: Emit
    number: str

    def note(
        self,
        fate: Fate,
        record: Record,
        reason: str = "",
        cascaded: Iterable[Record] = (),
        cause: Cause = Cause.FAILED,
    ) -> None:
        """What became of a resource, and of all that went with it."""
        for each in (record, *cascaded):
            self.removal.outcomes.append(Outcome(fate, each.kind, each.name, each.id, reason, cause))
        self.emit(Removed(self.number, record.kind, record.name, fate, reason))

    def left(self, record: Record, reason: str, cause: Cause = Cause.FAILED) -> None:
        """It is still there."""
        self.note(Fate.LEFT, record, reason, cause=cause)

    def failed(self, record: Record, error: LohError) -> None:
        """It is still there, for the reason that the error gives."""
        cause = Cause.NOT_ITS_TURN if isinstance(error, NotItsTurnError) else Cause.FAILED
        self.left(record, f"{error.message} {error.hint}".strip(), cause)


@contextmanager
def tolerating(report: Callable[[LohError], None]) -> Iterator[None]:
    """Report a failure and go on, unless it makes all that follows pointless or forbidden."""
    try:
        yield
    except FATAL:
        raise
    except LohError as error:
        report(error)
