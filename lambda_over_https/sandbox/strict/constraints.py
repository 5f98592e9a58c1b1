"""The constraints of the services' own models: patterns, lengths, ranges and enumerations.

SDKs check few of them, and moto hardly any. AWS checks them all, and reports them in one form of words.
"""

import functools
import re
import warnings
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from lambda_over_https.sandbox.control.aws_calls import AwsCall, input_shape
from lambda_over_https.sandbox.model.errors import AwsError
from lambda_over_https.sandbox.model.wording import NULL, failure, matching, one_of
from lambda_over_https.sandbox.strict import as_told

_CODES = {
    "iam": "ValidationError",
    "sts": "ValidationError",
    "logs": "InvalidParameterException",
    "resourcegroupstaggingapi": "InvalidParameterException",
}

_TOLD_BY_ITSELF = frozenset({"apigateway"})
"""The service that has words of its own for what is missing in the call itself."""

# Constraints that AWS reports in other words: the service's own module checks them.
_CHECKED_ELSEWHERE = {("lambda", "Runtime"), ("dynamodb", "TableName"), ("lambda", "ZipFile")}

_UNCHECKED = frozenset({"PutItem", "GetItem", "UpdateItem", "DeleteItem"})
"""Calls on single items must be fast: of these only what is missing in the call itself is told."""
_ONLY_COMPLETE = frozenset({"BatchGetItem", "BatchWriteItem", "TransactGetItems", "TransactWriteItems"})
"""Of these only what is missing inside is told here; the service's own module knows their limits."""


def check(call: AwsCall) -> None:
    """Refuse parameters that break a constraint of the service's model, in AWS's words."""
    shape = input_shape(call.service, call.operation)
    if shape is None:
        return
    of_items = call.operation if call.service == "dynamodb" else ""
    missing = _missing_here if of_items in _UNCHECKED else _missing
    failures = list(missing(call, shape, call.parameters, ""))
    if of_items not in _UNCHECKED | _ONLY_COMPLETE:
        failures += _failures(call, shape, call.parameters, "")
    if failures:
        noun = "error" if len(failures) == 1 else "errors"
        message = f"{len(failures)} validation {noun} detected: {'; '.join(failures)}"
        raise AwsError(_CODES.get(call.service, "ValidationException"), message)


def _missing(call: AwsCall, shape: Any, value: Any, path: str) -> Iterator[str]:
    """What must be in a call, or in a structure inside it, and is not there.

    SDKs check this, but not all of them: Node.js's does not.
    """
    if path or call.service not in _TOLD_BY_ITSELF:
        yield from _missing_here(call, shape, value, path)
    for part in _inside(call, shape, value, path):
        yield from _missing(call, *part)


def _missing_here(call: AwsCall, shape: Any, value: Any, path: str) -> Iterator[str]:
    """What must be in one structure and is not there."""
    if shape.type_name == "structure" and isinstance(value, Mapping):
        for name in shape.required_members:
            if value.get(name) is None:
                yield f"Value null at '{path}{_step(call, shape.members[name], name, path)}' {NULL}"


def _inside(call: AwsCall, shape: Any, value: Any, path: str) -> Iterator[tuple[Any, Any, str]]:
    """The values in a value, each with its shape and the path to it."""
    if shape.type_name == "structure" and isinstance(value, Mapping):
        for name, member in shape.members.items():
            if value.get(name) is not None:
                yield member, value[name], path + _step(call, member, name, path)
    elif shape.type_name == "list" and isinstance(value, list):
        for number, item in enumerate(value, 1):
            yield shape.member, item, f"{path}.{number}.member"
    elif shape.type_name == "map" and isinstance(value, Mapping):
        for key, item in value.items():
            yield shape.value, item, f"{path}.{key}.member"


def _failures(call: AwsCall, shape: Any, value: Any, path: str) -> Iterator[str]:
    if shape.type_name == "structure" and isinstance(value, Mapping):
        for name, member in _reported_members(call, shape):
            if value.get(name) is not None and (call.service, name) not in _CHECKED_ELSEWHERE:
                yield from _failures(call, member, value[name], path + _step(call, member, name, path))
    elif shape.type_name == "list" and isinstance(value, list):
        yield from _list_failures(call, shape, value, path)
    elif shape.type_name == "map" and isinstance(value, Mapping):
        yield from _map_failures(call, shape, value, path)
    elif shape.type_name in ("string", "integer", "long"):
        for constraint in _broken(shape, value):
            shown = "" if call.service == "iam" else f"'{value}' "
            yield f"Value {shown}at '{path}' failed to satisfy constraint: {constraint}"


def _reported_members(call: AwsCall, shape: Any) -> list[tuple[str, Any]]:
    """The members in the order in which their failures are reported: API Gateway begins with the body's."""
    members = sorted(shape.members.items(), key=lambda item: item[0] in as_told.REPORTED_LAST)
    if call.service == "apigateway":
        members.sort(key=lambda item: "location" in item[1].serialization)
    return members


def _list_failures(call: AwsCall, shape: Any, value: list[Any], path: str) -> Iterator[str]:
    for constraint in _out_of_range(shape.metadata, len(value), "length"):
        yield failure(_listed(value), path, constraint)
    if shape.member.type_name == "string":
        broken = sorted({constraint for item in value for constraint in _broken(shape.member, item)})
        if broken and shape.member.name == "Runtime":
            yield failure(_listed(value), path, one_of([as_told.RUNTIMES]))
            return
        if broken and call.service == "lambda":
            broken = [*_all_of(shape.member), "Member must not be null"]
        if broken:
            yield failure(_listed(value), path, f"Member must satisfy constraint: {_listed(broken)}")
        return
    for number, item in enumerate(value, 1):
        yield from _failures(call, shape.member, item, f"{path}.{number}.member")


def _listed(values: Iterable[object]) -> str:
    return f"[{', '.join(map(str, values))}]"


def _map_failures(call: AwsCall, shape: Any, value: Mapping[str, Any], path: str) -> Iterator[str]:
    for noun, member, parts in (("keys", shape.key, value), ("values", shape.value, value.values())):
        broken = sorted({constraint for part in parts for constraint in _broken(member, part)})
        if broken and call.service == "lambda" and noun == "keys":
            shown = "'{" + ", ".join(f"{key}={part}" for key, part in value.items()) + "}' "
            constraint = f"Map keys must satisfy constraint: {_listed(_all_of(member))}"
            hidden = shape.metadata.get("sensitive")
            yield f"Value {'' if hidden else shown}at '{path}' failed to satisfy constraint: {constraint}"
        elif broken:
            constraint = f"Map {noun} must satisfy constraint: [{', '.join(broken)}]"
            yield f"Value at '{path}' failed to satisfy constraint: {constraint}"


def _step(call: AwsCall, member: Any, name: str, path: str) -> str:
    """The member's name as AWS spells it in messages. API Gateway names the input before a body's members."""
    name = name[0].lower() + name[1:]
    if path:
        return f".{name}"
    in_body = call.service == "apigateway" and not member.serialization.get("location")
    return f"{call.operation[0].lower()}{call.operation[1:]}Input.{name}" if in_body else name


def _broken(shape: Any, value: Any) -> Iterator[str]:
    if shape.type_name != "string":
        if isinstance(value, int):
            yield from _out_of_range(shape.metadata, value, "value")
        return
    if not isinstance(value, str):
        return
    yield from _out_of_range(shape.metadata, len(value), "length")
    if shape.metadata.get("enum") and value not in shape.metadata["enum"]:
        yield one_of(as_told.enumeration_of(shape))
    pattern = as_told.pattern_of(shape)
    compiled = _compiled(pattern) if pattern else None
    if pattern and compiled and not compiled.fullmatch(value):
        yield matching(pattern)


def _all_of(shape: Any) -> Iterator[str]:
    """All constraints of a text, as Lambda lists them if one of a list or of a map's keys breaks one."""
    metadata = shape.metadata
    if "max" in metadata:
        yield f"Member must have length less than or equal to {metadata['max']}"
    if "min" in metadata:
        yield f"Member must have length greater than or equal to {metadata['min']}"
    if metadata.get("enum"):
        yield one_of(as_told.enumeration_of(shape))
    if pattern := as_told.pattern_of(shape):
        yield matching(pattern)


def _out_of_range(metadata: Mapping[str, Any], size: int, noun: str) -> Iterator[str]:
    if "min" in metadata and size < metadata["min"]:
        yield f"Member must have {noun} greater than or equal to {metadata['min']}"
    if "max" in metadata and size > metadata["max"]:
        yield f"Member must have {noun} less than or equal to {metadata['max']}"


@functools.cache
def _compiled(pattern: str) -> re.Pattern[str] | None:
    """The model's Java pattern for Python; None for the few that need Unicode classes, which Python lacks."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)
            return re.compile(pattern, re.ASCII)
    except re.error:
        return None
