"""The requests of BatchWriteItem and BatchGetItem. Messages are AWS's, as reports have them."""

from typing import Any

import pytest

from lambda_over_https.sandbox.client.record import Sandbox
from tests.kit.sandbox.control import Clients, careless_client, create_table, refused

KEY = {"Id": {"S": "1"}}
PUT, DELETE = {"PutRequest": {"Item": KEY}}, {"DeleteRequest": {"Key": KEY}}
TWICE = "Provided list of item keys contains duplicates"
MISFIT = "The provided key element does not match the schema"
NO_ONE = (
    "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported "
    "datatypes"
)


@pytest.fixture
def client(aws: Clients) -> Any:
    return aws("dynamodb")


@pytest.mark.parametrize(
    ("writes", "message"),
    [
        ([PUT, DELETE], TWICE),
        ([DELETE, PUT], TWICE),
        ([DELETE, DELETE], TWICE),
        ([PUT, {"PutRequest": {"Item": {**KEY, "a": {"S": "other"}}}}], TWICE),
        ([{**PUT, **DELETE}], NO_ONE),
        ([PUT, {}], NO_ONE),
        ([{"PutRequest": {"Item": {"a": {"S": "x"}}}}], MISFIT),
        ([{"PutRequest": {"Item": {"Id": {"N": "5"}}}}], MISFIT),
        ([{"DeleteRequest": {"Key": {"a": {"S": "x"}}}}], MISFIT),
        ([{"DeleteRequest": {"Key": {**KEY, "a": {"S": "x"}}}}], MISFIT),
        ([{"DeleteRequest": {"Key": {"Id": {"N": "5"}}}}], MISFIT),
    ],
)
def test_what_is_no_batch_writes_nothing(client: Any, table: str, writes: Any, message: str) -> None:
    client.put_item(TableName=table, Item={**KEY, "kept": {"S": "x"}})
    told = refused(client.batch_write_item, RequestItems={table: writes})
    assert told == (400, "ValidationException", message)
    assert client.scan(TableName=table)["Items"] == [{**KEY, "kept": {"S": "x"}}]


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"Keys": [KEY, {"Id": {"N": "1"}}]}, MISFIT),
        ({"Keys": [{**KEY, "a": {"S": "x"}}]}, MISFIT),
        ({"Keys": [{"a": {"S": "x"}}]}, MISFIT),
        (
            {"Keys": [KEY], "ProjectionExpression": "Id, name"},
            "Invalid ProjectionExpression: Attribute name is a reserved keyword; reserved keyword: name",
        ),
    ],
)
def test_what_is_no_batch_reads_nothing(client: Any, table: str, asked: Any, message: str) -> None:
    told = refused(client.batch_get_item, RequestItems={table: asked})
    assert told == (400, "ValidationException", message)


def test_a_number_as_a_key_is_the_same_however_it_is_written(client: Any, unique: str) -> None:
    create_table(client, unique, AttributeDefinitions=[{"AttributeName": "Id", "AttributeType": "N"}])
    writes: Any = [{"PutRequest": {"Item": {"Id": {"N": text}}}} for text in ("1", "1.0")]
    assert refused(client.batch_write_item, RequestItems={unique: writes})[2] == TWICE


def test_each_table_may_have_the_key(client: Any, table: str, unique: str) -> None:
    create_table(client, f"{unique}-other")
    told = client.batch_write_item(RequestItems={table: [PUT], f"{unique}-other": [PUT]})
    assert told["UnprocessedItems"] == {}
    assert [client.scan(TableName=name)["Count"] for name in (table, f"{unique}-other")] == [1, 1]


@pytest.mark.parametrize("operation", ["batch_write_item", "batch_get_item"])
def test_a_batch_asks_for_something(sandbox: Sandbox, operation: str) -> None:
    name = "".join(part.capitalize() for part in operation.split("_"))
    told = refused(getattr(careless_client(sandbox, "dynamodb"), operation), RequestItems={})
    assert told == (400, "ValidationException", f"The requestItems parameter is required for {name}")


def test_a_table_of_a_batch_has_a_key(sandbox: Sandbox, table: str) -> None:
    told = refused(careless_client(sandbox, "dynamodb").batch_get_item, RequestItems={table: {"Keys": []}})
    message = (
        f"1 validation error detected: Value '[]' at 'requestItems.{table}.member.keys' failed to satisfy "
        "constraint: Member must have length greater than or equal to 1"
    )
    assert told == (400, "ValidationException", message)


def test_a_table_of_a_batch_has_a_write(sandbox: Sandbox, table: str) -> None:
    told = refused(careless_client(sandbox, "dynamodb").batch_write_item, RequestItems={table: []})
    message = (
        f"1 validation error detected: Value '{{{table}=[]}}' at 'requestItems' failed to satisfy "
        "constraint: Map value must satisfy constraint: [Member must have length less than or equal to 25, "
        "Member must have length greater than or equal to 1]"
    )
    assert told == (400, "ValidationException", message)


def test_a_batch_with_a_write_that_is_refused_leaves_all_as_it_was(client: Any, table: str) -> None:
    client.put_item(TableName=table, Item={**KEY, "kept": {"S": "x"}})
    long = {"PutRequest": {"Item": {"Id": {"S": "k" * 3000}}}}
    told = refused(client.batch_write_item, RequestItems={table: [DELETE, long]})
    assert told[:2] == (400, "ValidationException")
    assert client.scan(TableName=table)["Items"] == [{**KEY, "kept": {"S": "x"}}]


@pytest.mark.parametrize("request_name", ["PutRequest", "DeleteRequest"])
def test_a_key_is_not_empty(client: Any, table: str, request_name: str) -> None:
    what = {"Item" if request_name == "PutRequest" else "Key": {"Id": {"S": ""}}}
    told = refused(client.batch_write_item, RequestItems={table: [{request_name: what}]})
    message = (
        "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain "
        "an empty string value. Key: Id"
    )
    assert told == (400, "ValidationException", message)
