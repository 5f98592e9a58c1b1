"""One student's deployment, read from the account: what is wrong with it; and to break it, on the sandbox."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from lambda_over_https.classroom.account import Resource, resources_of
from lambda_over_https.classroom.asking import answers_of
from lambda_over_https.classroom.book import Class
from lambda_over_https.classroom.recovered import recovered
from lambda_over_https.classroom.roster import Student
from lambda_over_https.deployment.stack import Stack
from lambda_over_https.doctor import Finding, Probe, examine
from lambda_over_https.doctor.after import After
from lambda_over_https.errors import UsageError
from lambda_over_https.hints import command, meaning
from lambda_over_https.practice.drills import DRILLS
from lambda_over_https.settings import AWS
from lambda_over_https.tutorial.course import steps_of
from lambda_over_https.tutorial.parts.part import Part
from lambda_over_https.tutorial.parts.step import Step

if TYPE_CHECKING:
    from lambda_over_https.aws.cloud import Cloud
    from lambda_over_https.aws.place import Place

HELD_BACK = "the student's firewall holds requests back: it has counted too many in the last minute"

CHANGES = "answer via "
"""Checks of the doctor's whose names begin so make an item and remove it: not on somebody else's table."""


def findings_of(taught: Class, student: Student, cloud: "Cloud", place: "Place") -> list[Finding]:
    """What the doctor finds without changing anything, the next step, and whether the URL answers.

    All but the last reads the account; for that, the student's function is sent an echo. Several threads may
    look at the same time. Raises LohError if the account cannot be read.
    """
    reading = cloud.remembering()
    with meaning(_options(taught, student)):
        found = resources_of(reading, [student]).resources
        if not found:
            return [Finding("deployment", False, "nothing of it is in the account", command("loh run"))]
        with TemporaryDirectory(prefix="loh-look-") as folder:
            stack, _ = recovered(student, reading, place, Path(folder))
            return [*examine(_probes(stack)), *_missing(stack), *_answer(taught, cloud, place, found)]


def _options(taught: Class, student: Student) -> Mapping[str, str]:
    """What makes a command mean this student's deployment, wherever it is typed."""
    options = {"--name": student.deployment}
    if taught.target == AWS:
        options["--target"] = AWS
    if taught.endpoint_url:
        options["--endpoint-url"] = taught.endpoint_url
    return {**options, "--region": taught.region} if taught.shared else options


def _probes(stack: Stack) -> Iterator[Probe]:
    """The doctor's probes of a deployment that change nothing."""
    return (
        each for each in After(stack, steps_of(stack), _today()).probes() if not each.name.startswith(CHANGES)
    )


def _missing(stack: Stack) -> Iterator[Finding]:
    """The first step of which something is not there."""
    for step in steps_of(stack):
        parts = [part for part in step.parts(stack) if not part.local]
        missing = [part for part in parts if stack.record(part.kind, part.name(stack)) is None]
        if missing:
            fix = command(f"loh run --to {step.number}")
            yield Finding(f"step {step.number}", False, _undone(step, missing, stack), fix)
            return


def _undone(step: Step, missing: Sequence[Part], stack: Stack) -> str:
    first, *more = missing
    others = f" and {len(more)} more" if more else ""
    return f"not done: {step.title}. Missing: {first.kind} {first.name(stack)}{others}"


def _answer(taught: Class, cloud: "Cloud", place: "Place", found: Sequence[Resource]) -> Iterator[Finding]:
    for answered in answers_of(taught, cloud, place, found).values():
        if answered is None:
            yield Finding("the URL", True, HELD_BACK, remark=True)
        else:
            what = "an echo comes back" if answered else "an echo does not come back"
            yield Finding("the URL", answered, what)


def _today() -> date:
    return datetime.now(UTC).date()


def break_with(drill: str, student: Student, cloud: "Cloud", place: "Place", home: Path) -> dict[str, Any]:
    """Break the student's deployment as a drill does; the clue, and what a client now sees."""
    chosen = next((each for each in DRILLS if each.name == drill), None)
    if chosen is None:
        raise UsageError(f"There is no drill {drill!r}.", "`loh drill list` lists them.")
    stack, _ = recovered(student, cloud, place, home / "classes" / "faults")
    seen = list(chosen.play(stack))
    return {
        "student": student.name,
        "story": "Something has happened to your deployment: it does not answer as it should.",
        "seen": [{"request": each.request, "status": each.status, "body": each.body} for each in seen],
        "fault": chosen.name,
    }
