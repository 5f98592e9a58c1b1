"""Follows the requests that pass through the sandbox's gateway, and shows those of the board's deployment."""

import asyncio
from collections.abc import Callable

from lambda_over_https.board.scene import Scene
from lambda_over_https.board.sources.asking import NoAnswerError, ask
from lambda_over_https.board.sources.reasons import reason
from lambda_over_https.board.vocabulary import Document
from lambda_over_https.sandbox.client.record import Sandbox, recorded
from lambda_over_https.settings import home

AGAIN = 0.5
"""Seconds until the next try where no sandbox answers."""


class Follower:
    """Asks the running sandbox again and again. ``api`` gives the id of the deployment's API, or ""."""

    def __init__(self, scene: Scene, api: Callable[[], str]) -> None:
        self._scene = scene
        self._api = api
        self._boot = ""
        self._last: int | None = None

    async def run(self) -> None:
        """Follow, until cancelled; a sandbox that is started later is found."""
        while True:
            sandbox = recorded(home())
            followed = sandbox is not None and await self._follow(sandbox)
            self._scene.show_sandbox(followed)
            if not followed:
                await asyncio.sleep(AGAIN)

    async def _follow(self, sandbox: Sandbox) -> bool:
        """Show what has passed since the last time; False if the sandbox does not answer."""
        if sandbox.boot_id != self._boot:
            self._boot, self._last = sandbox.boot_id, None
        query = "" if self._last is None else f"?after={self._last}"
        try:
            answer = await ask(sandbox, f"/_sandbox/requests{query}")
        except NoAnswerError:
            self._last = None
            return False
        self._last = int(answer["last"])
        for note in answer["requests"]:
            if note["api"] == self._api():
                self._scene.add_request(described(note))
        return True


def described(note: Document) -> Document:
    """A request for the board: what the sandbox says of it, with the reason in words."""
    status = note["status"]
    return {**note, "good": status is not None and status < 400, "reason": reason(note)}
