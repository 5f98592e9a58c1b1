"""What became of each thing that was to be removed: written down for the report, and told as it happens."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal

from lambda_over_https.deployment.journal import JournalError, Record
from lambda_over_https.errors import CredentialsError, InterruptedRunError, LohError
from lambda_over_https.events import Emit, Removed

CLEANING_UP = "4"
"""The tutorial's last step."""

# What makes every further removal pointless or forbidden: it ends the teardown, the rest stays written down.
FATAL = (InterruptedRunError, CredentialsError, JournalError)

Tell = Callable[[LohError], None]

Action = Literal["deleted", "already gone", "kept", "left"]


@dataclass(slots=True)
class Removal:
    """What became of everything: each entry has kind, name and id; kept and left also a reason."""

    deleted: list[dict[str, str]] = field(default_factory=list)
    already_gone: list[dict[str, str]] = field(default_factory=list)
    kept: list[dict[str, str]] = field(default_factory=list)
    left: list[dict[str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Outcome:
    """Adds to ``removal`` and tells it, as part of the step ``number``."""

    removal: Removal
    emit: Emit
    number: str

    def tell(self, action: Action, record: Record, reason: str = "", along: Iterable[Record] = ()) -> None:
        """What became of a thing, and of all that went ``along`` with it."""
        entries: list[dict[str, str]] = getattr(self.removal, action.replace(" ", "_"))
        entries.extend(_entry(each, reason) for each in (record, *along))
        self.emit(Removed(self.number, record.kind, record.name, action, reason))

    def failed(self, record: Record, error: LohError) -> None:
        """It is still there, for the reason that the error gives."""
        self.tell("left", record, f"{error.message} {error.hint}".strip())


@contextmanager
def bearing(tell: Tell) -> Iterator[None]:
    """Tell a failure and go on, unless it makes all that follows pointless or forbidden."""
    try:
        yield
    except FATAL:
        raise
    except LohError as error:
        tell(error)


def _entry(record: Record, reason: str) -> dict[str, str]:
    entry = {"kind": record.kind, "name": record.name, "id": record.id}
    return {**entry, "reason": reason} if reason else entry
