"""How DynamoDB describes tables and their indexes, as recorded on AWS."""

from typing import Any

import pytest

from tests.kit.sandbox.control import ACCOUNT, REGION, Clients, create_table, refused

INDEX = {
    "IndexName": "by-city",
    "KeySchema": [{"AttributeName": "city", "KeyType": "HASH"}],
    "Projection": {"ProjectionType": "ALL"},
}
ATTRIBUTES = [{"AttributeName": name, "AttributeType": "S"} for name in ("Id", "city")]
NONE = {"NumberOfDecreasesToday": 0, "ReadCapacityUnits": 0, "WriteCapacityUnits": 0}


@pytest.fixture
def client(aws: Clients) -> Any:
    return aws("dynamodb")


def test_an_index_has_an_arn_a_throughput_and_the_items_with_its_keys(client: Any, unique: str) -> None:
    made = create_table(client, unique, AttributeDefinitions=ATTRIBUTES, GlobalSecondaryIndexes=[INDEX])
    [index] = made["TableDescription"]["GlobalSecondaryIndexes"]
    arn = f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{unique}/index/by-city"
    assert (index["IndexArn"], index["ItemCount"], index["IndexSizeBytes"]) == (arn, 0, 0)
    assert index["ProvisionedThroughput"] == NONE
    for item in ({"Id": {"S": "1"}}, {"Id": {"S": "2"}, "city": {"S": "Bern"}}):
        client.put_item(TableName=unique, Item=item)
    [index] = client.describe_table(TableName=unique)["Table"]["GlobalSecondaryIndexes"]
    assert index["ItemCount"] == 1
    assert index["IndexSizeBytes"] > 0


def test_a_table_has_a_warm_throughput_once_it_is_there(client: Any, unique: str) -> None:
    made = create_table(client, unique)["TableDescription"]
    found = client.describe_table(TableName=unique)["Table"]
    assert ("WarmThroughput" in made, "WarmThroughput" in found) == (False, True)
    since = "LastUpdateToPayPerRequestDateTime"
    assert (since in made["BillingModeSummary"], since in found["BillingModeSummary"]) == (False, True)
    assert "WarmThroughput" not in client.delete_table(TableName=unique)["TableDescription"]


def test_a_warm_throughput_that_was_asked_for_is_told(client: Any, unique: str) -> None:
    """Recorded: test_table_warm_throughput."""
    warm = {"ReadUnitsPerSecond": 13_000, "WriteUnitsPerSecond": 5_000}
    made = create_table(client, unique, WarmThroughput=warm)["TableDescription"]
    assert made["WarmThroughput"] == {**warm, "Status": "UPDATING"}
    found = client.describe_table(TableName=unique)["Table"]
    assert found["WarmThroughput"] == {**warm, "Status": "ACTIVE"}


def test_a_table_tells_its_class_if_somebody_said_it(client: Any, unique: str) -> None:
    made = create_table(client, unique, TableClass="STANDARD")["TableDescription"]
    assert made["TableClassSummary"] == {"TableClass": "STANDARD"}
    rare = {"TableClass": "STANDARD_INFREQUENT_ACCESS"}
    changed = client.update_table(TableName=unique, **rare)["TableDescription"]
    found = client.describe_table(TableName=unique)["Table"]
    assert changed["TableClassSummary"] == found["TableClassSummary"] == rare


def test_nobody_has_switched_contributor_insights_on(client: Any, table: str) -> None:
    assert client.describe_contributor_insights(TableName=table)["ContributorInsightsStatus"] == "DISABLED"
    message = "Requested resource not found: Table: none not found"
    found = refused(client.describe_contributor_insights, TableName="none")
    assert found == (400, "ResourceNotFoundException", message)


def test_capacity_on_demand_has_no_units(client: Any, unique: str) -> None:
    message = (
        "One or more parameter values were invalid: Neither ReadCapacityUnits nor WriteCapacityUnits can be "
        "specified when BillingMode is PAY_PER_REQUEST"
    )
    units = {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1}
    found = refused(create_table, client=client, name=unique, ProvisionedThroughput=units)
    assert found == (400, "ValidationException", message)


def test_what_a_batch_writes_has_the_tables_keys(client: Any, table: str) -> None:
    message = "The provided key element does not match the schema"
    writes = {table: [{"PutRequest": {"Item": {"other": {"S": "1"}}}}]}
    assert refused(client.batch_write_item, RequestItems=writes) == (400, "ValidationException", message)
    one = refused(client.put_item, TableName=table, Item={"other": {"S": "1"}})
    assert one[2] == "One or more parameter values were invalid: Missing the key Id in the item"
