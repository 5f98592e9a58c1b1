"""What a model's schema must be: JSON schema of draft 4, whose references lead to models that exist.

API Gateway guide, "Data models for REST APIs"; the words of the refusals as reported
(github.com/amazon-archives/aws-apigateway-importer/issues/75, github.com/terra-money/fcd-classic/issues/36).
"""

import json
import re
from collections.abc import Callable, Container, Iterator, Mapping
from typing import Any

from lambda_over_https.sandbox.model.errors import AwsError
from lambda_over_https.sandbox.strict.apigateway.definition.mappings import validation_result
from lambda_over_https.sandbox.strict.apigateway.lookups import bad_request

_NO_SCHEMA = "Invalid model schema specified"
_TYPES = frozenset(("array", "boolean", "integer", "null", "number", "object", "string"))
_MODEL = re.compile(r"https?://apigateway\.amazonaws\.com/restapis/[^/]+/models/([^/#]+)(#.*)?")
_BY_NAME = ("definitions", "patternProperties", "properties")
_LISTS = ("allOf", "anyOf", "oneOf")
_SCHEMAS = ("additionalItems", "additionalProperties", "not")


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_size(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


_VALUES: Mapping[str, Callable[[Any], bool]] = {
    "enum": lambda value: isinstance(value, list) and bool(value),
    "pattern": lambda value: isinstance(value, str),
    "uniqueItems": lambda value: isinstance(value, bool),
    "multipleOf": lambda value: _is_number(value) and value > 0,
    **dict.fromkeys(("minimum", "maximum"), _is_number),
    **dict.fromkeys(("minLength", "maxLength", "minProperties", "maxProperties"), _is_size),
}
"""Which values these keywords have."""


def check_schema(text: str, models: Container[str]) -> None:
    """Refuse a text that is no schema, or refers to a model that is not among ``models``."""
    named = referred(text)
    missing = dict.fromkeys(f"Invalid model specified: {name}" for name in named if name not in models)
    if missing:
        raise _invalid(", ".join(missing))


def referred(text: str) -> list[str]:
    """The models that a schema refers to. AwsError if the text is no schema."""
    try:
        parts = list(_parts(json.loads(text)))
    except (ValueError, RecursionError):
        raise _invalid(_NO_SCHEMA) from None
    references = [reference for part in parts if isinstance(reference := part.get("$ref"), str)]
    return [_model(reference) for reference in references if not reference.startswith("#")]


def _parts(schema: object) -> Iterator[Mapping[str, Any]]:
    """The schema and all those in it. AwsError if one of them is none."""
    if not isinstance(schema, dict):
        raise _invalid(_NO_SCHEMA)
    _check_keywords(schema)
    yield schema
    for inner in _inside(schema):
        yield from _parts(inner)


def _inside(schema: Mapping[str, Any]) -> Iterator[object]:
    for name in _BY_NAME:
        if not isinstance(schemas := schema.get(name, {}), dict):
            raise _invalid(_NO_SCHEMA)
        yield from schemas.values()
    for name in _LISTS:
        if name in schema:
            yield from _items(schema, name)
    items = schema.get("items", ())
    yield from items if isinstance(items, list | tuple) else (items,)
    yield from (schema[name] for name in _SCHEMAS if not isinstance(schema.get(name, True), bool))


def _items(schema: Mapping[str, Any], name: str) -> list[object]:
    """The list under a keyword, which draft 4 wants to hold at least one thing."""
    items = schema[name]
    if not isinstance(items, list) or not items:
        raise _invalid(_NO_SCHEMA)
    return items


def _check_keywords(schema: Mapping[str, Any]) -> None:
    for name, fits in _VALUES.items():
        if name in schema and not fits(schema[name]):
            raise _invalid(_NO_SCHEMA)
    if "type" in schema:
        types = _items(schema, "type") if isinstance(schema["type"], list) else [schema["type"]]
        if not all(isinstance(each, str) and each in _TYPES for each in types):
            raise _invalid(_NO_SCHEMA)
    if "required" in schema and not all(isinstance(each, str) for each in _items(schema, "required")):
        raise _invalid(_NO_SCHEMA)


def _model(reference: str) -> str:
    match = _MODEL.fullmatch(reference)
    if match is None:
        raise _invalid("Model reference must be in canonical form")
    return match[1]


def _invalid(errors: str) -> AwsError:
    return bad_request(f"Invalid model specified: {validation_result(errors)}")
