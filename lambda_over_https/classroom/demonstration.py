"""Make the students' deployments from the instructor's machine: several at a time, at AWS's pace."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from lambda_over_https.classroom.roll.roster import Student
from lambda_over_https.deployment.session import Session
from lambda_over_https.engine.graph import run_graph
from lambda_over_https.engine.make.engine import Engine
from lambda_over_https.engine.remove.removal import FATAL
from lambda_over_https.errors import LohError
from lambda_over_https.run_context import RunContext
from lambda_over_https.settings import Settings, home
from lambda_over_https.tutorial.course import steps_of

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
        session = Session(settings, home(), self._run.speaking_to(lambda _: None))
        with session.at_work(create=True) as stack:
            Engine(steps_of(stack), stack).run(last, WORKERS)
