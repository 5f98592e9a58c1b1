"""Looks at a class's account again and again, as ``loh class status`` does."""

import asyncio
from typing import TYPE_CHECKING

from lambda_over_https.aws.errors.explanations import explained
from lambda_over_https.board.classes.account import ClassAccount
from lambda_over_https.board.classes.looks import problem_of
from lambda_over_https.board.classes.scene import ClassScene
from lambda_over_https.board.classes.tiles import Tiles
from lambda_over_https.board.vocabulary import Document
from lambda_over_https.classroom.following.status import LOOK_EVERY, status_of
from lambda_over_https.classroom.roll.book import Class
from lambda_over_https.errors import LohError

if TYPE_CHECKING:
    from lambda_over_https.aws.place import Place

ON_THIS_MACHINE = 2.0
"""Seconds between two looks where no calls are rationed. Each look sends a request to every student's API,
and the firewall of the chapter protect lets a hundred through in a minute: most are the student's own."""


def pause_of(place: "Place", *, ask: bool = False) -> float:
    """Seconds between two looks at that place; with ``ask`` they use up the quotas of the students' keys."""
    return ON_THIS_MACHINE if place.on_this_machine and not ask else LOOK_EVERY


class ClassWatcher:
    """Keeps a scene as the account says. With ``ask`` each look sends an echo to each student's URL."""

    def __init__(self, taught: Class, account: ClassAccount, scene: ClassScene, *, ask: bool) -> None:
        self._taught = taught
        self._account = account
        self._scene = scene
        self._ask = ask
        self._tiles = Tiles(taught)

    async def run(self) -> None:
        """Look again and again, until cancelled."""
        while True:
            try:
                self._scene.show(await asyncio.to_thread(self._look))
            except LohError as error:
                self._scene.show_problem(problem_of(error))
            await asyncio.sleep(pause_of(self._account.place, ask=self._ask))

    def _look(self) -> Document:
        cloud, place = self._account.reached()
        with explained():
            now = status_of(self._taught, cloud, place, ask=self._ask)
        return {**self._tiles.described(now.rows, now.listed.resources), "problem": now.listed.gap}
