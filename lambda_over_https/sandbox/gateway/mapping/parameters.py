"""Parameter mappings: from where a header, query string or path parameter takes its value.

Source: API Gateway developer guide, "API Gateway data mapping reference".
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lambda_over_https.sandbox.gateway.errors import UnsupportedError
from lambda_over_https.sandbox.gateway.languages import jsonpath
from lambda_over_https.sandbox.gateway.languages.velocity import from_json, java_text, to_json
from lambda_over_https.sandbox.gateway.request.exchange import Exchange

_VARIABLE = re.compile(r"\$\{stageVariables\.([A-Za-z0-9_]+)\}")


@dataclass(frozen=True, slots=True)
class EndpointResponse:
    """What the integration's endpoint answered, as mappings may read it."""

    body: str = ""
    headers: Sequence[tuple[str, str]] = ()


NO_RESPONSE = EndpointResponse()


def value_of(expression: str, exchange: Exchange, response: EndpointResponse = NO_RESPONSE) -> str | None:
    """Evaluate one mapping expression; None if what it names does not exist.

    UnsupportedError if AWS has no such expression.
    """
    if len(expression) > 1 and expression[0] == expression[-1] == "'":
        return expression[1:-1]
    for prefix, read in _PLACES.items():
        if expression.startswith(prefix):
            return read(expression.removeprefix(prefix), exchange, response)
    raise UnsupportedError(f"the mapping expression {expression!r}")


def mapped(
    parameters: Mapping[str, str], prefix: str, exchange: Exchange, response: EndpointResponse = NO_RESPONSE
) -> dict[str, str]:
    """Evaluate the mappings whose target begins with ``prefix``; the keys are the rest of the targets."""
    values = {
        target.removeprefix(prefix): value_of(expression, exchange, response)
        for target, expression in parameters.items()
        if target.startswith(prefix)
    }
    return {name: value for name, value in values.items() if value is not None}


def with_stage_variables(text: str, variables: Mapping[str, str]) -> str:
    """The text with each ``${stageVariables.name}`` filled in; one that is not set is empty."""
    return _VARIABLE.sub(lambda match: variables.get(match[1], ""), text)


def _joined(values: Sequence[str] | None) -> str | None:
    return ",".join(values) if values else None


def _at_path(body: str, path: str) -> str | None:
    if not path:
        return body
    try:
        found = jsonpath.parse(path.removeprefix(".")).find(from_json(body))
    except (ValueError, RecursionError):
        return None
    if found is jsonpath.MISSING or found is None:
        return None
    return to_json(found) if isinstance(found, dict | list) else java_text(found)


def _context(path: str, exchange: Exchange, _: EndpointResponse) -> str | None:
    value: Any = exchange.context
    for name in path.split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    return None if value is None else java_text(value)


def _response_header(name: str, _: Exchange, response: EndpointResponse) -> str | None:
    return _joined([value for sent, value in response.headers if sent.lower() == name.lower()][-1:])


def _response_headers(name: str, _: Exchange, response: EndpointResponse) -> str | None:
    return _joined([value for sent, value in response.headers if sent.lower() == name.lower()])


_PLACES: dict[str, Callable[[str, Exchange, EndpointResponse], str | None]] = {
    "method.request.header.": lambda name, exchange, _: exchange.header(name),
    "method.request.multivalueheader.": lambda name, exchange, _: exchange.header(name),
    "method.request.querystring.": lambda name, exchange, _: exchange.query.get(name),
    "method.request.multivaluequerystring.": lambda name, exchange, _: _joined(
        exchange.multi_query.get(name)
    ),
    "method.request.path.": lambda name, exchange, _: exchange.path_parameters.get(name),
    "method.request.body": lambda path, exchange, _: _at_path(
        exchange.request.body.decode(errors="replace"), path
    ),
    "context.": _context,
    "stageVariables.": lambda name, exchange, _: exchange.stage.variables.get(name),
    "integration.response.header.": _response_header,
    "integration.response.multivalueheader.": _response_headers,
    "integration.response.body": lambda path, _, response: _at_path(response.body, path),
}
