"""Access logs of a stage: a line in a log group for each request, in the format that the stage has.

API Gateway guide, "Set up CloudWatch API logging for REST APIs".
"""

import hashlib
import re
import time
from collections.abc import Mapping
from typing import Any, Protocol

from lambda_over_https.sandbox.gateway.request.exchange import Exchange
from lambda_over_https.sandbox.model.apis import AccessLog
from lambda_over_https.sandbox.web.http import Response

_VARIABLE = re.compile(r"\$context\.([A-Za-z]\w*(?:\.[A-Za-z]\w*)*)", re.ASCII)
_ABSENT = "-"


class LogGroups(Protocol):
    """Where the lines go."""

    def log(self, region: str, group: str, stream: str, events: list[tuple[int, str]]) -> None:
        """Append events to the stream of a log group."""


def write(groups: LogGroups, log: AccessLog, exchange: Exchange, response: Response) -> None:
    """Write the line of one request."""
    stage = f"{exchange.api.id}/{exchange.stage.name}"
    stream = hashlib.md5(stage.encode(), usedforsecurity=False).hexdigest()
    events = [(int(exchange.received * 1000), line(log.format, exchange, response))]
    groups.log(exchange.api.region, log.group, stream, events)


def line(form: str, exchange: Exchange, response: Response) -> str:
    """The format with its variables filled in; one without a value is a hyphen."""
    values = {
        **exchange.context,
        "status": response.status,
        "responseLength": len(response.body),
        "responseLatency": round((time.time() - exchange.received) * 1000),
    }
    return _VARIABLE.sub(lambda match: _text(values, match[1]), form)


def _text(values: Mapping[str, Any], name: str) -> str:
    value: Any = values
    for part in name.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return _ABSENT if value is None or isinstance(value, Mapping) else str(value)
