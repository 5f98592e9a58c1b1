"""An item's attribute that is the key of an index has the key's type, whoever writes the item.

The messages are AWS's, as the tests of dynalite and a conformance suite that was run against AWS have them.
"""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.kit.sandbox.control import Clients, create_table, refused

NOT_VALID = (
    "One or more parameter values are not valid. {} The AttributeValue for a key attribute cannot contain"
)
PUT = NOT_VALID.format("A value specified for a secondary index key is not supported.")
UPDATED = NOT_VALID.format(
    "The update expression attempted to update a secondary index key to a value that is not supported."
)
WRONG = (
    "One or more parameter values were invalid: Type mismatch for Index Key {} Expected: {} Actual: {} "
    "IndexName: {}"
)
KEY = {"pk": {"S": "p"}, "sk": {"S": "s"}}


@pytest.fixture
def indexed(aws: Clients, unique: str) -> Any:
    """A client; the table ``unique`` has a global index by the number n and the text t, a local one by b."""
    client = aws("dynamodb")
    types = {"pk": "S", "sk": "S", "n": "N", "t": "S", "b": "B"}

    def index(name: str, hash_key: str, range_key: str) -> dict[str, Any]:
        schema = [
            {"AttributeName": hash_key, "KeyType": "HASH"},
            {"AttributeName": range_key, "KeyType": "RANGE"},
        ]
        return {"IndexName": name, "KeySchema": schema, "Projection": {"ProjectionType": "ALL"}}

    create_table(
        client,
        unique,
        KeySchema=index("", "pk", "sk")["KeySchema"],
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": kind} for name, kind in types.items()],
        GlobalSecondaryIndexes=[index("by-n", "n", "t")],
        LocalSecondaryIndexes=[index("by-b", "pk", "b")],
    )
    return client


@pytest.mark.parametrize(
    ("attributes", "message"),
    [
        ({"n": {"S": "1"}}, WRONG.format("n", "N", "S", "by-n")),
        ({"n": {"N": "1"}, "t": {"NULL": True}}, WRONG.format("t", "S", "NULL", "by-n")),
        ({"b": {"S": "x"}}, WRONG.format("b", "B", "S", "by-b")),
        ({"t": {"S": ""}}, f"{PUT} an empty string value. IndexName: by-n, IndexKey: t"),
        ({"b": {"B": b""}}, f"{PUT} an empty binary value. IndexName: by-b, IndexKey: b"),
    ],
)
def test_what_is_put(indexed: Any, unique: str, attributes: dict[str, Any], message: str) -> None:
    item, refusal = {**KEY, **attributes}, (400, "ValidationException", message)
    assert refused(indexed.put_item, TableName=unique, Item=item) == refusal
    writes = [{"PutRequest": {"Item": {**KEY, "sk": {"S": "fine"}}}}, {"PutRequest": {"Item": item}}]
    assert refused(indexed.batch_write_item, RequestItems={unique: writes}) == refusal
    put = {"Put": {"TableName": unique, "Item": item}}
    assert refused(indexed.transact_write_items, TransactItems=[put]) == refusal
    assert indexed.scan(TableName=unique)["Count"] == 0


@pytest.mark.parametrize(
    ("update", "value", "message"),
    [
        ("SET n = :v", {"S": "1"}, WRONG.format("n", "N", "S", "by-n")),
        ("SET n = t, x = :v", {"S": "1"}, WRONG.format("n", "N", "S", "by-n")),
        ("ADD t :v", {"N": "1"}, WRONG.format("t", "S", "N", "by-n")),
        ("SET t = :v", {"S": ""}, f"{UPDATED} an empty string value."),
        ("SET b = if_not_exists(b, :v)", {"B": b""}, f"{UPDATED} an empty binary value."),
    ],
)
def test_what_an_update_makes(
    indexed: Any, unique: str, update: str, value: dict[str, Any], message: str
) -> None:
    item = {**KEY, "n": {"N": "1"}} | ({} if "ADD" in update else {"t": {"S": "t"}})
    indexed.put_item(TableName=unique, Item=item)
    asked = {"TableName": unique, "UpdateExpression": update, "ExpressionAttributeValues": {":v": value}}
    refusal = (400, "ValidationException", message)
    assert refused(indexed.update_item, **asked, Key=KEY) == refusal
    transaction = [{"Update": {**asked, "Key": KEY}}]
    with pytest.raises(ClientError) as cancelled:
        indexed.transact_write_items(TransactItems=transaction)
    assert cancelled.value.response["CancellationReasons"] == [
        {"Code": "ValidationError", "Message": message}
    ]
    assert indexed.scan(TableName=unique)["Items"] == [item]


def test_an_item_may_lack_the_keys_of_an_index(indexed: Any, unique: str) -> None:
    indexed.put_item(TableName=unique, Item={**KEY, "n": {"N": "1"}})
    asked = {"TableName": unique, "Key": KEY, "UpdateExpression": "REMOVE n SET b = :b"}
    indexed.update_item(**asked, ExpressionAttributeValues={":b": {"B": b"x"}})
    assert indexed.scan(TableName=unique, IndexName="by-n")["Count"] == 0
    assert indexed.scan(TableName=unique, IndexName="by-b")["Count"] == 1


@pytest.mark.parametrize("action", ["PUT", "ADD"])
def test_what_a_legacy_update_makes(indexed: Any, unique: str, action: str) -> None:
    updates = {"t": {"Action": action, "Value": {"N": "1"}}}
    told = refused(indexed.update_item, TableName=unique, Key=KEY, AttributeUpdates=updates)
    assert told == (400, "ValidationException", WRONG.format("t", "S", "N", "by-n"))
