"""Shows the items of the sandbox's table, whoever has written them."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

from lambda_over_https.board.scene import Scene
from lambda_over_https.board.sources.clients import client
from lambda_over_https.board.vocabulary import Document, shortened
from lambda_over_https.errors import LohError
from lambda_over_https.sandbox.client.record import Sandbox, recorded
from lambda_over_https.settings import home
from lambda_over_https.transcript.answers import readable

LOOK = 1.0
"""Seconds between two looks: a small table is soon read, and nothing tells of who else writes to it."""

SHOWN = 4
"""Items that are shown; of the others only their number."""

LONGEST = 80
"""Characters of an item that are shown."""


class Items:
    """Looks at the table while ``table`` gives its name and Region, and not None."""

    def __init__(self, scene: Scene, table: Callable[[], tuple[str, str] | None]) -> None:
        self._scene = scene
        self._table = table

    async def run(self) -> None:
        """Look again and again, until cancelled."""
        while True:
            self._scene.show_items(await self._look())
            await asyncio.sleep(LOOK)

    async def _look(self) -> Document | None:
        sandbox, table = recorded(home()), self._table()
        if sandbox is None or table is None:
            return None
        return await asyncio.to_thread(_scanned, sandbox, *table)


def _scanned(sandbox: Sandbox, table: str, region: str) -> Document | None:
    """The first items and how many there are; None if there is no such table, or nobody answers."""
    from lambda_over_https.aws.looks.items import first_items

    try:
        count, items = first_items(client(sandbox, "dynamodb", region), table, SHOWN)
    except LohError:
        return None
    return {"count": count, "items": [_in_short(each) for each in items]}


def _in_short(item: dict[str, Any]) -> str:
    """An item as JSON, its key first."""
    ordered = {key: item[key] for key in sorted(item, key=lambda key: (key != "Id", key))}
    return shortened(json.dumps(ordered, default=readable, ensure_ascii=False), LONGEST)
