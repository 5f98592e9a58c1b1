"""The students' own reports (``loh report -o NAME.json``), put together: a line for each student.

Columns of the CSV, fit for a gradebook: ``name email display`` from the roster; ``steps_done`` of the
tutorial's steps, and ``steps_by_hand`` among them; ``hints`` that were asked for and ``mistakes`` that were
shown; ``predictions`` and ``predictions_right``; ``repairs``; ``verified`` (yes, no or empty); ``first`` and
``last`` (the times of the first and the last step, ISO, UTC) and ``minutes`` between them; ``removed`` (yes
if the student's teardown left nothing) and ``left`` (resources in the account now, empty if nobody looked);
``note``: what does not fit.
"""

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime

from lambda_over_https.classroom.account import Resource
from lambda_over_https.classroom.papers.handed_in import Report, Reports, likeness, own_doubts
from lambda_over_https.classroom.roll.book import Class
from lambda_over_https.classroom.roll.roster import Student
from lambda_over_https.words import counted


@dataclass(frozen=True, slots=True)
class Line:
    """One student; the fields are the columns."""

    name: str
    email: str
    display: str
    steps_done: int | None = None
    steps_by_hand: int | None = None
    hints: int | None = None
    mistakes: int | None = None
    predictions: int | None = None
    predictions_right: int | None = None
    repairs: int | None = None
    verified: str = ""
    first: str = ""
    last: str = ""
    minutes: int | None = None
    removed: str = ""
    left: int | None = None
    note: str = ""


COLUMNS = [each.name for each in fields(Line)]


def lines_of(taught: Class, reports: Reports, there: Iterable[Resource] | None) -> list[Line]:
    """A line for each student; ``there`` is what the account has now, None if nobody looked."""
    counts: dict[str, int] | None = None if there is None else {}
    for each in there or ():
        assert counts is not None  # noqa: S101 - they are None together
        counts[each.student] = counts.get(each.student, 0) + 1
    alike = likeness(reports)
    lines = []
    for student in taught.students:
        found = reports.get(student.deployment)
        left = None if counts is None else counts.get(student.name, 0)
        if found is None:
            lines.append(Line(student.name, student.email, student.display, left=left, note="no report"))
            continue
        notes = [*_notes(taught, found[1], left), *alike.get(student.deployment, ())]
        lines.append(_line_of(student, found[1], left, notes))
    return lines


def _line_of(student: Student, report: Report, left: int | None, notes: Sequence[str]) -> Line:
    steps = report["steps"]
    done = [each for each in steps if each["done"]]
    times = sorted(each["at"] for each in done if each["at"])
    verify, teardown = report["verify"], report["teardown"]
    predictions = [each for each in report["predictions"] if each.get("said", True)]
    return Line(
        name=student.name,
        email=student.email,
        display=student.display,
        steps_done=len(done),
        steps_by_hand=sum(each["by"] == "hand" for each in done),
        hints=sum(int(each["hints"]) for each in steps),
        mistakes=sum(len(each["mistakes"]) for each in steps),
        predictions=len(predictions),
        predictions_right=sum(bool(each["right"]) for each in predictions),
        repairs=sum(each["by_hand"] for each in report["repairs"]),
        verified="" if verify is None else _yes(verify["passed"] == verify["checks"]),
        first=times[0] if times else "",
        last=times[-1] if times else "",
        minutes=_minutes(times[0], times[-1]) if times else None,
        removed="" if teardown is None else _yes(not teardown["left"]),
        left=left,
        note="; ".join(notes),
    )


def _notes(taught: Class, report: Report, left: int | None) -> list[str]:
    """What does not fit: another account, an id of another name, what the account does not show."""
    deployment = report["deployment"]
    notes = list(own_doubts(report))
    if deployment["target"] != taught.target or deployment["account"] != taught.account:
        notes.append(f"from another place: {deployment['target']}, account {deployment['account']}")
    teardown = report["teardown"]
    if left and teardown is not None and not teardown["left"]:
        are = "is" if left == 1 else "are"
        notes.append(f"says that all is removed, but {counted(left, 'resource')} {are} there")
    if left == 0 and teardown is None and any(each["done"] for each in report["steps"]):
        notes.append("says that steps are done and not removed, but the account shows nothing")
    return notes


def _yes(what: bool) -> str:
    return "yes" if what else "no"


def _minutes(first: str, last: str) -> int:
    seconds = (datetime.fromisoformat(last) - datetime.fromisoformat(first)).total_seconds()
    return round(seconds / 60)


def as_csv(taught: Class, lines: Sequence[Line]) -> str:
    """As CSV; a cell that a spreadsheet would take for a formula begins with an apostrophe."""
    del taught
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for line in lines:
        writer.writerow([_cell(value) for value in asdict(line).values()])
    return text.getvalue()


def _cell(value: object) -> str:
    text = "" if value is None else str(value)
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t") else text


def as_json(taught: Class, lines: Sequence[Line]) -> str:
    """As one JSON document."""
    return json.dumps({"class": taught.name, "students": [asdict(each) for each in lines]}, indent=1) + "\n"


def as_markdown(taught: Class, lines: Sequence[Line]) -> str:
    """As a table for people."""
    shown = (
        "name",
        "steps_done",
        "steps_by_hand",
        "hints",
        "predictions_right",
        "verified",
        "removed",
        "left",
        "note",
    )
    rows = [
        [str(getattr(line, each) if getattr(line, each) is not None else "") for each in shown]
        for line in lines
    ]
    handed_in = sum(line.note != "no report" for line in lines)
    head = [f"# {taught.name}", "", f"{handed_in} of {counted(len(lines), 'report')}.", ""]
    table = [" | ".join(each.replace("_", " ") for each in shown), " | ".join("---" for _ in shown)]
    table += [" | ".join(cell.replace("|", "\\|") for cell in row) for row in rows]
    return "\n".join([*head, *(f"| {each} |" for each in table)]) + "\n"


FORMS: Mapping[str, Callable[[Class, Sequence[Line]], str]] = {
    "md": as_markdown,
    "csv": as_csv,
    "json": as_json,
}
"""How it can be written."""
