"""What nearly every command shows: answers, JSON, a line of progress, an error, what teardown will remove."""

import json
import sys
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any, TextIO

from lambda_over_https.errors import LohError
from lambda_over_https.hints import completed
from lambda_over_https.show.canvas.page import folded
from lambda_over_https.show.canvas.screen import Screen
from lambda_over_https.show.canvas.visible import visible
from lambda_over_https.states import RecordState

if TYPE_CHECKING:
    from lambda_over_https.deployment.journal.state import Record


HOW_TO_ANSWER = " [y/N], then Enter: "
"""What stands after a question: the pages of the walk take a single key."""


def print_json(document: Any) -> None:
    """Write one JSON document to standard output."""
    sys.stdout.write(visible(json.dumps(document, indent=2)) + "\n")


def print_line(text: str) -> None:
    """Write a line of the answer: into a pipe exactly as it is, on a terminal broken between words."""
    _tell(text, sys.stdout, Screen())


def print_command(text: str) -> None:
    """Write a shell command as the answer; on a terminal that is too narrow, on several lines."""
    Screen().command(text)


def print_file(text: str) -> None:
    """Write what would be a file: into a pipe exactly as it is."""
    sys.stdout.write((visible(text) if sys.stdout.isatty() else text) + "\n")


def print_markdown(page: str) -> None:
    """Write a page of Markdown: into a pipe exactly as it is, on a terminal with its tables in columns.

    Its tables have no | in their cells.
    """
    screen = Screen()
    if not screen.is_terminal:
        print_file(page)
        return
    for is_table, lines in groupby(page.split("\n"), lambda line: line.startswith("|")):
        if is_table:
            headings, _, *rows = ([cell.strip() for cell in line[1:-1].split("|")] for line in lines)
            screen.table([[(cell, "") for cell in row] for row in rows], headings)
        else:
            screen.write([(line, "bold" if line.startswith("#") else "")] for line in lines)


def say(text: str) -> None:
    """Write a line of progress, after all answers so far: also where both go into one file."""
    sys.stdout.flush()
    _tell(completed(text), sys.stderr, Screen(stderr=True))


def _tell(text: str, out: TextIO, screen: Screen) -> None:
    if screen.is_terminal:
        screen.print((text, ""))
    else:
        out.write(visible(text) + "\n")


def question(text: str) -> None:
    """Write a question of yes or no and how to answer it, broken between words; the answer stands behind."""
    sys.stdout.flush()
    lines = folded([(visible(text), "")], Screen(stderr=True).width - len(HOW_TO_ANSWER))
    sys.stderr.write("\n".join("".join(part for part, _ in line) for line in lines) + HOW_TO_ANSWER)
    sys.stderr.flush()


def say_command(text: str) -> None:
    """Write a shell command beside the answer, as ``print_command`` writes one."""
    sys.stdout.flush()
    Screen(stderr=True).command(text)


def say_aside(text: str) -> None:
    """Write a dim line beside the answer, about something less important."""
    Screen(stderr=True).print((completed(text), "dim"))


def print_error(error: LohError) -> None:
    """Say what happened, at which step, and what to do next; what is harmless is not called an error."""
    screen = Screen(stderr=True)
    if error.harmless:
        screen.print((completed(error.message), ""))
    else:
        where = f" at step {error.step}" if error.step else ""
        screen.print((f"Error{where}:", "bold red"), (f" {completed(error.message)}", ""))
    if error.hint:
        screen.print(("Next:", "bold"), (f" {completed(error.hint)}", ""))


def print_inventory(records: "Sequence[Record]") -> None:
    """Show what a teardown is about to remove; on standard error, since a question follows."""
    screen = Screen(stderr=True)
    for record in records:
        fate = "keep (yours)" if record.state is RecordState.ADOPTED else "delete"
        room = screen.width - len(f"     {fate:<6} {record.kind} {record.name} ")
        # Leave out an id that says no more than the name, and on a terminal one that does not fit.
        said = record.id not in record.name and (not screen.is_terminal or len(record.id) <= room)
        known = (f" {record.id}", "dim") if said else ("", "")
        screen.print((f"     {fate:<6} {record.kind} ", ""), (record.name, "bold"), known)


def print_sandbox(report: Mapping[str, Any]) -> None:
    """Show whether the sandbox is running, and where."""
    if not report["running"]:
        print_line("The sandbox is not running.")
        return
    for key in ("endpoint_url", "https_url", "ca_bundle", "pid", "boot_id"):
        print_line(f"{key:<13} {report[key]}")
