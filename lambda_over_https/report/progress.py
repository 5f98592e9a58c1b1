"""How the learner got through the steps, from the logbook: who did each, and with how many hints."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from lambda_over_https.deployment.recorded.logbook import Entry
from lambda_over_https.words import counted

HAND, PROGRAM = "hand", "program"


@dataclass(slots=True)
class Progress:
    """One step: ``by`` is ``hand``, ``program``, or empty if it is not done; ``at`` when (ISO, UTC)."""

    by: str = ""
    at: str = ""
    hints: int = 0
    mistakes: list[dict[str, Any]] = field(default_factory=list)

    @property
    def text(self) -> str:
        """What there is to say of it beside its state: nothing, if the program did it alone."""
        hints = hints_taken(self.hints) if self.hints else ""
        return ", ".join(each for each in ("by hand" if self.by == HAND else "", hints) if each)


def hints_taken(number: int) -> str:
    """How many hints, in words."""
    return counted(number, "hint")


def progress_of(entries: Iterable[Entry]) -> dict[str, Progress]:
    """The progress of each step that is in the logbook, by its number."""
    steps: dict[str, Progress] = {}
    for each in entries:
        step, what = str(each.get("step", "")), each.get("what")
        if what == "undone":
            steps[step] = Progress()
        elif what in _NOTES:
            _NOTES[what](steps.setdefault(step, Progress()), each)
    return steps


def _done(progress: Progress, entry: Entry) -> None:
    if not progress.by:
        progress.by, progress.at = PROGRAM, entry["at"]


def _by_hand(progress: Progress, entry: Entry) -> None:
    progress.by, progress.at = HAND, entry["at"]


def _hint(progress: Progress, entry: Entry) -> None:
    """A hint that is asked for again is the same hint: what counts is how far they went."""
    progress.hints = max(progress.hints, entry["stage"])


def _mistake(progress: Progress, entry: Entry) -> None:
    progress.mistakes.append({key: entry[key] for key in ("kind", "name", "field", "seen", "wanted")})


_NOTES = {"done": _done, "by hand": _by_hand, "hint": _hint, "mistake": _mistake}
"""What each kind of entry says of its step."""
