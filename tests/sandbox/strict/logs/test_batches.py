"""PutLogEvents stores what is of now, tells what is not, and refuses a batch that is none."""

import time
from typing import Any

import pytest

from tests.kit.sandbox.control import Clients, refused

HOUR = 3_600_000
DAY = 24 * HOUR


@pytest.fixture
def place(aws: Clients, unique: str) -> dict[str, str]:
    """A log group with a stream."""
    place = {"logGroupName": unique, "logStreamName": "s"}
    aws("logs").create_log_group(logGroupName=unique)
    aws("logs").create_log_stream(**place)
    return place


def events(*offsets: int) -> list[dict[str, Any]]:
    """Events so many milliseconds from now."""
    now = int(time.time() * 1000)
    return [{"timestamp": now + offset, "message": f"event {i}"} for i, offset in enumerate(offsets)]


def stored(aws: Clients, place: dict[str, str]) -> list[str]:
    found = aws("logs").get_log_events(**place, startFromHead=True)["events"]
    return [each["message"] for each in found]


@pytest.mark.parametrize(
    ("offsets", "message"),
    [
        (
            (-DAY - HOUR, 0),
            "The batch of log events in a single PutLogEvents request cannot span more than 24 hours.",
        ),
        ((0, -1), "Log events in a single PutLogEvents request must be in chronological order."),
    ],
)
def test_a_batch_is_of_a_day_and_in_order(
    aws: Clients, place: dict[str, str], offsets: tuple[int, ...], message: str
) -> None:
    found = refused(aws("logs").put_log_events, **place, logEvents=events(*offsets))
    assert found == (400, "InvalidParameterException", message)
    assert stored(aws, place) == []


def test_a_batch_has_a_mebibyte_at_most(aws: Clients, place: dict[str, str]) -> None:
    first, second = events(0, 1)
    second["message"] = "é" * 524_271
    first["message"] = ""
    put = aws("logs").put_log_events
    found = refused(put, **place, logEvents=[{**first, "message": "12"}, second])
    message = "Upload too large: 1048596 bytes exceeds limit of 1048576"
    assert found == (400, "InvalidParameterException", message)


@pytest.mark.parametrize(
    ("days", "offsets", "rejected", "kept"),
    [
        (None, (-DAY + HOUR, 0), None, [0, 1]),
        (None, (-15 * DAY, -HOUR, 0), {"tooOldLogEventEndIndex": 1}, [1, 2]),
        (None, (0, HOUR, 3 * HOUR, 4 * HOUR), {"tooNewLogEventStartIndex": 2}, [0, 1]),
        (3, (-4 * DAY, -4 * DAY, -HOUR), {"expiredLogEventEndIndex": 2}, [2]),
        (3, (-15 * DAY, -4 * DAY), {"tooOldLogEventEndIndex": 1, "expiredLogEventEndIndex": 2}, []),
        (30, (-20 * DAY, 3 * HOUR), {"tooOldLogEventEndIndex": 1, "tooNewLogEventStartIndex": 1}, []),
    ],
)
def test_what_is_too_old_or_too_new_is_told_and_not_stored(
    aws: Clients,
    place: dict[str, str],
    days: int | None,
    offsets: tuple[int, ...],
    rejected: dict[str, int] | None,
    kept: list[int],
) -> None:
    logs = aws("logs")
    if days:
        logs.put_retention_policy(logGroupName=place["logGroupName"], retentionInDays=days)
    said = logs.put_log_events(**place, logEvents=events(*offsets))
    assert said.get("rejectedLogEventsInfo") == rejected
    assert stored(aws, place) == [f"event {number}" for number in kept]


def test_events_need_a_group_and_a_stream(aws: Clients, place: dict[str, str]) -> None:
    put = aws("logs").put_log_events
    missing = refused(put, **{**place, "logStreamName": "none"}, logEvents=events(0))
    message = "The specified log stream does not exist."
    assert missing == (400, "ResourceNotFoundException", message)
    missing = refused(put, **{**place, "logGroupName": "none"}, logEvents=events(0))
    message = "The specified log group does not exist."
    assert missing == (400, "ResourceNotFoundException", message)


def test_a_stream_that_is_there_is_not_made_again(aws: Clients, place: dict[str, str]) -> None:
    message = "The specified log stream already exists"
    expected = (400, "ResourceAlreadyExistsException", message)
    assert refused(aws("logs").create_log_stream, **place) == expected
