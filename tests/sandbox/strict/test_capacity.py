"""What calls say that they consumed. DynamoDB guide, "DynamoDB read and write operations"."""

from typing import Any

import pytest

from lambda_over_https.sandbox.client.record import Sandbox
from tests.kit.sandbox.control import Clients, careless_client, create_table, refused

KEY = {"Id": {"S": "1"}}
NONE = {"CapacityUnits": 0.0}


def item(kilobytes: float, **more: Any) -> Any:
    """An item of that size, and a few bytes more."""
    return {**KEY, "a": {"S": "x" * int(kilobytes * 1024)}, **more}


@pytest.fixture
def client(aws: Clients) -> Any:
    return aws("dynamodb")


@pytest.fixture
def indexed(client: Any, unique: str) -> str:
    """The name of a table with the sort key n, the global index everywhere and the index local."""
    keys = {
        "KeySchema": [{"AttributeName": "Id", "KeyType": "HASH"}, {"AttributeName": "n", "KeyType": "RANGE"}]
    }
    index: Any = {"IndexName": "everywhere", "KeySchema": [{"AttributeName": "g", "KeyType": "HASH"}]}
    local = {
        "IndexName": "local",
        "KeySchema": [{"AttributeName": "Id", "KeyType": "HASH"}, {"AttributeName": "l", "KeyType": "RANGE"}],
        "Projection": {"ProjectionType": "ALL"},
    }
    create_table(
        client,
        f"{unique}-indexed",
        **keys,
        AttributeDefinitions=[
            {"AttributeName": name, "AttributeType": "S"} for name in ("Id", "n", "g", "l")
        ],
        GlobalSecondaryIndexes=[{**index, "Projection": {"ProjectionType": "KEYS_ONLY"}}],
        LocalSecondaryIndexes=[local],
    )
    return f"{unique}-indexed"


def spent(call: Any, level: str = "TOTAL", /, **arguments: Any) -> Any:
    return call(**arguments, ReturnConsumedCapacity=level)["ConsumedCapacity"]


@pytest.mark.parametrize(("kilobytes", "units"), [(0.5, 1.0), (0.98, 1.0), (1, 2.0), (4.5, 5.0)])
def test_a_write_takes_a_unit_for_each_started_kilobyte(
    client: Any, table: str, kilobytes: float, units: float
) -> None:
    told = {"TableName": table, "CapacityUnits": units}
    assert spent(client.put_item, TableName=table, Item=item(kilobytes)) == told
    update = {"UpdateExpression": "SET b = :b", "ExpressionAttributeValues": {":b": {"S": "y"}}}
    assert spent(client.update_item, TableName=table, Key=KEY, **update) == told
    assert spent(client.put_item, TableName=table, Item=KEY) == told  # the old item is the larger one
    client.put_item(TableName=table, Item=item(kilobytes))
    assert spent(client.delete_item, TableName=table, Key=KEY) == told
    assert spent(client.delete_item, TableName=table, Key=KEY) == {**told, "CapacityUnits": 1.0}


@pytest.mark.parametrize(("kilobytes", "units"), [(0.1, 0.5), (3.9, 0.5), (4, 1.0), (9, 1.5)])
def test_a_read_takes_half_a_unit_for_each_started_four_kilobytes(
    client: Any, table: str, kilobytes: float, units: float
) -> None:
    client.put_item(TableName=table, Item=item(kilobytes))
    for consistent, times in ((False, 1), (True, 2)):
        told = {"TableName": table, "CapacityUnits": units * times}
        read = {"TableName": table, "ConsistentRead": consistent}
        assert spent(client.get_item, **read, Key=KEY) == told
        assert spent(client.get_item, **read, Key=KEY, ProjectionExpression="Id") == told
        assert spent(client.scan, **read) == told
        query = {"KeyConditionExpression": "#i = :i", "ExpressionAttributeNames": {"#i": "Id", "#b": "b"}}
        values = {":i": {"S": "1"}, ":b": {"S": "none"}}
        filtered = {"FilterExpression": "#b = :b", "ExpressionAttributeValues": values}
        assert spent(client.query, **read, **query, **filtered) == told
        batch = {"RequestItems": {table: {"Keys": [KEY], "ConsistentRead": consistent}}}
        assert spent(client.batch_get_item, **batch) == [told]


def test_what_is_not_there_takes_the_least(client: Any, table: str) -> None:
    least = {"TableName": table, "CapacityUnits": 0.5}
    assert spent(client.get_item, TableName=table, Key=KEY) == least
    assert spent(client.scan, TableName=table) == least
    assert "ConsumedCapacity" not in client.get_item(TableName=table, Key=KEY, ReturnConsumedCapacity="NONE")


def test_items_are_rounded_together_by_a_query_and_each_by_a_batch(client: Any, table: str) -> None:
    keys = [{"Id": {"S": str(number)}} for number in range(4)]
    puts = [{"PutRequest": {"Item": {**item(0.9), **key}}} for key in keys]
    assert spent(client.batch_write_item, RequestItems={table: puts})[0]["CapacityUnits"] == 4.0
    assert spent(client.scan, TableName=table)["CapacityUnits"] == 0.5
    assert spent(client.scan, TableName=table, Limit=1)["CapacityUnits"] == 0.5
    batch = {"RequestItems": {table: {"Keys": keys}}}
    assert spent(client.batch_get_item, **batch)[0]["CapacityUnits"] == 2.0


def test_a_batch_tells_of_each_table(client: Any, table: str, unique: str) -> None:
    create_table(client, f"{unique}-other")
    requests = {name: [{"PutRequest": {"Item": item(1)}}] for name in (table, f"{unique}-other")}
    told = spent(client.batch_write_item, "INDEXES", RequestItems=requests)
    assert {each["TableName"] for each in told} == set(requests)
    assert [each["Table"] for each in told] == [{"CapacityUnits": 2.0}] * 2


def test_a_transaction_takes_twice_as_much(client: Any, table: str) -> None:
    put = {"Put": {"TableName": table, "Item": item(1)}}
    check = {"TableName": table, "Key": {"Id": {"S": "2"}}, "ConditionExpression": "attribute_not_exists(Id)"}
    parts = [put, {"ConditionCheck": check}]
    [told] = spent(client.transact_write_items, TransactItems=parts)
    assert told == {"TableName": table, "CapacityUnits": 6.0, "WriteCapacityUnits": 6.0}
    gets = [{"Get": {"TableName": table, "Key": {"Id": {"S": key}}}} for key in "12"]
    [told] = spent(client.transact_get_items, "INDEXES", TransactItems=gets)
    units = {"CapacityUnits": 4.0, "ReadCapacityUnits": 4.0}
    assert told == {"TableName": table, **units, "Table": units}


def test_an_index_takes_what_its_own_entries_take(client: Any, indexed: str) -> None:
    keys = {"n": {"S": "1"}, "g": {"S": "g"}, "l": {"S": "l"}}

    def written(content: Any) -> tuple[float, ...]:
        told = spent(client.put_item, "INDEXES", TableName=indexed, Item=content)
        of_indexes = (told.get(f"{kind}SecondaryIndexes", {}) for kind in ("Global", "Local"))
        units = [each["CapacityUnits"] for index in of_indexes for each in index.values() or [NONE]]
        return told["CapacityUnits"], told["Table"]["CapacityUnits"], *units

    assert written(item(1.5, **keys)) == (5.0, 2.0, 1.0, 2.0)
    assert written(item(1.6, **keys)) == (4.0, 2.0, 0.0, 2.0)  # the global index has the keys alone
    assert written(item(1.6, **keys)) == (2.0, 2.0, 0.0, 0.0)
    assert written(item(1.6, **{**keys, "g": {"S": "h"}})) == (6.0, 2.0, 2.0, 2.0)
    assert written(item(1.6, n=keys["n"])) == (5.0, 2.0, 1.0, 2.0)


def test_a_query_of_an_index_takes_units_of_that_index(client: Any, indexed: str) -> None:
    client.put_item(TableName=indexed, Item=item(5, n={"S": "1"}, g={"S": "g"}, l={"S": "l"}))
    query = {"TableName": indexed, "KeyConditionExpression": "g = :g", "IndexName": "everywhere"}
    told = spent(client.query, "INDEXES", **query, ExpressionAttributeValues={":g": {"S": "g"}})
    assert told == {
        "TableName": indexed,
        "CapacityUnits": 0.5,
        "Table": {"CapacityUnits": 0.0},
        "GlobalSecondaryIndexes": {"everywhere": {"CapacityUnits": 0.5}},
    }
    query = {"TableName": indexed, "KeyConditionExpression": "Id = :i", "IndexName": "local"}
    told = spent(client.query, "INDEXES", **query, ExpressionAttributeValues={":i": {"S": "1"}})
    assert told["LocalSecondaryIndexes"] == {"local": {"CapacityUnits": 1.0}}


@pytest.mark.parametrize("operation", ["get_item", "update_item"])
def test_there_are_two_levels(sandbox: Sandbox, table: str, operation: str) -> None:
    call = getattr(careless_client(sandbox, "dynamodb"), operation)
    told = refused(call, TableName=table, Key=KEY, ReturnConsumedCapacity="ALL")
    message = (
        "1 validation error detected: Value 'ALL' at 'returnConsumedCapacity' failed to satisfy constraint: "
        "Member must satisfy enum value set: [INDEXES, TOTAL, NONE]"
    )
    assert told == (400, "ValidationException", message)
