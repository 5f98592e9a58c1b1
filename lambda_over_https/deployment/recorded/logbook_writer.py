"""Write the logbook: what of a command's events tells how a learner gets on (see ``logbook``)."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from lambda_over_https import events
from lambda_over_https.deployment.journal.state import Deployment
from lambda_over_https.deployment.recorded.lines import add_line
from lambda_over_https.deployment.recorded.logbook import FILE, VERSION, done_steps, owner, read
from lambda_over_https.events import Emit, Event
from lambda_over_https.files import write_private
from lambda_over_https.states import StepState

_NOTED: Mapping[type[Event], str] = {
    events.HandsOn: "began",
    events.Hinted: "hint",
    events.Mistaken: "mistake",
    events.DoneByHand: "by hand",
    events.Undone: "undone",
    events.Asked: "question",
    events.Predicted: "prediction",
    events.Explained: "answer",
    events.ExerciseEnded: "over",
    events.Repaired: "repair",
    events.TornDown: "teardown",
}
"""The events that are written down as they are, and as what."""


class Logbook:
    """Listens to events, passes each on to ``listener``, and writes down what tells of learning."""

    def __init__(self, listener: Emit) -> None:
        self._listener = listener
        self._path: Path | None = None
        self._done: set[str] = set()
        self._checks: list[events.Checked] = []

    def __call__(self, event: Event) -> None:
        """Take one event."""
        if isinstance(event, events.Undone):
            self._done.discard(event.step)
        if type(event) in _NOTED:
            self._write(_NOTED[type(event)], **asdict(event))
        elif isinstance(event, events.StepEnded):
            self._ended(event)
        elif isinstance(event, events.Checked):
            self._checks.append(event)
        self._listener(event)

    def open(self, folder: Path, deployment: Deployment) -> None:
        """Write to the logbook in ``folder`` from now on; one of another deployment is replaced."""
        path = folder / FILE
        try:
            if _owner(folder) != deployment.id:
                header = {"version": VERSION, "deployment": asdict(deployment)}
                write_private(path, json.dumps(header).encode() + b"\n")
            self._path = path
        except OSError as error:
            self._give_up(error)
            return
        self._done = done_steps(read(folder))

    def close(self) -> None:
        """Write down how the checks of this command went, and no more."""
        if self._checks:
            passed = sum(check.ok for check in self._checks)
            self._write("verify", step="3.7", passed=passed, checks=len(self._checks))
        self._checks, self._path = [], None

    def _ended(self, event: events.StepEnded) -> None:
        if event.state is StepState.DONE and (event.changed or event.step not in self._done):
            self._done.add(event.step)
            self._write("done", step=event.step)

    def _write(self, what: str, **facts: Any) -> None:
        if self._path is None:
            return
        try:
            add_line(self._path, what=what, **facts)
        except OSError as error:
            self._give_up(error)

    def _give_up(self, error: OSError) -> None:
        self._path = None
        text = f"The logbook cannot be written: {error.strerror}. Hints and progress are not kept any more."
        self._listener(events.Note("", text))


def _owner(folder: Path) -> str:
    found = owner(folder)
    return found.id if found else ""
