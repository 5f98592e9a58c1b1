"""The beginning of a sweep, its plan, and its end: the proof that nothing is left."""

import json
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lambda_over_https.classroom.account import Listed, Resource, resources_of
from lambda_over_https.classroom.roll.book import Class, folder_of
from lambda_over_https.classroom.roll.roster import Student
from lambda_over_https.classroom.sweeping.plan import Plan
from lambda_over_https.classroom.sweeping.sweep import Sweep
from lambda_over_https.engine.remove.removal import Removal
from lambda_over_https.errors import UsageError
from lambda_over_https.files import private_folder, write_private

if TYPE_CHECKING:
    from lambda_over_https.aws.cloud import Cloud

_AGE = re.compile(r"(\d+)([mhd])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


def new_plan(
    taught: Class, work: Sweep, students: Sequence[Student], cloud: "Cloud", older_than: str | None
) -> Plan:
    """What there is of these students; with ``older_than`` ("4h") only where nothing is newer than that."""
    now = datetime.now(UTC)
    limit = now - age(older_than) if older_than else None
    reading = cloud.remembering()
    chosen = _with_something(students, resources_of(reading, students).resources, limit)
    entries, kept = work.find(chosen, reading)
    made = now.isoformat(timespec="seconds")
    return Plan(taught.name, taught.account, taught.region, made, tuple(entries), tuple(kept))


def _with_something(
    students: Iterable[Student], found: Iterable[Resource], limit: datetime | None
) -> list[Student]:
    by_student: dict[str, list[Resource]] = {}
    for each in found:
        by_student.setdefault(each.student, []).append(each)
    return [
        each
        for each in students
        if each.name in by_student
        and (
            limit is None or all(one.changed is None or one.changed < limit for one in by_student[each.name])
        )
    ]


def age(text: str) -> timedelta:
    """A time such as ``4h``; raises UsageError."""
    found = _AGE.fullmatch(text.strip())
    if not found:
        raise UsageError(f"{text!r} is no age.", "It looks like 30m, 4h or 2d.")
    return timedelta(**{_UNITS[found[2]]: int(found[1])})


def end_of(taught: Class, swept: Removal, there: Listed, home: Path) -> dict[str, Any]:
    """What became of everything, and what the account shows at the end; kept beside the class.

    What is ``there`` is named in ``still_there``: of a student who was not swept, or newer than the plan.
    What may not be listed, and so is not proven to be gone, is named in ``unseen``.
    """
    at = datetime.now(UTC)
    proof = {
        "class": taught.name,
        "account": taught.account,
        "region": taught.region,
        "at": at.isoformat(timespec="seconds"),
        **swept.by_fate(),
        "still_there": [
            {"student": each.student, "kind": each.kind, "name": each.name, "id": each.id}
            for each in there.resources
        ],
        "unseen": list(there.unseen),
    }
    folder = private_folder(folder_of(home, taught.name))
    path = folder / f"sweep-{at:%Y%m%d-%H%M%S}.json"
    write_private(path, json.dumps(proof, indent=1).encode())
    return {**proof, "file": str(path)}
