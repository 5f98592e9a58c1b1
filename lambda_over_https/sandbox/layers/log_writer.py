"""Carries what functions print into CloudWatch Logs.

Only moto's thread may write there, and to wake it for each invocation would cost more than the writing. So
events wait here until there are enough of them, or until a call arrives that could notice their absence.
"""

import re
from collections import deque
from collections.abc import Callable

from lambda_over_https.sandbox.control.aws_calls import AwsCall
from lambda_over_https.sandbox.control.layer import Layer
from lambda_over_https.sandbox.control.moto_state import (
    apigateway_backend,
    find_function,
    function_arn,
    logs_backend,
)
from lambda_over_https.sandbox.iam.authorization import may_log
from lambda_over_https.sandbox.layers.log_limit import LogLimit
from lambda_over_https.sandbox.model.apis import EXECUTION_LOGS

BATCHES = 32
"""How many batches (mostly one for each invocation) may wait before they are written."""

_STREAM = re.compile(r"\d{4}/\d\d/\d\d/([\w-]+)\[")
"""A worker's stream in a group that is not its function's own has the function's name."""

Event = tuple[int, str]
"""Milliseconds since 1970, and the text."""

Stream = tuple[str, str, str]
"""Region, log group, log stream."""


class LogWriter(Layer):
    """Keeps events until it writes them.

    ``submit`` runs a job in moto's thread; ``limit`` bounds what is kept of all events.
    """

    def __init__(self, submit: Callable[[Callable[[], object]], None], limit: LogLimit) -> None:
        self._submit = submit
        self._limit = limit
        self._waiting: deque[tuple[Stream, list[Event]]] = deque()

    def add(self, stream: Stream, events: list[Event]) -> None:
        """Append ``events`` to the stream before any caller can look; create stream and group if needed.

        The role of the function that the group belongs to must allow each of these. As on AWS, what it does
        not allow is lost without an error.
        """
        self._waiting.append((stream, events))
        if len(self._waiting) % BATCHES == 0:
            self._submit(self.write)

    def before(self, call: AwsCall) -> None:
        """Write the waiting events under the policies as they are before this call.

        DynamoDB's calls neither see nor change logs, so they do not wait for this.
        """
        if self._waiting and call.service != "dynamodb":
            self.write()

    def write(self) -> None:
        """Write all waiting events. Runs in moto's thread, while the event loop may go on adding."""
        together: dict[Stream, list[Event]] = {}
        while self._waiting:
            stream, events = self._waiting.popleft()
            together.setdefault(stream, []).extend(events)
        for stream, events in together.items():
            self._put(*stream, events)

    def _put(self, region: str, group: str, stream: str, events: list[Event]) -> None:
        ordered = sorted(events, key=lambda event: event[0])
        if _put_log_events(region, group, stream, ordered):
            kept = logs_backend(region).groups[group].streams[stream]
            self._limit.count(kept, [text for _, text in ordered])


def _put_log_events(region: str, group: str, stream: str, events: list[Event]) -> bool:
    """Whether the events were written: the role of the function, or API Gateway's, may forbid it."""
    logs = logs_backend(region)
    writer = _writer(region, group, stream)

    def may(action: str) -> bool:
        if writer is None:
            return True
        role, source = writer
        return may_log(role, region, group, stream, f"logs:{action}", source)

    if group not in logs.groups:
        if not may("CreateLogGroup"):
            return False
        logs.create_log_group(group, {})
    if stream not in logs.groups[group].streams:
        if not may("CreateLogStream"):
            return False
        logs.create_log_stream(group, stream)
    if not may("PutLogEvents"):
        return False
    logs.put_log_events(group, stream, [{"timestamp": at, "message": text} for at, text in events])
    return True


def _writer(region: str, group: str, stream: str) -> tuple[str, str] | None:
    """The role with which the stream is written, and the function whose role it is; None if none decides.

    Either is empty if there is none.
    """
    if group.startswith(EXECUTION_LOGS):
        return apigateway_backend(region).account.cloudwatch_role_arn or "", ""
    named = _STREAM.match(stream)
    function = find_function(region, named[1] if named else group.removeprefix("/aws/lambda/"))
    return (function.role, function_arn(region, function.function_name)) if function else None
