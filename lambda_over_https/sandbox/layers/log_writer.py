"""What functions print, on its way into CloudWatch Logs.

Only moto's thread may write there, and waking it for each invocation would cost more than the writing. So
events wait here until there are some, or until a call comes in that could see that they are missing.
"""

from collections import deque
from collections.abc import Callable

from lambda_over_https.sandbox.control.aws_calls import AwsCall
from lambda_over_https.sandbox.control.layer import Layer
from lambda_over_https.sandbox.control.moto_state import find_function, logs_backend
from lambda_over_https.sandbox.iam.authorization import may_log

TOGETHER = 32
"""Batches (invocations, mostly) that are written at the latest, though nobody asks."""

Event = tuple[int, str]
"""Milliseconds since 1970, and the text."""

Stream = tuple[str, str, str]
"""Region, log group, log stream."""


class LogWriter(Layer):
    """Keeps events until they are written. ``submit`` runs a job in moto's thread."""

    def __init__(self, submit: Callable[[Callable[[], object]], None]) -> None:
        self._submit = submit
        self._waiting: deque[tuple[Stream, list[Event]]] = deque()

    def add(self, stream: Stream, events: list[Event]) -> None:
        """Append ``events`` to the stream, making it and its group at need, before anybody can look.

        Only as far as the role of the function that the group belongs to may: what it may not do is
        lost without a word, as on AWS.
        """
        self._waiting.append((stream, events))
        if len(self._waiting) % TOGETHER == 0:
            self._submit(self.write)

    def before(self, call: AwsCall) -> None:
        """Write what waits, as is allowed until this call; DynamoDB neither sees nor changes it."""
        if self._waiting and call.service != "dynamodb":
            self.write()

    def write(self) -> None:
        """Write all that waits. To be called in moto's thread, while the other one may go on adding."""
        together: dict[Stream, list[Event]] = {}
        while self._waiting:
            stream, events = self._waiting.popleft()
            together.setdefault(stream, []).extend(events)
        for stream, events in together.items():
            _put_log_events(*stream, events)


def _put_log_events(region: str, group: str, stream: str, events: list[Event]) -> None:
    logs = logs_backend(region)
    function = find_function(region, group.removeprefix("/aws/lambda/"))

    def may(action: str) -> bool:
        return function is None or may_log(function.role, region, group, stream, f"logs:{action}")

    if group not in logs.groups:
        if not may("CreateLogGroup"):
            return
        logs.create_log_group(group, {})
    if stream not in logs.groups[group].streams:
        if not may("CreateLogStream"):
            return
        logs.create_log_stream(group, stream)
    if may("PutLogEvents"):
        ordered = sorted(events, key=lambda event: event[0])
        logs.put_log_events(group, stream, [{"timestamp": at, "message": text} for at, text in ordered])
