"""DynamoDB's legacy parameters, put into the expressions that say the same.

moto passes over most of them: AttributesToGet, ConditionalOperator, what DeleteItem expects. DynamoDB guide,
"Legacy DynamoDB conditional parameters". Messages are AWS's, as the tests of dynalite and extenddb have them.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from lambda_over_https.sandbox.control.aws_calls import AwsCall
from lambda_over_https.sandbox.control.layer import AwsResponse, Inner, Layer
from lambda_over_https.sandbox.model.wording import one_of, unsatisfied
from lambda_over_https.sandbox.strict.dynamodb.expressions.check import EXPRESSIONS
from lambda_over_https.sandbox.strict.dynamodb.items.calls import invalid
from lambda_over_https.sandbox.strict.dynamodb.legacy.conditions import INVALID, joined
from lambda_over_https.sandbox.strict.dynamodb.legacy.placeholders import Placeholders

_FILTERS = ("QueryFilter", "ScanFilter")
_CONDITIONS = {
    **dict.fromkeys(_FILTERS, "FilterExpression"),
    "Expected": "ConditionExpression",
    "KeyConditions": "KeyConditionExpression",
}
_LEGACY = (
    *("AttributesToGet", *_FILTERS, "AttributeUpdates"),
    *("Expected", "ConditionalOperator", "KeyConditions"),
)
"""All of them, in the order in which AWS names those of a call."""

_ADDABLE = frozenset({"N", "SS", "NS", "BS", "L"})
_SETS = frozenset({"SS", "NS", "BS"})

_MIXED = (
    "Can not use both expression and non-expression parameters in the same request: "
    "Non-expression parameters: {{{}}} Expression parameters: {{{}}}"
)
_ALONE = "ConditionalOperator can only be used when Filter or Expected has two or more elements"


class LegacyParameters(Layer):
    """Passes calls with legacy parameters on as calls with expressions."""

    services = frozenset({"dynamodb"})

    def instead(self, call: AwsCall, inner: Inner) -> AwsResponse | None:
        """Make the call anew if it has such a parameter; AwsError if they are not as AWS wants them."""
        parameters = _expressed(call.parameters)
        if call.operation == "BatchGetItem":
            requests = call.parameters.get("RequestItems") or {}
            parameters = {
                **parameters,
                "RequestItems": {table: _expressed(part) for table, part in requests.items()},
            }
        if parameters == call.parameters:
            return None
        request = replace(call.request, body=json.dumps(parameters).encode())
        return inner(replace(call, request=request, parameters=parameters))


def _expressed(parameters: Mapping[str, Any]) -> Mapping[str, Any]:
    """The parameters, with expressions in place of the legacy ones."""
    legacy = [name for name in _LEGACY if parameters.get(name) is not None]
    if not legacy:
        return parameters
    _check_mixture(parameters, legacy)
    _check_conditional_operator(parameters)
    placeholders = Placeholders()
    expressions = dict(_expressions(parameters, placeholders))
    kept = {name: value for name, value in parameters.items() if name not in legacy}
    return {**kept, **expressions, **placeholders.beside(parameters)}


def _check_mixture(parameters: Mapping[str, Any], legacy: Sequence[str]) -> None:
    """Only KeyConditions can stand beside an expression, and only a filter or a projection."""
    expressions = [name for name in EXPRESSIONS if parameters.get(name) is not None]
    if "KeyConditionExpression" not in expressions:
        legacy = [name for name in legacy if name != "KeyConditions"]
    if legacy and expressions:
        raise invalid(_MIXED.format(", ".join(legacy), ", ".join(expressions)))
    if parameters.get("ExpressionAttributeNames") and not expressions:
        raise invalid("ExpressionAttributeNames can only be specified when using expressions")


def _check_conditional_operator(parameters: Mapping[str, Any]) -> None:
    operator = parameters.get("ConditionalOperator")
    if operator is None:
        return
    if operator not in ("OR", "AND"):
        raise invalid(unsatisfied(operator, "conditionalOperator", one_of(["OR", "AND"])))
    number = max(len(parameters.get(name) or ()) for name in (*_FILTERS, "Expected"))
    if number == 0:
        raise invalid("ConditionalOperator cannot be used without Filter or Expected")
    if number == 1:
        raise invalid(_ALONE)


def _expressions(parameters: Mapping[str, Any], placeholders: Placeholders) -> Iterator[tuple[str, str]]:
    """The name of each expression's member, and the expression."""
    attributes, updates = parameters.get("AttributesToGet"), parameters.get("AttributeUpdates")
    if attributes:
        yield "ProjectionExpression", _projection(attributes, placeholders)
    if updates:
        yield "UpdateExpression", _update(updates, placeholders)
    for name, member in _CONDITIONS.items():
        conditions = parameters.get(name)
        if conditions:
            joint = "AND" if name == "KeyConditions" else parameters.get("ConditionalOperator") or "AND"
            yield member, joined(name, conditions, joint, placeholders)


def _projection(attributes: Sequence[str], placeholders: Placeholders) -> str:
    twice = next((name for name in attributes if attributes.count(name) > 1), None)
    if twice is not None:
        raise invalid(f"{INVALID}Duplicate value in attribute name: {twice}")
    return ", ".join(map(placeholders.name, attributes))


def _update(updates: Mapping[str, Mapping[str, Any]], placeholders: Placeholders) -> str:
    clauses: dict[str, list[str]] = {}
    for attribute, update in updates.items():
        _check_update(attribute, update)
        clause, part = _clause(placeholders.name(attribute), update, placeholders)
        clauses.setdefault(clause, []).append(part)
    return " ".join(f"{clause} {', '.join(parts)}" for clause, parts in clauses.items())


def _check_update(attribute: str, update: Mapping[str, Any]) -> None:
    action, value = update.get("Action") or "PUT", update.get("Value")
    if action not in ("ADD", "PUT", "DELETE"):
        path = f"attributeUpdates.{attribute}.member.action"
        raise invalid(unsatisfied(action, path, one_of(["ADD", "PUT", "DELETE"])))
    if value is None:
        if action != "DELETE":
            raise invalid(f"{INVALID}Only DELETE action is allowed when no attribute value is specified")
        return
    kind = next(iter(value), "")
    if action == "DELETE" and kind not in _SETS:
        raise invalid(f"{INVALID}DELETE action with value is not supported for the type {kind}")
    if action == "ADD" and kind not in _ADDABLE:
        raise invalid(f"{INVALID}ADD action is not supported for the type {kind}")


def _clause(name: str, update: Mapping[str, Any], placeholders: Placeholders) -> tuple[str, str]:
    """The clause of an UpdateExpression that an update belongs to, and its part there."""
    action, value = update.get("Action") or "PUT", update.get("Value")
    if value is None:
        return "REMOVE", name
    if action == "PUT":
        return "SET", f"{name} = {placeholders.value(value)}"
    if "L" in value:
        start = f"if_not_exists({name}, {placeholders.value({'L': []})})"
        return "SET", f"{name} = list_append({start}, {placeholders.value(value)})"
    return action, f"{name} {placeholders.value(value)}"
