"""Make the students' deployments from the instructor's machine: several at a time, at AWS's pace."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from lambda_over_https.classroom.roster import Student
from lambda_over_https.deployment.history import History
from lambda_over_https.deployment.lock import locked
from lambda_over_https.deployment.session import Session
from lambda_over_https.engine.engine import Engine
from lambda_over_https.engine.graph import run_graph
from lambda_over_https.engine.removal import FATAL
from lambda_over_https.errors import LohError
from lambda_over_https.run_context import RunContext
from lambda_over_https.settings import Settings, home
from lambda_over_https.tutorial.course import steps_of

if TYPE_CHECKING:
    from lambda_over_https.deployment.stack import Stack

AT_ONCE = 10
"""Deployments made at a time. The slowest calls of one deployment, rationed for the account, come 5 seconds
apart, and the rest of it takes up to 40 seconds: so the ration is always used."""

WORKERS = 2
"""Steps of one deployment side by side."""


class Demonstration:
    """Each deployment is made as ``loh run`` makes it, with a journal on this machine."""

    def __init__(
        self, settings: Settings, boundary: str, run: RunContext, told: Callable[[str], None]
    ) -> None:
        self._settings = replace(settings, permissions_boundary=boundary or None)
        self._run = run
        self._told = told

    def make(self, students: Sequence[Student], last: str | None) -> dict[str, LohError]:
        """Make all, up to the step ``last``; what failed, by student. One failure stops no other."""
        failed: dict[str, LohError] = {}
        done = 0

        def make(student: Student) -> None:
            nonlocal done
            try:
                self._make(student, last)
            except FATAL:
                raise
            except LohError as error:
                failed[student.name] = error
            done += 1
            self._told(f"{done} of {len(students)}: {student.called}")

        run_graph(dict.fromkeys(students, ()), make, AT_ONCE, self._run)
        return failed

    def _make(self, student: Student, last: str | None) -> None:
        settings = replace(self._settings, name=student.deployment)
        history = History(lambda _: None)
        session = Session(settings, home(), self._run.speaking_to(history))
        opened = session.open(create=True)
        with locked(opened.journal.path):
            stack: Stack = session.reload(opened)
            try:
                history.open(stack.journal.path.parent, stack.journal.deployment, alone=True)
                Engine(steps_of(stack), stack).run(last, WORKERS)
            finally:
                history.close()
