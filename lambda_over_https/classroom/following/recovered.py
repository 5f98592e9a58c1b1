"""A student's deployment as the account shows it: no journal of the student's is needed."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from lambda_over_https.classroom.roll.roster import Student
from lambda_over_https.deployment.choices import Choices
from lambda_over_https.deployment.journal import journal as journals
from lambda_over_https.deployment.session import new_deployment
from lambda_over_https.deployment.stack import Stack
from lambda_over_https.engine.recover.recover import Recovery, recover
from lambda_over_https.names import names_for
from lambda_over_https.settings import cache
from lambda_over_https.tutorial.course import steps_of, steps_of_everything

if TYPE_CHECKING:
    from lambda_over_https.aws.cloud import Cloud
    from lambda_over_https.aws.place import Place


def recovered(student: Student, cloud: "Cloud", place: "Place", folder: Path) -> tuple[Stack, Recovery]:
    """The deployment, with a journal in ``folder`` that was read from the account just now.

    Raises LohError if it is not clear which resources belong together.
    """
    names = names_for(student.deployment)
    deployment = replace(new_deployment(names.deployment, place), id="")  # the tags say it
    path = folder / names.deployment / "journal.json"
    path.unlink(missing_ok=True)  # the account is the truth
    blank = Stack(names, place, cloud, journals.create(path, deployment), Choices(), cache())
    recovery = recover(blank, steps_of_everything(blank), None, steps_of)
    journal = journals.load(path) or blank.journal
    choices = Choices.remembered(journal.state.choices)
    return replace(blank, journal=journal, choices=choices), recovery
