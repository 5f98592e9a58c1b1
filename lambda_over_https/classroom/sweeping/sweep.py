"""Remove what a class has left in its account, and nothing else; then look whether it is gone.

Each student's deployment is found as ``loh recover`` finds it, by names and by our tag, and removed as ``loh
teardown`` removes it. First everything goes that AWS does not ration, for several students at a time. What
remains are REST APIs: they go one after the other, as AWS lets an account delete them. Everything that is to
go is in a journal on disk, so a sweep that was interrupted goes on where it stopped.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from lambda_over_https.aws.waiting.pacing import NOT_ITS_TURN
from lambda_over_https.classroom.recovered import recovered
from lambda_over_https.classroom.roster import Student
from lambda_over_https.classroom.sweeping.plan import SECONDS_AN_API, Entry, Plan, entry_of, sorted_out
from lambda_over_https.deployment.journal import Record
from lambda_over_https.deployment.stack import Stack
from lambda_over_https.engine.graph import run_graph
from lambda_over_https.engine.removal import FATAL, Removal
from lambda_over_https.engine.teardown import Teardown
from lambda_over_https.errors import LohError
from lambda_over_https.kinds import Kind
from lambda_over_https.states import Fate
from lambda_over_https.tutorial.course import steps_of

if TYPE_CHECKING:
    from lambda_over_https.aws.cloud import Cloud
    from lambda_over_https.aws.place import Place

_OF_GATEWAY = "apigateway:"

AT_ONCE = 6
"""Students whose resources are looked for, or removed, at a time."""


class Sweep:
    """Works in one account; ``folder`` is for the journals. ``told`` hears how far it is, in words.

    ``hasty`` are clients that do not wait for the turn of rationed calls, ``cloud`` those that do.
    """

    def __init__(
        self, place: "Place", cloud: "Cloud", hasty: "Cloud", folder: Path, told: Callable[[str], None]
    ) -> None:
        self._place = place
        self._cloud = cloud
        self._hasty = hasty
        self._folder = folder
        self._told = told

    def find(self, students: Sequence[Student]) -> tuple[list[Entry], list[dict[str, str]]]:
        """What there is of these students, and what of their names is not ours or cannot be told."""
        found: dict[Student, list[Entry]] = {}
        kept: dict[Student, list[dict[str, str]]] = {}

        def look(student: Student) -> None:
            found[student], kept[student] = self._find(student)

        self._each(students, look)
        return [each for one in students for each in found[one]], [
            each for one in students for each in kept[one]
        ]

    def _find(self, student: Student) -> tuple[list[Entry], list[dict[str, str]]]:
        try:
            _, recovery = recovered(student, self._hasty, self._place, self._folder)
        except FATAL:
            raise
        except LohError as error:
            return [], [{"student": student.name, "reason": f"{error.message} {error.hint}"}]
        entries = [
            entry_of(student.name, each) for each in recovery.state.records if each.kind != Kind.ARCHIVE
        ]
        foreign = [
            {
                "student": student.name,
                "kind": each.kind,
                "name": each.name,
                "id": each.id,
                "reason": each.reason,
            }
            for each in recovery.found
            if each.sure == "not ours"
        ]
        return entries, foreign

    def apply(self, plan: Plan, students: Sequence[Student]) -> Removal:
        """Remove exactly what is in the plan; each entry of what became of it has its ``student``."""
        removals: dict[Student, Removal] = {}
        chosen = [each for each in students if plan.of(each.name)]
        self._told(f"Removing, of {len(chosen)} students, everything that AWS does not ration.")

        def remove(student: Student) -> None:
            removals[student] = self._remove(student, plan.of(student.name), self._hasty)

        self._each(chosen, remove)
        swept = Removal(kept=list(plan.kept))
        waiting = [each for each in chosen if _put_off(removals[each])]
        for student in chosen:
            _add(swept, student, removals[student])
        self._remove_apis(waiting, plan, swept)
        return swept

    def _remove_apis(self, waiting: Sequence[Student], plan: Plan, swept: Removal) -> None:
        """One after the other, as AWS lets an account delete them."""
        left = len(waiting)

        def remove(student: Student) -> None:
            nonlocal left
            self._told(
                f"{plan.apis - left} of {plan.apis} REST APIs are gone,"
                f" {left * SECONDS_AN_API / 60:.0f} minutes left."
            )
            rest = [each for each in plan.of(student.name) if each.kind.startswith(_OF_GATEWAY)]
            _add(swept, student, self._remove(student, rest, self._cloud))
            left -= 1

        run_graph(dict.fromkeys(waiting, ()), remove, 1, self._cloud.run)

    def _remove(self, student: Student, entries: Sequence[Entry], cloud: "Cloud") -> Removal:
        try:
            stack, recovery = recovered(student, cloud, self._place, self._folder)
            meant, newer = sorted_out(recovery.state.records, entries)
            removal = self._tear_down(stack, meant)
        except FATAL:
            raise
        except LohError as error:
            return _all_left(entries, error)
        _forgive_newer(removal)
        removal.kept += [_newer(each.kind, each.name, each.id) for each in newer if each.kind != Kind.ARCHIVE]
        found = {(each.kind, each.name) for each in recovery.state.records}
        gone = [each for each in entries if (each.kind, each.name) not in found]
        removal.already_gone += [{"kind": each.kind, "name": each.name, "id": each.id} for each in gone]
        return removal

    def _tear_down(self, stack: Stack, meant: Sequence[Record]) -> Removal:
        for record in [each for each in stack.journal.state.records if each not in meant]:
            stack.journal.gone(record)
        return Teardown(steps_of(stack), stack).remove_all()

    def _each(self, students: Sequence[Student], act: Callable[[Student], None]) -> None:
        run_graph(dict.fromkeys(students, ()), act, AT_ONCE, self._cloud.run)


def _add(swept: Removal, student: Student, removal: Removal) -> None:
    """Take in what became of one student's resources."""
    for fate in Fate:
        swept.entries(fate).extend({"student": student.name, **each} for each in removal.entries(fate))


def _all_left(entries: Sequence[Entry], error: LohError) -> Removal:
    removal = Removal()
    reason = f"{error.message} {error.hint}".strip()
    removal.left += [
        {"kind": each.kind, "name": each.name, "id": each.id, "reason": reason} for each in entries
    ]
    return removal


def _newer(kind: str, name: str, id_: str) -> dict[str, str]:
    return {"kind": kind, "name": name, "id": id_, "reason": "it is newer than the plan"}


def _forgive_newer(removal: Removal) -> None:
    """What carries our tag and is not in the plan stays, and is no failure."""
    newer = [each for each in removal.left if each["reason"].startswith("it carries our tag")]
    removal.left = [each for each in removal.left if each not in newer]
    removal.kept += [_newer(each["kind"], each["name"], each["id"]) for each in newer]


def _put_off(removal: Removal) -> bool:
    """Whether the REST API waits for its turn; then it is taken out of what is left."""
    waiting = [each for each in removal.left if NOT_ITS_TURN in each["reason"]]
    removal.left = [each for each in removal.left if each not in waiting]
    return bool(waiting)
