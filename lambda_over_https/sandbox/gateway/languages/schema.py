"""JSON schema, draft 04: as much of it as the models of request validators use.

Source: the draft itself. API Gateway ignores some keywords (``default``, ``discriminator``,
``exclusiveMinimum``, ``maxItems``, ``minItems``, ``readOnly``): API Gateway developer guide, "Amazon API
Gateway important notes".
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from lambda_over_https.sandbox.gateway.errors import ConfigurationError, UnsupportedError
from lambda_over_https.sandbox.gateway.languages.budget import current
from lambda_over_https.sandbox.gateway.languages.patterns import compile_ecma
from lambda_over_https.sandbox.gateway.languages.velocity import to_json
from lambda_over_https.sandbox.model.pointers import followed

_MODEL = re.compile(r"https?://apigateway\.amazonaws\.com/restapis/[^/]+/models/([A-Za-z0-9]+)(#.*)?")
_STEPS = 10  # of a budget: what a check of one value costs
_IGNORED = frozenset(
    (
        "$schema",
        "default",
        "definitions",
        "description",
        "discriminator",
        "example",
        "exclusiveMaximum",
        "exclusiveMinimum",
        "format",
        "id",
        "readOnly",
        "title",
        "additionalItems",
        "maxItems",
        "minItems",
    )
)


@dataclass(frozen=True, slots=True)
class Schema:
    """A schema, and the documents that its references may point to; ``models`` are parsed, by name."""

    document: Any
    models: Mapping[str, Any]
    root: Any = None

    def errors(self, value: Any) -> Iterator[str]:
        """The errors of ``value``; none if it is valid.

        UnsupportedError for a keyword that the sandbox does not know, ConfigurationError for a reference that
        points to nothing.
        """
        current().step(_STEPS)
        if not isinstance(self.document, dict):
            raise ConfigurationError(f"not a JSON schema: {to_json(self.document)}")
        if "$ref" in self.document:
            yield from self._follow(str(self.document["$ref"])).errors(value)
            return
        for keyword, argument in self.document.items():
            if keyword in _KEYWORDS:
                yield from _KEYWORDS[keyword](self, argument, value)
            elif keyword not in _IGNORED and not keyword.startswith("x-"):
                raise UnsupportedError(f"the JSON schema keyword {keyword!r}")

    def valid(self, value: Any) -> bool:
        """Whether ``value`` is valid."""
        return next(self.errors(value), None) is None

    def part(self, document: Any) -> "Schema":
        """A schema inside this one."""
        return Schema(document, self.models, self._base)

    @property
    def _base(self) -> Any:
        return self.document if self.root is None else self.root

    def _follow(self, reference: str) -> "Schema":
        if match := _MODEL.fullmatch(reference):
            name, pointer = match.groups()
            return Schema(self.models.get(name), self.models).at(pointer or "#", reference)
        return Schema(self._base, self.models).at(reference, reference)

    def at(self, pointer: str, reference: str) -> "Schema":
        """The schema at a JSON pointer (``#/definitions/name``) in this document."""
        found = followed(self.document, pointer)
        if found is None or not pointer.startswith("#"):
            raise ConfigurationError(f"the JSON schema reference {reference!r} points to nothing")
        return self.part(found)


Check = Callable[[Schema, Any, Any], Iterator[str]]


def _type(_: Schema, names: Any, value: Any) -> Iterator[str]:
    wanted = names if isinstance(names, list) else [names]
    if not any(_is(value, name) for name in wanted):
        yield f"instance type does not match any allowed primitive type (allowed: {to_json(wanted)})"


def _is(value: Any, name: str) -> bool:
    number = isinstance(value, int | float | Decimal) and not isinstance(value, bool)
    return {
        "object": isinstance(value, dict),
        "array": isinstance(value, list),
        "string": isinstance(value, str),
        "boolean": isinstance(value, bool),
        "null": value is None,
        "number": number,
        "integer": number and not isinstance(value, float),
    }.get(name, False)


def _enum(_: Schema, values: Any, value: Any) -> Iterator[str]:
    if to_json(value) not in map(to_json, values):
        yield f"instance value ({to_json(value)}) not found in enum (possible values: {to_json(values)})"


def _required(_: Schema, names: Any, value: Any) -> Iterator[str]:
    missing = [name for name in names if name not in value] if isinstance(value, dict) else []
    if missing:
        yield f"object has missing required properties ({to_json(sorted(missing))})"


def _properties(schema: Schema, properties: Any, value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for name, document in properties.items():
            if name in value:
                yield from schema.part(document).errors(value[name])


def _pattern_properties(schema: Schema, patterns: Any, value: Any) -> Iterator[str]:
    for name, item in value.items() if isinstance(value, dict) else ():
        for pattern, document in patterns.items():
            if _found(pattern, name):
                yield from schema.part(document).errors(item)


def _additional_properties(schema: Schema, rest: Any, value: Any) -> Iterator[str]:
    known = schema.document.get("properties", {})
    patterns = schema.document.get("patternProperties", {})
    for name, item in value.items() if isinstance(value, dict) else ():
        if name in known or any(_found(pattern, name) for pattern in patterns):
            continue
        if rest is False:
            yield f"object instance has properties which are not allowed by the schema: {to_json([name])}"
        elif isinstance(rest, dict):
            yield from schema.part(rest).errors(item)


def _items(schema: Schema, items: Any, value: Any) -> Iterator[str]:
    if not isinstance(value, list):
        return
    rest = schema.document.get("additionalItems", True)
    for at, item in enumerate(value):
        document = items if isinstance(items, dict) else items[at] if at < len(items) else rest
        if document is False:
            yield "array has too many elements"
        elif isinstance(document, dict):
            yield from schema.part(document).errors(item)


def _unique_items(_: Schema, wanted: Any, value: Any) -> Iterator[str]:
    if wanted and isinstance(value, list) and len(set(map(to_json, value))) < len(value):
        yield "array must not contain duplicate elements"


def _found(pattern: str, text: str) -> bool:
    try:
        return compile_ecma(pattern).found(text)
    except ValueError as error:
        raise ConfigurationError(f"the pattern {pattern!r} of a JSON schema: {error}") from None


def _pattern(_: Schema, pattern: Any, value: Any) -> Iterator[str]:
    if isinstance(value, str) and not _found(pattern, value):
        yield f"ECMA 262 regex {to_json(pattern)} does not match input string {to_json(value)}"


def _multiple_of(_: Schema, step: Any, value: Any) -> Iterator[str]:
    if _is(value, "number") and Decimal(str(value)) % Decimal(str(step)) != 0:
        yield f"remainder of division is not zero ({value} / {step})"


def _all_of(schema: Schema, documents: Any, value: Any) -> Iterator[str]:
    for document in documents:
        yield from schema.part(document).errors(value)


def _any_of(schema: Schema, documents: Any, value: Any) -> Iterator[str]:
    if not any(schema.part(document).valid(value) for document in documents):
        yield "instance failed to match at least one required schema"


def _one_of(schema: Schema, documents: Any, value: Any) -> Iterator[str]:
    if sum(schema.part(document).valid(value) for document in documents) != 1:
        yield "instance failed to match exactly one schema"


def _not(schema: Schema, document: Any, value: Any) -> Iterator[str]:
    if schema.part(document).valid(value):
        yield "instance matched a schema which it should not have"


def _bound(kind: type | tuple[type, ...], measure: Callable[[Any], Any], *, most: bool, what: str) -> Check:
    def check(_: Schema, limit: Any, value: Any) -> Iterator[str]:
        if isinstance(value, kind) and not isinstance(value, bool):
            size = measure(value)
            if size > limit if most else size < limit:
                yield f"{what} ({size}, {'maximum' if most else 'minimum'}: {limit})"

    return check


_KEYWORDS: dict[str, Check] = {
    "type": _type,
    "enum": _enum,
    "required": _required,
    "properties": _properties,
    "patternProperties": _pattern_properties,
    "additionalProperties": _additional_properties,
    "items": _items,
    "uniqueItems": _unique_items,
    "pattern": _pattern,
    "multipleOf": _multiple_of,
    "allOf": _all_of,
    "anyOf": _any_of,
    "oneOf": _one_of,
    "not": _not,
    "minimum": _bound((int, float), lambda value: value, most=False, what="numeric instance is too small"),
    "maximum": _bound((int, float), lambda value: value, most=True, what="numeric instance is too large"),
    "minLength": _bound(str, len, most=False, what="string is too short"),
    "maxLength": _bound(str, len, most=True, what="string is too long"),
    "minProperties": _bound(dict, len, most=False, what="object has too few properties"),
    "maxProperties": _bound(dict, len, most=True, what="object has too many properties"),
}
