"""Execution logs of a stage: log events on each request, in the log group of API and stage.

API Gateway guide, "Set up CloudWatch API logging for REST APIs".
"""

import hashlib

from lambda_over_https.sandbox.gateway.logs.access_log import LogGroups
from lambda_over_https.sandbox.gateway.request.exchange import Exchange
from lambda_over_https.sandbox.gateway.request.execution_log import StageLog, log_request, masked
from lambda_over_https.sandbox.model.apis import EVERY_METHOD, EXECUTION_LOGS
from lambda_over_https.sandbox.web.http import Response


def begin(exchange: Exchange) -> None:
    """Start the log of a request whose method is known, if the stage has one for the method."""
    stage = exchange.stage
    settings = stage.execution_logs.get(exchange.method_key) or stage.execution_logs.get(EVERY_METHOD)
    if settings is not None:
        exchange.log = StageLog(exchange.request_id, settings)
        exchange.log.note("Extended Request Id: %s", exchange.extended_request_id)


def admitted(exchange: Exchange) -> None:
    """Log that the usage plan lets the request in, and the request."""
    log, stage = exchange.log, f"{exchange.api.id}/{exchange.stage.name}"
    key = masked(exchange.api_key.value) if exchange.api_key else ""
    log.note(
        "Verifying Usage Plan for request: %s. API Key: %s API Stage: %s", exchange.request_id, key, stage
    )
    if not exchange.method.api_key_required:
        method = f"{exchange.verb} {exchange.resource.path}"
        log.note(
            "API Key %s authorized because method '%s' does not require API Key. "
            "Request will not contribute to throttle or quota limits",
            key,
            method,
        )
    log.note("Usage Plan check succeeded for API Key %s and API Stage %s", key, stage)
    log_request(exchange)


def end(groups: LogGroups, exchange: Exchange, response: Response) -> None:
    """Write the log of a request that has been answered."""
    log, stage = exchange.log, f"{exchange.api.id}/{exchange.stage.name}"
    if not isinstance(log, StageLog):
        return
    log.note("Method completed with status: %s", response.status)
    if log.events:
        stream = hashlib.md5(exchange.request_id[:2].encode(), usedforsecurity=False).hexdigest()
        groups.log(exchange.api.region, f"{EXECUTION_LOGS}{stage}", stream, log.events)
