"""FilterLogEvents: every stream of a group, in the order of time, a page at a time."""

import time
from typing import Any

import pytest

from lambda_over_https.sandbox.strict.logs.events import _in_order
from tests.kit.sandbox.control import ACCOUNT, REGION, Clients, refused


@pytest.fixture
def at() -> int:
    """A moment of today, in milliseconds."""
    return int(time.time() * 1000)


@pytest.fixture
def group(aws: Clients, unique: str, at: int) -> str:
    """A log group with events 0 to 9, in two streams in turn, of which the later are put first."""
    logs = aws("logs")
    logs.create_log_group(logGroupName=unique)
    for number, stream in enumerate(("even", "odd")):
        logs.create_log_stream(logGroupName=unique, logStreamName=stream)
        events = [{"timestamp": at + i, "message": f"event {i}"} for i in range(number, 10, 2)]
        for half in (events[2:], events[:2]):
            logs.put_log_events(logGroupName=unique, logStreamName=stream, logEvents=half)
    return unique


def _said(found: dict[str, Any]) -> list[int]:
    return [int(event["message"].split()[1]) for event in found["events"]]


def test_the_events_of_all_streams_come_in_the_order_of_time(aws: Clients, group: str) -> None:
    found = aws("logs").filter_log_events(logGroupName=group)
    assert _said(found) == list(range(10))
    assert [event["logStreamName"] for event in found["events"]][:2] == ["even", "odd"]
    assert found["searchedLogStreams"] == []


@pytest.mark.parametrize("limit", [1, 3, 10, 11])
@pytest.mark.parametrize("forward", [True, False])
def test_pages_hold_every_event_once(aws: Clients, group: str, at: int, limit: int, forward: bool) -> None:
    more: dict[str, Any] = {"logGroupName": group, "startTime": at, "limit": limit, "startFromHead": forward}
    pages = []
    while True:
        found = aws("logs").filter_log_events(**more)
        pages.append(_said(found))
        if "nextToken" not in found:
            break
        more["nextToken"] = found["nextToken"]
    assert [each for page in pages for each in page] == sorted(range(10), reverse=not forward)
    assert {len(page) for page in pages[:-1]} <= {limit}


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"logStreamNames": ["odd"]}, [1, 3, 5, 7, 9]),
        ({"logStreamNamePrefix": "ev"}, [0, 2, 4, 6, 8]),
        ({"logStreamNamePrefix": "none"}, []),
        ({"filterPattern": "8"}, [8]),
        ({"filterPattern": "event -8", "limit": 20}, [0, 1, 2, 3, 4, 5, 6, 7, 9]),
    ],
)
def test_only_what_is_asked_for_is_found(
    aws: Clients, group: str, asked: dict[str, Any], expected: list[int]
) -> None:
    assert _said(aws("logs").filter_log_events(logGroupName=group, **asked)) == expected


def test_both_ends_of_the_time_belong_to_it(aws: Clients, group: str, at: int) -> None:
    asked = {"logGroupName": group, "startTime": at + 3, "endTime": at + 6}
    assert _said(aws("logs").filter_log_events(**asked)) == [3, 4, 5, 6]


def test_events_that_come_while_pages_are_read_are_on_the_next(aws: Clients, group: str, at: int) -> None:
    first = aws("logs").filter_log_events(logGroupName=group, limit=5)
    for moment, text in ((at + 20, "event 20"), (at + 5, "event 5")):
        late = [{"timestamp": moment, "message": text}]
        aws("logs").put_log_events(logGroupName=group, logStreamName="odd", logEvents=late)
    second = aws("logs").filter_log_events(logGroupName=group, nextToken=first["nextToken"])
    assert (_said(first), _said(second)) == ([0, 1, 2, 3, 4], [5, 5, 6, 7, 8, 9, 20])


@pytest.mark.parametrize("name", ["{}", "arn:aws:logs:{region}:{account}:log-group:{}"])
def test_a_group_is_named_by_its_name_or_its_arn(aws: Clients, group: str, name: str) -> None:
    identifier = name.format(group, region=REGION, account=ACCOUNT)
    assert len(aws("logs").filter_log_events(logGroupIdentifier=identifier)["events"]) == 10


@pytest.mark.parametrize("token", ["x", "{}@forward@1", "{}@forward@x@1", "{}@up@1@1", "other@forward@1@1"])
def test_a_token_that_is_none_is_refused(aws: Clients, group: str, token: str) -> None:
    found = refused(aws("logs").filter_log_events, logGroupName=group, nextToken=token.format(group))
    assert found == (400, "InvalidParameterException", "The specified nextToken is invalid.")


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"logStreamNames": ["none"]}, "ResourceNotFoundException"),
        ({"logStreamNames": ["odd"], "logStreamNamePrefix": "e"}, "InvalidParameterException"),
        ({"startFromHead": False, "startTime": 1}, "InvalidParameterException"),
    ],
)
def test_what_cannot_be_asked_for_is_refused(
    aws: Clients, group: str, asked: dict[str, Any], code: str
) -> None:
    assert refused(aws("logs").filter_log_events, logGroupName=group, **asked)[:2] == (400, code)


class _Event:
    """An event that counts how often anybody asks for its time."""

    asked = 0

    def __init__(self, number: int) -> None:
        self.event_id = number

    @property
    def timestamp(self) -> int:
        _Event.asked += 1
        return self.event_id


class _Stream:
    def __init__(self, events: list[_Event]) -> None:
        self.events = events


def test_what_is_known_to_be_in_order_is_not_compared_again() -> None:
    stream = _Stream([_Event(number) for number in range(1000)])
    _in_order(stream)
    _Event.asked = 0
    stream.events.append(_Event(1000))
    del stream.events[:10]
    _in_order(stream)
    assert _Event.asked == 2


def test_of_a_group_that_exists_it_is_the_stream_that_is_missing(aws: Clients, group: str) -> None:
    """As recorded on AWS."""
    for name, what in ((group, "stream"), ("none", "group")):
        found = refused(aws("logs").get_log_events, logGroupName=name, logStreamName="none")
        assert found == (400, "ResourceNotFoundException", f"The specified log {what} does not exist.")


def test_a_pattern_of_no_fields_matches_every_event(aws: Clients, group: str) -> None:
    found = aws("logs").filter_log_events(logGroupName=group, filterPattern="[]")["events"]
    assert len(found) == 10
