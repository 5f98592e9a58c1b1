"""The Lambda proxy integration: the whole request is the event, the function gives the whole response.

Source: API Gateway developer guide, "Lambda proxy integrations in API Gateway" (input and output formats).
"""

import base64
import binascii
import json
from typing import Any

from lambda_over_https.sandbox.gateway.errors import (
    API_CONFIGURATION_ERROR,
    INTEGRATION_FAILURE,
    ConfigurationError,
    GatewayError,
)
from lambda_over_https.sandbox.gateway.integrations.function_invoker import FunctionInvoker, error_message
from lambda_over_https.sandbox.gateway.languages.velocity import java_text
from lambda_over_https.sandbox.gateway.mapping.headers import check, check_mappable, renamed
from lambda_over_https.sandbox.gateway.mapping.media_types import JSON, accepted, is_binary, mime_type
from lambda_over_https.sandbox.gateway.mapping.parameters import mapped
from lambda_over_https.sandbox.gateway.request.exchange import Exchange
from lambda_over_https.sandbox.model.apis import Integration
from lambda_over_https.sandbox.model.functions import InvocationResult
from lambda_over_https.sandbox.web.http import Response

_KEYS = frozenset(("statusCode", "headers", "multiValueHeaders", "body", "isBase64Encoded"))


async def invoke_proxy(exchange: Exchange, integration: Integration, invoker: FunctionInvoker) -> Response:
    """Pass the request to the function, and its result to the client. GatewayError if that fails."""
    if integration.request_parameters:
        check_mappable(mapped(integration.request_parameters, "integration.request.header.", exchange))
    document = event(exchange)
    result = await invoker.invoke(exchange, integration, json.dumps(document).encode())
    if result.error:
        raise GatewayError(
            INTEGRATION_FAILURE,
            reason="Lambda execution failed with status 200 due to customer function error: "
            f"{error_message(result)}. Lambda request id: {result.request_id}",
        )
    try:
        return _response(exchange, result)
    except (ValueError, TypeError, AttributeError, RecursionError, ConfigurationError):
        raise GatewayError(
            INTEGRATION_FAILURE,
            reason="Execution failed due to configuration error: Malformed Lambda proxy response",
        ) from None


def event(exchange: Exchange) -> dict[str, Any]:
    """The event, in payload format 1.0. It takes nothing from the integration's request parameters."""
    headers, query = dict(exchange.multi_headers), dict(exchange.multi_query)
    body, encoded = _body(exchange)
    return {
        "resource": exchange.resource.path,
        "path": "/" + exchange.path.lstrip("/"),
        "httpMethod": exchange.verb,
        "headers": {name: values[-1] for name, values in headers.items()} or None,
        "multiValueHeaders": headers or None,
        "queryStringParameters": {name: values[-1] for name, values in query.items()} or None,
        "multiValueQueryStringParameters": query or None,
        "pathParameters": dict(exchange.path_parameters) or None,
        "stageVariables": dict(exchange.stage.variables) or None,
        "requestContext": exchange.context,
        "body": body,
        "isBase64Encoded": encoded,
    }


def _body(exchange: Exchange) -> tuple[str | None, bool]:
    body = exchange.request.body
    if not body:
        return None, False
    if is_binary(exchange.content_type, exchange.api.binary_media_types):
        return base64.b64encode(body).decode(), True
    return body.decode("utf-8", "replace"), False


def _response(exchange: Exchange, result: InvocationResult) -> Response:
    """The response that the function's result describes. ValueError or TypeError if it is malformed."""
    document = json.loads(result.payload)
    if not isinstance(document, dict) or not document.keys() <= _KEYS:
        raise ValueError("not the output format of a Lambda function for proxy integration")
    headers = _headers(document)
    body = _text(document.get("body"))
    content = body.encode("utf-8", "replace")
    if document.get("isBase64Encoded") and _wants_binary(exchange, headers):
        try:
            content = base64.b64decode(content, validate=True)
        except binascii.Error as error:
            reason = "Execution failed due to configuration error: Unable to transform response"
            raise GatewayError(API_CONFIGURATION_ERROR, reason=reason) from error
    return Response(_status(document.get("statusCode", 200)), content, headers)


def _status(value: object) -> int:
    status = int(value) if isinstance(value, int | float | str) and not isinstance(value, bool) else 0
    if not 100 <= status <= 599:
        raise ValueError("not a status")
    return status


def _text(value: object) -> str:
    if isinstance(value, dict | list):
        raise TypeError("not a string")
    return "" if value is None else java_text(value)


def _headers(document: dict[str, Any]) -> list[tuple[str, str]]:
    """Merge ``headers`` into ``multiValueHeaders``, and rename those that API Gateway reserves."""
    found: dict[str, tuple[str, list[str]]] = {"content-type": ("Content-Type", [JSON])}
    sent = set()
    for name, values in (document.get("multiValueHeaders") or {}).items():
        if not isinstance(values, list):
            raise TypeError("multiValueHeaders must hold lists")
        found[name.lower()] = (name, [_text(value) for value in values])
        sent.add(name.lower())
    for name, value in (document.get("headers") or {}).items():
        kept, values = found[name.lower()] if name.lower() in sent else (name, [])
        text = _text(value)
        found[name.lower()] = (kept, values if text in values else [*values, text])
    lines = [(name, value) for name, values in found.values() for value in values]
    for name, value in lines:
        check(name, value)
    return [(renamed(name), value) for name, value in lines if name.lower() != "transfer-encoding"]


def _wants_binary(exchange: Exchange, headers: list[tuple[str, str]]) -> bool:
    content_type = next((mime_type(value) for name, value in headers if name.lower() == "content-type"), JSON)
    types = exchange.api.binary_media_types
    return is_binary(accepted(exchange) or content_type, types)
