"""Legacy conditions (ScanFilter, QueryFilter, KeyConditions, Expected) as expressions, or AWS's refusal."""

from collections.abc import Mapping, Sequence
from typing import Any

from lambda_over_https.sandbox.model.wording import one_of, unsatisfied
from lambda_over_https.sandbox.strict.dynamodb.expressions.meaning import order
from lambda_over_https.sandbox.strict.dynamodb.items.calls import invalid
from lambda_over_https.sandbox.strict.dynamodb.legacy.placeholders import Placeholders

INVALID = "One or more parameter values were invalid: "

_WRITTEN = {
    "IN": "{} IN ({})",
    "NULL": "attribute_not_exists({})",
    "BETWEEN": "{} BETWEEN {} AND {}",
    "LT": "{} < {}",
    "NOT_CONTAINS": "NOT contains({}, {})",
    "EQ": "{} = {}",
    "GT": "{} > {}",
    "NOT_NULL": "attribute_exists({})",
    "NE": "{} <> {}",
    "LE": "{} <= {}",
    "BEGINS_WITH": "begins_with({}, {})",
    "GE": "{} >= {}",
    "CONTAINS": "contains({}, {})",
}
"""How each ComparisonOperator is written: first the attribute, then its values."""

_SCALARS = frozenset({"S", "N", "B"})
_TYPES = {
    **dict.fromkeys(("LE", "LT", "GE", "GT", "BETWEEN", "IN"), _SCALARS),
    **dict.fromkeys(("CONTAINS", "NOT_CONTAINS"), _SCALARS | {"BOOL", "NULL"}),
    "BEGINS_WITH": frozenset({"S", "B"}),
}
"""The types that an operator takes; the others take all (API reference of DynamoDB, "Condition")."""

_OF_KEYS = frozenset({"EQ", "LE", "LT", "GE", "GT", "BEGINS_WITH", "BETWEEN"})
"""The operators of KeyConditions (API reference of DynamoDB, "Query")."""

_UNORDERED = (
    "The BETWEEN condition was provided a range where the lower bound is greater than the upper bound"
)


def joined(member: str, conditions: Mapping[str, Any], joint: str, placeholders: Placeholders) -> str:
    """All conditions of one member, with ``joint`` (AND or OR) between them."""
    written = expected if member == "Expected" else _compared
    parts = (
        written(f"{member[0].lower()}{member[1:]}", attribute, condition, placeholders)
        for attribute, condition in conditions.items()
    )
    return f" {joint} ".join(parts)


def expected(member: str, attribute: str, condition: Mapping[str, Any], placeholders: Placeholders) -> str:
    """What a write expects of one attribute: a comparison, a value, or that it exists or does not."""
    _check_expected(attribute, condition)
    value, exists = condition.get("Value"), condition.get("Exists")
    if "ComparisonOperator" in condition:
        values = condition.get("AttributeValueList") or [value] * (value is not None)
        return _compared(member, attribute, {**condition, "AttributeValueList": values}, placeholders)
    operator, values = ("NULL", []) if exists is False else ("EQ", [value])
    return _written(operator, attribute, values, placeholders)


def _check_expected(attribute: str, condition: Mapping[str, Any]) -> None:
    value, exists, operator = (condition.get(name) for name in ("Value", "Exists", "ComparisonOperator"))
    listed = condition.get("AttributeValueList") is not None
    wrong = ""
    if value is not None and listed:
        wrong = "Value and AttributeValueList cannot be used together"
    elif operator is not None and exists is not None:
        wrong = "Exists and ComparisonOperator cannot be used together"
    elif operator not in (None, "NULL", "NOT_NULL") and value is None and not listed:
        wrong = f"Value or AttributeValueList must be used with ComparisonOperator: {operator}"
    elif operator is None and listed:
        wrong = "AttributeValueList can only be used with a ComparisonOperator"
    elif operator is None and exists is not False and value is None:
        wrong = f"Value must be provided when Exists is {'null' if exists is None else 'true'}"
    elif exists is False and value is not None:
        wrong = "Value cannot be used when Exists is false"
    if wrong:
        raise invalid(f"{INVALID}{wrong} for Attribute: {attribute}")


def _compared(member: str, attribute: str, condition: Mapping[str, Any], placeholders: Placeholders) -> str:
    operator, values = condition.get("ComparisonOperator"), condition.get("AttributeValueList") or []
    if operator not in _WRITTEN:
        path = f"{member}.{attribute}.member.comparisonOperator"
        raise invalid(unsatisfied(operator, path, one_of(_WRITTEN)))
    if not values if operator == "IN" else len(values) != _WRITTEN[operator].count("{}") - 1:
        raise invalid(f"{INVALID}Invalid number of argument(s) for the {operator} ComparisonOperator")
    if len({kind for value in values for kind in value}) > 1:
        raise invalid(f"{INVALID}AttributeValues inside AttributeValueList must be of same type")
    _check_types(operator, values)
    if operator == "BETWEEN" and order(*values) == 1:
        raise invalid(_UNORDERED)
    if member == "keyConditions" and operator not in _OF_KEYS:
        raise invalid("Attempted conditional constraint is not an indexable operation")
    return _written(operator, attribute, values, placeholders)


def _check_types(operator: str, values: Sequence[Mapping[str, Any]]) -> None:
    for kind in (kind for value in values for kind in value):
        if operator in _TYPES and kind not in _TYPES[operator]:
            raise invalid(
                f"{INVALID}ComparisonOperator {operator} is not valid for {kind} AttributeValue type"
            )


def _written(operator: str, attribute: str, values: Sequence[Any], placeholders: Placeholders) -> str:
    written = list(map(placeholders.value, values))
    if operator == "IN":
        written = [", ".join(written)]
    return _WRITTEN[operator].format(placeholders.name(attribute), *written)
