"""Looks at single students for the page of a class, as ``loh class look`` does: nothing is changed."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from lambda_over_https.aws.errors.explanations import explained
from lambda_over_https.board.classes.account import ClassAccount
from lambda_over_https.board.vocabulary import Document, shortened
from lambda_over_https.classroom.following.looking import findings_of
from lambda_over_https.classroom.roll.book import Class
from lambda_over_https.classroom.roll.roster import Student
from lambda_over_https.errors import LohError, from_the_machine
from lambda_over_https.hints import completed

if TYPE_CHECKING:
    from lambda_over_https.doctor import Finding

AT_ONCE = 2
"""Students who are looked at together: each look is some forty calls, and AWS limits their rate."""

Examine = Callable[[Student], Sequence["Finding"]]
"""Examines one student's deployment; it runs in a thread."""


class Looks:
    """Looks when asked; whoever asks while a look runs, or within ``fresh`` seconds of its end, shares it."""

    def __init__(self, students: Sequence[Student], examine: Examine, fresh: float) -> None:
        self._students = {each.name: each for each in students}
        self._examine = examine
        self._fresh = fresh
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._looks: dict[str, asyncio.Task[Document]] = {}
        self._good_until: dict[str, float] = {}

    async def at(self, name: str) -> Document | None:
        """What a look at the student of that name finds; None if there is no such student."""
        student = self._students.get(name)
        if student is None:
            return None
        look = self._looks.get(name)
        if look is None or (look.done() and asyncio.get_running_loop().time() >= self._good_until[name]):
            look = self._looks[name] = asyncio.create_task(self._look(student))
        try:
            return await asyncio.shield(look)  # one who goes away ends it for nobody else
        except asyncio.CancelledError:
            if not look.cancelled():
                raise
            return {"student": name, "findings": [], "problem": "The board has ended."}

    def close(self) -> None:
        """Let everybody who waits for a look go; its thread is not waited for."""
        for each in self._looks.values():
            each.cancel()

    async def _look(self, student: Student) -> Document:
        try:
            async with self._turns:
                found = await asyncio.to_thread(self._found, student)
            return {"student": student.name, "at": datetime.now(UTC).isoformat(timespec="seconds"), **found}
        finally:
            self._good_until[student.name] = asyncio.get_running_loop().time() + self._fresh

    def _found(self, student: Student) -> Document:
        try:
            findings = self._examine(student)
        except (LohError, OSError) as error:
            return {"findings": [], "problem": problem_of(error)}
        return {"findings": [_described(each) for each in findings], "problem": ""}


def examiner(taught: Class, account: ClassAccount) -> Examine:
    """What examines a student of this class in its account."""

    def examine(student: Student) -> "Sequence[Finding]":
        cloud, place = account.reached()
        with explained():
            return findings_of(taught, student, cloud, place)

    return examine


def _described(finding: "Finding") -> Document:
    return {**asdict(finding), "what": shortened(finding.what)}


def problem_of(error: LohError | OSError) -> str:
    """Why a look failed, and what to do, in a sentence or two."""
    told = error if isinstance(error, LohError) else from_the_machine(error)
    return completed(f"{told.message} {told.hint}".strip()) if told else str(error)
