"""How a learner got through the tutorial, in a private file beside the journal; it outlives a teardown.

One JSON document a line: first which deployment it is, then what was done, by hand or not, the hints taken,
mistakes, predictions, tests and teardowns. ``status`` and ``report`` show it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lambda_over_https import events
from lambda_over_https.deployment.journal import Deployment
from lambda_over_https.deployment.lines import documents
from lambda_over_https.files import read_regular
from lambda_over_https.shapes import fits, members

FILE = "logbook.jsonl"
VERSION = 1
LARGEST = 8 * 2**20
"""Bytes; far more than any logbook has."""

Entry = Mapping[str, Any]
"""One line: ``at`` (ISO, UTC), ``what``, ``step``, and the rest of what that kind of entry has."""


@dataclass(frozen=True, slots=True)
class Done:
    """A step is done."""

    step: str


@dataclass(frozen=True, slots=True)
class Verified:
    """The deployment was tested: how many of the checks passed."""

    step: str
    passed: int
    checks: int


KINDS: Mapping[str, type] = {
    "began": events.HandsOn,
    "hint": events.Hinted,
    "mistake": events.Mistaken,
    "by hand": events.DoneByHand,
    "done": Done,
    "undone": events.Undone,
    "question": events.Asked,
    "prediction": events.Predicted,
    "answer": events.Explained,
    "repair": events.Repaired,
    "verify": Verified,
    "teardown": events.TornDown,
}
"""What an entry holds beside ``at`` and ``what``, by its ``what``: events are written down as they are."""


def read(folder: Path) -> list[Entry]:
    """The entries of the logbook in ``folder``, oldest first; none if there is no such file."""
    return list(entries_on(_content(folder)))


def owner(folder: Path) -> Deployment | None:
    """Whose logbook is in ``folder``; None if there is none that can be read."""
    whose = next(documents(_content(folder)), {}).get("deployment")
    return Deployment(**members(whose, Deployment)) if fits(whose, Deployment) else None


def done_steps(entries: Sequence[Entry]) -> set[str]:
    """The steps that were noted as done, and not as undone later."""
    last = {each.get("step"): each["what"] for each in entries if each.get("what") in ("done", "undone")}
    return {str(step) for step, what in last.items() if what == "done"}


def absent_when_begun(entries: Sequence[Entry], step: str) -> list[str]:
    """What was not there when the learner began the step that is not done yet; empty if it was not begun."""
    began: list[str] = []
    for each in entries:
        if each.get("step") == step and each["what"] in ("began", "done", "undone"):
            began = list(each.get("absent", ()))
    return began


def _content(folder: Path) -> bytes:
    try:
        return read_regular(folder / FILE, LARGEST)
    except FileNotFoundError:
        return b""


def entries_on(lines: bytes) -> Iterator[Entry]:
    """The entries on these lines; what is none, or damaged, is passed over."""
    for document in documents(lines):
        kind = KINDS.get(str(document.get("what")))
        if kind and isinstance(document.get("at"), str) and fits(document, kind):
            yield document
