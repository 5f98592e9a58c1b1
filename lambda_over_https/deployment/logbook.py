"""How a learner got through the tutorial, in a private file beside the journal; it outlives a teardown.

One JSON document a line: first which deployment it is, then what was done, by hand or not, the hints taken,
mistakes, predictions, tests and teardowns. ``status`` and ``report`` show it.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from lambda_over_https.deployment.journal import Deployment
from lambda_over_https.files import read_regular

FILE = "logbook.jsonl"
VERSION = 1
LARGEST = 8 * 2**20
"""Bytes; far more than any logbook has."""

Entry = Mapping[str, Any]
"""One line: ``at`` (ISO, UTC), ``what``, ``step``, and the rest of the event."""


def read(folder: Path) -> list[Entry]:
    """The entries of the logbook in ``folder``, oldest first; none if there is no such file."""
    return list(_lines(folder / FILE))[1:]


def owner(folder: Path) -> Deployment | None:
    """Whose logbook is in ``folder``; None if there is none that can be read."""
    first = next(_lines(folder / FILE), None)
    try:
        return Deployment(**first["deployment"]) if first else None
    except (KeyError, TypeError):
        return None


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


def _lines(path: Path) -> Iterator[Entry]:
    """The documents of the file; none if there is no such file."""
    try:
        yield from parsed(read_regular(path, LARGEST))
    except FileNotFoundError:
        return


def parsed(data: bytes) -> Iterator[Entry]:
    """The documents on these lines; a half line, as a killed run may leave it, is passed over."""
    for line in data.splitlines():
        try:
            document = json.loads(line)
        except ValueError:
            continue
        if isinstance(document, dict):
            yield document
