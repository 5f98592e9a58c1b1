"""The reports that students have handed in: read, and what in them cannot be so.

A report is a file of the student's, who can write anything into it. What is checked is what a copy does not
think of: whose id the deployment has, and AWS's ids of the requests, which no two calls share.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lambda_over_https.errors import UsageError
from lambda_over_https.files import read_regular
from lambda_over_https.shapes import fits, is_moment
from lambda_over_https.words import counted

LARGEST = 20_000_000
Report = dict[str, Any]
"""As ``loh report --json`` writes it."""

Reports = Mapping[str, tuple[str, Report]]
"""By the name of the deployment: the name of the file, and the report."""


@dataclass(frozen=True, slots=True)
class _Whose:
    id: str
    name: str
    target: str
    account: str


@dataclass(frozen=True, slots=True)
class _Step:
    number: str
    done: bool
    by: str | None
    at: str | None
    hints: int
    mistakes: list[Any]


@dataclass(frozen=True, slots=True)
class _Prediction:
    right: bool


@dataclass(frozen=True, slots=True)
class _Repair:
    by_hand: bool


@dataclass(frozen=True, slots=True)
class _Test:
    passed: int
    checks: int


@dataclass(frozen=True, slots=True)
class _Removal:
    left: int


@dataclass(frozen=True, slots=True)
class _Call:
    request_id: str


@dataclass(frozen=True, slots=True)
class _Shape:
    """What must be in a report, whoever has handed it in."""

    deployment: _Whose
    steps: list[_Step]
    predictions: list[_Prediction]
    repairs: list[_Repair]
    verify: _Test | None
    teardown: _Removal | None
    calls: list[_Call]


@dataclass(slots=True)
class HandedIn:
    """The reports of a folder by the name of the deployment, and why others were refused."""

    reports: dict[str, tuple[str, Report]] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)


def read_reports(folder: Path) -> HandedIn:
    """Every report in the folder; raises UsageError if it cannot be read."""
    if not folder.is_dir():
        raise UsageError(f"There is no folder {folder}.", "It holds what `loh report -o NAME.json` writes.")
    handed_in = HandedIn()
    for path in sorted(each for each in folder.iterdir() if each.suffix.lower() == ".json"):
        try:
            report = _checked(json.loads(read_regular(path, LARGEST)))
        except (OSError, ValueError, RecursionError) as error:
            handed_in.refused.append(f"{path.name} is not a report: {error}")
            continue
        name = report["deployment"]["name"]
        if name in handed_in.reports:
            handed_in.refused.append(
                f"{path.name} is left out: {handed_in.reports[name][0]} is {name}'s too."
            )
            continue
        handed_in.reports[name] = (path.name, report)
    return handed_in


def _checked(report: object) -> Report:
    """The report; raises ValueError if it cannot be one."""
    if not fits(report, _Shape):
        raise ValueError("it has another format")
    steps = report["steps"]
    if not all(is_moment(each["at"]) for each in steps if each["done"] and each["at"]):
        raise ValueError("a step was done at no moment")
    if len({each["number"] for each in steps}) < len(steps):
        raise ValueError("it names a step twice")
    return report


def not_of(names: set[str], reports: Reports) -> Iterator[str]:
    """The reports of deployments with other names, in words: of a student who forgot to set the name, say."""
    for name, (file, _) in reports.items():
        if name not in names:
            yield f"{file} is left out: it is of the deployment {name}, which nobody in the class has."


def own_doubts(report: Report) -> Iterator[str]:
    """What in a report contradicts itself."""
    deployment = report["deployment"]
    if deployment["id"].rpartition("-")[0] != deployment["name"]:
        yield f"the id {deployment['id']} is of a deployment of another name"


def likeness(reports: Reports) -> dict[str, list[str]]:
    """By the name of the deployment, which other reports hold the same calls: one is a copy."""
    held = {
        name: {call["request_id"] for call in report["calls"] if call["request_id"]}
        for name, (_, report) in reports.items()
    }
    found: dict[str, list[str]] = {}
    for name, calls in held.items():
        for other, others in held.items():
            shared = len(calls & others)
            if other != name and shared:
                found.setdefault(name, []).append(f"shares {counted(shared, 'call')} with {other}'s report")
    return found
