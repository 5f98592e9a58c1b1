"""Values and keys that DynamoDB does not take. Messages are AWS's, as reports have them."""

from typing import Any

import pytest

from lambda_over_https.sandbox.client.record import Sandbox
from tests.kit.sandbox.control import Clients, careless_client, create_table, refused

KEY = {"Id": {"S": "1"}}
INVALID = "One or more parameter values were invalid: "
EMPTY_KEY = (
    "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an "
    "empty {} value. Key: Id"
)
CHECK = {"ConditionExpression": "attribute_exists(a)"}
REMOVE = {"UpdateExpression": "REMOVE a"}


def writes(client: Any, table: str, value: Any) -> list[tuple[Any, Any]]:
    """The calls that would write the value, each with its arguments."""
    item, update = {**KEY, "a": {"L": [value]}}, {"UpdateExpression": "SET a = :v"}
    values = {**update, "ExpressionAttributeValues": {":v": value}}
    return [
        (client.put_item, {"TableName": table, "Item": item}),
        (client.update_item, {"TableName": table, "Key": KEY, **values}),
        (client.batch_write_item, {"RequestItems": {table: [{"PutRequest": {"Item": item}}]}}),
        (client.transact_write_items, {"TransactItems": [{"Put": {"TableName": table, "Item": item}}]}),
    ]


def calls_on(client: Any, table: str, key: Any) -> list[tuple[Any, Any]]:
    """The calls on an item with the key, each with its arguments."""
    part = {"TableName": table, "Key": key}
    written = [{"Delete": part}, {"Update": {**part, **REMOVE}}, {"ConditionCheck": {**part, **CHECK}}]
    return [
        (client.put_item, {"TableName": table, "Item": key}),
        (client.get_item, part),
        (client.update_item, {**part, **REMOVE}),
        (client.delete_item, part),
        (client.batch_get_item, {"RequestItems": {table: {"Keys": [key]}}}),
        (client.batch_write_item, {"RequestItems": {table: [{"DeleteRequest": {"Key": key}}]}}),
        (client.batch_write_item, {"RequestItems": {table: [{"PutRequest": {"Item": key}}]}}),
        (client.transact_get_items, {"TransactItems": [{"Get": part}]}),
        *((client.transact_write_items, {"TransactItems": [each]}) for each in written),
    ]


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({"SS": []}, "An string set  may not be empty"),
        ({"NS": []}, "An number set  may not be empty"),
        ({"BS": []}, "Binary sets should not be empty"),
        ({"NULL": False}, "Null attribute value types must have the value of true"),
    ],
)
def test_no_call_writes_such_a_value(sandbox: Sandbox, table: str, value: Any, message: str) -> None:
    client = careless_client(sandbox, "dynamodb")
    for call, arguments in writes(client, table, value):
        assert refused(call, **arguments) == (400, "ValidationException", INVALID + message)
    assert client.scan(TableName=table)["Count"] == 0


@pytest.mark.parametrize(("kind", "value", "noun"), [("S", "", "string"), ("B", b"", "binary")])
def test_no_call_takes_an_empty_key(aws: Clients, unique: str, kind: str, value: Any, noun: str) -> None:
    client = aws("dynamodb")
    create_table(client, unique, AttributeDefinitions=[{"AttributeName": "Id", "AttributeType": kind}])
    for call, arguments in calls_on(client, unique, {"Id": {kind: value}}):
        assert refused(call, **arguments) == (
            400,
            "ValidationException",
            EMPTY_KEY.format(noun),
        )
    assert client.scan(TableName=unique)["Count"] == 0
