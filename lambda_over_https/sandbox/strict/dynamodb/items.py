"""DynamoDB's limits on items, keys and expressions. Messages are AWS's, as its guide has them."""

import functools
import re
from collections.abc import Iterator, Mapping
from typing import Any

from lambda_over_https.sandbox.control.aws_calls import AwsCall
from lambda_over_https.sandbox.control.moto_state import dynamodb_backend
from lambda_over_https.sandbox.model.errors import AwsError

MOST_WRITES = 25
"""Requests of one BatchWriteItem (API reference)."""

MOST_DIGITS = 38
"""Significant digits of a number (DynamoDB guide, "Supported data types and naming rules")."""

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


def check_batch(call: AwsCall) -> None:
    """A batch has 25 writes at most."""
    requests = call.parameters.get("RequestItems") or {}
    for table, writes in requests.items():
        if len(writes) > MOST_WRITES:
            limit = f"Member must have length less than or equal to {MOST_WRITES}"
            place = f"requestItems.{table}.member"
            raise invalid(
                f"1 validation error detected: Value at '{place}' failed to satisfy constraint: {limit}"
            )
    if sum(map(len, requests.values())) > MOST_WRITES:
        raise invalid("Too many items requested for the BatchWriteItem call")
    for table, writes in requests.items():
        for write in writes:
            _check_values((write.get("PutRequest") or {}).get("Item") or {})
            _check_written_key(call, table, write)


def _check_written_key(call: AwsCall, name: str, write: Mapping[str, Any]) -> None:
    """What a batch writes has the table's keys. Of a single item AWS says which is missing."""
    table = dynamodb_backend(call.region).tables.get(name.rpartition("/")[2])
    item = (write.get("PutRequest") or {}).get("Item")
    if (
        table is not None
        and item is not None
        and not {part["AttributeName"] for part in table.schema} <= item.keys()
    ):
        raise invalid("The provided key element does not match the schema")


def check_values(call: AwsCall) -> None:
    """Sets have no duplicates, and numbers no more than 38 digits."""
    for part in _parts(call):
        for member in ("Item", "ExpressionAttributeValues"):
            _check_values(part.get(member) or {})


def _parts(call: AwsCall) -> Iterator[Mapping[str, Any]]:
    """What stands for a call on one item: the call itself, or each part of a transaction."""
    items = call.parameters.get("TransactItems")
    if items is None:
        yield call.parameters
    for item in items or ():
        if not item:
            raise invalid(
                "Invalid Request: TransactWriteRequest should contain Delete or Put or Update request"
            )
        yield from item.values()


def _check_values(values: Mapping[str, Any]) -> None:
    for value in values.values():
        if len(value) != 1:
            what = "is empty" if not value else "has more than one datatypes set"
            raise invalid(
                f"Supplied AttributeValue {what}, must contain exactly one of the supported datatypes"
            )
        for kind, content in value.items():
            _check_value(kind, content)


def _check_value(kind: str, content: Any) -> None:
    if kind == "N":
        _check_number(content)
    elif kind in ("SS", "NS", "BS") and isinstance(content, list):
        _check_set(kind, [str(item) for item in content])
    elif kind == "M":
        _check_values(content)
    elif kind == "L":
        for item in content:
            _check_values({"": item})


def _check_set(kind: str, items: list[str]) -> None:
    if kind == "NS":
        for number in items:
            _check_number(number)
    if len(set(items)) < len(items):
        listed = ", ".join(items)
        raise invalid(
            f"One or more parameter values were invalid: Input collection [{listed}] contains duplicates."
        )


def _check_number(text: Any) -> None:
    digits = re.sub(r"[eE].*|[^0-9]", "", str(text)).strip("0")
    if len(digits) > MOST_DIGITS:
        raise invalid(f"Attempting to store more than {MOST_DIGITS} significant digits in a Number")


def check_expressions(call: AwsCall) -> None:
    """Expressions use no reserved words, and all of the values."""
    for part in _parts(call):
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
