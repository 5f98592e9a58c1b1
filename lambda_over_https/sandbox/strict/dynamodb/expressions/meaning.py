"""What is wrong with the operands of an expression whose grammar is right.

Messages are AWS's, as the tests of dynalite, which were run against AWS, and reports of users have them.
"""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from lambda_over_https.sandbox.strict.dynamodb.expressions.projections import check_apart, listed
from lambda_over_https.sandbox.strict.dynamodb.expressions.reader import WrongError
from lambda_over_https.sandbox.strict.dynamodb.expressions.tree import (
    Call,
    Comparison,
    Condition,
    Operand,
    Path,
    Update,
    Value,
    within,
)

_TYPES = ("B", "NULL", "SS", "BOOL", "L", "BS", "N", "NS", "S", "M")
_ALL_TYPES = "{NS,SS,L,BS,N,M,B,BOOL,NULL,S}"
_ORDERING = frozenset({"<", "<=", ">", ">=", "BETWEEN"})
_ORDERED = frozenset({"S", "N", "B"})
_SIZELESS = frozenset({"N", "BOOL", "NULL"})
_TEXTS = frozenset({"S", "B"})
_SETS = frozenset({"SS", "NS", "BS"})
_IN_WORDS = {
    "S": "STRING",
    "N": "NUMBER",
    "B": "BINARY",
    "NULL": "NULL",
    "BOOL": "BOOLEAN",
    "L": "LIST",
    "M": "MAP",
    "SS": "STRING_SET",
    "NS": "NUMBER_SET",
    "BS": "BINARY_SET",
}


@dataclass(frozen=True, slots=True)
class Given:
    """The names and values that a call defines: ``#n``, and ``:v`` as DynamoDB's JSON has it."""

    names: Mapping[str, str]
    values: Mapping[str, Mapping[str, Any]]

    def kind(self, operand: Operand) -> str:
        """The type of a literal value; empty for any other operand, and for a value that has none."""
        return next(iter(self.values[operand.name]), "") if isinstance(operand, Value) else ""


def check_condition(condition: Condition, given: Given) -> None:
    """Raises WrongError unless the operands are of the types, and in the order, that their operators take."""
    for node in within(condition):
        if isinstance(node, Comparison):
            _check_distinct(node.operator, node.operands, given)
            if node.operator in _ORDERING:
                _check_kinds(node.operator, node.operands, given, _ORDERED)
            if node.operator == "BETWEEN":
                _check_bounds(node, given)
        elif isinstance(node, Call):
            _check_distinct(node.name, node.operands, given)
            _check_call(node, given)


def check_update(update: Update, given: Given) -> None:
    """Raises WrongError if paths overlap, or if a value is of a type that its clause or operator lacks."""
    check_apart(path.resolved(given.names) for path in update.targets)
    for clause, kinds, changes in (
        ("ADD", _SETS | {"N"}, update.adds),
        ("DELETE", _SETS, update.deletes),
    ):
        for _, value in changes:
            kind = given.kind(value)
            if kind and kind not in kinds:
                what = f"operator: {clause}, operand type: {_IN_WORDS.get(kind, kind)}"
                raise _mistyped(f"{what}, typeSet: ALLOWED_FOR_{clause}_OPERAND")
    for operand in update.operands:
        if isinstance(operand, Call) and operand.name != "if_not_exists":
            _check_kinds(
                operand.name,
                operand.operands,
                given,
                frozenset({"L" if operand.name == "list_append" else "N"}),
            )


def order(one: Mapping[str, Any], other: Mapping[str, Any]) -> int | None:
    """Whether a value is less (-1), equal (0) or more (1); None if the two have no order."""
    if len(one) != 1 or len(other) != 1:
        return None
    (kind, left), (opposite, right) = *one.items(), *other.items()
    if kind != opposite or kind not in ("S", "N", "B"):
        return None
    left, right = _comparable(kind, left), _comparable(kind, right)
    return None if left is None or right is None else (left > right) - (left < right)


def _comparable(kind: str, content: Any) -> Any:
    """None for what is no such value."""
    try:
        if kind == "N":
            number = Decimal(content)
            return number if number.is_finite() else None
        return base64.b64decode(content) if kind == "B" else content.encode()
    except (ValueError, InvalidOperation, TypeError, AttributeError):
        return None


def _check_bounds(between: Comparison, given: Given) -> None:
    bounds = between.operands[1:]
    if not all(isinstance(bound, Value) for bound in bounds):
        return
    lower, upper = (given.values[bound.name] for bound in bounds if isinstance(bound, Value))
    if len(lower) != 1 or len(upper) != 1:
        return
    wrong = ""
    if lower.keys() != upper.keys():
        wrong = "same data type for lower and upper bounds"
    elif order(lower, upper) == 1:
        wrong = "upper bound to be greater than or equal to lower bound"
    if wrong:
        shown = [
            f"AttributeValue: {{{kind}:{value}}}" for each in (lower, upper) for kind, value in each.items()
        ]
        what = f"lower bound operand: {shown[0]}, upper bound operand: {shown[1]}"
        raise WrongError(f"The BETWEEN operator requires {wrong}; {what}")


def _check_distinct(operator: str, operands: tuple[Operand, ...], given: Given) -> None:
    first, *others = operands
    if not isinstance(first, Path) or operator == "BETWEEN":
        return
    path = first.resolved(given.names)
    if any(isinstance(other, Path) and other.resolved(given.names) == path for other in others):
        what = f"operator: {operator}, first operand: {listed(path)}"
        rule = "The first operand must be distinct from the remaining operands for this operator or function"
        raise WrongError(f"{rule}; {what}")


def _check_call(call: Call, given: Given) -> None:
    if call.name == "begins_with":
        _check_kinds(call.name, call.operands, given, _TEXTS)
    elif call.name == "size":
        _check_kinds(call.name, call.operands, given, frozenset(_TYPES) - _SIZELESS)
    elif call.name == "attribute_type":
        _check_type_name(call.operands[1], given)


def _check_type_name(operand: Operand, given: Given) -> None:
    kind = given.kind(operand)
    if kind != "S" or not isinstance(operand, Value):
        raise _mistyped(f"operator or function: attribute_type, operand type: {kind or _ALL_TYPES}")
    name = given.values[operand.name]["S"]
    if name not in _TYPES:
        valid = f"valid types: {{{','.join(_TYPES)}}}"
        raise WrongError(f"Invalid attribute type name found; type: {name}, {valid}")


def _check_kinds(name: str, operands: Sequence[Operand], given: Given, kinds: frozenset[str]) -> None:
    """The operands whose types are known before any item is read must have one of these."""
    for operand in operands:
        kind = given.kind(operand)
        if kind and kind not in kinds:
            raise _mistyped(f"operator or function: {name}, operand type: {kind}")


def _mistyped(what: str) -> WrongError:
    return WrongError(f"Incorrect operand type for operator or function; {what}")
