"""Remove what a class has left in its account, and nothing else; then verify that it is gone.

Each student's deployment is found in the account by its names and our tag, and removed as ``loh teardown``
removes it. AWS lets an account delete one REST API in 30 seconds: these deletes queue up from the start, and
everything else goes beside them, for several students at a time. No journal is kept: a sweep that was
interrupted finds what is left in the account.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from lambda_over_https.classroom.roll.roster import Student
from lambda_over_https.classroom.sweeping.finding import Holding, Kept, holding_of
from lambda_over_https.classroom.sweeping.plan import Plan, Planned, planned, sorted_out
from lambda_over_https.classroom.sweeping.telling import Telling
from lambda_over_https.deployment.journal.state import Record
from lambda_over_https.deployment.readings import Readings
from lambda_over_https.engine.graph import run_graph
from lambda_over_https.engine.remove.removal import FATAL, Cause, Outcome, Removal
from lambda_over_https.engine.remove.teardown import Teardown
from lambda_over_https.errors import LohError
from lambda_over_https.states import Fate
from lambda_over_https.tutorial.course import steps_of_everything

if TYPE_CHECKING:
    from lambda_over_https.aws.cloud import Cloud
    from lambda_over_https.aws.place import Place

AT_ONCE = 6
"""Students whose resources are looked for, or removed, at a time."""


class Pass(StrEnum):
    """The two times at which something of a student is removed."""

    UNRATIONED = "unrationed"
    RATIONED = "rationed"


Task = tuple[Student, Pass]
Needs = dict[Task, tuple[Task, ...]]


class Sweep:
    """Works in one account; ``folder`` is for the students' files. ``told`` hears how far it is, in words."""

    def __init__(self, place: "Place", cloud: "Cloud", folder: Path, told: Callable[[str], None]) -> None:
        self._place = place
        self._cloud = cloud
        self._hasty = cloud.hasty()
        self._folder = folder
        self._told = told
        self._holdings: dict[Student, Holding] = {}
        self._unclear: dict[Student, str] = {}

    def find(self, students: Sequence[Student], reading: "Cloud") -> tuple[list[Planned], list[Kept]]:
        """What there is of these students, and what of their names is not ours or cannot be told apart.

        ``reading`` are the clients to look with.
        """

        def look(student: Student) -> None:
            try:
                self._holdings[student] = holding_of(student, reading, self._place, self._folder)
            except FATAL:
                raise
            except LohError as error:
                self._unclear[student] = f"{error.message} {error.hint}".strip()

        run_graph(dict.fromkeys(students, ()), look, AT_ONCE, self._cloud.run)
        found = [(each, self._holdings[each]) for each in students if each in self._holdings]
        entries = [planned(each.name, record) for each, holding in found for record in holding.records]
        unclear = [{"student": each.name, "reason": reason} for each, reason in self._unclear.items()]
        return entries, [*unclear, *(kept for _, holding in found for kept in holding.kept)]

    def apply(self, plan: Plan, students: Sequence[Student]) -> Removal:
        """Remove exactly what is in the plan; each entry of what became of it has its ``student``."""
        chosen = [each for each in students if plan.of(each.name)]
        if unseen := [each for each in chosen if each not in self._holdings]:
            self.find(unseen, self._cloud.remembering())
        removals: dict[Task, Removal] = {}
        telling = Telling(plan, self._told)

        def remove(task: Task) -> None:
            student, _ = task
            first = removals.get((student, Pass.UNRATIONED))
            removals[task] = self._first(student, plan) if first is None else self._second(student, first)
            telling.hear(removals[task])

        at_any_time: Needs = {(each, Pass.UNRATIONED): () for each in chosen}
        in_turn: Needs = {(each, Pass.RATIONED): ((each, Pass.UNRATIONED),) for each in chosen}
        telling.begin(len(chosen))
        run_graph({**at_any_time, **in_turn}, remove, AT_ONCE, self._cloud.run, queued=in_turn)
        swept = Removal([_kept(each) for each in plan.kept])
        for student in chosen:
            for turn in Pass:
                swept.outcomes += (
                    replace(each, student=student.name) for each in removals[student, turn].outcomes
                )
        return swept

    def _first(self, student: Student, plan: Plan) -> Removal:
        """Remove what may go at any time, and the REST API if it happens to be its turn."""
        entries = plan.of(student.name)
        if student in self._unclear:
            return _all_left(entries, self._unclear[student])
        holding = self._holdings[student]
        meant, newer = sorted_out(holding.records, entries)
        holding.stack.journal.gone(*newer)
        removal = self._tear_down(student, self._hasty)
        removal.outcomes += _outcomes(Fate.KEPT, newer, "it is newer than the plan")
        known = {(each.kind, each.name) for each in (*meant, *newer)}
        gone = [each for each in entries if (each.kind, each.name) not in known]
        removal.outcomes += _outcomes(Fate.ALREADY_GONE, gone)
        return removal

    def _second(self, student: Student, first: Removal) -> Removal:
        """Remove what had to wait for its turn, if anything had."""
        return self._tear_down(student, self._cloud) if _put_off(first) else Removal()

    def _tear_down(self, student: Student, cloud: "Cloud") -> Removal:
        stack = replace(self._holdings[student].stack, cloud=cloud, readings=Readings())
        records = stack.journal.state.records
        try:
            removal = Teardown(steps_of_everything(stack), stack, discreet=True).remove_all()
        except FATAL:
            raise
        except LohError as error:
            return _all_left(records, f"{error.message} {error.hint}".strip())
        _forgive_newer(removal)
        return removal


def _outcomes(fate: Fate, there: Iterable[Planned | Record], reason: str = "") -> list[Outcome]:
    return [Outcome(fate, each.kind, each.name, each.id, reason) for each in there]


def _all_left(there: Iterable[Planned | Record], reason: str) -> Removal:
    return Removal(_outcomes(Fate.LEFT, there, reason))


def _kept(told: Kept) -> Outcome:
    """What stays, as the plan tells it."""
    kind, name, id_ = (told.get(each, "") for each in ("kind", "name", "id"))
    return Outcome(Fate.KEPT, kind, name, id_, told["reason"], student=told["student"])


def _forgive_newer(removal: Removal) -> None:
    """What carries our tag and is not in the plan stays, and is no failure."""
    reason = "it carries the tag, and is not in the plan"
    removal.outcomes = [
        replace(each, fate=Fate.KEPT, reason=reason) if _is_left_as(Cause.STRAY, each) else each
        for each in removal.outcomes
    ]


def _put_off(removal: Removal) -> bool:
    """Whether something waits for its turn, a REST API usually; then it is taken out of what is left."""
    rest = [each for each in removal.outcomes if not _is_left_as(Cause.NOT_ITS_TURN, each)]
    waits = len(rest) < len(removal.outcomes)
    removal.outcomes = rest
    return waits


def _is_left_as(cause: Cause, outcome: Outcome) -> bool:
    return outcome.fate is Fate.LEFT and outcome.cause is cause
