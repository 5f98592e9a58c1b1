"""The status of a class: what its account shows at a glance, and what the students' URLs answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lambda_over_https.classroom.account import Listed, at_a_glance
from lambda_over_https.classroom.following.asking import answers_of, deployed_of
from lambda_over_https.classroom.following.progress import Row, rows_of
from lambda_over_https.classroom.roll.book import Class

if TYPE_CHECKING:
    from lambda_over_https.aws.cloud import Cloud
    from lambda_over_https.aws.place import Place

LOOK_EVERY = 20.0
"""Seconds between two looks: thirty students or three hundred, it is the same few calls."""


@dataclass(frozen=True, slots=True)
class ClassStatus:
    """How everybody gets on, those who need help first, and what the account has."""

    taught: Class
    rows: Sequence[Row]
    listed: Listed

    def as_json(self) -> dict[str, Any]:
        """As ``class status --json`` gives it."""
        students = [each.as_json() for each in self.rows]
        return {"class": self.taught.name, "students": students, "unseen": list(self.listed.unseen)}


def status_of(taught: Class, cloud: "Cloud", place: "Place", *, ask: bool) -> ClassStatus:
    """The status now; with ``ask`` each student's URL is sent an echo, which runs their functions.

    Raises LohError if not even what the tutorial makes can be listed.
    """
    listed = at_a_glance(cloud, taught.students)
    found = listed.resources
    answers = answers_of(taught, cloud, place, found) if ask else {}
    return ClassStatus(taught, rows_of(taught, found, deployed_of(cloud, place, found), answers), listed)
