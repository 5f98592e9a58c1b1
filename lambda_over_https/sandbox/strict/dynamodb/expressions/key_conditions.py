"""Key conditions: which keys a query asks for.

DynamoDB guide, "Key condition expressions for the Query operation". Messages are AWS's, as the tests of
dynalite, which were run against AWS, have them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lambda_over_https.sandbox.strict.dynamodb.expressions.conditions import read_condition
from lambda_over_https.sandbox.strict.dynamodb.expressions.meaning import Given
from lambda_over_https.sandbox.strict.dynamodb.expressions.reader import WrongError
from lambda_over_https.sandbox.strict.dynamodb.expressions.tree import (
    Call,
    Comparison,
    Condition,
    Joined,
    Negated,
    Operand,
    Path,
    Value,
)

_TURNED = {"=": "=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_WRONG = "Invalid condition in KeyConditionExpression: "
_OPERATOR = "Invalid operator used in KeyConditionExpression: "
_UNSUPPORTED = "Query key condition not supported"


@dataclass(frozen=True, slots=True)
class KeyCondition:
    """What is asked of one key: the operator is a comparator, ``BETWEEN`` or ``begins_with``."""

    operator: str
    values: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Key:
    """A key of a table or an index: its name, its type (S, N or B), and whether it is the partition key."""

    name: str
    kind: str
    partition: bool


def read_key_conditions(text: str, given: Given) -> dict[str, KeyCondition]:
    """The condition on each key. Raises WrongError, with all of AWS's message."""
    found: dict[str, KeyCondition] = {}
    for condition in _conditions(read_condition(text)):
        name, wanted = _read(condition, given)
        if name in found:
            raise WrongError("KeyConditionExpressions must only contain one condition per key")
        found[name] = wanted
    return found


def check_keys(conditions: Mapping[str, KeyCondition], keys: Sequence[Key]) -> None:
    """Raises WrongError unless the conditions can be asked of these keys, the partition key's first."""
    for name in (key.name for key in keys if key.partition and key.name not in conditions):
        raise WrongError(f"Query condition missed key schema element: {name}")
    asked = [key for key in keys if key.name in conditions]
    if len(asked) < len(conditions):
        missed = next((key.name for key in keys if key.name not in conditions), None)
        raise WrongError(f"Query condition missed key schema element: {missed}" if missed else _UNSUPPORTED)
    if asked != list(keys[: len(asked)]):
        raise WrongError(_UNSUPPORTED)
    for key in asked:
        _check_key(key, conditions[key.name], last=key is asked[-1])


def _check_key(key: Key, condition: KeyCondition, *, last: bool) -> None:
    if any([*value] != [key.kind] for value in condition.values):
        problem = "Condition parameter type does not match schema type"
        raise WrongError(f"One or more parameter values were invalid: {problem}")
    if condition.operator != "=" and (key.partition or not last):
        raise WrongError(_UNSUPPORTED)
    if condition.operator == "=" and condition.values[0].get("S") == "":
        problem = "The AttributeValue for a key attribute cannot contain an empty string value."
        raise WrongError(f"One or more parameter values are not valid. {problem} Key: {key.name}")


def _conditions(condition: Condition) -> Iterator[Comparison | Call]:
    """The conditions that AND joins."""
    match condition:
        case Joined(word="AND", conditions=parts):
            yield from (each for part in parts for each in _conditions(part))
        case Joined():
            raise WrongError(f"{_OPERATOR}OR")
        case Negated():
            raise WrongError(f"{_OPERATOR}NOT")
        case Comparison(operator="IN" | "<>" as operator):
            raise WrongError(_OPERATOR + operator)
        case Call(name=name) if name != "begins_with":
            raise WrongError(_OPERATOR + name)
        case Comparison() | Call():
            yield condition


def _read(condition: Comparison | Call, given: Given) -> tuple[str, KeyCondition]:
    operator = condition.operator if isinstance(condition, Comparison) else condition.name
    first = condition.operands[0]
    if operator in ("BETWEEN", "begins_with") and not isinstance(first, Path):
        raise WrongError(f"{_WRONG}{operator} operator must have the key attribute as its first operand")
    values = [given.values[each.name] for each in condition.operands if isinstance(each, Value)]
    name = _name(condition.operands, given)
    turned = isinstance(first, Value)
    return name, KeyCondition(_TURNED[operator] if turned else operator, tuple(values))


def _name(operands: Sequence[Operand], given: Given) -> str:
    """The one attribute that a condition is about."""
    if any(isinstance(each, Call) for each in operands):
        raise WrongError("KeyConditionExpressions cannot contain nested operations")
    paths = [each.resolved(given.names) for each in operands if isinstance(each, Path)]
    if not paths:
        raise WrongError(f"{_WRONG}No key attribute specified")
    if len(paths) > 1:
        raise WrongError(f"{_WRONG}Multiple attribute names used in one condition")
    name, *others = paths[0]
    if others:
        raise WrongError("KeyConditionExpressions cannot have conditions on nested attributes")
    return str(name)
