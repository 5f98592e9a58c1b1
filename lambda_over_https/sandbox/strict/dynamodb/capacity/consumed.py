"""ConsumedCapacity, for calls that ask for it. moto answers fixed numbers, and takes any index for local."""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from http import HTTPStatus
from typing import Any

from lambda_over_https.sandbox.control.aws_calls import AwsCall
from lambda_over_https.sandbox.control.dynamodb.kept_items import found
from lambda_over_https.sandbox.control.layer import AwsResponse, Inner, Layer
from lambda_over_https.sandbox.control.moto_state import dynamodb_backend
from lambda_over_https.sandbox.model.wording import one_of, unsatisfied
from lambda_over_https.sandbox.strict.dynamodb.capacity import units as capacity
from lambda_over_https.sandbox.strict.dynamodb.capacity.sizes import Item, size_of
from lambda_over_https.sandbox.strict.dynamodb.items.calls import invalid, parts

_LEVELS = ("INDEXES", "TOTAL", "NONE")
_WRITES = ("PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems")
_SCANS = ("Query", "Scan")
_READS = ("GetItem", "BatchGetItem", "TransactGetItems")
_TIMES = {"TransactWriteItems": 2, "TransactGetItems": 2}
_ALSO = {"TransactWriteItems": "WriteCapacityUnits", "TransactGetItems": "ReadCapacityUnits"}

_Place = tuple[str, Item, bool]
"""A table, the key of one of its items or a whole item, and whether it is read consistently."""


class ConsumedCapacity(Layer):
    """Measures the items that a call reads or writes."""

    services = frozenset({"dynamodb"})

    def instead(self, call: AwsCall, inner: Inner) -> AwsResponse | None:
        """Make the call, and tell what it took if it asks for that; AwsError if there is no such level."""
        level = call.parameters.get("ReturnConsumedCapacity") or "NONE"
        if level not in _LEVELS:
            raise invalid(unsatisfied(level, "returnConsumedCapacity", one_of(_LEVELS)))
        if level == "NONE" or call.operation not in (*_WRITES, *_SCANS, *_READS):
            return None
        response, spent = _measured(call, inner)
        if response.status == HTTPStatus.OK:
            told = [_told(call, table, units, level) for table, units in spent.items()]
            single = "TableName" in call.parameters
            response.document = {**response.document, "ConsumedCapacity": told[0] if single else told}
        return response


def _told(call: AwsCall, table: str, units: capacity.Spent, level: str) -> dict[str, Any]:
    also, times = _ALSO.get(call.operation, ""), _TIMES.get(call.operation, 1)
    return units.told(table, in_detail=level == "INDEXES", also=also, times=times)


def _measured(call: AwsCall, inner: Inner) -> tuple[AwsResponse, dict[str, capacity.Spent]]:
    items = [] if call.operation in _SCANS else list(_items(call))
    before = [_item(call, each) for each in items]
    response = inner(call)
    if call.operation in _SCANS and response.status == HTTPStatus.OK:
        return response, _scanned(call, inner)
    spent: dict[str, capacity.Spent] = {}
    for each, item in zip(items, before, strict=True):
        units = _written(call, each, item) if call.operation in _WRITES else _read(each, item)
        spent.setdefault(_name(each[0]), capacity.Spent()).add(units)
    return response, spent


def _read(place: _Place, item: Item | None) -> capacity.Spent:
    return capacity.Spent(capacity.read(size_of(item or {}), consistent=place[2]))


def _written(call: AwsCall, place: _Place, before: Item | None) -> capacity.Spent:
    table = _table(call, place[0])
    return capacity.written(table, before, _item(call, place)) if table else capacity.Spent()


def _scanned(call: AwsCall, inner: Inner) -> dict[str, capacity.Spent]:
    """What a query or a scan reads, whatever its filter leaves of it: the same call without the filter."""
    name, index = call.parameters["TableName"], call.parameters.get("IndexName")
    parameters = _unfiltered(call.parameters)
    request = replace(call.request, body=json.dumps(parameters).encode())
    response = inner(replace(call, request=request, parameters=parameters))
    items: Sequence[Item] = response.document.get("Items") or ()
    consistent = bool(call.parameters.get("ConsistentRead"))
    units = capacity.read(sum(map(size_of, items)), consistent=consistent)
    for kind, each in capacity.indexes_of(_table(call, name)):
        if each.name == index:
            return {_name(name): capacity.Spent(0.0, {(kind, each.name): units})}
    return {_name(name): capacity.Spent(units)}


_OF_A_FILTER = (
    *("FilterExpression", "ProjectionExpression", "AttributesToGet", "Select", "ReturnConsumedCapacity"),
    *("QueryFilter", "ScanFilter", "ConditionalOperator"),
)


def _unfiltered(parameters: Mapping[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in parameters.items() if name not in _OF_A_FILTER}
    used = set(re.findall(r"[#:]\w+", kept.get("KeyConditionExpression") or "", re.ASCII))
    for member in ("ExpressionAttributeNames", "ExpressionAttributeValues"):
        meant = {name: value for name, value in (kept.pop(member, None) or {}).items() if name in used}
        kept.update({member: meant} if meant else {})
    return kept


def _items(call: AwsCall) -> Iterator[_Place]:
    """The items that a call is about."""
    if of_a_batch := _OF_BATCHES.get(call.operation):
        for table, requests in call.parameters["RequestItems"].items():
            yield from of_a_batch(table, requests)
        return
    for part in parts(call):
        consistent = bool(part.get("ConsistentRead")) or call.operation == "TransactGetItems"
        yield part["TableName"], part.get("Item") or part.get("Key") or {}, consistent


def _reads(table: str, request: Mapping[str, Any]) -> Iterator[_Place]:
    yield from ((table, key, bool(request.get("ConsistentRead"))) for key in request["Keys"])


def _writes(table: str, requests: Sequence[Mapping[str, Any]]) -> Iterator[_Place]:
    for request in requests:
        content = request.get("PutRequest") or request["DeleteRequest"]
        yield table, content.get("Item") or content["Key"], False


_OF_BATCHES: Mapping[str, Callable[[str, Any], Iterator[_Place]]] = {
    "BatchGetItem": _reads,
    "BatchWriteItem": _writes,
}


def _item(call: AwsCall, place: _Place) -> Item | None:
    """The item that the table has now; None if it has none, or there is no such table or key."""
    table = _table(call, place[0])
    return found(table, place[1]) if table else None


def _table(call: AwsCall, name: str) -> Any:
    return dynamodb_backend(call.region).tables.get(_name(name))


def _name(table: str) -> str:
    """The table's name, of its name or its ARN."""
    return table.rpartition("/")[2]
