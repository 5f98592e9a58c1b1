"""How far a sweep is, in words: REST APIs take nearly all of its time, so they are what is counted."""

import threading
from collections.abc import Callable

from lambda_over_https.classroom.sweeping.plan import SECONDS_AN_API, Plan
from lambda_over_https.engine.remove.removal import Removal
from lambda_over_https.kinds import Kind
from lambda_over_https.states import Fate
from lambda_over_https.words import about_minutes, counted


class Telling:
    """Tells of each REST API that is gone. Safe across threads."""

    def __init__(self, plan: Plan, told: Callable[[str], None]) -> None:
        self._plan = plan
        self._told = told
        self._lock = threading.Lock()
        self._gone = 0

    def begin(self, students: int) -> None:
        """Say what happens now."""
        if students:
            self._told(
                f"Removing what belongs to {counted(students, 'student')}: one REST API in {SECONDS_AN_API}"
                " seconds, as AWS lets an account, and everything else beside them."
            )

    def hear(self, removal: Removal) -> None:
        """Take in what became of a student's resources."""
        gone = [each for each in removal.of(Fate.DELETED, Fate.ALREADY_GONE) if each.kind == Kind.REST_API]
        with self._lock:
            if not gone:
                return
            self._gone += len(gone)
            self._told(f"REST APIs that are gone: {self._gone} of {self._plan.apis}{self._left()}.")

    def _left(self) -> str:
        minutes = (self._plan.apis - self._gone) * SECONDS_AN_API / 60
        if not minutes:
            return ""
        return f"; {about_minutes(minutes)} {'is' if minutes < 1.5 else 'are'} left"
