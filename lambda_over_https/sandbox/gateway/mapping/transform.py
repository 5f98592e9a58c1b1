"""The two transformations: the client's body for the integration, and its endpoint's response for the client.

Source: API Gateway developer guide, "Data transformations in API Gateway", "Integration passthrough
behaviors" and "Content type conversions in API Gateway".
"""

import base64
import binascii

from lambda_over_https.sandbox.gateway.errors import (
    BAD_REQUEST_BODY,
    UNSUPPORTED_MEDIA_TYPE,
    ConfigurationError,
    GatewayError,
)
from lambda_over_https.sandbox.gateway.languages.velocity import java_text
from lambda_over_https.sandbox.gateway.mapping.compiled import CompiledMethod, CompiledResponse, Templates
from lambda_over_https.sandbox.gateway.mapping.headers import sendable
from lambda_over_https.sandbox.gateway.mapping.media_types import JSON, accepted, is_binary
from lambda_over_https.sandbox.gateway.mapping.parameters import EndpointResponse, mapped
from lambda_over_https.sandbox.gateway.mapping.templates import MappingTemplate
from lambda_over_https.sandbox.gateway.request.exchange import Exchange
from lambda_over_https.sandbox.web.http import Response


def request_body(exchange: Exchange, method: CompiledMethod) -> str:
    """The body of the integration request as text."""
    return request_content(exchange, method).decode("utf-8", "replace")


def request_content(exchange: Exchange, method: CompiledMethod) -> bytes:
    """The body of the integration request: a template's text, or the client's body as it is.

    GatewayError (415) if ``passthroughBehavior`` refuses a content type that has no template.
    """
    body = _converted(exchange, method)
    template = _request_template(exchange, method)
    if template is None:
        return body
    return template.render(exchange, body.decode("utf-8", "replace")).encode("utf-8", "replace")


def _converted(exchange: Exchange, method: CompiledMethod) -> bytes:
    """The body as ``contentHandling`` says: a binary one to base64, or base64 to a binary one."""
    body = exchange.request.body
    if is_binary(exchange.content_type, exchange.api.binary_media_types):
        if method.integration.content_handling == "CONVERT_TO_TEXT":
            return base64.b64encode(body)
    elif method.integration.content_handling == "CONVERT_TO_BINARY":
        return _decoded(body, GatewayError(BAD_REQUEST_BODY))
    return body


def _request_template(exchange: Exchange, method: CompiledMethod) -> MappingTemplate | None:
    templates, behavior = method.request_templates, method.integration.passthrough_behavior
    for content_type in (exchange.content_type, "$default"):
        if content_type in templates.sources:
            return templates.get(content_type)
    if behavior == "NEVER" or (behavior == "WHEN_NO_TEMPLATES" and templates.sources):
        raise GatewayError(UNSUPPORTED_MEDIA_TYPE)
    return None


def method_response(
    exchange: Exchange, method: CompiledMethod, chosen: CompiledResponse, response: EndpointResponse
) -> Response:
    """The client's response, made of the endpoint's by the integration response that was chosen for it."""
    status = chosen.response.status_code
    if status not in method.method.responses:
        raise ConfigurationError(f"Output mapping refers to an invalid method response: {status}")
    content_type, template = _response_template(exchange, chosen.templates)
    body = response.body if template is None else template.render(exchange, response.body)
    override = exchange.response_override
    headers = {"Content-Type": content_type, **_headers(exchange, chosen, response)}
    headers |= {name: java_text(value) for name, value in override.get("header", {}).items()}
    return Response(_status(override.get("status"), status), _bytes(body, chosen), sendable(headers.items()))


def _status(override: object, chosen: str) -> int:
    text = chosen if override is None else java_text(override)
    if not text.isdigit() or not 100 <= int(text) <= 599:
        raise ConfigurationError(f"$context.responseOverride.status is not a status: {text}")
    return int(text)


def _response_template(exchange: Exchange, templates: Templates) -> tuple[str, MappingTemplate | None]:
    """The content type and template for what the client accepts, else for JSON, else the first there is."""
    for content_type in (accepted(exchange), JSON, *templates.sources):
        if content_type in templates.sources:
            template = templates.get(content_type)
            return (content_type if template else JSON), template
    return JSON, None


def _headers(exchange: Exchange, chosen: CompiledResponse, response: EndpointResponse) -> dict[str, str]:
    parameters = chosen.response.response_parameters
    return mapped(parameters, "method.response.header.", exchange, response) if parameters else {}


def _bytes(body: str, chosen: CompiledResponse) -> bytes:
    if chosen.response.content_handling == "CONVERT_TO_BINARY":
        failure = ConfigurationError("Unable to base64 decode the body.")
        return _decoded(body.strip('"').encode(), failure)
    return body.encode("utf-8", "replace")


def _decoded(text: bytes, failure: GatewayError) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        raise failure from None
