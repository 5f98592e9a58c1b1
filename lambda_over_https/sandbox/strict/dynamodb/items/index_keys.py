"""The keys of indexes in items: an attribute that an index has as its key has the type of that key.

Messages are AWS's, as the tests of dynalite and reports of users have them.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from lambda_over_https.sandbox.control.aws_calls import AwsCall
from lambda_over_https.sandbox.control.moto_state import dynamodb_backend
from lambda_over_https.sandbox.model.errors import AwsError

_EMPTY = (
    "One or more parameter values are not valid. {} The AttributeValue for a key attribute cannot contain an "
    "empty {} value.{}"
)
_PUT = "A value specified for a secondary index key is not supported."
_UPDATED = "The update expression attempted to update a secondary index key to a value that is not supported."
_EMPTY_TYPES = {"S": "string", "B": "binary"}


def check_puts(call: AwsCall) -> None:
    """What PutItem, BatchWriteItem and TransactWriteItems put has the types of the indexes' keys."""
    for name, item in _puts(call):
        table = dynamodb_backend(call.region).tables.get((name or "").rpartition("/")[2])
        wrong = _wrong(table, item, _PUT, " IndexName: {}, IndexKey: {}") if table is not None else ""
        if wrong:
            raise AwsError("ValidationException", wrong)


def wrong_after_update(table: Any, attributes: Mapping[str, Any]) -> str:
    """What is wrong with the keys of indexes in an item that an update makes; empty if nothing is.

    The attributes are moto's, as is the table.
    """
    return _wrong(table, {name: {each.type: each.value} for name, each in attributes.items()}, _UPDATED, "")


def indexed(table: Any, index: Any, item: Any) -> bool:
    """Whether an item has all of an index's keys, in their types. All three are moto's."""
    return all(name in item.attrs and item.attrs[name].type == kind for name, kind in _keys(table, index))


def _puts(call: AwsCall) -> Iterator[tuple[str | None, Mapping[str, Any]]]:
    parameters = call.parameters
    if "Item" in parameters:
        yield parameters.get("TableName"), parameters["Item"] or {}
    for part in parameters.get("TransactItems") or ():
        put = (part or {}).get("Put") or {}
        yield put.get("TableName"), put.get("Item") or {}
    if call.operation == "BatchWriteItem":
        for name, writes in (parameters.get("RequestItems") or {}).items():
            for write in writes:
                yield name, (write.get("PutRequest") or {}).get("Item") or {}


def _wrong(table: Any, item: Mapping[str, Any], how: str, where: str) -> str:
    for index in (*(table.global_indexes or ()), *(table.indexes or ())):
        for name, kind in _keys(table, index):
            value = item.get(name)
            if name in table.table_key_attrs or not value:
                continue
            actual, content = next(iter(value.items()))
            if actual != kind:
                problem = f"Type mismatch for Index Key {name} Expected: {kind} Actual: {actual}"
                return f"One or more parameter values were invalid: {problem} IndexName: {index.name}"
            if content in ("", b"") and kind in _EMPTY_TYPES:
                return _EMPTY.format(how, _EMPTY_TYPES[kind], where.format(index.name, name))
    return ""


def _keys(table: Any, index: Any) -> Iterator[tuple[str, str]]:
    """The names of an index's keys, each with its type."""
    types = {each["AttributeName"]: each["AttributeType"] for each in table.attr}
    for part in index.schema:
        yield part["AttributeName"], types.get(part["AttributeName"], "")
