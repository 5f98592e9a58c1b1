"""PutLogEvents: which events are stored, and which batches are refused as a whole.

API reference, PutLogEvents. The words of the refusals as reported.
"""

import time
from collections.abc import Sequence
from typing import Any

from lambda_over_https.sandbox.control.aws_calls import AwsCall
from lambda_over_https.sandbox.control.layer import AwsResponse
from lambda_over_https.sandbox.control.moto_state import logs_backend
from lambda_over_https.sandbox.layers.log_limit import accepted
from lambda_over_https.sandbox.model.errors import AwsError

MAX_BYTES = 1_048_576
"""The most bytes of a batch: its messages in UTF-8, and 26 for each event."""

_EVENT_BYTES = 26
_HOUR = 3_600_000  # ms, as timestamps are
_DAY = 24 * _HOUR
_TOO_OLD, _TOO_NEW = 14 * _DAY, 2 * _HOUR


def put_log_events(call: AwsCall) -> AwsResponse:
    """Answer PutLogEvents: what is too old, too new or expired is told and not stored."""
    group, stream = _stream(call)
    events = call.parameters["logEvents"]
    _check_batch(events)
    rejected = _rejected(events, group.retention_in_days)
    kept = accepted(events, rejected)
    if kept and kept[-1]["timestamp"] - kept[0]["timestamp"] > _DAY:
        raise _invalid(
            "The batch of log events in a single PutLogEvents request cannot span more than 24 hours."
        )
    if kept:
        stream.put_log_events(kept)
    told = {"rejectedLogEventsInfo": rejected} if rejected else {}
    return AwsResponse.json(200, {"nextSequenceToken": f"{stream.upload_sequence_token:056d}", **told})


def _stream(call: AwsCall) -> tuple[Any, Any]:
    group = logs_backend(call.region).groups.get(call.parameters["logGroupName"])
    if group is None:
        raise AwsError("ResourceNotFoundException", "The specified log group does not exist.")
    stream = group.streams.get(call.parameters["logStreamName"])
    if stream is None:
        raise AwsError("ResourceNotFoundException", "The specified log stream does not exist.")
    return group, stream


def _check_batch(events: Sequence[Any]) -> None:
    times = [event["timestamp"] for event in events]
    if times != sorted(times):
        raise _invalid("Log events in a single PutLogEvents request must be in chronological order.")
    size = sum(len(event["message"].encode(errors="replace")) + _EVENT_BYTES for event in events)
    if size > MAX_BYTES:
        raise _invalid(f"Upload too large: {size} bytes exceeds limit of {MAX_BYTES}")


def _rejected(events: Sequence[Any], days: int | str | None) -> dict[str, int]:
    """``rejectedLogEventsInfo`` for a group that keeps events for ``days``; without any events none."""
    now = int(time.time() * 1000)
    indexes = {
        "tooOldLogEventEndIndex": _before(events, now - _TOO_OLD),
        "expiredLogEventEndIndex": _before(events, now - int(days) * _DAY) if days else 0,
    }
    found = {name: index for name, index in indexes.items() if index}
    timely = _before(events, now + _TOO_NEW + 1)
    return found | ({"tooNewLogEventStartIndex": timely} if timely < len(events) else {})


def _before(events: Sequence[Any], moment: int) -> int:
    """How many events are from before the moment."""
    return sum(event["timestamp"] < moment for event in events)


def _invalid(message: str) -> AwsError:
    return AwsError("InvalidParameterException", message)
