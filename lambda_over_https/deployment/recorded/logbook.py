"""How a learner got through the tutorial, in a private file beside the journal; it outlives a teardown.

One JSON document a line: first which deployment it is, then what was done, by hand or not, the hints taken,
mistakes, predictions, tests and teardowns. ``status`` and ``report`` show it.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from lambda_over_https.deployment.journal.state import Deployment
from lambda_over_https.deployment.recorded.lines import documents
from lambda_over_https.files import read_regular
from lambda_over_https.shapes import as_record, is_moment

FILE = "logbook.jsonl"
VERSION = 1
LARGEST = 8 * 2**20
"""Bytes; far more than any logbook has."""

Entry = Mapping[str, Any]
"""One line: ``at`` (ISO, UTC), ``what``, ``step``, and what ``KINDS`` names."""

KINDS: Mapping[str, Mapping[str, type]] = {
    "began": {"absent": list},
    "hint": {"stage": int},
    "mistake": dict.fromkeys(("kind", "name", "field", "seen", "wanted"), str),
    "by hand": {},
    "done": {},
    "undone": {},
    "question": {**dict.fromkeys(("exercise", "name", "title", "story", "question"), str), "choices": list},
    "prediction": dict.fromkeys(("exercise", "name", "said", "truth"), str),
    "answer": dict.fromkeys(("exercise", "name", "truth", "why"), str),
    "over": dict.fromkeys(("exercise", "name"), str),
    "repair": {"name": str, "by_hand": bool},
    "verify": {"passed": int, "checks": int},
    "teardown": {"deleted": int, "left": int},
}
"""What an entry must hold by its ``what``. Plain types: ``status`` reads entries, and loads no events."""


def read(folder: Path) -> list[Entry]:
    """The entries of the logbook in ``folder``, oldest first; none if there is no such file."""
    return list(entries_on(_content(folder)))


def owner(folder: Path) -> Deployment | None:
    """Whose logbook is in ``folder``; None if there is none that can be read."""
    header = next(documents(_content(folder)), {})
    return as_record(header.get("deployment"), Deployment)


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


def begun_by_hand(entries: Sequence[Entry]) -> dict[str, str]:
    """What was not there when the learner began steps that are not done yet: each resource, and its step."""
    steps = dict.fromkeys(str(each["step"]) for each in entries if each["what"] == "began")
    return {str(what): step for step in steps for what in absent_when_begun(entries, step)}


def _content(folder: Path) -> bytes:
    try:
        return read_regular(folder / FILE, LARGEST)
    except FileNotFoundError:
        return b""


def entries_on(lines: bytes) -> Iterator[Entry]:
    """The entries on these lines; what is none, or damaged, is passed over."""
    return (document for document in documents(lines) if _is_entry(document))


def _is_entry(document: Entry) -> bool:
    kind = KINDS.get(str(document.get("what")))
    if kind is None:
        return False
    members = {"step": str, **kind}
    return is_moment(document.get("at")) and all(
        isinstance(document.get(name), type_) for name, type_ in members.items()
    )
