"""A class as its tiles: how each student gets on, and how far a removal is."""

from collections.abc import Sequence

from lambda_over_https.board.vocabulary import Document
from lambda_over_https.classroom.account import Resource
from lambda_over_https.classroom.following.progress import DEPLOYED, STUCK, TESTED, Row
from lambda_over_https.classroom.roll.book import Class
from lambda_over_https.classroom.sweeping.plan import SECONDS_AN_API
from lambda_over_https.hints import command
from lambda_over_https.kinds import Kind


class Tiles:
    """Describes look after look; remembers who had something, to tell what is gone from what never was."""

    def __init__(self, taught: Class) -> None:
        self._taught = taught
        self._seen: set[str] = set()

    def described(self, rows: Sequence[Row], found: Sequence[Resource]) -> Document:
        """The class after a look; ``found`` are all resources, a row is what they tell of one student."""
        self._seen |= {each.student for each in found}
        taught = self._taught
        return {
            "class": {"name": taught.name, "target": taught.target, "region": taught.region},
            "students": sorted((self._tile(row, found) for row in rows), key=_place),
            "removal": self._removal(found),
        }

    def _tile(self, row: Row, found: Sequence[Resource]) -> Document:
        name = row.student.name
        return {
            "name": name,
            "called": row.student.called,
            "deployment": row.student.deployment,
            "number": self._taught.students.index(row.student) + 1,
            "state": self._state(row),
            "step": row.step,
            "stuck_minutes": row.stuck_minutes,
            "changed": row.changed.isoformat(timespec="seconds") if row.changed else None,
            "chapters": list(row.chapters),
            "resources": [f"{each.kind} {each.name}" for each in found if each.student == name],
            "look": command(f"loh class look {name} --class {self._taught.name}"),
        }

    def _state(self, row: Row) -> str:
        if not row.resources:
            return "gone" if row.student.name in self._seen else "waiting"
        if row.stuck_minutes >= STUCK:
            return "stuck"
        return {TESTED: "answers", DEPLOYED: "deployed"}.get(row.step, "working")

    def _removal(self, found: Sequence[Resource]) -> Document | None:
        """How many students' resources are gone, once some are, and the minutes that AWS's rate asks for."""
        there = {each.student for each in found}
        if not self._seen - there:
            return None
        apis = sum(each.kind == Kind.REST_API for each in found)
        return {
            "of": len(self._seen),
            "gone": len(self._seen - there),
            "minutes": round(apis * SECONDS_AN_API / 60),
        }


def _place(tile: Document) -> tuple[bool, int, int]:
    """Who is stuck longest comes first; all others keep their places, so that everybody finds their own."""
    stuck = tile["state"] == "stuck"
    return not stuck, -tile["stuck_minutes"] if stuck else 0, tile["number"]
