"""The values that DynamoDB takes: numbers, sets, levels. Messages are AWS's, as reports have them."""

from collections.abc import Mapping
from typing import Any

from lambda_over_https.sandbox.control.aws_calls import AwsCall
from lambda_over_https.sandbox.control.dynamodb.plain_numbers import plain
from lambda_over_https.sandbox.strict.dynamodb.items.calls import invalid, parts

MOST_LEVELS = 32
"""Of an item, whose attributes are the first (DynamoDB guide, "Quotas in Amazon DynamoDB")."""

_INVALID = "One or more parameter values were invalid: "
_EMPTY = {
    "SS": "An string set  may not be empty",
    "NS": "An number set  may not be empty",
    "BS": "Binary sets should not be empty",
}
_TOO_DEEP = (
    "Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond "
    "supported limit"
)


def check(call: AwsCall) -> None:
    """The items that a call writes, and the values in its expressions, are what DynamoDB takes."""
    for part in parts(call):
        for member in ("Item", "ExpressionAttributeValues"):
            check_values(part.get(member) or {})


def check_values(values: Mapping[str, Any], level: int = 1) -> None:
    """Each has one type, sets have no duplicates, and nothing is nested too deeply."""
    if level > MOST_LEVELS and values:
        raise invalid(_TOO_DEEP)
    for value in values.values():
        if len(value) != 1:
            what = "is empty" if not value else "has more than one datatypes set"
            raise invalid(
                f"Supplied AttributeValue {what}, must contain exactly one of the supported datatypes"
            )
        for kind, content in value.items():
            _check_value(kind, content, level)


def _check_value(kind: str, content: Any, level: int) -> None:
    if kind == "N":
        plain(content)
    elif kind == "NULL" and content is False:
        raise invalid(f"{_INVALID}Null attribute value types must have the value of true")
    elif kind in _EMPTY and isinstance(content, list):
        _check_set(kind, [plain(item) if kind == "NS" else str(item) for item in content])
    elif kind == "M":
        check_values(content, level + 1)
    elif kind == "L":
        check_values({str(index): item for index, item in enumerate(content)}, level + 1)


def _check_set(kind: str, items: list[str]) -> None:
    """AWS names no members of a set of numbers."""
    if not items:
        raise invalid(_INVALID + _EMPTY[kind])
    if len(set(items)) < len(items):
        listed = "" if kind == "NS" else f" [{', '.join(items)}]"
        raise invalid(f"{_INVALID}Input collection{listed} contains duplicates.")
