"""Policies that look into calls on DynamoDB's items, and policies of groups."""

from typing import Any

import pytest

from tests.kit.sandbox.control import Clients, keys_bound_to, policy, refused

CONDITION = "ForAllValues:StringEquals"


@pytest.fixture
def items(aws: Clients, table: str) -> str:
    """The name of a table with the items a and b."""
    for key in "ab":
        aws("dynamodb").put_item(TableName=table, Item={"Id": {"S": key}, "open": {"S": "1"}})
    return table


def bound(aws: Clients, unique: str, key: str, *values: str) -> Any:
    """A client of DynamoDB that may do everything under that condition."""
    document = policy("dynamodb:*", condition={CONDITION: {key: list(values)}})
    return aws("dynamodb", **keys_bound_to(aws("iam"), unique, document))


def test_a_role_reaches_only_the_items_of_its_leading_key(aws: Clients, unique: str, items: str) -> None:
    client = bound(aws, unique, "dynamodb:LeadingKeys", "a")
    named = {"TableName": items}
    assert "Item" in client.get_item(**named, Key={"Id": {"S": "a"}})
    assert refused(client.get_item, **named, Key={"Id": {"S": "b"}})[1] == "AccessDeniedException"
    assert refused(client.put_item, **named, Item={"Id": {"S": "b"}})[1] == "AccessDeniedException"
    asked = {"KeyConditionExpression": "#k = :v", "ExpressionAttributeNames": {"#k": "Id"}}
    own, other = {":v": {"S": "a"}}, {":v": {"S": "b"}}
    assert client.query(**named, **asked, ExpressionAttributeValues=own)["Count"] == 1
    assert refused(client.query, **named, **asked, ExpressionAttributeValues=other)[0] == 400
    legacy = {"Id": {"ComparisonOperator": "EQ", "AttributeValueList": [{"S": "b"}]}}
    assert refused(client.query, **named, KeyConditions=legacy)[1] == "AccessDeniedException"
    both = {items: {"Keys": [{"Id": {"S": "a"}}, {"Id": {"S": "b"}}]}}
    assert refused(client.batch_get_item, RequestItems=both)[1] == "AccessDeniedException"


def test_a_role_reads_and_writes_only_its_attributes(aws: Clients, unique: str, items: str) -> None:
    client = bound(aws, unique, "dynamodb:Attributes", "Id", "open")
    named = {"TableName": items, "Key": {"Id": {"S": "a"}}}
    assert client.get_item(**named, ProjectionExpression="#o", ExpressionAttributeNames={"#o": "open"})
    assert refused(client.get_item, **named, ProjectionExpression="Id, secret")[0] == 400
    values = {":v": {"S": "x"}}
    update = {"UpdateExpression": "SET secret = :v", "ExpressionAttributeValues": values}
    assert refused(client.update_item, **named, **update)[1] == "AccessDeniedException"
    legacy = {"secret": {"Value": {"S": "x"}}}
    assert refused(client.update_item, **named, AttributeUpdates=legacy)[1] == "AccessDeniedException"
    assert refused(client.get_item, **named, AttributesToGet=["Id", "secret"])[1] == "AccessDeniedException"


def test_nor_others_in_a_batch_or_a_transaction(aws: Clients, unique: str, items: str) -> None:
    client = bound(aws, unique, "dynamodb:Attributes", "Id", "open")
    keys = [{"Id": {"S": "a"}}]
    for secret in ({"AttributesToGet": ["Id", "secret"]}, {"ProjectionExpression": "Id, secret"}):
        batch = {items: {"Keys": keys, **secret}}
        assert refused(client.batch_get_item, RequestItems=batch)[1] == "AccessDeniedException"
    read = {"TableName": items, "Key": keys[0], "ProjectionExpression": "Id, secret"}
    assert refused(client.transact_get_items, TransactItems=[{"Get": read}])[1] == "AccessDeniedException"


def test_a_user_has_the_policies_of_the_users_groups(aws: Clients, unique: str, items: str) -> None:
    iam = aws("iam")
    client = aws("dynamodb", **keys_bound_to(iam, unique, policy("logs:*")))
    asked = {"TableName": items, "Key": {"Id": {"S": "a"}}}
    assert refused(client.get_item, **asked)[1] == "AccessDeniedException"
    iam.create_group(GroupName=unique)
    iam.put_group_policy(GroupName=unique, PolicyName="p", PolicyDocument=policy("dynamodb:*"))
    iam.add_user_to_group(GroupName=unique, UserName=unique)
    assert "Item" in client.get_item(**asked)
