"""What a student has in the account that a sweep may remove, and what it must leave alone."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from lambda_over_https.classroom.roll.roster import Student
from lambda_over_https.deployment.choices import Choices
from lambda_over_https.deployment.journal.journal import Journal
from lambda_over_https.deployment.journal.state import Deployment, Record, State
from lambda_over_https.deployment.session import new_deployment
from lambda_over_https.deployment.stack import Stack
from lambda_over_https.engine.recover.rebuilding import Carrier, Recoverer, several
from lambda_over_https.kinds import Kind
from lambda_over_https.names import names_for
from lambda_over_https.settings import cache
from lambda_over_https.tutorial.course import steps_of_everything

if TYPE_CHECKING:
    from lambda_over_https.aws.cloud import Cloud
    from lambda_over_https.aws.place import Place

Kept = dict[str, str]
"""Something that stays: ``student``, ``kind``, ``name``, ``id`` and ``reason``."""

Carried = Mapping[str, Sequence[Carrier]]
"""The ids of deployments, and what carries each of them in a tag."""


@dataclass(frozen=True, slots=True)
class Holding:
    """What was found of a student: ``stack`` has it in its journal, which is in memory only."""

    stack: Stack
    kept: Sequence[Kept]

    @property
    def records(self) -> Sequence[Record]:
        """What may be removed."""
        return [each for each in self.stack.journal.state.records if each.kind != Kind.ARCHIVE]


def holding_of(student: Student, cloud: "Cloud", place: "Place", folder: Path) -> Holding:
    """Look for what the student has, changing nothing.

    Raises LohError if it is not clear which resources belong together.
    """
    names = names_for(student.deployment)
    # The id is what the tags say.
    unknown = _Unwritten(folder / names.deployment, replace(new_deployment(names.deployment, place), id=""))
    blank = Stack(names, place, cloud, unknown.journal(""), Choices(), cache())
    steps = steps_of_everything(blank)
    carried = Recoverer(steps, blank).ids()
    own = _own_id(carried, names.deployment)
    seeker = Recoverer(steps, replace(blank, journal=unknown.journal(own)))
    seeker.holdings()
    foreign = [
        _kept(student, Carrier(each.kind, each.name, each.id), each.reason)
        for each in seeker.found
        if each.sure == "not ours"
    ]
    return Holding(seeker.stack, [*foreign, *_others(student, carried, own)])


@dataclass(frozen=True, slots=True)
class _Unwritten:
    """Makes journals that are written nowhere: what a sweep goes by is the account."""

    folder: Path
    deployment: Deployment

    def journal(self, identity: str) -> Journal:
        state = State(replace(self.deployment, id=identity))
        return Journal(self.folder / "journal.json", state, lambda *_: None)


def _own_id(carried: Carried, name: str) -> str:
    """The id of the deployment that the student has; empty if there is none.

    Of roles, functions and tables there can be one of a name: the id that they carry is the right one. Only
    REST APIs and what belongs to them can carry the tags of a second deployment of that name.
    """
    unique = {
        identity for identity, carriers in carried.items() if any(not carrier.id for carrier in carriers)
    }
    likely = unique or {*carried}
    if len(likely) > 1:
        one = f"`loh recover --name {name} --id ID` and `loh teardown --name {name}`"
        raise several(carried, f"{one} remove one of them. Then sweep again.")
    return next(iter(likely), "")


def _others(student: Student, carried: Carried, own: str) -> Iterator[Kept]:
    """What carries the student's name and the id of another deployment."""
    for identity, carriers in carried.items():
        for carrier in carriers if identity != own else ():
            yield _kept(student, carrier, f"it belongs to another deployment of this name, {identity}")


def _kept(student: Student, what: Carrier, reason: str) -> Kept:
    return {"student": student.name, "kind": what.kind, "name": what.name, "id": what.id, "reason": reason}
