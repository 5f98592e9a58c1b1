"""Looks which statements the policy of the sandbox's function has: anybody may remove one by hand."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime

from lambda_over_https.board.sources.clients import client
from lambda_over_https.errors import LohError
from lambda_over_https.sandbox.client.record import Sandbox, recorded
from lambda_over_https.settings import home

LOOK = 1.0
"""Seconds between two looks. On AWS nobody looks: a class shares what its account may ask."""

Take = Callable[[frozenset[str], str], None]
"""Takes the ids of the statements, and from when (ISO, UTC) they are."""


class Statements:
    """Looks while ``function`` gives a function's name and Region, and not None."""

    def __init__(self, function: Callable[[], tuple[str, str] | None], take: Take) -> None:
        self._function = function
        self._take = take

    async def run(self) -> None:
        """Look again and again, until cancelled."""
        while True:
            sandbox, function = recorded(home()), self._function()
            if sandbox and function:
                at = datetime.now(UTC).isoformat(timespec="milliseconds")
                found = await asyncio.to_thread(_there, sandbox, *function)
                if found is not None:
                    self._take(found, at)
            await asyncio.sleep(LOOK)


def _there(sandbox: Sandbox, function: str, region: str) -> frozenset[str] | None:
    """The ids of the function's statements; None if nobody answers."""
    from lambda_over_https.aws.looks.statements import statement_ids

    try:
        return statement_ids(client(sandbox, "lambda", region), function)
    except LohError:
        return None
