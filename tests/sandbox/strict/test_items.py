"""DynamoDB's limits on items and expressions."""

from typing import Any

import pytest

from tests.kit.sandbox.control import Clients, refused

ONE = {":i": {"S": "1"}}
NO = {"BOOL": False}
MISFIT = "The provided key element does not match the schema"


@pytest.fixture
def client(aws: Clients) -> Any:
    return aws("dynamodb")


@pytest.mark.parametrize(
    ("call", "arguments", "message"),
    [
        (
            "query",
            {
                "KeyConditionExpression": "Id = :i",
                "FilterExpression": "#k <> :i",
                "ExpressionAttributeNames": {"#k": "Id"},
                "ExpressionAttributeValues": ONE,
            },
            "Filter Expression can only contain non-primary key attributes: Primary key attribute: Id",
        ),
        (
            "query",
            {"KeyConditionExpression": "Id = :i", "ExpressionAttributeValues": {**ONE, ":u": {"S": ""}}},
            "Value provided in ExpressionAttributeValues unused in expressions: keys: {:u}",
        ),
        (
            "scan",
            {"ExpressionAttributeValues": ONE},
            "ExpressionAttributeValues can only be specified when using expressions",
        ),
        (
            "scan",
            {"FilterExpression": "name = :i", "ExpressionAttributeValues": ONE},
            "Invalid FilterExpression: Attribute name is a reserved keyword; reserved keyword: name",
        ),
        (
            "scan",
            {"ProjectionExpression": "a, name"},
            "Invalid ProjectionExpression: Attribute name is a reserved keyword; reserved keyword: name",
        ),
        (
            "scan",
            {"FilterExpression": "add = :i AND a = :i", "ExpressionAttributeValues": ONE},
            "Invalid FilterExpression: Attribute name is a reserved keyword; reserved keyword: add",
        ),
        (
            "update_item",
            {
                "Key": {"Id": {"S": "1"}},
                "UpdateExpression": "SET a.or = :i",
                "ExpressionAttributeValues": ONE,
            },
            "Invalid UpdateExpression: Attribute name is a reserved keyword; reserved keyword: or",
        ),
        (
            "put_item",
            {"Item": {"Id": {"S": "1"}, "a": {"SS": ["x", "x"]}}},
            "One or more parameter values were invalid: Input collection [x, x] contains duplicates.",
        ),
        (
            "put_item",
            {"Item": {"Id": {"S": "1"}, "a": {"L": [{"M": {"n": {"N": "1" * 39}}}]}}},
            "Attempting to store more than 38 significant digits in a Number",
        ),
        ("get_item", {"Key": {"Id": {"S": "1"}, "more": {"S": "1"}}}, MISFIT),
        ("get_item", {"Key": {}}, MISFIT),
        ("update_item", {"Key": {}}, MISFIT),
        ("delete_item", {"Key": {"more": {"S": "1"}}}, MISFIT),
        (
            "update_item",
            {"Key": {"Id": {"S": "1"}}, "UpdateExpression": "REMOVE a", "ExpressionAttributeValues": {}},
            "ExpressionAttributeValues must not be empty",
        ),
        (
            "scan",
            {"FilterExpression": "a = :i", "ExpressionAttributeValues": {"i": {"S": "1"}}},
            'ExpressionAttributeValues contains invalid key: Syntax error; key: "i"',
        ),
        (
            "scan",
            {"FilterExpression": "a = :i", "ExpressionAttributeValues": {**ONE, ":j": NO, ":k": NO}},
            "Value provided in ExpressionAttributeValues unused in expressions: keys: {:j, :k}",
        ),
    ],
)
def test_what_is_no_call_on_items(
    client: Any, table: str, call: str, arguments: dict[str, Any], message: str
) -> None:
    said = refused(getattr(client, call), TableName=table, **arguments)
    assert said == (400, "ValidationException", message)


@pytest.mark.parametrize(
    ("call", "arguments"),
    [
        (
            "query",
            {
                "KeyConditionExpression": "Id = :i",
                "FilterExpression": "size(#n) > :l AND NOT (contains (a, :i) OR b IN (:i))",
                "ExpressionAttributeNames": {"#n": "name"},
                "ExpressionAttributeValues": {**ONE, ":l": {"N": "1"}},
            },
        ),
        ("put_item", {"Item": {"Id": {"S": "1"}, "a": {"N": "1" * 38}, "b": {"N": "1" + "0" * 60}}}),
        (
            "update_item",
            {
                "Key": {"Id": {"S": "1"}},
                "UpdateExpression": "SET a = if_not_exists(a, :i), b.c[0] = :i REMOVE d ADD e :n",
                "ConditionExpression": "attribute_not_exists(Id) OR a BETWEEN :i AND :i",
                "ExpressionAttributeValues": {**ONE, ":n": {"N": "1"}},
            },
        ),
    ],
)
def test_what_is_one(client: Any, table: str, call: str, arguments: dict[str, Any]) -> None:
    client.put_item(
        TableName=table, Item={"Id": {"S": "1"}, "a": {"S": "1"}, "b": {"M": {"c": {"L": [{"S": ""}]}}}}
    )
    assert getattr(client, call)(TableName=table, **arguments)["ResponseMetadata"]["HTTPStatusCode"] == 200


def test_a_batch_has_25_writes_at_most(client: Any, table: str) -> None:
    writes = [{"PutRequest": {"Item": {"Id": {"S": str(number)}}}} for number in range(26)]
    status, code, message = refused(client.batch_write_item, RequestItems={table: writes})
    assert (status, code) == (400, "ValidationException")
    assert message.endswith("Member must have length less than or equal to 25")
    client.batch_write_item(RequestItems={table: writes[:25]})


def test_tags_and_time_to_live(client: Any, table: str) -> None:
    spec = {"Enabled": True, "AttributeName": "until"}
    missing = (400, "ResourceNotFoundException", "Requested resource not found: Table: nope not found")
    assert refused(client.update_time_to_live, TableName="nope", TimeToLiveSpecification=spec) == missing
    assert refused(client.describe_time_to_live, TableName="nope") == missing
    client.update_time_to_live(TableName=table, TimeToLiveSpecification=spec)
    assert refused(client.update_time_to_live, TableName=table, TimeToLiveSpecification=spec) == (
        400,
        "ValidationException",
        "TimeToLive is already enabled",
    )
    arn = "arn:aws:dynamodb:us-east-1:123456789012:table/none"
    nowhere, which = "Requested resource not found", f": ResourcArn: {arn} not found"
    tagged = refused(client.tag_resource, ResourceArn=arn, Tags=[{"Key": "a", "Value": "b"}])
    assert tagged == (400, "ResourceNotFoundException", nowhere + which)
    assert refused(client.list_tags_of_resource, ResourceArn=arn) == tagged
    untagged = refused(client.untag_resource, ResourceArn=arn, TagKeys=["a"])
    assert untagged == (400, "ResourceNotFoundException", nowhere)
