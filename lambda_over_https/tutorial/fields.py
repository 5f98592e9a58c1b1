"""A request in a few words: ``create Id=1 name=Bob n:=1.5`` instead of the payload as JSON.

``NAME=TEXT`` is text, ``NAME:=JSON`` any other value. What the fields become depends on the operation: an
item to create, the key of one to read or delete, key and new values of one to update; else the payload.
"""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from lambda_over_https.errors import UsageError
from lambda_over_https.names import TABLE_KEY

_FIELD = re.compile(r"(?P<name>[^=:]+)(?P<sign>:?=)(?P<value>.*)", re.DOTALL)
EXAMPLE = "For example `loh call create Id=1 name=Bob n:=1.5`."


def payload_of(operation: str, fields: Sequence[str]) -> dict[str, Any]:
    """The payload that these fields mean for the operation; raises UsageError for what is no field."""
    given = [_field(each) for each in fields]
    values = dict(given)
    if len(values) < len(given):
        twice = next(name for name in values if [each for each, _ in given].count(name) > 1)
        raise UsageError(f"The field {twice} is given twice.", EXAMPLE)
    shape = _SHAPES.get(operation)
    return shape(values) if shape and values else values


def _field(text: str) -> tuple[str, Any]:
    found = _FIELD.fullmatch(text)
    if not found:
        raise UsageError(f"{text!r} is not JSON, and no field NAME=TEXT or NAME:=JSON either.", EXAMPLE)
    name, sign, value = found["name"], found["sign"], found["value"]
    if sign == "=":
        return name, value
    try:
        return name, json.loads(value)
    except ValueError as error:
        raise UsageError(
            f"The value of {name} is not JSON: {error}.", f"{name}={value} sends it as text."
        ) from error


def _update(values: Mapping[str, Any]) -> dict[str, Any]:
    """Set every field but the key; a placeholder stands for each name, since some are reserved words."""
    changed = {name: value for name, value in values.items() if name != TABLE_KEY}
    payload: dict[str, Any] = {"Key": _key(values)}
    if changed:
        payload["UpdateExpression"] = "SET " + ", ".join(f"#n{n} = :v{n}" for n in range(len(changed)))
        payload["ExpressionAttributeNames"] = {f"#n{n}": name for n, name in enumerate(changed)}
        payload["ExpressionAttributeValues"] = {f":v{n}": value for n, value in enumerate(changed.values())}
    return payload


def _key(values: Mapping[str, Any]) -> dict[str, Any]:
    if TABLE_KEY not in values:
        raise UsageError(f"Which item? The field {TABLE_KEY} is missing.", EXAMPLE)
    return {TABLE_KEY: values[TABLE_KEY]}


_SHAPES = {
    "create": lambda values: {"Item": dict(values)},
    "read": lambda values: {"Key": _key(values)},
    "delete": lambda values: {"Key": _key(values)},
    "update": _update,
}
