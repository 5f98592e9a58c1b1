"""Follows when the sandbox's schedules fire next, for the countdown on the page."""

import asyncio
from collections.abc import Callable

from lambda_over_https.board.scene import Scene
from lambda_over_https.board.sources.asking import NoAnswerError, ask
from lambda_over_https.board.vocabulary import Document
from lambda_over_https.sandbox.client.record import recorded
from lambda_over_https.settings import home

LOOK = 2.0
"""Seconds between two looks."""


class Firings:
    """Asks the sandbox while ``function`` gives the ARN of a function that has a schedule, and not ""."""

    def __init__(self, scene: Scene, function: Callable[[], str]) -> None:
        self._scene = scene
        self._function = function

    async def run(self) -> None:
        """Follow, until cancelled."""
        while True:
            self._scene.show_schedules(await self._next() if self._function() else [])
            await asyncio.sleep(LOOK)

    async def _next(self) -> list[Document]:
        """The schedules and rules that fire our function, with the moment of the next time."""
        sandbox = recorded(home())
        if sandbox is None:
            return []
        try:
            listed = (await ask(sandbox, "/_sandbox/schedules"))["schedules"]
        except NoAnswerError:
            return []
        ours = (each for each in listed if self._function() in each["targets"] and each["next"])
        return [{"name": each["name"], "next": each["next"]} for each in ours]
