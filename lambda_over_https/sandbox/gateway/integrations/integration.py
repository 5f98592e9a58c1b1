"""Runs a method's integration; here are those with AWS (Lambda, not proxy) and MOCK.

Source: API Gateway developer guide, "Set up Lambda custom integrations", "Set up mock integrations" and
"Handle custom Lambda errors".
"""

import re
from dataclasses import dataclass

from lambda_over_https.sandbox.gateway.errors import (
    BAD_REQUEST_BODY,
    ConfigurationError,
    GatewayError,
    UnsupportedError,
)
from lambda_over_https.sandbox.gateway.integrations.endpoints.integration import (
    HttpInvoker,
    run_http,
    run_http_proxy,
)
from lambda_over_https.sandbox.gateway.integrations.function_invoker import (
    FunctionInvoker,
    endpoint_headers,
    error_message,
)
from lambda_over_https.sandbox.gateway.integrations.proxy import invoke_proxy
from lambda_over_https.sandbox.gateway.mapping.compiled import CompiledMethod, compiled
from lambda_over_https.sandbox.gateway.mapping.headers import check_mappable
from lambda_over_https.sandbox.gateway.mapping.media_types import JSON
from lambda_over_https.sandbox.gateway.mapping.parameters import EndpointResponse, mapped
from lambda_over_https.sandbox.gateway.mapping.transform import method_response, request_body
from lambda_over_https.sandbox.gateway.request.exchange import Exchange
from lambda_over_https.sandbox.model import strict_json
from lambda_over_https.sandbox.web.http import Response


@dataclass(frozen=True, slots=True)
class Backends:
    """What integrations call."""

    functions: FunctionInvoker
    endpoints: HttpInvoker


async def run(exchange: Exchange, backends: Backends) -> Response:
    """Answer the request by its method's integration. GatewayError if that fails."""
    method = compiled(exchange.api).method(exchange.method)
    kind = method.integration.type
    if kind == "AWS":
        return await _invoke(exchange, method, backends.functions)
    if kind == "AWS_PROXY":
        return await invoke_proxy(exchange, method.integration, backends.functions)
    if kind == "HTTP":
        return await run_http(exchange, method, backends.endpoints)
    if kind == "HTTP_PROXY":
        return await run_http_proxy(exchange, method, backends.endpoints)
    if kind == "MOCK":
        return _mock(exchange, method)
    raise UnsupportedError(f"the integration type {kind}")


async def _invoke(exchange: Exchange, method: CompiledMethod, invoker: FunctionInvoker) -> Response:
    later = _check_request_headers(exchange, method) == "Event"
    event = request_body(exchange, method).encode("utf-8", "replace")
    if event:
        _check_json(event)
    result = await invoker.invoke(exchange, method.integration, event, later=later)
    failed = method.matching_response(error_message(result)) if result.error else None
    chosen = failed or method.default_response(200)
    headers = endpoint_headers(exchange, result) if chosen.response.response_parameters else ()
    body = result.payload.decode("utf-8", "replace")
    return method_response(exchange, method, chosen, EndpointResponse(body, headers))


def _mock(exchange: Exchange, method: CompiledMethod) -> Response:
    status = _mock_status(request_body(exchange, method) or "{}")
    chosen = method.matching_response(str(status)) or method.default_response(status)
    return method_response(exchange, method, chosen, EndpointResponse(headers=(("Content-Type", JSON),)))


def _mock_status(document: str) -> int:
    """The ``statusCode`` that the request template of a MOCK integration must give."""
    match = _STATUS_CODE.search(document)
    if match is None:
        raise ConfigurationError(f"Unable to parse statusCode. It should be an integer: {document[:200]}")
    return int(match.group(1))


def _check_request_headers(exchange: Exchange, method: CompiledMethod) -> str:
    """The invocation type that the integration's headers ask for; "" if they name none."""
    parameters = method.integration.request_parameters
    if not parameters:
        return ""
    headers = mapped(parameters, "integration.request.header.", exchange)
    check_mappable(headers)
    kind = next((value for name, value in headers.items() if name.lower() == "x-amz-invocation-type"), "")
    if kind not in ("", "RequestResponse", "Event"):
        raise UnsupportedError(f"X-Amz-Invocation-Type {kind} in an integration request")
    return kind


def _check_json(event: bytes) -> None:
    """Refuse an event that Lambda would refuse because it is not JSON."""
    try:
        strict_json.check(event)
    except ValueError as error:
        raise GatewayError(BAD_REQUEST_BODY, str(error), str(error)) from None


_STATUS_CODE = re.compile(r"""["']?statusCode["']?\s*:\s*["']?(\d{3})\b""")
"""AWS reads the document leniently: ``{statusCode: 200}`` is accepted."""
