"""Query and Scan: the index, the key conditions, where to start, and what to select.

Messages are AWS's, as the tests of dynalite and reports of users have them.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from lambda_over_https.sandbox.control.aws_calls import AwsCall
from lambda_over_https.sandbox.control.moto_state import dynamodb_backend
from lambda_over_https.sandbox.strict.dynamodb.expressions.conditions import read_condition
from lambda_over_https.sandbox.strict.dynamodb.expressions.key_conditions import (
    Key,
    KeyCondition,
    check_keys,
    read_key_conditions,
)
from lambda_over_https.sandbox.strict.dynamodb.expressions.meaning import Given, order
from lambda_over_https.sandbox.strict.dynamodb.expressions.projections import read_projection
from lambda_over_https.sandbox.strict.dynamodb.expressions.reader import WrongError
from lambda_over_https.sandbox.strict.dynamodb.expressions.tree import Path, within
from lambda_over_https.sandbox.strict.dynamodb.items.calls import invalid

_INVALID = "One or more parameter values were invalid: "
_INVALID_START = "The provided starting key is invalid"
_OUTSIDE = "The provided starting key is outside query boundaries based on provided conditions"
_NO_KEY_IN_FILTER = "Filter Expression can only contain non-primary key attributes: Primary key attribute: "
_NO_KEYS = "Either the KeyConditions or KeyConditionExpression parameter must be specified in the request."


def check_query(call: AwsCall) -> None:
    """A query asks for keys that its table or index has, and starts at such a key."""
    parameters = call.parameters
    text = parameters.get("KeyConditionExpression")
    if text is None:
        raise invalid(_NO_KEYS)
    try:
        conditions = read_key_conditions(text, _given(parameters))
        read = _read_from(call)
        if read is None:
            return
        table, index = read
        check_keys(conditions, list(_keys(table, index or table)))
    except WrongError as wrong:
        raise invalid(str(wrong)) from None
    start = parameters.get("ExclusiveStartKey")
    if start is not None:
        _check_start(table, index, start, _INVALID_START)
        _check_partition(conditions, list(_keys(table, index or table)), start)
    _check_selection(table, index, parameters)
    _check_filter({key.name for key in _keys(table, index or table)}, parameters)


def check_scan(call: AwsCall) -> None:
    """A scan reads an index that its table has, and starts at one of its keys."""
    read = _read_from(call)
    if read is None:
        return
    table, index = read
    start = call.parameters.get("ExclusiveStartKey")
    if start is not None:
        why = "" if index else ": The provided key element does not match the schema"
        _check_start(table, index, start, _INVALID_START + why)
    _check_selection(table, index, call.parameters)


def _given(parameters: Mapping[str, Any]) -> Given:
    return Given(
        parameters.get("ExpressionAttributeNames") or {}, parameters.get("ExpressionAttributeValues") or {}
    )


def _read_from(call: AwsCall) -> tuple[Any, Any] | None:
    """Moto's table, and its index if one is named; None if there is no such table."""
    name = (call.parameters.get("TableName") or "").rpartition("/")[2]
    table, index_name = dynamodb_backend(call.region).tables.get(name), call.parameters.get("IndexName")
    if table is None or index_name is None:
        return None if table is None else (table, None)
    for index in table.all_indexes():
        if index.name == index_name:
            return table, index
    raise invalid(f"The table does not have the specified index: {index_name}")


def _keys(table: Any, keyed: Any) -> Iterator[Key]:
    """The keys of a table or an index, the partition key first."""
    types = {each["AttributeName"]: each["AttributeType"] for each in table.attr}
    for part in sorted(keyed.schema, key=lambda part: part["KeyType"] != "HASH"):
        name = part["AttributeName"]
        yield Key(name, types.get(name, ""), part["KeyType"] == "HASH")


def _check_start(table: Any, index: Any, start: Mapping[str, Any], message: str) -> None:
    """The starting key has all keys of the table and of the index, each in its type, and nothing else."""
    kinds = {key.name: key.kind for keyed in (table, index or table) for key in _keys(table, keyed)}
    typed = {name: [*value] for name, value in start.items()} == {
        name: [kind] for name, kind in kinds.items()
    }
    if not typed or any(order(value, value) is None for value in start.values()):
        raise invalid(message)


def _check_partition(
    conditions: Mapping[str, KeyCondition], keys: list[Key], start: Mapping[str, Any]
) -> None:
    """The starting key is of the partition that is queried."""
    for key in keys:
        if key.partition and order(conditions[key.name].values[0], start[key.name]) != 0:
            raise invalid(_OUTSIDE)


def _check_filter(keys: Collection[str], parameters: Mapping[str, Any]) -> None:
    """The filter of a query does not name the keys, which the key condition is for."""
    text = parameters.get("FilterExpression")
    for each in within(read_condition(text)) if text else ():
        name = each.resolved(_given(parameters).names)[0] if isinstance(each, Path) else None
        if name in keys:
            raise invalid(f"{_NO_KEY_IN_FILTER}{name}")


def _check_selection(table: Any, index: Any, parameters: Mapping[str, Any]) -> None:
    """A global index has only what it projects."""
    if index not in table.global_indexes or index.projection["ProjectionType"] == "ALL":
        return
    names, asked = parameters.get("ExpressionAttributeNames") or {}, parameters.get("ProjectionExpression")
    kept = {*table.table_key_attrs, *index.schema_key_attrs, *index.projection.get("NonKeyAttributes", ())}
    paths = [path.resolved(names)[0] for path in read_projection(asked)] if asked else []
    missing = [str(name) for name in paths if name not in kept]
    if missing:
        listed = ", ".join(missing)
        raise invalid(f"{_INVALID}Global secondary index {index.name} does not project [{listed}]")
