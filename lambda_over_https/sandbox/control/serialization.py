"""JSON values of the wrong type: the SerializationException of DynamoDB and of API Gateway, in their words.

SDKs for dynamic languages (the one for JavaScript, for example) send what they are given. So people meet this
error when they write ``{"N": 5}`` for ``{"N": "5"}``.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from lambda_over_https.sandbox.model.errors import AwsError

_STRUCTURE = "Start of structure or map found where not expected"
_FIELD, _ELEMENT = "Unexpected field type", "Unexpected value type in payload"
_SCALARS: Mapping[str, tuple[str, tuple[type, ...]]] = {
    "string": ("java.lang.String", (str,)),
    "integer": ("java.lang.Integer", (int, float)),
    "long": ("java.lang.Long", (int, float)),
    "float": ("java.lang.Float", (int, float)),
    "double": ("java.lang.Double", (int, float)),
    "timestamp": ("java.util.Date", (int, float, str)),
    "boolean": ("java.lang.Boolean", (bool,)),
    "blob": ("java.nio.ByteBuffer", (str,)),
}
"""For each scalar type of a model: the Java class, and the types of JSON values that fit."""


def check(shape: Any, value: object) -> None:
    """AwsError SerializationException unless ``value`` fits the model's ``shape`` (botocore's). Null fits."""
    _check(shape, value, _FIELD)


def _check(shape: Any, value: object, unexpected: str) -> None:
    if value is not None:
        _CHECKS.get(shape.type_name, _scalar)(shape, value, unexpected)


def _structure(shape: Any, value: object, unexpected: str) -> None:
    if not isinstance(value, dict):
        named = f"class com.amazonaws.dynamodb.v20120810.{shape.name}"
        raise _refusal(f"Unrecognized collection type {named}" if isinstance(value, list) else unexpected)
    members = shape.members
    for name, item in value.items():
        if name in members:
            _check(members[name], item, _FIELD)


def _map(shape: Any, value: object, _: str) -> None:
    if not isinstance(value, dict):
        named = f"java.util.Map<java.lang.String, com.amazonaws.dynamodb.v20120810.{shape.value.name}>"
        raise _refusal(f"Unrecognized collection type {named}" if isinstance(value, list) else _FIELD)
    for item in value.values():
        _check(shape.value, item, _ELEMENT)


def _list(shape: Any, value: object, _: str) -> None:
    if not isinstance(value, list):
        raise _refusal(_STRUCTURE if isinstance(value, dict) else _FIELD)
    for item in value:
        _check(shape.member, item, _ELEMENT)


def _scalar(shape: Any, value: object, _: str) -> None:
    name, fitting = _SCALARS[shape.type_name]
    if isinstance(value, fitting) and (bool in fitting or not isinstance(value, bool)):
        return
    if isinstance(value, dict):
        raise _refusal(_STRUCTURE)
    if isinstance(value, list):
        raise _refusal(f"Unrecognized collection type class {name}")
    if shape.type_name == "blob":
        raise _refusal("only base-64-encoded strings are convertible to bytes")
    if shape.type_name == "boolean" and isinstance(value, str):
        raise _refusal("Unexpected token received from parser")
    raise _refusal(f"{_token(value)} cannot be converted to {name.rpartition('.')[2]}")


def _token(value: object) -> str:
    if isinstance(value, bool):
        return "TRUE_VALUE" if value else "FALSE_VALUE"
    if isinstance(value, str):
        return "STRING_VALUE"
    return "NUMBER_VALUE" if isinstance(value, int) else "DECIMAL_VALUE"


def check_texts(shape: Any, value: object) -> None:
    """AwsError SerializationException if a number or a boolean stands where API Gateway expects a text.

    Recorded: test_put_integration_request_parameter_bool_type and
    test_integration_response_invalid_responsetemplates.
    """
    if shape.type_name == "string" and isinstance(value, int | float):
        kind = "java.lang.Boolean" if isinstance(value, bool) else _BIG_NUMBER
        raise _refusal(f"class {kind} can not be converted to an String")
    for part, item in _parts(shape, value):
        check_texts(part, item)


_BIG_NUMBER = "com.amazon.coral.value.json.numbers.TruncatingBigNumber"


def _parts(shape: Any, value: object) -> Iterator[tuple[Any, object]]:
    """The values in a value, each with its shape."""
    if shape.type_name == "structure" and isinstance(value, Mapping):
        yield from ((shape.members[name], item) for name, item in value.items() if name in shape.members)
    elif shape.type_name == "map" and isinstance(value, Mapping):
        yield from ((shape.value, item) for item in value.values())
    elif shape.type_name == "list" and isinstance(value, list):
        yield from ((shape.member, item) for item in value)


def _refusal(message: str) -> AwsError:
    return AwsError("SerializationException", message)


_CHECKS: Mapping[str, Callable[[Any, object, str], None]] = {
    "structure": _structure,
    "map": _map,
    "list": _list,
}
