"""Watches a deployment's files: its journal, and what is added to its history and its logbook.

The board runs in a process of its own, so it asks the disk a few times a second whether a file has changed.
"""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from lambda_over_https.board.scene import NOTHING, Scene
from lambda_over_https.board.sources import architecture, calls, own_requests
from lambda_over_https.board.sources.exercises import Exercises
from lambda_over_https.board.sources.tail import Tail
from lambda_over_https.board.vocabulary import CALLS_KEPT, Document
from lambda_over_https.deployment import history, logbook, request_log
from lambda_over_https.deployment.deployments import folder_of, journal_on_disk, sandbox_has_ended
from lambda_over_https.errors import LohError
from lambda_over_https.kinds import Kind
from lambda_over_https.settings import Settings

if TYPE_CHECKING:
    from lambda_over_https.deployment.journal import Journal

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
        self._journal: Journal | None = None
        self._last_step = ""

    @property
    def api(self) -> str:
        """The id of the deployment's API; empty if there is none."""
        return architecture.api_of(self._journal) if self._journal else ""

    @property
    def table(self) -> tuple[str, str] | None:
        """Name and Region of the deployment's table; None if there is none."""
        journal = self._journal
        table = journal.find(Kind.TABLE) if journal else None
        if journal is None or table is None or not table.state.exists:
            return None
        return table.name, journal.deployment.region

    @property
    def scheduled(self) -> str:
        """The ARN of the deployment's function, if it has a schedule; else empty."""
        journal = self._journal
        function = journal.find(Kind.FUNCTION) if journal and journal.find(Kind.SCHEDULE) else None
        return function.arn if function else ""

    async def run(self) -> None:
        """Look again and again, until cancelled."""
        while True:
            self.look()
            await asyncio.sleep(LOOK)

    def look(self) -> None:
        """Look once, and show what has changed."""
        try:
            self._journal = journal_on_disk(self._settings, ask=False)
            folder = folder_of(self._settings, self._journal)
            lines, begun = self._history.read(folder and folder / history.FILE)
            noted, _ = self._logbook.read(folder and folder / logbook.FILE)
            sent, _ = self._requests.read(folder and folder / request_log.FILE)
        except (LohError, OSError) as error:
            self._scene.show_deployment({**NOTHING, "problem": getattr(error, "message", str(error))})
            return
        added = history.parsed(lines)
        if begun or added:
            self._last_step = added[-1].step if added else ""
        self._show(list(calls.shown(added)), begun=begun)
        for each in self._exercises.take(logbook.entries_on(noted)):
            self._scene.show_exercise(each)
        for each in own_requests.shown(request_log.requests_on(sent), self._begun, self.api):
            self._scene.add_request(each)

    def _show(self, added: Sequence[Document], *, begun: bool) -> None:
        if begun:
            self._scene.begin(self._deployment(), added[-CALLS_KEPT:])
        else:
            self._scene.add_calls(added)
            self._scene.show_deployment(self._deployment())

    def _deployment(self) -> Document:
        journal = self._journal
        if journal is None:
            return NOTHING
        return architecture.described(journal, sandbox_has_ended(journal), self._last_step)
