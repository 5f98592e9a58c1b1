"""What policies can ask about calls on DynamoDB's items: whose items they are, and which attributes.

DynamoDB guide, "Using IAM policy conditions for fine-grained access control".
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from lambda_over_https.sandbox.control.aws_calls import AwsCall
from lambda_over_https.sandbox.control.moto_state import dynamodb_backend

_NAME = re.compile(r"#?[A-Za-z_][\w]*")
_WORDS = frozenset({"SET", "REMOVE", "ADD", "DELETE", "if_not_exists", "list_append"})
_LEADING = r"(#?[\w.-]+)\s*=\s*(:\w+)"


def item_context(call: AwsCall) -> dict[str, list[str]]:
    """The condition keys that tell of which items, attributes and transaction a call is."""
    context = {
        "dynamodb:leadingkeys": sorted(set(_leading_keys(call))),
        "dynamodb:attributes": sorted(set(_attributes(call.parameters))),
        "dynamodb:enclosingoperation": [call.operation] if "TransactItems" in call.parameters else [],
    }
    return {name: values for name, values in context.items() if values}


def _leading_keys(call: AwsCall) -> Iterator[str]:
    for table, item in _items(call.parameters):
        key = _hash_key(call.region, table)
        if key is not None and key in item:
            yield _text(item[key])
    key = _hash_key(call.region, call.parameters.get("TableName") or "", call.parameters.get("IndexName"))
    yield from _asked(call.parameters, key)


def _asked(parameters: Mapping[str, Any], key: str | None) -> Iterator[str]:
    """The values that a query asks of the key, in an expression or in the legacy form."""
    names = parameters.get("ExpressionAttributeNames") or {}
    values = parameters.get("ExpressionAttributeValues") or {}
    for name, value in re.findall(_LEADING, parameters.get("KeyConditionExpression") or ""):
        if names.get(name, name) == key and value in values:
            yield _text(values[value])
    legacy = (parameters.get("KeyConditions") or {}).get(key) or {}
    yield from map(_text, legacy.get("AttributeValueList") or ())


def _items(parameters: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every item or key that the call names, with its table."""
    for member in ("Key", "Item"):
        if member in parameters:
            yield parameters.get("TableName") or "", parameters[member]
    for table, request in (parameters.get("RequestItems") or {}).items():
        if isinstance(request, Mapping):
            yield from ((table, key) for key in request.get("Keys") or ())
            continue
        for write in request:
            yield from ((table, part.get("Item") or part.get("Key") or {}) for part in write.values())
    for item in parameters.get("TransactItems") or ():
        for part in item.values():
            yield part.get("TableName") or "", part.get("Item") or part.get("Key") or {}


def _hash_key(region: str, table: str, index: str | None = None) -> str | None:
    found = dynamodb_backend(region).tables.get(table.rpartition("/")[2])
    if found is None:
        return None
    if index is None:
        name: str | None = found.hash_key_attr
        return name
    indexes = [*(found.global_indexes or ()), *(found.indexes or ())]
    schema = next((each.schema for each in indexes if each.name == index), ())
    return next((part["AttributeName"] for part in schema if part["KeyType"] == "HASH"), None)


def _attributes(parameters: Mapping[str, Any]) -> Iterator[str]:
    """The top-level attributes that the call reads or writes."""
    for _, item in _items(parameters):
        yield from item
    for part in _parts(parameters):
        yield from part.get("AttributesToGet") or ()
        yield from part.get("AttributeUpdates") or ()
        yield from _expressed(part)


def _parts(parameters: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """What can have expressions: the call, each table of a batch of reads, each part of a transaction."""
    yield parameters
    for request in (parameters.get("RequestItems") or {}).values():
        if isinstance(request, Mapping):
            yield request
    for item in parameters.get("TransactItems") or ():
        yield from item.values()


def _expressed(part: Mapping[str, Any]) -> Iterator[str]:
    names = part.get("ExpressionAttributeNames") or {}
    for member in ("ProjectionExpression", "UpdateExpression"):
        expression = re.sub(r":\w+|\.[\w#]+|\[\d+\]", "", part.get(member) or "")
        for name in _NAME.findall(expression):
            if name not in _WORDS:
                yield names.get(name, name)


def _text(value: Mapping[str, Any]) -> str:
    return str(next(iter(value.values()), ""))
