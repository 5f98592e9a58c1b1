"""The checks of a call's expressions: their grammar first, then their placeholders and operands."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from lambda_over_https.sandbox.control.aws_calls import AwsCall
from lambda_over_https.sandbox.model.errors import AwsError
from lambda_over_https.sandbox.strict.dynamodb.expressions import meaning
from lambda_over_https.sandbox.strict.dynamodb.expressions.conditions import read_condition
from lambda_over_https.sandbox.strict.dynamodb.expressions.meaning import Given
from lambda_over_https.sandbox.strict.dynamodb.expressions.projections import check_apart, read_projection
from lambda_over_https.sandbox.strict.dynamodb.expressions.reader import WrongError
from lambda_over_https.sandbox.strict.dynamodb.expressions.tree import Path
from lambda_over_https.sandbox.strict.dynamodb.expressions.updates import read_update

_NAME = re.compile(r"#\w+", re.ASCII)


def _check_projection(paths: tuple[Path, ...], given: Given) -> None:
    check_apart(path.resolved(given.names) for path in paths)


_READ: Mapping[str, tuple[Callable[[str], Any], Callable[[Any, Given], None]]] = {
    "UpdateExpression": (read_update, meaning.check_update),
    "ConditionExpression": (read_condition, meaning.check_condition),
    "KeyConditionExpression": (read_condition, meaning.check_condition),
    "FilterExpression": (read_condition, meaning.check_condition),
    "ProjectionExpression": (read_projection, _check_projection),
}
"""How each expression is read, and how what it means is checked."""


def check_grammar(call: AwsCall) -> None:
    """Each expression is written as it must be."""
    _checked(call, lambda read, _check, text, _given: read(text))


def check_meaning(call: AwsCall) -> None:
    """The operands are such as their operators take. That placeholders are defined is checked before."""
    _checked(call, lambda read, check, text, given: check(read(text), given))


def check_names(call: AwsCall) -> None:
    """ExpressionAttributeNames stands beside an expression, and defines placeholders."""
    for part in parts_with_expressions(call):
        names = part.get("ExpressionAttributeNames")
        wrong = None if names is None else _wrong_names(names, part)
        if wrong:
            raise AwsError("ValidationException", wrong)


def _wrong_names(names: Mapping[str, str], part: Mapping[str, Any]) -> str | None:
    if all(part.get(kind) is None for kind in _READ):
        return "ExpressionAttributeNames can only be specified when using expressions"
    if not names:
        return "ExpressionAttributeNames must not be empty"
    strange = next((key for key in names if not _NAME.fullmatch(key)), None)
    problem = "ExpressionAttributeNames contains invalid key: Syntax error; key"
    return None if strange is None else f'{problem}: "{strange}"'


def parts_with_expressions(call: AwsCall) -> Iterator[Mapping[str, Any]]:
    """What may have expressions: the call, each part of a transaction, each table of a batch of reads."""
    yield call.parameters
    for item in call.parameters.get("TransactItems") or ():
        yield from (part or {} for part in (item or {}).values())
    if call.operation == "BatchGetItem":
        yield from (part or {} for part in (call.parameters.get("RequestItems") or {}).values())


def _checked(call: AwsCall, check: Callable[[Any, Any, str, Given], None]) -> None:
    for part in parts_with_expressions(call):
        given = Given(part.get("ExpressionAttributeNames") or {}, part.get("ExpressionAttributeValues") or {})
        for kind, (read, meant) in _READ.items():
            text = part.get(kind)
            if text is None:
                continue
            try:
                check(read, meant, text, given)
            except WrongError as wrong:
                raise AwsError("ValidationException", f"Invalid {kind}: {wrong}") from None
