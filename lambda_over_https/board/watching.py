"""Watches a deployment's files: its journal, and the calls that are added to its history.

The board runs in a process of its own, so it asks the disk a few times a second whether a file has changed.
"""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from lambda_over_https.board import architecture, calls
from lambda_over_https.board.scene import NOTHING, Scene
from lambda_over_https.board.vocabulary import CALLS_KEPT, Document
from lambda_over_https.deployment import history
from lambda_over_https.deployment.deployments import journal_on_disk, sandbox_has_ended
from lambda_over_https.deployment.history import Call
from lambda_over_https.errors import LohError
from lambda_over_https.settings import Settings, home

if TYPE_CHECKING:
    from lambda_over_https.deployment.journal import Journal

LOOK = 0.1
"""Seconds between two looks at the files."""


class Tail:
    """Reads what is added to a history."""

    def __init__(self) -> None:
        self._path: Path | None = None
        self._header = b""
        self._read_to = 0

    def read(self, path: Path | None) -> tuple[list[Call], bool]:
        """The calls added since the last time, and whether it is another history (or one begun again)."""
        if path is None or not self._has_changed(path):
            return [], False
        with path.open("rb") as file:
            header = file.readline()
            begun = (path, header) != (self._path, self._header) or path.stat().st_size < self._read_to
            start = len(header) if begun else self._read_to
            file.seek(start)
            lines, newline, _ = file.read().rpartition(b"\n")  # the rest of a line comes with the next look
        self._path, self._header, self._read_to = path, header, start + len(lines + newline)
        return history.parsed(lines), begun

    def _has_changed(self, path: Path) -> bool:
        return path != self._path or path.stat().st_size != self._read_to


class Watcher:
    """Keeps a scene as the files of one deployment say."""

    def __init__(self, settings: Settings, scene: Scene) -> None:
        self._settings = settings
        self._scene = scene
        self._tail = Tail()
        self._journal_seen: object = None
        self._journal: Journal | None = None
        self._last_step = ""

    @property
    def api(self) -> str:
        """The id of the deployment's API; empty if there is none."""
        return architecture.api_of(self._journal) if self._journal else ""

    async def run(self) -> None:
        """Look again and again, until cancelled."""
        while True:
            self.look()
            await asyncio.sleep(LOOK)

    def look(self) -> None:
        """Look once, and show what has changed."""
        try:
            self._journal = journal_on_disk(self._settings)
            added, begun = self._tail.read(self._history())
        except (LohError, OSError) as error:
            self._scene.show_deployment({**NOTHING, "problem": getattr(error, "message", str(error))})
            return
        if begun:
            self._last_step = ""
        if added:
            self._last_step = added[-1].step
        self._show(list(calls.shown(added)), begun=begun)

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

    def _history(self) -> Path | None:
        """The history of the deployment; if there is none, that of the last one of this name."""
        if self._journal is not None:
            return self._journal.path.with_name(history.FILE)
        scope = "endpoint-" if self._settings.endpoint_url else self._settings.target
        return history.find(home(), scope, self._settings.name)
