"""What became of each resource that was to be removed: kept for the report, and reported as it happens."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from lambda_over_https.deployment.journal import JournalError, Record
from lambda_over_https.errors import CredentialsError, InterruptedRunError, LohError, NotItsTurnError
from lambda_over_https.events import Emit, Removed
from lambda_over_https.states import Fate

CLEANING_UP = "4"
"""The tutorial's last step."""

FATAL = (InterruptedRunError, CredentialsError, JournalError)
"""What makes every further removal pointless or forbidden: the work ends, the rest stays in the journal."""


@dataclass(slots=True)
class Removal:
    """What became of everything: each entry has kind, name and id; kept and left also a reason.

    Of what is ``left``, ``put_off`` waits for its turn, ``strays`` carry our tag and are in no journal, and
    ``undecided`` may be ours or not: only the user knows, and no teardown removes it.
    """

    deleted: list[dict[str, str]] = field(default_factory=list)
    already_gone: list[dict[str, str]] = field(default_factory=list)
    kept: list[dict[str, str]] = field(default_factory=list)
    left: list[dict[str, str]] = field(default_factory=list)
    put_off: list[dict[str, str]] = field(default_factory=list)
    strays: list[dict[str, str]] = field(default_factory=list)
    undecided: list[dict[str, str]] = field(default_factory=list)

    def entries(self, fate: Fate) -> list[dict[str, str]]:
        """The resources with that fate."""
        lists = {
            Fate.DELETED: self.deleted,
            Fate.ALREADY_GONE: self.already_gone,
            Fate.KEPT: self.kept,
            Fate.LEFT: self.left,
        }
        return lists[fate]

    def by_fate(self) -> dict[str, list[dict[str, str]]]:
        """The resources by their fate: ``deleted``, ``already_gone``, ``kept``, ``left``."""
        return {fate.name.lower(): self.entries(fate) for fate in Fate}


@dataclass(frozen=True, slots=True)
class RemovalLog:
    """Adds to ``removal`` and reports it, as part of the step ``number``."""

    removal: Removal
    emit: Emit
    number: str

    def note(self, fate: Fate, record: Record, reason: str = "", cascaded: Iterable[Record] = ()) -> None:
        """What became of a resource, and of all that went with it."""
        self.removal.entries(fate).extend(_entry(each, reason) for each in (record, *cascaded))
        self.emit(Removed(self.number, record.kind, record.name, fate, reason))

    def failed(self, record: Record, error: LohError) -> None:
        """It is still there, for the reason that the error gives."""
        reason = f"{error.message} {error.hint}".strip()
        if isinstance(error, NotItsTurnError):
            self.removal.put_off.append(_entry(record, reason))
        self.note(Fate.LEFT, record, reason)

    def stray(self, record: Record, reason: str) -> None:
        """It carries our tag, and nothing in the journal accounts for it."""
        self.removal.strays.append(_entry(record, reason))
        self.note(Fate.LEFT, record, reason)

    def undecided(self, record: Record, reason: str) -> None:
        """It has one of our names, and nothing proves whose it is."""
        self.removal.undecided.append(_entry(record, reason))
        self.note(Fate.LEFT, record, reason)


@contextmanager
def tolerating(report: Callable[[LohError], None]) -> Iterator[None]:
    """Report a failure and go on, unless it makes all that follows pointless or forbidden."""
    try:
        yield
    except FATAL:
        raise
    except LohError as error:
        report(error)


def _entry(record: Record, reason: str) -> dict[str, str]:
    entry = {"kind": record.kind, "name": record.name, "id": record.id}
    return {**entry, "reason": reason} if reason else entry
