"""What a sweep is to remove: found in the account, shown, kept in a file, and removed exactly so."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from lambda_over_https.classroom.roll.book import Class
from lambda_over_https.deployment.journal.state import Record
from lambda_over_https.errors import UsageError
from lambda_over_https.files import read_regular, write_for_user
from lambda_over_https.kinds import Kind
from lambda_over_https.shapes import as_record
from lambda_over_https.tutorial.parts.part import IDENTITY

VERSION = 2
"""1 also named what goes with its owner: methods, stages, statements of a policy."""

LARGEST = 50_000_000
SECONDS_AN_API = 30
"""Seconds between two deletes of REST APIs: AWS rations them for the whole account."""


@dataclass(frozen=True, slots=True)
class Planned:
    """One resource that is to go. ``identity`` tells it from a later one with the same name and id."""

    student: str
    kind: str
    name: str
    id: str
    identity: str = ""

    def means(self, record: Record) -> bool:
        """Whether the resource of the record is this one, and not one that was made after the plan."""
        same = (self.kind, self.name, self.id) == (record.kind, record.name, record.id)
        return same and self.identity in ("", record.detail.get(IDENTITY, ""))


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to go, of which class, in which account. ``kept`` says why something of a student stays."""

    name: str
    account: str
    region: str
    made: str
    entries: tuple[Planned, ...]
    kept: tuple[dict[str, str], ...] = ()

    @property
    def apis(self) -> int:
        """How many REST APIs go: they alone take long."""
        return sum(each.kind == Kind.REST_API for each in self.entries)

    @property
    def minutes(self) -> float:
        """How long it takes at AWS's rates: the first API goes at once."""
        return max(0, self.apis - 1) * SECONDS_AN_API / 60

    def students(self) -> list[str]:
        """Whose resources go, in the order of the plan."""
        return list(dict.fromkeys(each.student for each in self.entries))

    def of(self, student: str) -> list[Planned]:
        """What goes of one student."""
        return [each for each in self.entries if each.student == student]


def planned(student: str, record: Record) -> Planned:
    """The resource of a record, to be planned."""
    return Planned(student, record.kind, record.name, record.id, record.detail.get(IDENTITY, ""))


def as_document(plan: Plan) -> dict[str, object]:
    """The plan as JSON."""
    return {"version": VERSION, **asdict(plan)}


def write(path: Path, plan: Plan, *, replace: bool) -> None:
    """Keep the plan in a file; raises UsageError if it cannot be written, or would ``replace`` another."""
    write_for_user(path, json.dumps(as_document(plan), indent=1) + "\n", replace=replace)


def read(path: Path, taught: Class) -> Plan:
    """The plan in a file; raises UsageError if it is none, or not of this class and account."""
    try:
        plan = _decoded(json.loads(read_regular(path, LARGEST)))
    except (OSError, ValueError, RecursionError) as error:
        raise UsageError(
            f"{path} is no plan of a sweep: {error}.", "`loh class sweep --save FILE` writes one."
        ) from error
    if (plan.name, plan.account, plan.region) != (taught.name, taught.account, taught.region):
        raise UsageError(
            f"{path} is a plan for the class {plan.name} in account {plan.account}, {plan.region}.",
            "Say which class with --class.",
        )
    return plan


def _decoded(data: Any) -> Plan:
    plan = as_record(data, Plan)
    if plan is None:
        raise ValueError("it has not the shape of one")
    if data.get("version") != VERSION:
        raise ValueError("it is of another version")
    return plan


def sorted_out(records: Iterable[Record], entries: Sequence[Planned]) -> tuple[list[Record], list[Record]]:
    """The records that the plan means, and those that are newer than it."""
    meant, newer = list[Record](), list[Record]()
    for record in records:
        (meant if any(each.means(record) for each in entries) else newer).append(record)
    return meant, newer
