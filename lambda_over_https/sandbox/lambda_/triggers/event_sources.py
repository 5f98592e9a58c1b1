"""Event source mappings: the records of a table's stream, handed to a function in their order.

A mapping takes up to its batch size of records at a time, and waits for the function. A batch that fails is
tried again, after a growing pause, until it succeeds or the mapping is gone: meanwhile later records wait.
Lambda guide, "Process DynamoDB records with Lambda".
"""

import asyncio
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from lambda_over_https.sandbox.model.errors import AwsError
from lambda_over_https.sandbox.model.functions import Function, InvocationResult

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
"""Seconds before a batch is tried again: at first, and at most."""

Source = tuple[str, str, str]
"""Region, the function's ARN, the stream's ARN."""

Records = Sequence[Mapping[str, Any]]


class SourcesView(Protocol):
    """What the mappings need of the account's state."""

    def function(self, region: str, name_or_arn: str, qualifier: str | None = None) -> Function:
        """Return the function as it is now; AwsError if there is none."""

    def batch_size(self, source: Source) -> int:
        """Return the batch size of the mapping; 0 if it is gone or disabled."""


class Invoker(Protocol):
    """Runs a function, and waits for its result."""

    async def invoke(self, function: Function, payload: bytes) -> InvocationResult:
        """Run ``function`` on the event ``payload``."""


class EventSources:
    """The mappings that have records. Create it on the event loop; ``add`` may be called from any thread."""

    def __init__(self, state: SourcesView, functions: Invoker) -> None:
        self._loop = asyncio.get_running_loop()
        self._state = state
        self._functions = functions
        self._waiting: dict[Source, list[Mapping[str, Any]]] = defaultdict(list)
        self._tasks: dict[Source, asyncio.Task[None]] = {}

    def add(self, source: Source, records: Records) -> None:
        """Hand new records to the mapping of that source."""
        self._loop.call_soon_threadsafe(self._add, source, records)

    async def close(self) -> None:
        """Stop all mappings."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _add(self, source: Source, records: Records) -> None:
        self._waiting[source].extend(records)
        if source not in self._tasks:
            self._tasks[source] = self._loop.create_task(self._drain(source))

    async def _drain(self, source: Source) -> None:
        try:
            await self._hand_over(source, self._waiting[source])
        finally:  # in one go: a record that comes next must find neither, and begin anew
            del self._waiting[source], self._tasks[source]

    async def _hand_over(self, source: Source, waiting: list[Mapping[str, Any]]) -> None:
        """Invoke until nothing waits, or the mapping is gone; what fails is tried again."""
        pause = FIRST_PAUSE
        while waiting and (size := self._state.batch_size(source)):
            batch = waiting[:size]
            if await self._succeeds(source, batch):
                del waiting[: len(batch)]
                pause = FIRST_PAUSE
            else:
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)

    async def _succeeds(self, source: Source, batch: Records) -> bool:
        region, function_arn, _ = source
        try:
            function = self._state.function(region, function_arn)
            result = await self._functions.invoke(function, json.dumps({"Records": batch}).encode())
        except AwsError:  # throttled, or deleted: the records wait, as on AWS
            return False
        return result.error is None
