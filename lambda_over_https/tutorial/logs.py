"""What the function printed: its lines in CloudWatch Logs, all of them or those of one request."""

import re
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from lambda_over_https.deployment.stack import Stack
from lambda_over_https.errors import LohError

SETTLE = 10.0
"""Seconds in which a request's lines usually arrive on AWS."""

SKEW = 2000
"""Milliseconds by which the clocks of this machine and AWS may differ."""

_START = re.compile(r"START RequestId: (\S+)")
_EXECUTION_LOG = re.compile(r"Endpoint response headers:.*?x-amzn-RequestId=([0-9a-f-]{36})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Line:
    """One line: ``at`` in milliseconds since 1970, ``stream`` separates one worker's lines from another's."""

    at: int
    stream: str
    text: str
    id: str


def lines(stack: Stack, since: int = 0) -> list[Line]:
    """The function's lines since a moment (milliseconds since 1970), in order.

    Raises LohError if there is no log group.
    """
    logs = stack.cloud.logs
    try:
        pages = logs.get_paginator("filter_log_events").paginate(
            logGroupName=stack.names.log_group, startTime=since
        )
        found = [_line(event) for page in pages for event in page["events"]]
    except logs.exceptions.ResourceNotFoundException:
        raise LohError(
            f"There is no log group {stack.names.log_group}.", "`loh run` makes it in step 2.3."
        ) from None
    return sorted(found, key=lambda line: line.at)


def _line(event: Any) -> Line:
    text = event["message"].rstrip("\n").replace("\t", "  ").rstrip()
    return Line(event["timestamp"], event["logStreamName"], text, event["eventId"])


def follow(stack: Stack, since: int, every: float = 1.0) -> Iterator[Line]:
    """Lines as they come, for ever; looks again ``every`` so many seconds."""
    seen: set[str] = set()
    while True:
        for line in lines(stack, since):
            if line.id not in seen:
                seen.add(line.id)
                # Lines of other workers may arrive later: look back a bit, and remember what was shown.
                since = max(since, line.at - 10 * SKEW)
                yield line
        stack.run.wait(every)


def moment() -> int:
    """Now, in milliseconds since 1970."""
    return int(time.time() * 1000)


def request_in(log: str) -> str:
    """Lambda's request id as API Gateway's execution log or Lambda's own log tail names it, or empty."""
    found = _EXECUTION_LOG.search(log) or _START.search(log)
    return found.group(1) if found else ""


def started_between(known: Iterable[Line], begin: int, end: int) -> list[str]:
    """The ids of the requests that began in that time; if the clocks differ, shortly before or after it."""
    found = [
        (not begin <= line.at <= end, abs(line.at - begin), match.group(1))
        for line in known
        if begin - SKEW <= line.at <= end + SKEW and (match := _START.match(line.text))
    ]
    return [request for _, _, request in sorted(found)]


def requests(known: Iterable[Line]) -> Iterator[tuple[str, list[Line]]]:
    """Each request that has ended: its id, and its lines in its worker's stream, from START to REPORT."""
    under_way: dict[str, tuple[str, list[Line]]] = {}
    for line in known:
        if match := _START.match(line.text):
            under_way[line.stream] = (match.group(1), [])
        if line.stream not in under_way:
            continue
        request, found = under_way[line.stream]
        found.append(line)
        if line.text.startswith(f"REPORT RequestId: {request}"):
            yield request, found
            del under_way[line.stream]


def of_request(known: Iterable[Line], request: str) -> list[Line]:
    """The lines of one request; none if it has not ended."""
    return next((found for name, found in requests(known) if name == request), [])


def wait_for_request(stack: Stack, begin: int, end: int, request: str = "") -> list[Line]:
    """The lines of the request with this id, or else of the one that ran in that time; [] if none comes."""
    found: list[Line] = []

    def arrived() -> bool:
        nonlocal found
        known = lines(stack, begin - 2 * SKEW)
        for each in [request] if request else started_between(known, begin, end):
            found = found or of_request(known, each)
        return bool(found)

    stack.run.wait_until(arrived, "CloudWatch Logs is storing the lines", SETTLE)
    return found
