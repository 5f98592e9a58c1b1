"""Invokes the Lambda function that an integration names."""

import asyncio
import hashlib
import json
import re
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from email.utils import formatdate
from typing import Any, Protocol

from lambda_over_https.sandbox.gateway.errors import (
    BAD_REQUEST_BODY,
    INTEGRATION_TIMEOUT,
    REQUEST_TOO_LARGE,
    ConfigurationError,
    GatewayError,
    UnsupportedError,
)
from lambda_over_https.sandbox.gateway.mapping.parameters import with_stage_variables
from lambda_over_https.sandbox.gateway.request.exchange import Exchange
from lambda_over_https.sandbox.gateway.request.execution_log import log_received, log_sent
from lambda_over_https.sandbox.gateway.request.trail import FUNCTION, PERMISSION
from lambda_over_https.sandbox.iam.policies.policy import AccessRequest
from lambda_over_https.sandbox.iam.policies.principals import role_may, trusting_role
from lambda_over_https.sandbox.iam.policies.resource_policy import service_may_invoke
from lambda_over_https.sandbox.model.apis import Integration
from lambda_over_https.sandbox.model.errors import AwsError
from lambda_over_https.sandbox.model.functions import InvocationResult

Invoke = Callable[[str, bytes, str, str], Awaitable[InvocationResult]]
"""Invokes a function and waits for its result: its ARN, the event as JSON, the Region, the trace's root."""

InvokeLater = Callable[[str, str, bytes], None]
"""Starts an asynchronous invocation: the Region, the function's ARN, the event."""

_LAMBDA_URI = re.compile(
    r"arn:[^:]+:apigateway:([^:]+):lambda:path/{1,2}2015-03-31/functions/(arn:[^:]+:lambda:[^/]+)/invocations"
)
_SERVICE = "apigateway.amazonaws.com"
_LARGEST_PAYLOAD = 6 * 1024 * 1024


class Policies(Protocol):
    """Where functions keep their resource policies."""

    def function_policy(self, function_arn: str) -> Sequence[Mapping[str, Any]]:
        """Return the statements of the function's resource policy; none if it has no policy."""


@dataclass(frozen=True, slots=True)
class Target:
    """The function that an integration's URI names."""

    arn: str
    region: str

    @property
    def url(self) -> str:
        """The address that AWS would call. It stands in the execution log."""
        return f"https://lambda.{self.region}.amazonaws.com/2015-03-31/functions/{self.arn}/invocations"


def target(integration: Integration, variables: Mapping[str, str]) -> Target:
    """The function behind an integration's URI, with the stage's variables filled in."""
    uri = with_stage_variables(integration.uri, variables)
    match = _LAMBDA_URI.fullmatch(uri)
    if match is None:
        raise UnsupportedError(f"the integration URI {uri!r}")
    return Target(match.group(2), match.group(1))


class FunctionInvoker:
    """Invokes functions as API Gateway does: checks the permission, then waits no longer than the timeout."""

    def __init__(self, policies: Policies, invoke: Invoke, invoke_later: InvokeLater | None = None) -> None:
        self._policies = policies
        self._invoke_later = invoke_later
        self._invoke = invoke
        self._abandoned: set[asyncio.Future[InvocationResult]] = set()

    async def invoke(
        self, exchange: Exchange, integration: Integration, event: bytes, *, later: bool = False
    ) -> InvocationResult:
        """Invoke the integration's function with ``event``. An empty event reaches the function as ``{}``.

        ``later`` asks for an asynchronous invocation, whose result is empty.

        GatewayError if API Gateway has no permission, if the function takes too long (it runs on, as on AWS)
        or if Lambda refuses the invocation.
        """
        function = target(integration, exchange.stage.variables)
        _log_request(exchange, function, event)
        exchange.trail.reach(PERMISSION)
        self._check(exchange, integration, function)
        if len(event) > _LARGEST_PAYLOAD:
            raise GatewayError(REQUEST_TOO_LARGE)
        exchange.traced = True
        exchange.trail.reach(FUNCTION)
        if later and self._invoke_later is not None:
            self._invoke_later(function.region, function.arn, event or b"{}")
            return InvocationResult(b"", exchange.request_id)
        started = time.perf_counter()
        result = await self._wait(exchange, function, event, integration.timeout_in_millis / 1000)
        exchange.trail.ran(result)
        _log_response(exchange, result, time.perf_counter() - started)
        return result

    def _check(self, exchange: Exchange, integration: Integration, function: Target) -> None:
        if integration.http_method != "POST":
            raise ConfigurationError(f"Lambda is invoked with POST, not {integration.http_method}")
        if integration.credentials:
            role = with_stage_variables(integration.credentials, exchange.stage.variables)
            _check_role(role, function.arn)
            return
        statements = self._policies.function_policy(function.arn)
        if not service_may_invoke(
            _SERVICE, statements, function.arn, exchange.source_arn, exchange.api.account
        ):
            raise ConfigurationError("Invalid permissions on Lambda function")

    async def _wait(
        self, exchange: Exchange, function: Target, event: bytes, timeout: float
    ) -> InvocationResult:
        invocation = asyncio.ensure_future(
            self._invoke(function.arn, event or b"{}", function.region, exchange.trace_root)
        )
        done, _ = await asyncio.wait((invocation,), timeout=timeout)
        if not done:
            self._abandoned.add(invocation)
            invocation.add_done_callback(self._forget)
            raise GatewayError(INTEGRATION_TIMEOUT, reason="Execution failed due to a timeout error")
        try:
            return invocation.result()
        except AwsError as error:
            raise _refusal(error) from None

    def _forget(self, invocation: asyncio.Future[InvocationResult]) -> None:
        self._abandoned.discard(invocation)
        if not invocation.cancelled():
            invocation.exception()


def _check_role(role_arn: str, function_arn: str) -> None:
    """API Gateway must be able to assume the integration's role, and the role must allow the invocation."""
    role = trusting_role(role_arn, _SERVICE)
    if role is None:
        raise ConfigurationError(
            f"API Gateway does not have permission to assume the provided role {role_arn}"
        )
    if not role_may(role, AccessRequest("lambda:InvokeFunction", [function_arn])):
        raise ConfigurationError("Invalid permissions on Lambda function")


def _refusal(error: AwsError) -> GatewayError:
    """What the client sees if Lambda does not run the function."""
    reason = f"Lambda refused the invocation: {error.code}: {error.message}"
    if error.code == "InvalidRequestContentException":
        return GatewayError(BAD_REQUEST_BODY, error.message, reason)
    if error.status == 413:
        return GatewayError(REQUEST_TOO_LARGE, reason=reason)
    return ConfigurationError(reason)


def error_message(result: InvocationResult) -> str:
    """The ``errorMessage`` of a function's error document; "" if it has none."""
    try:
        document = json.loads(result.payload)
    except (ValueError, RecursionError):
        return ""
    message = document.get("errorMessage") if isinstance(document, dict) else None
    return message if isinstance(message, str) else ""


def endpoint_headers(exchange: Exchange, result: InvocationResult) -> list[tuple[str, str]]:
    """The headers of Lambda's own response, which mappings can read and the log shows."""
    headers = [
        ("Date", formatdate(usegmt=True)),
        ("Content-Type", "application/json"),
        ("Content-Length", str(len(result.payload))),
        ("Connection", "keep-alive"),
        ("x-amzn-RequestId", result.request_id),
        ("x-amzn-Remapped-Content-Length", "0"),
        ("X-Amz-Executed-Version", result.executed_version),
        ("X-Amzn-Trace-Id", exchange.trace),
    ]
    return [*headers, ("X-Amz-Function-Error", result.error)] if result.error else headers


def _log_request(exchange: Exchange, function: Target, event: bytes) -> None:
    if not exchange.log.kept:
        return
    api_id = exchange.api.id
    headers = {
        "X-Amz-Date": time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(exchange.received)),
        "x-amzn-apigateway-api-id": api_id,
        "Accept": "application/json",
        "User-Agent": f"AmazonAPIGateway_{api_id}",
        "Host": f"lambda.{function.region}.amazonaws.com",
        "X-Amz-Content-Sha256": hashlib.sha256(event).hexdigest(),
        "X-Amzn-Trace-Id": exchange.trace_root,
        "x-amzn-lambda-integration-tag": exchange.request_id,
        "X-Amz-Source-Arn": exchange.source_arn,
        "Content-Type": "application/json",
    }
    log_sent(exchange, function.url, headers, event)


def _log_response(exchange: Exchange, result: InvocationResult, seconds: float) -> None:
    if exchange.log.kept:
        log_received(exchange, 200, dict(endpoint_headers(exchange, result)), result.payload, seconds)
