"""What nearly every command says: answers, JSON, a line of narration, an error."""

import json
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from lambda_over_https.errors import LohError
from lambda_over_https.show.canvas.screen import Screen
from lambda_over_https.states import RecordState

if TYPE_CHECKING:
    from lambda_over_https.deployment.journal import Record


def print_json(document: Any) -> None:
    """One JSON document on standard output."""
    sys.stdout.write(json.dumps(document, indent=2) + "\n")


def print_line(text: str) -> None:
    """A line of the answer, as it is."""
    sys.stdout.write(text + "\n")


def say(text: str) -> None:
    """A line of narration; what was answered before it is seen before it, in one file too."""
    sys.stdout.flush()
    sys.stderr.write(text + "\n")


def print_error(error: LohError) -> None:
    """What happened, at which step, what to do next."""
    screen = Screen(stderr=True)
    where = f" at step {error.step}" if error.step else ""
    screen.print((f"Error{where}:", "bold red"), (f" {error.message}", ""))
    if error.hint:
        screen.print(("Next:", "bold"), (f" {error.hint}", ""))


def print_inventory(records: "Sequence[Record]") -> None:
    """What a teardown is about to remove; narration, since it comes before a question."""
    screen = Screen(stderr=True)
    for record in records:
        fate = "stays (lent)" if record.state is RecordState.ADOPTED else "goes"
        room = screen.width - len(f"     {fate:<5} {record.kind} {record.name} ")
        # An id that says no more than the name is left out, and on a terminal one that has no room.
        said = record.id not in record.name and (not screen.is_terminal or len(record.id) <= room)
        known = (f" {record.id}", "dim") if said else ("", "")
        screen.print((f"     {fate:<5} {record.kind} ", ""), (record.name, "bold"), known)


def print_sandbox(report: Mapping[str, Any]) -> None:
    """Whether the sandbox runs, and where."""
    if not report["running"]:
        print_line("The sandbox is not running.")
        return
    for key in ("endpoint_url", "https_url", "ca_bundle", "pid", "boot_id"):
        print_line(f"{key:<13} {report[key]}")
