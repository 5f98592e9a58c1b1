"""Searches in logs, where moto knows few patterns and ignores most of a query."""

import datetime
import functools
from collections.abc import Iterable, Iterator
from typing import Any

from lambda_over_https.sandbox.control.aws_calls import AwsCall
from lambda_over_https.sandbox.control.layer import AwsResponse
from lambda_over_https.sandbox.control.moto_state import logs_backend
from lambda_over_https.sandbox.gateway.languages.budget import ExhaustedError, budgeted
from lambda_over_https.sandbox.model.account import ACCOUNT
from lambda_over_https.sandbox.model.errors import AwsError
from lambda_over_https.sandbox.strict.logs import filter_patterns, insights

_compiled = functools.lru_cache(maxsize=256)(filter_patterns.compiled)
_parsed = functools.lru_cache(maxsize=64)(insights.parse)


def matches(pattern: str, message: str) -> bool:
    """Whether the message matches the filter pattern, which has been checked."""
    return _compiled(pattern)(message)


def cover() -> None:
    """Let moto's CloudWatch Logs query with these. Call this before the first call reaches moto."""
    from moto.logs import models

    models.execute_query = _execute


def check_pattern(call: AwsCall) -> None:
    """A filter pattern must be one."""
    try:
        _compiled(call.parameters.get("filterPattern") or "")
    except ValueError as error:
        raise AwsError("InvalidParameterException", str(error)) from None


def check_query(call: AwsCall) -> None:
    """A query must be one, and its log groups must exist."""
    try:
        _parsed(call.parameters["queryString"])
    except ValueError as error:
        raise AwsError("MalformedQueryException", str(error)) from None
    for name in _groups(call):
        if name not in logs_backend(call.region).groups:
            message = f"Log group '{name}' does not exist for account ID '{ACCOUNT}'"
            raise AwsError("ResourceNotFoundException", message)


def start_query(call: AwsCall) -> AwsResponse:
    """Answer StartQuery."""
    backend, parameters = logs_backend(call.region), call.parameters
    query_id = backend.start_query(
        list(_groups(call)), parameters["startTime"], parameters["endTime"], parameters["queryString"]
    )
    if parameters.get("limit"):
        query = backend.queries[query_id]
        query.results = query.results[: parameters["limit"]]
    return AwsResponse.json(200, {"queryId": query_id})


def check_results(call: AwsCall) -> None:
    """The query must exist."""
    query_id = call.parameters["queryId"]
    if query_id not in logs_backend(call.region).queries:
        raise AwsError("ResourceNotFoundException", f"Query with id {query_id} does not exist.")


def complete_results(call: AwsCall, response: AwsResponse) -> None:
    """Say in what language the query was, and how much it found."""
    query = logs_backend(call.region).queries[call.parameters["queryId"]]
    statistics = {"recordsMatched": float(len(query.results))}
    response.document = {**response.document, "queryLanguage": "CWLI", "statistics": statistics}


def group_name(identifier: str) -> str:
    """The name of a log group that is named by its name or its ARN."""
    return identifier.partition(":log-group:")[2].removesuffix(":*") or identifier


def _groups(call: AwsCall) -> Iterator[str]:
    single = call.parameters.get("logGroupName")
    yield from [single] if single else []
    yield from call.parameters.get("logGroupNames") or ()
    for identifier in call.parameters.get("logGroupIdentifiers") or ():
        yield group_name(identifier)


def _execute(log_groups: Iterable[Any], query: str, start_time: int, end_time: int) -> list[dict[str, Any]]:
    """In place of moto's ``execute_query``; the times are in seconds."""
    try:
        with budgeted():
            return _parsed(query).run(_events(log_groups, start_time, end_time))
    except ExhaustedError as error:
        raise NotImplementedError("queries whose patterns take so long. Use a simpler pattern") from error


def _events(log_groups: Iterable[Any], start_time: int, end_time: int) -> Iterator[dict[str, Any]]:
    return (
        {
            "@timestamp": _time(event.timestamp),
            "@message": event.message,
            "@logStream": stream.log_stream_name,
            "@log": f"{ACCOUNT}:{group.name}",
            "@ingestionTime": _time(event.ingestion_time),
            "@ptr": str(event.event_id),
        }
        for group in log_groups
        for stream in list(group.streams.values())
        for event in list(stream.events)
        if start_time * 1000 <= event.timestamp <= end_time * 1000 + 999
    )


def _time(milliseconds: float) -> str:
    """A time as Insights writes it: ``2026-11-26 17:00:00.123``."""
    moment = datetime.datetime.fromtimestamp(milliseconds / 1000, datetime.UTC)
    return moment.strftime("%Y-%m-%d %H:%M:%S.") + f"{moment.microsecond // 1000:03d}"
