"""DynamoDB's limits on keys and expressions. Messages are AWS's, as its guide has them."""

import functools
import re
from collections.abc import Iterator, Mapping
from typing import Any

from lambda_over_https.sandbox.control.aws_calls import AwsCall
from lambda_over_https.sandbox.control.moto_state import dynamodb_backend
from lambda_over_https.sandbox.model.errors import AwsError

EXPRESSIONS = (
    "UpdateExpression",
    "ConditionExpression",
    "KeyConditionExpression",
    "FilterExpression",
    "ProjectionExpression",
)
_OF_UPDATES = frozenset({"SET", "REMOVE", "ADD", "DELETE"})
_OF_CONDITIONS = frozenset({"AND", "OR", "NOT", "BETWEEN", "IN"})
_SYNTAX = _OF_UPDATES | _OF_CONDITIONS
_WORD = re.compile(r"([#:]?[A-Za-z_][\w-]*)(\s*\()?", re.ASCII)


def invalid(message: str) -> AwsError:
    """DynamoDB's usual refusal."""
    return AwsError("ValidationException", message)


def parts(call: AwsCall) -> Iterator[Mapping[str, Any]]:
    """What stands for a call on one item: the call itself, or each part of a transaction."""
    items = call.parameters.get("TransactItems")
    if items is None:
        yield call.parameters
    for item in items or ():
        given = [part for part in (item or {}).values() if part is not None]
        if not given:
            raise invalid(
                "Invalid Request: TransactWriteRequest should contain Delete or Put or Update request"
            )
        yield from given


def check_expressions(call: AwsCall) -> None:
    """Expressions use no reserved words, and all of the values."""
    for part in parts(call):
        _check_expressions(part)


def _check_expressions(parameters: Mapping[str, Any]) -> None:
    used: set[str] = set()
    for kind in EXPRESSIONS:
        text = parameters.get(kind)
        if text:
            words = _words(text)
            used.update(words)
            _check_reserved(kind, words)
    values = parameters.get("ExpressionAttributeValues") or {}
    if values and not any(kind in parameters for kind in EXPRESSIONS):
        raise invalid("ExpressionAttributeValues can only be specified when using expressions")
    unused = [name for name in values if name not in used]
    if unused:
        listed = ", ".join(unused)
        raise invalid(
            f"Value provided in ExpressionAttributeValues unused in expressions: keys: {{{listed}}}"
        )


def check_filter(call: AwsCall) -> None:
    """The filter of a query may not name the keys, which the key condition is for."""
    text, names = (
        call.parameters.get("FilterExpression"),
        call.parameters.get("ExpressionAttributeNames") or {},
    )
    table = _table(call)
    if not text or table is None:
        return
    keys = set(_keys(table, call.parameters.get("IndexName")))
    for word in _words(text):
        name = names.get(word, word)
        if name in keys:
            raise invalid(
                "Filter Expression can only contain non-primary key attributes: Primary key attribute: "
                + name
            )


def check_key(call: AwsCall) -> None:
    """A key has exactly the attributes of the table's key."""
    table, key = _table(call), call.parameters.get("Key")
    if table is not None and key and set(key) != set(_keys(table, None)):
        raise invalid("The provided key element does not match the schema")


def _check_reserved(kind: str, words: tuple[str, ...]) -> None:
    reserved = _reserved() - (_OF_UPDATES if kind == "UpdateExpression" else _OF_CONDITIONS)
    for word in words:
        if word.upper() in reserved:
            raise invalid(f"Invalid {kind}: Attribute name is a reserved keyword; reserved keyword: {word}")


@functools.cache
def _reserved() -> frozenset[str]:
    from moto.dynamodb.parsing.reserved_keywords import ReservedKeywords

    return frozenset(word.upper() for word in ReservedKeywords.get_reserved_keywords())


@functools.lru_cache(maxsize=512)
def _words(text: str) -> tuple[str, ...]:
    """The names and placeholders in an expression, without the functions."""
    return tuple(
        word for word, call in _WORD.findall(text) if not call or word[0] in "#:" or word.upper() in _SYNTAX
    )


def _table(call: AwsCall) -> Any:
    name = (call.parameters.get("TableName") or "").rpartition("/")[2]
    return dynamodb_backend(call.region).tables.get(name)


def _keys(table: Any, index: str | None) -> Iterator[str]:
    if index is None:
        yield from (name for name in (table.hash_key_attr, table.range_key_attr) if name)
        return
    for each in (*(table.global_indexes or ()), *(table.indexes or ())):
        if each.name == index:
            yield from (part["AttributeName"] for part in each.schema)
