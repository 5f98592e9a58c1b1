"""FilterLogEvents: the events of a group's streams in the order of time, a page at a time.

Moto filters every event of the group for each page, stream by stream. Here a page costs as much as what is on
it and what its pattern passes over, however long the log is.
"""

import heapq
import itertools
import weakref
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lambda_over_https.sandbox.control.aws_calls import AwsCall
from lambda_over_https.sandbox.control.layer import AwsResponse
from lambda_over_https.sandbox.control.moto_state import logs_backend
from lambda_over_https.sandbox.model.errors import AwsError
from lambda_over_https.sandbox.strict.logs import searches

MOST = 10_000
"""Events on a page, if the call names no limit (API reference, FilterLogEvents)."""

LATEST_FIRST_SINCE = 1_704_067_200_000
"""The earliest startTime, in ms, with which the latest events can come first (API reference)."""

Moment = tuple[int, int]
"""Where an event stands: its timestamp, and its number among those of the same time."""

Found = tuple[Moment, str, Any]
"""A moment, the stream's name, and moto's event."""

_ordered: "weakref.WeakKeyDictionary[Any, Any]" = weakref.WeakKeyDictionary()
"""By stream: the last of its events up to which all are known to be in order."""


@dataclass(frozen=True, slots=True)
class _Page:
    """What one call asks for: events between two moments, in one of two directions."""

    start: Moment
    end: Moment
    forward: bool
    limit: int


def filter_events(call: AwsCall) -> AwsResponse:
    """Answer FilterLogEvents."""
    parameters = call.parameters
    name = searches.group_name(parameters.get("logGroupName") or parameters.get("logGroupIdentifier") or "")
    group = logs_backend(call.region).groups.get(name)
    if group is None:
        raise AwsError("ResourceNotFoundException", "The specified log group does not exist.")
    page = _page(call, name)
    pattern = parameters.get("filterPattern") or ""
    streams = [_between(stream, page) for stream in _streams(call, group)]
    merged = heapq.merge(*streams, key=lambda found: found[0], reverse=not page.forward)
    matching = (found for found in merged if searches.matches(pattern, found[2].message))
    found = list(itertools.islice(matching, page.limit + 1))
    document: dict[str, Any] = {
        "events": [{**event.to_filter_dict(), "logStreamName": of} for _, of, event in found[: page.limit]],
        "searchedLogStreams": [],
    }
    if len(found) > page.limit:
        document["nextToken"] = _token(name, page, found[page.limit - 1][0])
    return AwsResponse.json(200, document)


def _streams(call: AwsCall, group: Any) -> Iterator[Any]:
    names, prefix = call.parameters.get("logStreamNames"), call.parameters.get("logStreamNamePrefix")
    if names and prefix:
        message = "logStreamNames and logStreamNamePrefix cannot be specified together."
        raise AwsError("InvalidParameterException", message)
    if not names:
        yield from (each for name, each in list(group.streams.items()) if name.startswith(prefix or ""))
        return
    for name in dict.fromkeys(names):
        if name not in group.streams:
            raise AwsError("ResourceNotFoundException", "The specified log stream does not exist.")
        yield group.streams[name]


def _page(call: AwsCall, group: str) -> _Page:
    parameters = call.parameters
    start = parameters.get("startTime") or 0
    forward = parameters.get("startFromHead") is not False
    if not forward and start < LATEST_FIRST_SINCE:
        message = "startFromHead can be false only where startTime is on or after 2024-01-01T00:00:00Z."
        raise AwsError("InvalidParameterException", message)
    first, last = (start, -1), (parameters.get("endTime") or 2**63, 2**63)
    if token := parameters.get("nextToken"):
        forward, moment = _resumed(token, group)
        first, last = (max(first, moment), last) if forward else (first, min(last, moment))
    return _Page(first, last, forward, parameters.get("limit") or MOST)


def _token(group: str, page: _Page, moment: Moment) -> str:
    return "@".join((group, "forward" if page.forward else "back", *map(str, moment)))


def _resumed(token: str, group: str) -> tuple[bool, Moment]:
    """The direction of a token, and the moment from which it leads on, which is not in its page."""
    of, direction, *moment = [*token.split("@"), "", ""][:4]
    if of != group or direction not in ("forward", "back") or not all(each.isdecimal() for each in moment):
        raise AwsError("InvalidParameterException", "The specified nextToken is invalid.")
    timestamp, number = map(int, moment)
    return direction == "forward", (timestamp, number)


def _between(stream: Any, page: _Page) -> Iterator[Found]:
    """The stream's events after ``page.start`` and before ``page.end``."""
    events = _in_order(stream)
    indexes = range(bisect_right(events, page.start, key=_moment), bisect_left(events, page.end, key=_moment))
    name = stream.log_stream_name
    return ((_moment(events[i]), name, events[i]) for i in (indexes if page.forward else reversed(indexes)))


def _in_order(stream: Any) -> list[Any]:
    """The stream's events by time: only those that are new since the last call are compared."""
    events: list[Any] = stream.events
    known = _ordered.get(stream)
    new = itertools.takewhile(lambda i: events[i] is not known, range(len(events) - 1, 0, -1))
    if any(_moment(events[i - 1]) > _moment(events[i]) for i in new):
        events.sort(key=_moment)
    if events:
        _ordered[stream] = events[-1]
    return events


def _moment(event: Any) -> Moment:
    return event.timestamp, event.event_id
