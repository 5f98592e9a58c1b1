"""Asynchronous events: how often a function is tried, and when."""

import asyncio
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from lambda_over_https.sandbox.control.refusals import too_many_requests
from lambda_over_https.sandbox.lambda_.triggers.asynchronous import AsynchronousEvents, Event
from lambda_over_https.sandbox.model.functions import EventSettings, Function, InvocationResult

FUNCTION = Function(
    arn="arn:aws:lambda:us-east-1:123456789012:function:f",
    name="f",
    version="$LATEST",
    runtime="python3.14",
    handler="main.handler",
    role="none",
    timeout=3,
    memory_size=128,
    environment={},
    code=Path("none"),
    revision="1",
)


@dataclass
class Lambda:
    """A function that does as it is told: throttled ("429"), failing ("error") or well ("ok"), in turn."""

    turns: list[str]
    settings: EventSettings = EventSettings(retries=1)  # noqa: RUF009  # immutable
    tried: list[str] = field(default_factory=list)

    def function(self, region: str, name_or_arn: str, qualifier: str | None = None) -> Function:
        """The one function that there is."""
        return FUNCTION

    def event_settings(self, region: str, name: str, qualifier: str | None) -> EventSettings:
        """What holds for its events."""
        return self.settings

    async def invoke(self, function: Function, event: Event) -> InvocationResult:
        """Take the next turn."""
        turn = self.turns[len(self.tried)]
        self.tried.append(turn)
        if turn == "429":
            raise too_many_requests("lambda")
        return InvocationResult(b"1", event.request_id, "$LATEST", "Unhandled" if turn == "error" else None)


@pytest.mark.parametrize(
    ("turns", "tried"),
    [
        (["ok", "ok"], 1),
        (["error", "error", "ok"], 2),
        (["429"] * 5 + ["ok", "ok"], 6),
        (["429", "error", "429", "429", "error", "ok"], 5),
    ],
)
def test_a_throttled_event_waits_until_it_runs_and_only_what_ran_counts_as_tried(
    turns: list[str], tried: int
) -> None:
    functions = Lambda(turns)

    async def told() -> None:
        events = AsynchronousEvents(functions, functions.invoke, (0, 0), first_pause=0.0001)
        events.begin(Event("us-east-1", "f", None, b"1", "r"))
        await asyncio.sleep(0.1)
        await events.close()

    asyncio.run(told())
    assert functions.tried == turns[:tried]
