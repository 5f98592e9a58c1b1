"""Asynchronous invocations: events that Lambda accepts at once, tries several times, and reports on.

Lambda guide, "Invoking a Lambda function asynchronously" and "Capturing records of asynchronous invocations".
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from lambda_over_https.sandbox.control.moto_state import find_role
from lambda_over_https.sandbox.iam.policies.policy import AccessRequest
from lambda_over_https.sandbox.iam.policies.principals import role_may
from lambda_over_https.sandbox.lambda_.invoke_api import ASYNCHRONOUS_LIMIT
from lambda_over_https.sandbox.model import strict_json
from lambda_over_https.sandbox.model.errors import AwsError
from lambda_over_https.sandbox.model.functions import EventSettings, Function, InvocationResult
from lambda_over_https.sandbox.model.times import event_time

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 300.0
"""Seconds before a throttled event is tried again: at first, and at most.

Lambda guide, "How Lambda handles errors and retries with asynchronous invocation".
"""

_SUCCESS = "Success"
_LOOP = "RecursiveInvocationException"


class EventsView(Protocol):
    """What asynchronous events need of the account's state."""

    def function(self, region: str, name_or_arn: str, qualifier: str | None = None) -> Function:
        """Return the function as it is now; AwsError if there is none."""

    def event_settings(self, region: str, name: str, qualifier: str | None) -> EventSettings:
        """Return what PutFunctionEventInvokeConfig says of the function, or the defaults."""


@dataclass(frozen=True, slots=True)
class Event:
    """One event on its way to a function; ``lineage`` is what has run in its chain of requests before."""

    region: str
    name: str
    qualifier: str | None
    payload: bytes
    request_id: str
    client_context: str | None = None
    lineage: str = ""


Invoke = Callable[[Function, Event], Awaitable[InvocationResult]]
"""Runs a function on an event."""


class AsynchronousEvents:
    """All events under way. ``delays`` are the seconds before the second and the third attempt.

    A function that is throttled has not been tried: the event waits ``first_pause`` seconds, then twice as
    long each time.
    """

    def __init__(
        self, state: EventsView, invoke: Invoke, delays: Sequence[float], first_pause: float = FIRST_PAUSE
    ) -> None:
        self._state = state
        self._invoke = invoke
        self._delays = delays
        self._first_pause = first_pause
        self._tasks: set[asyncio.Task[None]] = set()

    def begin(self, event: Event) -> None:
        """Send an event on its way; nobody waits for it."""
        task = asyncio.get_running_loop().create_task(self._run(event))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Give up all events."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _run(self, event: Event) -> None:
        """Try an event until it succeeds or its time is over, and report."""
        settings = self._state.event_settings(event.region, event.name, event.qualifier)
        began = asyncio.get_running_loop().time()
        delays, attempts, pause = iter((*self._delays[: settings.retries], None)), 0, self._first_pause
        delay: float | None
        while True:
            try:
                function = self._state.function(event.region, event.name, event.qualifier)
                result = await self._try(event, function)
            except AwsError:
                return
            if result is None:
                delay, pause = pause, min(2 * pause, LONGEST_PAUSE)
            else:
                delay, attempts = next(delays), attempts + 1
            age = asyncio.get_running_loop().time() - began
            condition = _condition(settings, function, result, age, delay)
            if condition is not None:
                to = settings.on_success if condition == _SUCCESS else settings.on_failure
                lineage = result.lineage if result else event.lineage
                self._report(event, function, to, _record(event, condition, attempts, result), lineage)
                return
            await asyncio.sleep(delay or 0)

    async def _try(self, event: Event, function: Function) -> InvocationResult | None:
        """The result of one attempt; None if Lambda did not run the function.

        AwsError RecursiveInvocationException if it runs in a loop: then nothing follows from the event.
        """
        try:
            return await self._invoke(function, event)
        except AwsError as error:
            if error.code == _LOOP:
                raise
            return None

    def _report(
        self, event: Event, function: Function, destination: str | None, record: Any, lineage: str
    ) -> None:
        """Send the record to the destination, if the function's role may invoke it.

        A record that is too large for an event is dropped (Lambda guide, "DestinationDeliveryFailures").
        """
        if destination is None:
            return
        role = find_role(function.role)
        if role is not None and role_may(role, AccessRequest("lambda:InvokeFunction", [destination])):
            arn = function.arn if event.qualifier else f"{function.arn}:$LATEST"
            record["requestContext"]["functionArn"] = arn
            payload, request_id = json.dumps(record).encode(), record["requestContext"]["requestId"]
            if len(payload) <= ASYNCHRONOUS_LIMIT:
                self.begin(Event(event.region, destination, None, payload, request_id, lineage=lineage))


def _condition(
    settings: EventSettings,
    function: Function,
    result: InvocationResult | None,
    age: float,
    delay: float | None,
) -> str | None:
    """How the event has ended; None if it is to be tried again after ``delay`` seconds."""
    if result is None and function.reserved_concurrency == 0:
        return "ZeroReservedConcurrency"
    if result is not None and result.error is None:
        return _SUCCESS
    if delay is None:
        return "RetriesExhausted"
    return "EventAgeExceeded" if age + delay > settings.longest_age else None


def _record(event: Event, condition: str, attempts: int, result: InvocationResult | None) -> dict[str, Any]:
    """The record of an invocation, as recorded on AWS."""
    record: dict[str, Any] = {
        "version": "1.0",
        "timestamp": event_time(),
        "requestContext": {
            "requestId": event.request_id,
            "functionArn": "",
            "condition": condition,
            "approximateInvokeCount": attempts,
        },
        "requestPayload": _told(event.payload or b"{}"),
    }
    if result is not None:
        context = {"statusCode": 200, "executedVersion": result.executed_version}
        if result.error:
            context["functionError"] = result.error
        record |= {"responseContext": context, "responsePayload": _told(result.payload)}
    return record


def _told(document: bytes) -> Any:
    """The document in a record. What is no JSON, as NaN or the bytes of a handler, is told as text."""
    try:
        strict_json.check(document)
        return json.loads(document)
    except (ValueError, RecursionError):
        return document.decode(errors="replace")
