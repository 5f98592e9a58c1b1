"""The checks of a call's expressions, of each in AWS's order: grammar, names and values, operands."""

import functools
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from lambda_over_https.sandbox.control.aws_calls import AwsCall
from lambda_over_https.sandbox.strict.dynamodb.expressions import meaning
from lambda_over_https.sandbox.strict.dynamodb.expressions.conditions import read_condition
from lambda_over_https.sandbox.strict.dynamodb.expressions.meaning import Given
from lambda_over_https.sandbox.strict.dynamodb.expressions.projections import check_apart, read_projection
from lambda_over_https.sandbox.strict.dynamodb.expressions.reader import WrongError
from lambda_over_https.sandbox.strict.dynamodb.expressions.tree import (
    Condition,
    Operand,
    Path,
    Update,
    Value,
    within,
)
from lambda_over_https.sandbox.strict.dynamodb.expressions.updates import read_update
from lambda_over_https.sandbox.strict.dynamodb.items.calls import invalid

_Operands = Sequence[Operand | Condition]


def _check_projection(paths: tuple[Path, ...], given: Given) -> None:
    check_apart(path.resolved(given.names) for path in paths)


def _of_update(update: Update) -> _Operands:
    return list(update.operands)


def _of_condition(condition: Condition) -> _Operands:
    return list(within(condition))


_CONDITION = (read_condition, _of_condition, meaning.check_condition)
_READ: Mapping[str, tuple[Callable[[str], Any], Callable[[Any], _Operands], Callable[[Any, Given], None]]] = {
    "UpdateExpression": (read_update, _of_update, meaning.check_update),
    "ConditionExpression": _CONDITION,
    "KeyConditionExpression": _CONDITION,
    "FilterExpression": _CONDITION,
    "ProjectionExpression": (read_projection, list, _check_projection),
}
"""How each expression is read, which operands it has, and how what it means is checked."""

EXPRESSIONS = tuple(_READ)
"""The members that are expressions."""

_PLACEHOLDERS = {
    "ExpressionAttributeNames": re.compile(r"#\w+", re.ASCII),
    "ExpressionAttributeValues": re.compile(r":\w+", re.ASCII),
}
"""The members that define what stands for a name or a value, and how that is written."""


def check(call: AwsCall) -> None:
    """The expressions are right, use all names and values that the call defines, and no others."""
    for part in parts_with_expressions(call):
        for member in _PLACEHOLDERS:
            _check_definitions(member, part)
        given = Given(part.get("ExpressionAttributeNames") or {}, part.get("ExpressionAttributeValues") or {})
        used = {
            name
            for kind in EXPRESSIONS
            if part.get(kind) is not None
            for name in _used(kind, part[kind], given)
        }
        for member in _PLACEHOLDERS:
            unused = [name for name in part.get(member) or () if name not in used]
            if unused:
                listed = ", ".join(unused)
                raise invalid(f"Value provided in {member} unused in expressions: keys: {{{listed}}}")


def parts_with_expressions(call: AwsCall) -> Iterator[Mapping[str, Any]]:
    """What may have expressions: the call, each part of a transaction, each table of a batch of reads."""
    yield call.parameters
    for item in call.parameters.get("TransactItems") or ():
        yield from (part or {} for part in (item or {}).values())
    if call.operation == "BatchGetItem":
        yield from (part or {} for part in (call.parameters.get("RequestItems") or {}).values())


def _check_definitions(member: str, part: Mapping[str, Any]) -> None:
    """The member stands beside an expression, and defines placeholders."""
    defined = part.get(member)
    if defined is None:
        return
    if all(part.get(kind) is None for kind in EXPRESSIONS):
        raise invalid(f"{member} can only be specified when using expressions")
    if not defined:
        raise invalid(f"{member} must not be empty")
    strange = next((key for key in defined if not _PLACEHOLDERS[member].fullmatch(key)), None)
    if strange is not None:
        raise invalid(f'{member} contains invalid key: Syntax error; key: "{strange}"')


def _used(kind: str, text: str, given: Given) -> Iterator[str]:
    """The placeholders in an expression. AwsError if it is not right."""
    read, operands_of, check_meaning = _READ[kind]
    try:
        expression = read(text)
        operands = operands_of(expression)
        names = [part for each in operands if isinstance(each, Path) for part in each.names]
        values = [each.name for each in operands if isinstance(each, Value)]
        _check_reserved(names)
        _check_defined(names, values, given)
        check_meaning(expression, given)
    except WrongError as wrong:
        raise invalid(f"Invalid {kind}: {wrong}") from None
    yield from (*names, *values)


def _check_reserved(names: Sequence[str]) -> None:
    for name in names:
        if name.upper() in _reserved():
            raise WrongError(f"Attribute name is a reserved keyword; reserved keyword: {name}")


@functools.cache
def _reserved() -> frozenset[str]:
    from moto.dynamodb.parsing.reserved_keywords import ReservedKeywords

    return frozenset(word.upper() for word in ReservedKeywords.get_reserved_keywords())


def _check_defined(names: Sequence[str], values: Sequence[str], given: Given) -> None:
    """Every placeholder is defined. moto fails, or takes it for a name."""
    for name in names:
        if name.startswith("#") and name not in given.names:
            what = f"used in the document path is not defined; attribute name: {name}"
            raise WrongError(f"An expression attribute name {what}")
    for name in values:
        if name not in given.values:
            what = f"used in expression is not defined; attribute value: {name}"
            raise WrongError(f"An expression attribute value {what}")
