"""How a class gets on: a row for each student, those who need help first."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import takewhile
from typing import Any

from lambda_over_https.aws.prices import HOURLY
from lambda_over_https.classroom.account import Resource
from lambda_over_https.classroom.roll.book import Class
from lambda_over_https.classroom.roll.roster import Student
from lambda_over_https.kinds import Kind

BEGUN = "2.2"
"""The step that a role proves. Where a role was lent, nothing shows it."""

STEPS = ((Kind.FUNCTION, "2.3"), (Kind.TABLE, "2.4"), (Kind.REST_API, "3.1"))
"""The steps after it, in the tutorial's order, and what proves each. A log group alone proves none: step 2.3
makes it before the function."""

DEPLOYED, TESTED = "3.5", "3.7"
"""What a request proves: that the API is deployed; that it answers as it should."""

STUCK = 6
"""Minutes without a change after which somebody may need help."""

CHAPTERS = {Kind.USAGE_PLAN: "keys", Kind.SCHEDULE_GROUP: "schedule", Kind.WEB_ACL: "protect"}
"""The chapters that a listing shows; what others change is inside an API."""


@dataclass(frozen=True, slots=True)
class Row:
    """How one student gets on. ``step`` is the last one before the first of which nothing is there.

    ``answers`` is None if nobody asked, or a firewall held the request back.

    ``stuck_minutes`` is how long nothing has changed although the tutorial is not done; 0 if it is, or has
    not begun. ``usd_per_hour`` is what the listed resources cost on AWS, used or not; a cache is in none.
    """

    student: Student
    step: str
    changed: datetime | None
    answers: bool | None
    stuck_minutes: int
    chapters: tuple[str, ...]
    resources: int
    usd_per_hour: float

    def as_json(self) -> dict[str, Any]:
        """The row as ``class status --json`` gives it."""
        return {
            "name": self.student.name,
            "step": self.step,
            "changed": self.changed.isoformat(timespec="seconds") if self.changed else None,
            "answers": self.answers,
            "stuck_minutes": self.stuck_minutes,
            "chapters": list(self.chapters),
            "resources": self.resources,
            "usd_per_hour": self.usd_per_hour,
        }


def rows_of(
    taught: Class,
    found: Iterable[Resource],
    deployed: Collection[str],
    answers: Mapping[str, bool | None],
    now: datetime | None = None,
) -> list[Row]:
    """A row for each student: those who are stuck longest first, then by the step, then as in the roster.

    ``deployed`` are the students whose API is deployed, ``answers`` tells of those who were asked.
    """
    now = now or datetime.now(UTC)
    by_student: dict[str, list[Resource]] = {each.name: [] for each in taught.students}
    for each in found:
        by_student[each.student].append(each)
    rows = [
        _row(each, by_student[each.name], each.name in deployed, answers.get(each.name), now)
        for each in taught.students
    ]
    return sorted(rows, key=lambda row: (-row.stuck_minutes, row.step))


def _row(
    student: Student, found: Sequence[Resource], deployed: bool, answers: bool | None, now: datetime
) -> Row:
    kinds = {each.kind for each in found}
    step = _step(kinds)
    if deployed and step == STEPS[-1][1]:
        step = TESTED if answers else DEPLOYED
    changed = max((each.changed for each in found if each.changed), default=None)
    done = answers if answers is not None else deployed  # unasked, nobody knows what is wrong after 3.5
    stuck = int((now - changed).total_seconds()) // 60 if changed and not done else 0
    return Row(
        student=student,
        step=step,
        changed=changed,
        answers=answers,
        stuck_minutes=max(0, stuck),
        chapters=tuple(name for kind, name in CHAPTERS.items() if kind in kinds),
        resources=len(found),
        usd_per_hour=sum(HOURLY.get(each.kind, 0.0) for each in found),
    )


def _step(kinds: Collection[str]) -> str:
    """The last step with everything before it: `loh run` makes an API also where the function is refused."""
    proven = [step for _, step in takewhile(lambda each: each[0] in kinds, STEPS)]
    return proven[-1] if proven else BEGUN if Kind.ROLE in kinds else ""
