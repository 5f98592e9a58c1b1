"""Answers that keep the shape that AWS's models give them: what has another is no answer of AWS's.

An address that is not AWS may answer with a web page, a part of a document, or a document of its own. What
cannot be read, has a text where a number belongs, or lacks a member that is asked for is an error that says
so, wherever it is met.
"""

from collections.abc import Mapping
from typing import Any

from botocore.parsers import ResponseParserError, ResponseParserFactory

from lambda_over_https.aws.errors.meaning import NOT_AWS
from lambda_over_https.errors import UncertainError
from lambda_over_https.events import current_step

_UNREADABLE = (ResponseParserError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
_PLAIN: Mapping[str, type] = {"string": str, "integer": int, "long": int, "boolean": bool}


class CheckingParsers(ResponseParserFactory):
    """Gives botocore its own parsers, each in one that checks."""

    def create_parser(self, protocol_name: Any) -> Any:
        """The parser for a protocol."""
        return _Checking(super().create_parser(protocol_name))


class _Checking:
    """A parser whose answers are whole or refused."""

    def __init__(self, parser: Any) -> None:
        self._parser = parser

    def parse(self, response: Mapping[str, Any], shape: Any) -> Any:
        """The answer; raises UncertainError if it is none of AWS's."""
        try:
            parsed = self._parser.parse(response, shape)
        except (*_UNREADABLE, RecursionError) as error:
            raise _not_aws(f"an answer came that cannot be read ({_begin(response)})") from error
        return _checked(parsed, shape)


class _Structure(dict[str, Any]):
    """A part of an answer; asked for a member that is not there, it says so."""

    name = ""

    def __missing__(self, key: str) -> Any:
        raise _not_aws(f"an answer came without {key!r} ({self.name})")


def _checked(value: Any, shape: Any) -> Any:
    kind = getattr(shape, "type_name", "")
    if kind == "structure" and isinstance(value, Mapping):
        made = _Structure({key: _checked(each, shape.members.get(key)) for key, each in value.items()})
        made.name = shape.name
        return made
    if kind == "list" and isinstance(value, list):
        return [_checked(each, shape.member) for each in value]
    if kind == "map" and isinstance(value, Mapping):
        return {key: _checked(each, shape.value) for key, each in value.items()}
    if value is not None and not isinstance(value, _PLAIN.get(kind, object)):
        raise _not_aws(f"an answer came with {value!r:.60} where a {kind} belongs ({shape.name})")
    return value


def _begin(response: Mapping[str, Any]) -> str:
    """The status of an answer and the first characters of its text."""
    body = response.get("body") or b""
    text = body[:60].decode(errors="replace") if isinstance(body, bytes) else type(body).__name__
    return f"HTTP {response.get('status_code')}: {' '.join(text.split())!r}"


def _not_aws(what: str) -> UncertainError:
    return UncertainError(f"That is not AWS: {what}.", NOT_AWS, current_step.get())
