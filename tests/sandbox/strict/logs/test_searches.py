"""Searches in logs: filter patterns and Insights queries."""

import fnmatch
import time
from typing import Any

import pytest
from botocore.exceptions import ClientError
from hypothesis import given
from hypothesis import strategies as st

from lambda_over_https.sandbox.strict.logs import filter_patterns, insights
from lambda_over_https.sandbox.strict.logs.discovered import discovered
from tests.kit.sandbox.control import Clients, refused

JSON = '{"level": "error", "code": 7, "user": {"name": "ann"}, "tags": ["a", "b"], "gone": null, "ok": true}'


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("", "anything"),
        ("ERROR", "[ERROR] boom"),
        ("ERROR boom", "boom: ERROR"),
        ('"hello cruel"', "hello cruel world"),
        ('"a \\"b\\""', 'a "b" c'),
        ("?ERROR ?WARN", "WARN: low"),
        ("ERROR -timeout", "ERROR boom"),
        ('-"ok"', "bad"),
        ('{ $.level = "error" }', JSON),
        ('{$.level = "err*"}', JSON),
        ("{ $.level = error }", JSON),
        ('{ $.level != "info" }', JSON),
        ("{ $.code = 7 }", JSON),
        ("{ $.code >= 7 && $.code < 8 }", JSON),
        ('{ ($.code = 1) || ($.user.name = "ann") }', JSON),
        ('{ $.tags[1] = "b" }', JSON),
        ("{ $.gone IS NULL }", JSON),
        ("{ $.ok IS TRUE }", JSON),
        ("{ $.nowhere NOT EXISTS }", JSON),
    ],
)
def test_a_message_matches_a_pattern(pattern: str, message: str) -> None:
    assert filter_patterns.compiled(pattern)(message)


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("ERROR", "error"),
        ("ERROR boom", "ERROR"),
        ("?ERROR ?WARN", "INFO"),
        ("ERROR -timeout", "ERROR timeout"),
        ('{ $.level = "info" }', JSON),
        ('{ $.level = "error" }', 'level = "error"'),
        ('{ $.nowhere = "x" }', JSON),
        ("{ $.level > 3 }", JSON),
        ("{ $.code = 7 && $.code = 8 }", JSON),
        ("{ $.tags[9] NOT EXISTS && $.ok IS FALSE }", JSON),
    ],
)
def test_a_message_does_not_match_a_pattern(pattern: str, message: str) -> None:
    assert not filter_patterns.compiled(pattern)(message)


@pytest.mark.parametrize(
    "pattern", ["a.b", "{ $.a }", "{ $.a = }", "{ a = 1 }", '{ ($.a = "x" }', '{ $.a = "x" } && 1', '"open']
)
def test_what_is_no_pattern(pattern: str) -> None:
    with pytest.raises(ValueError, match="Invalid filter pattern"):
        filter_patterns.compiled(pattern)


@given(st.text(alphabet="ab*", max_size=8), st.text(alphabet="ab", max_size=8))
def test_a_star_stands_for_anything(wanted: str, text: str) -> None:
    assert filter_patterns.like(text, wanted) is fnmatch.fnmatchcase(text, wanted)


EVENTS: list[dict[str, Any]] = [
    {"@timestamp": "1", "@message": "START", "@ptr": "p1"},
    {"@timestamp": "2", "@message": "ERROR boom", "@ptr": "p2"},
    {"@timestamp": "3", "@message": JSON, "@ptr": "p3"},
]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("fields @message | filter @message like /ERROR/", ["2"]),
        ("filter @message like 'boom' or level = 'error' | fields @timestamp", ["3", "2"]),
        ("filter @message not like /ERROR|START/", ["3"]),
        ("filter not (@message like 'ERROR') | sort @timestamp asc", ["1", "3"]),
        ("filter code > 6 and user.name = 'ann'", ["3"]),
        ("filter tags.1 in ['b', 'c']", ["3"]),
        ("filter ispresent(level)", ["3"]),
        ("filter @message like /(?i)error/ | sort @timestamp asc | limit 1", ["2"]),
        ("fields @timestamp, @message | sort @timestamp desc | limit 2", ["3", "2"]),
        ("fields @message\n| sort level desc, @timestamp asc\n|limit 2\n|", ["3", "1"]),
        ("# what failed\nfields\n  @message | filter @message like /ERROR/ # 'not' the rest", ["2"]),
    ],
)
def test_a_query_finds(query: str, found: list[str]) -> None:
    rows = insights.parse(query).run(EVENTS)
    assert [row["@ptr"].removeprefix("p") for row in rows] == found


@pytest.mark.parametrize(
    "query",
    [
        *("select *", "filter", "filter a b c", "filter @message like /(/", "limit x", "sort"),
        *("sort @timestamp down", "sort by @timestamp desc"),
    ],
)
def test_what_is_no_query(query: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        insights.parse(query)


@pytest.mark.parametrize("query", ["stats count(*)", "parse @message '*' as a"])
def test_what_queries_cannot_do_here_is_named(query: str) -> None:
    with pytest.raises(NotImplementedError):
        insights.parse(query)


ID = "0fc78b42-f6e0-400a-be91-71c5d1eadb9a"
REPORT = (
    f"REPORT RequestId: {ID}\tDuration: 1394.60 ms\tBilled Duration: 1395 ms\tMemory Size: 128 MB\t"
    "Max Memory Used: 79 MB\tInit Duration: 428.60 ms\t\n"
)


@pytest.mark.parametrize(
    ("message", "found"),
    [
        (f"START RequestId: {ID} Version: $LATEST\n", {"@type": "START", "@requestId": ID}),
        (f"END RequestId: {ID}\n", {"@type": "END", "@requestId": ID}),
        (
            REPORT,
            {
                "@type": "REPORT",
                "@requestId": ID,
                "@duration": "1394.6",
                "@billedDuration": "1395.0",
                "@initDuration": "428.6",
                "@memorySize": "1.28E8",
                "@maxMemoryUsed": "7.9E7",
            },
        ),
        (f"[INFO]\t2026-11-28T04:00:00.000Z\t{ID}\thello\n", {"@requestId": ID}),
        (f"2026-11-28T04:00:00.000Z\t{ID}\tINFO\thello\n", {"@requestId": ID}),
        (f"the id {ID} in a text", {}),
        ('{"a": {"b": [true, null]}}', {"a.b.0": True, "a.b.1": None}),
    ],
)
def test_fields_are_discovered_in_a_message(message: str, found: dict[str, Any]) -> None:
    assert discovered({"@message": message}) == {"@message": message, **found}


def test_what_lambda_reports_can_be_filtered_and_sorted() -> None:
    messages = [REPORT, REPORT.replace("Duration: 1394", "Duration: 20"), f"END RequestId: {ID}"]
    events = [{"@message": text, "@ptr": str(number)} for number, text in enumerate(messages)]
    query = 'filter @type = "REPORT" and @memorySize > 1000000 | fields @duration | sort @duration asc'
    assert [row["@duration"] for row in insights.parse(query).run(events)] == ["20.6", "1394.6"]


def test_a_pattern_may_repeat_a_group(aws: Clients, group: str) -> None:
    (row,) = _queried(aws, group, "filter @message like /(R|E){2}OR/")
    assert row["@message"] == "ERROR boom"


def test_a_pattern_that_takes_for_ever_is_refused_soon(aws: Clients, group: str) -> None:
    at = int(time.time() * 1000)
    endless = [{"timestamp": at, "message": "a" * 40 + "!"}]
    aws("logs").put_log_events(logGroupName=group, logStreamName="s", logEvents=endless)
    with pytest.raises(ClientError, match="Use a simpler pattern"):
        _queried(aws, group, "filter @message like /(a|a|aa)+$/")


def _queried(aws: Clients, group: str, query: str) -> list[dict[str, str]]:
    logs, now = aws("logs"), int(time.time())
    asked = logs.start_query(logGroupName=group, startTime=now - 600, endTime=now + 600, queryString=query)
    rows = logs.get_query_results(queryId=asked["queryId"])["results"]
    return [{each["field"]: each["value"] for each in row} for row in rows]


@pytest.fixture
def group(aws: Clients, unique: str) -> str:
    """A log group with three events."""
    logs, at = aws("logs"), int(time.time() * 1000)
    logs.create_log_group(logGroupName=unique)
    logs.create_log_stream(logGroupName=unique, logStreamName="s")
    events = [{"timestamp": at, "message": text} for text in ("START", "ERROR boom", JSON)]
    logs.put_log_events(logGroupName=unique, logStreamName="s", logEvents=events)
    return unique


def test_events_are_filtered_and_queried(aws: Clients, group: str) -> None:
    logs, now = aws("logs"), int(time.time())
    found = logs.filter_log_events(logGroupName=group, filterPattern='{ $.level = "error" }')["events"]
    assert [event["message"] for event in found] == [JSON]
    query = logs.start_query(
        logGroupName=group,
        startTime=now - 600,
        endTime=now + 60,
        queryString="fields @message, level | filter ispresent(level)",
    )["queryId"]
    answer = logs.get_query_results(queryId=query)
    assert answer["status"] == "Complete"
    [row] = answer["results"]
    shown = {cell["field"]: cell["value"] for cell in row}
    assert (shown["@message"], shown["level"]) == (JSON, "error")


def test_what_cannot_be_searched_is_refused(aws: Clients, group: str) -> None:
    logs = aws("logs")
    status, code, _ = refused(logs.filter_log_events, logGroupName=group, filterPattern="a.b")
    assert (status, code) == (400, "InvalidParameterException")
    asked = {"logGroupName": group, "startTime": 0, "endTime": 1}
    assert refused(logs.start_query, **asked, queryString="select *")[:2] == (400, "MalformedQueryException")
    missing = refused(logs.start_query, **{**asked, "logGroupName": "none"}, queryString="fields @message")
    assert missing[:2] == (400, "ResourceNotFoundException")
    assert refused(logs.get_query_results, queryId="none")[1] == "ResourceNotFoundException"
