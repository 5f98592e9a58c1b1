"""The request that an HTTP integration makes: its verb, address, headers and body.

API Gateway guide, "Set up HTTP integrations" and "Important notes" (the table of headers); which headers pass
is as recorded (test_apigateway_header_remapping_http). A proxy passes the client's parameters on, and what is
mapped replaces them by name; any other integration sends what is mapped and no more.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from lambda_over_https.sandbox.gateway.errors import ConfigurationError
from lambda_over_https.sandbox.gateway.integrations.endpoints.address import Address, address_of
from lambda_over_https.sandbox.gateway.integrations.endpoints.client import Outgoing
from lambda_over_https.sandbox.gateway.languages.velocity import java_text
from lambda_over_https.sandbox.gateway.mapping.compiled import CompiledMethod
from lambda_over_https.sandbox.gateway.mapping.headers import check, check_mappable
from lambda_over_https.sandbox.gateway.mapping.media_types import JSON
from lambda_over_https.sandbox.gateway.mapping.parameters import mapped, with_stage_variables
from lambda_over_https.sandbox.gateway.mapping.transform import request_content
from lambda_over_https.sandbox.gateway.request.exchange import Exchange
from lambda_over_https.sandbox.web.headers import is_header

_NOT_PASSED = frozenset({"content-encoding", "host"})
"""Of the client's headers, those that a proxy does not pass on."""

_NOT_SENT = frozenset({"connection", "expect", "proxy-authenticate", "te"})
"""Of the mapped headers, those that are dropped."""

Lines = list[tuple[str, str]]


def outgoing(exchange: Exchange, method: CompiledMethod) -> Outgoing:
    """The request of the method's integration. GatewayError if it cannot be made."""
    integration, proxy = method.integration, method.integration.type == "HTTP_PROXY"
    body = exchange.request.body if proxy else request_content(exchange, method)
    address = _address(exchange, method, proxy=proxy)
    verb = exchange.verb if integration.http_method == "ANY" else integration.http_method or exchange.verb
    if not is_header(verb, ""):  # a method is a token, as a header's name is (RFC 9110, section 9.1)
        raise ConfigurationError(f"not a method: {verb!r}")
    lines = _headers(exchange, method, address, proxy=proxy, typed=bool(body))
    if body or verb in ("POST", "PUT", "PATCH"):
        lines.append(("Content-Length", str(len(body))))
    for name, value in lines:
        check(name, value)
    return Outgoing(verb, address, lines, body, not integration.skip_verification)


def _address(exchange: Exchange, method: CompiledMethod, *, proxy: bool) -> Address:
    parameters = method.integration.request_parameters
    path = mapped(parameters, "integration.request.path.", exchange)
    query: dict[str, Any] = dict(exchange.multi_query) if proxy else {}
    query |= mapped(parameters, "integration.request.querystring.", exchange)
    path |= {name: java_text(value) for name, value in _override(exchange, "path").items()}
    query |= _override(exchange, "querystring")
    uri = with_stage_variables(method.integration.uri, exchange.stage.variables)
    return address_of(uri, path, urlencode([(name, text) for name in query for text in _texts(query[name])]))


def _headers(
    exchange: Exchange, method: CompiledMethod, address: Address, *, proxy: bool, typed: bool
) -> Lines:
    """The headers, each name once but for those that the client sent several times."""
    found = mapped(method.integration.request_parameters, "integration.request.header.", exchange)
    check_mappable(found, http=True)
    found = {name: value for name, value in found.items() if name.lower() not in _NOT_SENT}
    overridden = [
        (name, text) for name, value in _override(exchange, "header").items() for text in _texts(value)
    ]
    passed = [
        (name, value)
        for name, values in (exchange.multi_headers if proxy else {}).items()
        if name.lower() not in _NOT_PASSED
        for value in values
    ]
    return _merged(_own(exchange, address, typed=typed), passed, list(found.items()), overridden)


def _own(exchange: Exchange, address: Address, *, typed: bool) -> Lines:
    """What API Gateway sends of itself, unless something else says otherwise."""
    kind = exchange.request.headers.get("content-type") or JSON
    return [
        ("Host", address.authority),
        ("Accept", JSON),
        ("User-Agent", f"AmazonAPIGateway_{exchange.api.id}"),
        ("x-amzn-apigateway-api-id", exchange.api.id),
        ("X-Amzn-Trace-Id", exchange.trace_root),
        *([("Content-Type", kind)] if typed else []),
    ]


def _merged(*layers: Sequence[tuple[str, str]]) -> Lines:
    """All lines; a name in a later layer replaces it, in whatever case, in the earlier ones."""
    lines: Lines = []
    for layer in layers:
        names = {name.lower() for name, _ in layer}
        lines = [line for line in lines if line[0].lower() not in names] + list(layer)
    return lines


def _override(exchange: Exchange, place: str) -> Mapping[str, Any]:
    """What a template wrote into ``$context.requestOverride``."""
    written: Mapping[str, Any] = exchange.request_override.get(place, {})
    return written


def _texts(value: Any) -> Iterable[str]:
    return [java_text(each) for each in value] if isinstance(value, list) else [java_text(value)]
