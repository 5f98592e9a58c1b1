"""A function gets every record of its event source, whenever it comes."""

import asyncio
import json
from typing import Any, cast

from lambda_over_https.sandbox.lambda_.triggers.event_sources import EventSources, Source
from lambda_over_https.sandbox.model.functions import Function, InvocationResult

SOURCE: Source = ("us-east-1", "arn:aws:lambda:us-east-1:123456789012:function:f", "arn:stream")


class _Lambda:
    """A function that writes to its own stream in its first two runs, and the mapping of the two."""

    def __init__(self) -> None:
        self.sources = EventSources(self, self)
        self.seen: list[int] = []
        self.whole = asyncio.Event()

    def batch_size(self, source: Source) -> int:
        """Records that a run gets."""
        return 10

    def function(self, region: str, name_or_arn: str, qualifier: str | None = None) -> Function:
        """The function."""
        return cast("Function", name_or_arn)

    async def invoke(self, function: Function, payload: bytes) -> InvocationResult:
        """One run. What it writes reaches the mapping at once, just when this run ends."""
        self.seen += [record["n"] for record in json.loads(payload)["Records"]]
        if len(self.seen) < 3:
            self.sources.add(SOURCE, [{"n": len(self.seen)}])
        else:
            self.whole.set()
        return cast("InvocationResult", _Done())


class _Done:
    error: Any = None


def test_a_record_that_comes_when_the_last_was_just_handed_over_is_not_forgotten() -> None:
    async def run() -> list[int]:
        function = _Lambda()
        function.sources.add(SOURCE, [{"n": 0}])
        await asyncio.wait_for(function.whole.wait(), timeout=5)
        await function.sources.close()
        return function.seen

    assert asyncio.run(run()) == [0, 1, 2]
