"""Mapping templates: Velocity with API Gateway's ``$input``, ``$context``, ``$stageVariables`` and ``$util``.

Source: API Gateway developer guide, "API Gateway mapping template and access logging variable reference". The
Velocity language itself is airspeed's.
"""

import base64
import binascii
import io
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote_plus, unquote_plus

import airspeed

from lambda_over_https.sandbox.gateway.errors import BAD_REQUEST_BODY, GatewayError, UnsupportedError
from lambda_over_https.sandbox.gateway.languages import jsonpath
from lambda_over_https.sandbox.gateway.languages.budget import budgeted, current
from lambda_over_https.sandbox.gateway.languages.velocity import JsonObject, from_json, java_text, to_json
from lambda_over_https.sandbox.gateway.languages.velocity_directives import Ended
from lambda_over_https.sandbox.gateway.languages.velocity_tree import prepare
from lambda_over_https.sandbox.gateway.request.exchange import Exchange

_CHARACTERS_A_STEP = 100  # of a body that is parsed


class MappingTemplate:
    """One template, parsed once. UnsupportedError if it uses a feature that the sandbox does not have."""

    def __init__(self, source: str) -> None:
        self._template = airspeed.Template(source)
        try:
            self._template.ensure_compiled()
            prepare(self._template.root_element, _MEMBERS)
        except airspeed.TemplateError as error:
            raise UnsupportedError(f"this in a mapping template: {error}") from None
        except RecursionError:
            raise UnsupportedError("a mapping template that is nested so deeply") from None

    def render(self, exchange: Exchange, body: str) -> str:
        """Render the template. ``$input`` reads ``body``; the template may write the exchange's overrides."""
        names = {
            "input": Input(body, exchange),
            "context": JsonObject({**exchange.context, **exchange.overrides}),
            "stageVariables": JsonObject(exchange.stage.variables),
            "util": _UTIL,
        }
        output = _Output()
        try:
            with budgeted():
                self._template.merge_to(names, output)
        except Ended:
            pass  # by #stop
        except airspeed.TemplateExecutionError as error:
            raise _as_gateway_error(error) from None
        except RecursionError:
            raise UnsupportedError("a mapping template that calls itself so often") from None
        return str(output.getvalue())


class _Output(io.StringIO):
    """What a template writes."""

    def write(self, text: str) -> int:
        current().grow(len(text))
        return super().write(text)


def _as_gateway_error(error: Exception) -> GatewayError:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, GatewayError):
            return cause
        cause = cause.__cause__
    return UnsupportedError(f"this in a mapping template: {error}")


class Input:
    """``$input``: the body, and the request's parameters."""

    def __init__(self, body: str, exchange: Exchange) -> None:
        self._exchange = exchange
        self._body = body
        self._members: dict[str, Any] = {
            "body": body or "{}",
            "json": self._json,
            "path": self._path,
            "params": self._params,
        }

    def __getitem__(self, name: str) -> Any:
        return self._members[name]

    def _find(self, path: str) -> Any:
        try:
            wanted = jsonpath.parse(path)
        except ValueError as error:
            raise UnsupportedError(str(error)) from None
        current().step(len(self._body) // _CHARACTERS_A_STEP)
        try:
            return wanted.find(from_json(self._body) if self._body.strip() else JsonObject())
        except (ValueError, RecursionError) as error:
            message = f"Could not parse request body into json: {error}"
            raise GatewayError(BAD_REQUEST_BODY, message, reason=message) from None

    def _json(self, path: str = "$") -> str:
        found = self._find(path)
        return '""' if found is jsonpath.MISSING else to_json(found)

    def _path(self, path: str = "$") -> Any:
        found = self._find(path)
        return None if found is jsonpath.MISSING else found

    def _params(self, name: str | None = None) -> Any:
        exchange = self._exchange
        places = {
            "path": JsonObject(exchange.path_parameters),
            "querystring": JsonObject(exchange.query),
            "header": JsonObject(exchange.headers),
        }
        if name is None:
            return JsonObject(places)
        for place in ("path", "querystring"):
            if name in places[place]:
                return places[place][name]
        header = exchange.header(name)
        return header if header is not None else ""


_ESCAPES = {"'": "\\'", '"': '\\"', "\\": "\\\\", "/": "\\/", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_ESCAPES |= {"\b": "\\b", "\f": "\\f"}


def _escape_javascript(value: Any) -> str:
    return re.sub(r"['\"\\/]|[^ -~]", lambda match: _escaped(match.group()), _text(value))


def _text(value: Any) -> str:
    return "" if value is None else java_text(value)


def _escaped(char: str) -> str:
    if char in _ESCAPES:
        return _ESCAPES[char]
    units = char.encode("utf-16-be").hex()
    return "".join(f"\\u{units[at : at + 4].upper()}" for at in range(0, len(units), 4))


def _parse_json(text: str) -> Any:
    try:
        return from_json(text)
    except ValueError as error:
        raise GatewayError(
            BAD_REQUEST_BODY, f"Could not parse request body into json: {error}", f"$util.parseJson: {error}"
        ) from None


def _base64_decode(text: str) -> str:
    try:
        return base64.b64decode(text, validate=True).decode("utf-8", "replace")
    except binascii.Error as error:
        raise GatewayError(BAD_REQUEST_BODY, reason=f"$util.base64Decode: {error}") from None


_UTIL: dict[str, Callable[..., Any]] = {
    "base64Decode": _base64_decode,
    "base64Encode": lambda text: base64.b64encode(_text(text).encode()).decode(),
    "escapeJavaScript": _escape_javascript,
    "parseJson": _parse_json,
    "urlDecode": lambda text: unquote_plus(_text(text)),
    "urlEncode": lambda text: quote_plus(_text(text), safe="*").replace("~", "%7E"),
}
_MEMBERS = {"util": frozenset(_UTIL), "input": frozenset(("body", "json", "path", "params"))}
