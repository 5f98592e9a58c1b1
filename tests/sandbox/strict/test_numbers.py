"""Numbers come back in one form, wherever they stand. Messages are AWS's, as reports have them."""

from typing import Any

import pytest

from tests.kit.sandbox.control import Clients, create_table, refused

KEY = {"Id": {"S": "1"}}
NO_NUMBER = "The parameter cannot be converted to a numeric value: "
OVERFLOW = "Number overflow. Attempting to store a number with magnitude larger than supported range"
UNDERFLOW = "Number underflow. Attempting to store a number with magnitude smaller than supported range"
TOO_LONG = "Attempting to store more than 38 significant digits in a Number"
TOO_DEEP = (
    "Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond "
    "supported limit"
)


@pytest.fixture
def client(aws: Clients) -> Any:
    return aws("dynamodb")


@pytest.fixture
def numbered(client: Any, unique: str) -> str:
    """The name of a table whose key is the number Id."""
    attributes = [{"AttributeName": "Id", "AttributeType": "N"}]
    create_table(client, f"{unique}-numbered", AttributeDefinitions=attributes)
    return f"{unique}-numbered"


def got(client: Any, table: str) -> Any:
    return client.get_item(TableName=table, Key=KEY)["Item"]


def nested(levels: int) -> Any:
    """A text inside that many maps."""
    value: Any = {"S": "leaf"}
    for _ in range(levels):
        value = {"M": {"n": value}}
    return value


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("1.0", "1"),
        ("007", "7"),
        ("1E2", "100"),
        ("001.500", "1.5"),
        ("-0", "0"),
        ("0e125", "0"),
        ("+1", "1"),
        (".5", "0.5"),
        ("-12.30e-3", "-0.0123"),
        ("1e125", "1" + "0" * 125),
        ("1e-130", "0." + "0" * 129 + "1"),
        ("1" * 38 + "000", "1" * 38 + "000"),
    ],
)
def test_a_number_is_trimmed_wherever_it_stands(client: Any, table: str, sent: str, kept: str) -> None:
    item: Any = {
        "a": {"N": sent},
        "b": {"L": [{"M": {"N": {"N": sent}}}]},
        "c": {"NS": [sent, "3"]},
    }
    client.put_item(TableName=table, Item={**KEY, **item})
    update = {"UpdateExpression": "SET d = :d", "ExpressionAttributeValues": {":d": {"N": sent}}}
    client.update_item(TableName=table, Key=KEY, **update)
    found = got(client, table)
    assert found["a"] == found["d"] == {"N": kept}
    assert found["b"] == {"L": [{"M": {"N": {"N": kept}}}]}
    assert sorted(found["c"]["NS"]) == sorted([kept, "3"])


def test_a_key_is_the_same_however_its_number_is_written(client: Any, numbered: str) -> None:
    client.put_item(TableName=numbered, Item={"Id": {"N": "1.0"}, "a": {"S": "x"}})
    client.put_item(TableName=numbered, Item={"Id": {"N": "01"}, "a": {"S": "y"}})
    assert client.scan(TableName=numbered)["Items"] == [{"Id": {"N": "1"}, "a": {"S": "y"}}]
    assert client.get_item(TableName=numbered, Key={"Id": {"N": "1e0"}})["Item"]["a"] == {"S": "y"}


def test_a_projection_and_a_stream_have_the_form_too(aws: Clients, client: Any, table: str) -> None:
    settings = {"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"}
    made = client.update_table(TableName=table, StreamSpecification=settings)["TableDescription"]
    item = {**KEY, "a": {"N": "0.00000010"}}
    client.put_item(TableName=table, Item=item)
    client.put_item(TableName=table, Item={**item, "a": {"N": "1e-7"}})
    found = client.get_item(TableName=table, Key=KEY, ProjectionExpression="a")["Item"]
    assert found == {"a": {"N": "0.0000001"}}
    streams, arn = aws("dynamodbstreams"), made["LatestStreamArn"]
    [shard] = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]
    begin = {"StreamArn": arn, "ShardId": shard["ShardId"], "ShardIteratorType": "TRIM_HORIZON"}
    place = streams.get_shard_iterator(**begin)["ShardIterator"]
    [record] = streams.get_records(ShardIterator=place)["Records"]  # the second Put changed nothing
    assert record["dynamodb"]["NewImage"] == {**KEY, "a": {"N": "0.0000001"}}


@pytest.mark.parametrize(
    ("expression", "value", "result"),
    [
        ("SET a = a + :v", "1e2", "101.5"),
        ("SET a = a - :v", "1.50", "0"),
        ("SET a = a + :v", "1e30", "1000000000000000000000000000001.5"),
        ("ADD a :v", "0.5", "2"),
        ("ADD b :v", "1E1", "10"),
    ],
)
def test_sums_are_exact(client: Any, table: str, expression: str, value: str, result: str) -> None:
    client.put_item(TableName=table, Item={**KEY, "a": {"N": "1.5"}})
    told = client.update_item(
        TableName=table,
        Key=KEY,
        UpdateExpression=expression,
        ExpressionAttributeValues={":v": {"N": value}},
        ReturnValues="UPDATED_NEW",
    )
    assert list(told["Attributes"].values()) == [{"N": result}]


def test_a_sum_that_is_too_large_changes_nothing(client: Any, table: str) -> None:
    client.put_item(TableName=table, Item={**KEY, "a": {"N": "9e125"}})
    update = {"UpdateExpression": "SET b = :v ADD a :v", "ExpressionAttributeValues": {":v": {"N": "9e125"}}}
    told = refused(client.update_item, TableName=table, Key=KEY, **update)
    assert told == (400, "ValidationException", OVERFLOW)
    assert got(client, table) == {**KEY, "a": {"N": "9" + "0" * 125}}


@pytest.mark.parametrize(
    ("number", "message"),
    [
        ("1e126", OVERFLOW),
        ("-1e126", OVERFLOW),
        ("0e126", OVERFLOW),
        ("1e99999999999", OVERFLOW),
        ("1e-131", UNDERFLOW),
        ("abc", f"{NO_NUMBER}abc"),
        (" 1", f"{NO_NUMBER} 1"),
        ("", NO_NUMBER),
        ("NaN", f"{NO_NUMBER}NaN"),
        ("0x10", f"{NO_NUMBER}0x10"),
        ("1" * 39, TOO_LONG),
    ],
)
def test_what_is_no_number_that_dynamodb_can_keep(
    client: Any, table: str, numbered: str, number: str, message: str
) -> None:
    refusal, value = (400, "ValidationException", message), {"N": number}
    assert (
        refused(client.put_item, TableName=table, Item={**KEY, "a": {"L": [{"NS": ["1", number]}]}})
        == refusal
    )
    assert refused(client.get_item, TableName=numbered, Key={"Id": value}) == refusal
    batch: Any = {table: [{"PutRequest": {"Item": {**KEY, "a": value}}}]}
    assert refused(client.batch_write_item, RequestItems=batch) == refusal
    part = {"TableName": table, "Item": {**KEY, "a": value}}
    assert refused(client.transact_write_items, TransactItems=[{"Put": part}]) == refusal
    condition = {"FilterExpression": "a = :v", "ExpressionAttributeValues": {":v": value}}
    assert refused(client.scan, TableName=table, **condition) == refusal


def test_a_set_has_no_number_twice_however_it_is_written(client: Any, table: str) -> None:
    told = refused(client.put_item, TableName=table, Item={**KEY, "a": {"NS": ["1", "1.0"]}})
    message = "One or more parameter values were invalid: Input collection contains duplicates."
    assert told == (400, "ValidationException", message)
    client.put_item(TableName=table, Item={**KEY, "a": {"NS": ["1"]}})
    for clause, left in (("ADD a :v", ["1"]), ("DELETE a :v", None)):
        values = {":v": {"NS": ["1.0"]}}
        client.update_item(
            TableName=table, Key=KEY, UpdateExpression=clause, ExpressionAttributeValues=values
        )
        assert got(client, table).get("a", {}).get("NS") == left


def test_an_item_has_32_levels_at_most(client: Any, table: str) -> None:
    client.put_item(TableName=table, Item={**KEY, "a": nested(31)})
    assert got(client, table)["a"] == nested(31)
    refusal = (400, "ValidationException", TOO_DEEP)
    assert refused(client.put_item, TableName=table, Item={**KEY, "a": nested(32)}) == refusal
    batch: Any = {table: [{"PutRequest": {"Item": {**KEY, "a": {"L": [nested(31)]}}}}]}
    assert refused(client.batch_write_item, RequestItems=batch) == refusal
    update = {"UpdateExpression": "SET a = :v", "ExpressionAttributeValues": {":v": nested(32)}}
    assert refused(client.update_item, TableName=table, Key=KEY, **update) == refusal
