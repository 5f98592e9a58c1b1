"""Watches a deployment's files: its journal, and what is added to its history and its logbook.

The board runs in a process of its own, so it asks the disk a few times a second whether a file has changed.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from lambda_over_https.board.scene import NOTHING, Scene
from lambda_over_https.board.sources import architecture, calls, own_requests
from lambda_over_https.board.sources.exercises import Exercises
from lambda_over_https.board.sources.removals import Removals
from lambda_over_https.board.sources.tail import Tail
from lambda_over_https.board.vocabulary import CALLS_KEPT, Document
from lambda_over_https.deployment.deployments import folder_of, is_gone, journal_on_disk
from lambda_over_https.deployment.recorded import history, logbook, request_log
from lambda_over_https.errors import LohError
from lambda_over_https.kinds import Kind
from lambda_over_https.report.status import standing
from lambda_over_https.sandbox.client.record import recorded
from lambda_over_https.settings import Settings, home

if TYPE_CHECKING:
    from lambda_over_https.deployment.journal.journal import Journal
    from lambda_over_https.deployment.journal.state import Record
    from lambda_over_https.deployment.recorded.call import Call

LOOK = 0.1
"""Seconds between two looks at the files."""


class Watcher:
    """Keeps a scene as the files of one deployment say."""

    def __init__(self, settings: Settings, scene: Scene) -> None:
        self._settings = settings
        self._scene = scene
        self._history, self._logbook, self._requests = Tail(), Tail(), Tail()
        self._begun = datetime.now(UTC).isoformat(timespec="milliseconds")
        self._exercises = Exercises()
        self._removals = Removals()
        self._journal: Journal | None = None
        self._ended = False
        self._last_step = ""

    @property
    def api(self) -> str:
        """The id of the deployment's API; empty if there is none."""
        api = self._find(Kind.REST_API)
        return api.id if api else ""

    @property
    def table(self) -> tuple[str, str] | None:
        """Name and Region of the deployment's table; None if there is none."""
        table = self._find(Kind.TABLE)
        if self._journal is None or table is None or not table.state.exists:
            return None
        return table.name, self._journal.deployment.region

    @property
    def function(self) -> tuple[str, str] | None:
        """Name and Region of the deployment's function; None if there is none."""
        function = self._find(Kind.FUNCTION)
        return (function.name, self._journal.deployment.region) if self._journal and function else None

    @property
    def scheduled(self) -> str:
        """The ARN of the deployment's function, if it has a schedule; else empty."""
        function = self._find(Kind.FUNCTION) if self._find(Kind.SCHEDULE) else None
        return function.arn if function else ""

    def _find(self, kind: Kind) -> "Record | None":
        """The record of that kind, if it is not of a sandbox that has ended."""
        return None if self._journal is None or self._ended else self._journal.find(kind)

    def see_statements(self, there: frozenset[str], at: str) -> None:
        """Take which statements the function's policy had at that moment (ISO, UTC)."""
        self._removals.see(there, at)

    async def run(self) -> None:
        """Look again and again, until cancelled."""
        while True:
            self.look()
            await asyncio.sleep(LOOK)

    def look(self) -> None:
        """Look once, and show what has changed."""
        try:
            self._journal = journal_on_disk(self._settings, ask=False)
            self._ended = self._journal is not None and is_gone(self._journal.deployment, _boot_id)
            folder = folder_of(self._settings, self._journal)
            lines, begun = self._history.read(folder and folder / history.FILE)
            noted, _ = self._logbook.read(folder and folder / logbook.FILE)
            sent, _ = self._requests.read(folder and folder / request_log.FILE)
        except (LohError, OSError) as error:
            self._scene.show_deployment({**NOTHING, "problem": getattr(error, "message", str(error))})
            return
        added, entries = history.parsed(lines), list(logbook.entries_on(noted))
        self._follow(added, entries, begun=begun)
        questions = self._exercises.take(entries)
        self._show(list(calls.shown(added)), begun=begun)
        for each in questions:
            self._scene.show_exercise(each)
        for each in own_requests.shown(request_log.requests_on(sent), self._begun, self.api):
            self._scene.add_request(each)

    def _follow(self, added: "Sequence[Call]", entries: Sequence[logbook.Entry], *, begun: bool) -> None:
        """Take what the history and the logbook tell beyond the journal."""
        if begun:
            self._removals.forget_calls()
            self._last_step = ""
        if added:
            self._last_step = added[-1].step
        self._removals.take(added)
        self._removals.repaired(entries)

    def _show(self, added: Sequence[Document], *, begun: bool) -> None:
        if begun:
            self._scene.begin(self._deployment(), added[-CALLS_KEPT:])
        else:
            self._scene.add_calls(added)
            self._scene.show_deployment(self._deployment())

    def _deployment(self) -> Document:
        if self._journal is None:
            return NOTHING
        state = standing(self._journal, self._ended)
        there = replace(state, records=self._removals.left(state.records))
        step = architecture.AtWork(self._last_step, self._exercises.drill)
        return architecture.described(self._journal, there, step, ended=self._ended)


def _boot_id() -> str:
    """Which sandbox runs; empty if none does, also while one starts or ends: nobody waits for that here."""
    sandbox = recorded(home())
    return sandbox.boot_id if sandbox else ""
