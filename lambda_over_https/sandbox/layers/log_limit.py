"""Keeps the log events of all groups within a bound: the oldest go first.

So a sandbox can run for days.
"""

import weakref
from collections import deque
from collections.abc import Mapping, Sequence
from typing import Any

from lambda_over_https.sandbox.control.aws_calls import AwsCall
from lambda_over_https.sandbox.control.layer import AwsResponse, Layer
from lambda_over_https.sandbox.control.moto_state import logs_backend

LOG_BYTES = 32 * 2**20
"""Of all events together, as ``EVENT_BYTES`` and the text of each."""

EVENT_BYTES = 500
"""What moto keeps of an event besides its text."""


def accepted(events: Sequence[Any], rejected: Mapping[str, int]) -> Sequence[Any]:
    """The events of a batch without the ``rejected`` ones (``rejectedLogEventsInfo`` of the answer)."""
    first = max(rejected.get("tooOldLogEventEndIndex", 0), rejected.get("expiredLogEventEndIndex", 0))
    return events[first : rejected.get("tooNewLogEventStartIndex", len(events))]


class LogLimit(Layer):
    """Forgets the oldest events. All runs in moto's thread."""

    services = frozenset({"logs"})

    def __init__(self, most: int = LOG_BYTES) -> None:
        self._most = most
        self._size = 0
        self._batches: deque[tuple[weakref.ref[Any], int, int]] = deque()

    def after(self, call: AwsCall, response: AwsResponse) -> None:
        """Count the events that a client has put."""
        if call.operation == "PutLogEvents":
            group = logs_backend(call.region).groups[call.parameters["logGroupName"]]
            rejected = response.document.get("rejectedLogEventsInfo", {})
            texts = [event["message"] for event in accepted(call.parameters["logEvents"], rejected)]
            self.count(group.streams[call.parameters["logStreamName"]], texts)

    def count(self, stream: Any, texts: list[str]) -> None:
        """Count events that were added to the end of the stream (moto's), and forget old ones."""
        size = sum(EVENT_BYTES + len(text) for text in texts)
        self._batches.append((weakref.ref(stream), len(texts), size))
        self._size += size
        while self._size > self._most and len(self._batches) > 1:
            self._forget(*self._batches.popleft())

    def _forget(self, reference: "weakref.ref[Any]", events: int, size: int) -> None:
        self._size -= size
        stream = reference()
        if stream is not None:  # else it was deleted
            del stream.events[:events]
