"""Gateway responses: what the client gets if the gateway answers by itself, customised or not.

Source: API Gateway developer guide, "Gateway responses in API Gateway" and "Set up a gateway response". Their
templates only replace variables; they run no Velocity.
"""

import json
import re

from lambda_over_https.sandbox.gateway.errors import REQUEST_TOO_LARGE, GatewayError
from lambda_over_https.sandbox.gateway.mapping.media_types import JSON, accepted
from lambda_over_https.sandbox.gateway.mapping.parameters import value_of
from lambda_over_https.sandbox.gateway.request.exchange import Exchange
from lambda_over_https.sandbox.model.apis import GatewayResponse
from lambda_over_https.sandbox.web.headers import is_header
from lambda_over_https.sandbox.web.http import Response

_NAME = r"(?:context|stageVariables|method\.request)\.[\w.-]*[\w-]"
_VARIABLE = re.compile(rf"\$(?:\{{({_NAME})\}}|({_NAME}))")
_HEADER = "gatewayresponse.header."


def gateway_response(error: GatewayError, exchange: Exchange) -> Response:
    """Answer ``error`` as the API of the exchange customises it."""
    custom = _custom(error, exchange)
    try:
        return _customised(custom, error, exchange) if custom else default_response(error)
    except GatewayError as fault:
        return default_response(fault)


def _customised(custom: GatewayResponse, error: GatewayError, exchange: Exchange) -> Response:
    content_type, template = _template(custom, exchange)
    headers = [("Content-Type", content_type), ("x-amzn-ErrorType", error.error_type)]
    for target, expression in custom.response_parameters.items():
        value = value_of(expression, exchange)
        name = target.removeprefix(_HEADER)
        if target.startswith(_HEADER) and value is not None and is_header(name, value):
            headers.append((name, value))
    status = int(custom.status_code) if custom.status_code else error.status
    return Response(status, _filled(template, error, exchange).encode(), headers)


def default_response(error: GatewayError) -> Response:
    """Answer ``error`` as AWS does if no API customises it; only a 5xx has a space after the colon."""
    space = " " if error.status >= 500 else ""
    body = f'{{"{error.member}":{space}{json.dumps(error.message)}}}'
    return Response(
        error.status, body.encode(), (("Content-Type", JSON), ("x-amzn-ErrorType", error.error_type))
    )


def _custom(error: GatewayError, exchange: Exchange) -> GatewayResponse | None:
    """The customised response: of the error's own type, else DEFAULT_4XX or DEFAULT_5XX. 413 has none."""
    responses = exchange.api.gateway_responses
    if not responses or error.response_type == REQUEST_TOO_LARGE:
        return None
    fallback = "DEFAULT_5XX" if error.status >= 500 else "DEFAULT_4XX"
    return responses.get(error.response_type) or responses.get(fallback)


def _template(custom: GatewayResponse, exchange: Exchange) -> tuple[str, str]:
    """The template for the first type that the client accepts, else for JSON, else the first there is."""
    templates = custom.response_templates
    for content_type in (accepted(exchange), JSON, *templates):
        if content_type in templates:
            return content_type, templates[content_type]
    return JSON, '{"message":$context.error.messageString}'


def _filled(template: str, error: GatewayError, exchange: Exchange) -> str:
    errors = {
        "context.error.message": error.message,
        "context.error.messageString": json.dumps(error.message),
        "context.error.responseType": error.response_type,
        "context.error.validationErrorString": error.validation,
    }

    def fill(match: re.Match[str]) -> str:
        name = match.group(1) or match.group(2)
        return errors[name] if name in errors else value_of(name, exchange) or ""

    return _VARIABLE.sub(fill, template)
