"""One student's deployment, read from the account: what is wrong with it, and whose the commands are."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from lambda_over_https.classroom.account import Resource, resources_of
from lambda_over_https.classroom.following.asking import answers_of
from lambda_over_https.classroom.following.recovered import recovered
from lambda_over_https.classroom.roll.book import Class
from lambda_over_https.classroom.roll.roster import Student
from lambda_over_https.deployment.journal.places import journal_path
from lambda_over_https.deployment.stack import Stack
from lambda_over_https.doctor import Finding, Probe, examine
from lambda_over_https.doctor.after import After
from lambda_over_https.hints import command, meaning
from lambda_over_https.settings import AWS
from lambda_over_https.tutorial.course import steps_of
from lambda_over_https.tutorial.lessons import LESSONS
from lambda_over_https.tutorial.parts.part import Part
from lambda_over_https.tutorial.parts.step import Step

if TYPE_CHECKING:
    from lambda_over_https.aws.cloud import Cloud
    from lambda_over_https.aws.place import Place

HELD_BACK = "the student's firewall holds requests back: it has counted too many in the last minute"

OTHER_CODE = Finding(
    "code", True, "it is not the tutorial's: a handler of the student's own, or changed since", remark=True
)
"""What a recovery cannot tell apart: no resource says which file the code came from."""

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
            stack, recovery = recovered(student, reading, place, Path(folder))
            code = [OTHER_CODE] if recovery.own_source else []
            asked = _answer(taught, cloud, place, found)
            return [*code, *examine(_probes(stack)), *missing(stack), *asked]


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


def missing(stack: Stack) -> Iterator[Finding]:
    """The first step, or chapter that is on, of which something is not there."""
    for step in steps_of(stack):
        parts = [part for part in step.parts(stack) if not part.local]
        lacking = [part for part in parts if stack.record(part.kind, part.name(stack)) is None]
        if lacking:
            chapter = step.lesson not in LESSONS
            where = f"{'chapter' if chapter else 'step'} {step.number}"
            fix = command("loh run" if chapter else f"loh run --to {step.number}")
            yield Finding(where, False, _undone(step, lacking, stack), fix)
            return


def _undone(step: Step, lacking: Sequence[Part], stack: Stack) -> str:
    first, *more = lacking
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


def whose_fixes(
    taught: Class, student: Student, place: "Place", home: Path, findings: Sequence[Finding]
) -> str:
    """Who can type the fixes that are commands of this program, as a sentence; empty if there are none.

    They work from the journal, which is on the machine where the deployment was made.
    """
    if not any(each.fix.startswith("loh ") for each in findings):
        return ""
    if journal_path(home, place.scope, student.deployment).exists():
        return f"You can type that here: this machine has the record of {student.called}'s deployment."
    with meaning(_options(taught, student)):
        return (
            f"That is for {student.called} to type, where the deployment was made. To do it from here,"
            f" `{command('loh recover')}` comes first: it rebuilds the record, and changes nothing at AWS."
        )
