"""Break one student's deployment as a drill does: on the sandbox, and only what can be broken there."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from lambda_over_https.classroom.following.looking import missing
from lambda_over_https.classroom.following.recovered import recovered
from lambda_over_https.classroom.roll.book import Class
from lambda_over_https.classroom.roll.roster import Student
from lambda_over_https.deployment.stack import Stack
from lambda_over_https.errors import LohError
from lambda_over_https.practice.drills.drill import Drill
from lambda_over_https.practice.drills.registry import DRILLS, play

if TYPE_CHECKING:
    from lambda_over_https.aws.cloud import Cloud
    from lambda_over_https.aws.place import Place

FAULTS = {each.name: each for each in DRILLS if each.breaks}
"""The drills that leave something to repair."""

STORY = "Something has happened to your deployment: it does not answer as it should."


def break_with(
    drill: Drill, taught: Class, student: Student, cloud: "Cloud", place: "Place"
) -> dict[str, Any]:
    """Break the student's deployment; the clue, and what a client now sees.

    Raises LohError if the deployment is not whole, or does not have the chapter that the drill breaks.
    """
    with TemporaryDirectory(prefix="loh-fault-") as folder:
        stack, _ = recovered(student, cloud, place, Path(folder))
        _check_whole(taught, student, stack)
        _check_chapter(drill, student, stack)
        seen = list(play(drill, stack))
    return {
        "student": student.name,
        "story": STORY,
        "seen": [{"request": each.request, "status": each.status, "body": each.body} for each in seen],
        "fault": drill.name,
    }


def _check_whole(taught: Class, student: Student, stack: Stack) -> None:
    """Of what is broken already nobody could tell what the next fault has done."""
    for finding in missing(stack):
        raise LohError(
            f"{student.called}'s deployment is not whole: {finding.name} is {finding.what}.",
            f"`loh class run --class {taught.name} --only {student.name}` makes what is missing.",
        )


def _check_chapter(drill: Drill, student: Student, stack: Stack) -> None:
    on = stack.choices.chapters
    if drill.chapter and drill.chapter not in on:
        possible = (each.name for each in FAULTS.values() if not each.chapter or each.chapter in on)
        raise LohError(
            f"The drill {drill.name} needs the chapter {drill.chapter}, which is off in"
            f" {student.called}'s deployment.",
            f"What can be broken there: {', '.join(possible)}.",
        )
