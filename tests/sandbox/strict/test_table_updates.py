"""How a table can be changed, and what it is then.

The messages are AWS's, as the tests of dynalite, which were run against AWS, and reports of users have them.
"""

from typing import Any

import pytest

from tests.kit.sandbox.control import Clients, create_table, refused

INVALID = "One or more parameter values were invalid: "
ON_DEMAND = (
    f"{INVALID}Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is "
    "PAY_PER_REQUEST"
)
UNITS = {"ReadCapacityUnits": 2, "WriteCapacityUnits": 3}
MORE = {"ReadCapacityUnits": 5, "WriteCapacityUnits": 5}
BY_N: dict[str, Any] = {
    "IndexName": "by-n",
    "KeySchema": [{"AttributeName": "n", "KeyType": "HASH"}],
    "Projection": {"ProjectionType": "ALL"},
}
N = {"AttributeName": "n", "AttributeType": "N"}
ID = {"AttributeName": "Id", "AttributeType": "S"}


@pytest.fixture
def client(aws: Clients) -> Any:
    return aws("dynamodb")


@pytest.fixture
def provisioned(client: Any, unique: str) -> str:
    """The name of a table with units, and the index by-n with the same."""
    create_table(
        client,
        unique,
        AttributeDefinitions=[ID, N],
        BillingMode="PROVISIONED",
        ProvisionedThroughput=UNITS,
        GlobalSecondaryIndexes=[{**BY_N, "ProvisionedThroughput": UNITS}],
    )
    return unique


def described(client: Any, name: str) -> dict[str, Any]:
    """What DescribeTable says."""
    found: dict[str, Any] = client.describe_table(TableName=name)["Table"]
    return found


def indexes(*updates: dict[str, Any]) -> dict[str, Any]:
    """The argument for these changes of indexes."""
    return {"GlobalSecondaryIndexUpdates": [*updates]}


NO_CHANGE = (
    "At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, GlobalSecondaryIndexUpdates or "
    "SSESpecification or ReplicaUpdates is required"
)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({}, NO_CHANGE),
        ({"AttributeDefinitions": [ID]}, NO_CHANGE),
        (indexes(), NO_CHANGE),
        ({"ProvisionedThroughput": UNITS}, ON_DEMAND),
        ({"ProvisionedThroughput": UNITS, "BillingMode": "PAY_PER_REQUEST"}, ON_DEMAND),
        (
            {"BillingMode": "PROVISIONED"},
            f"{INVALID}ProvisionedThroughput must be specified when BillingMode is PROVISIONED",
        ),
        (
            indexes({}),
            (
                f"{INVALID}One of GlobalSecondaryIndexUpdate.Update, GlobalSecondaryIndexUpdate.Create, "
                "GlobalSecondaryIndexUpdate.Delete must not be null"
            ),
        ),
        (
            indexes({"Create": BY_N}),
            (
                f"{INVALID}Some index key attributes are not defined in AttributeDefinitions. Keys: [n], "
                "AttributeDefinitions: [Id]"
            ),
        ),
        (
            {**indexes({"Create": BY_N}), "AttributeDefinitions": [N, {**N, "AttributeName": "more"}]},
            (
                f"{INVALID}Some AttributeDefinitions are not used. AttributeDefinitions: [n, more], keys "
                "used: [Id, n]"
            ),
        ),
        (
            {**indexes({"Create": BY_N}), "AttributeDefinitions": [N, {**ID, "AttributeType": "B"}]},
            f"{INVALID}Attribute Id is defined with another type",
        ),
        (
            {**indexes({"Create": {**BY_N, "Projection": {}}}), "AttributeDefinitions": [N]},
            f"{INVALID}Unknown ProjectionType: null",
        ),
        (
            {
                **indexes({"Create": {**BY_N, "ProvisionedThroughput": UNITS}}),
                "AttributeDefinitions": [N],
            },
            (
                f"{INVALID}ProvisionedThroughput should not be specified for index: by-n when BillingMode is "
                "PAY_PER_REQUEST"
            ),
        ),
        (
            indexes({"Delete": {"IndexName": "nope"}}, {"Delete": {"IndexName": "nope"}}),
            (
                f"{INVALID}Only one global secondary index update per index is allowed simultaneously. "
                "Index: nope"
            ),
        ),
    ],
)
def test_what_is_no_change(client: Any, table: str, change: dict[str, Any], message: str) -> None:
    before = described(client, table)
    assert refused(client.update_table, TableName=table, **change) == (400, "ValidationException", message)
    assert described(client, table) == before


def test_a_table_that_is_not_there(client: Any) -> None:
    message = "Requested resource not found: Table: none not found"
    told = refused(client.update_table, TableName="none", BillingMode="PAY_PER_REQUEST")
    assert told == (400, "ResourceNotFoundException", message)


def test_an_index_comes_with_the_definition_of_its_key_and_takes_it_along(client: Any, table: str) -> None:
    client.put_item(TableName=table, Item={"Id": {"S": "1"}, "n": {"N": "1"}})
    client.update_table(TableName=table, AttributeDefinitions=[N], **indexes({"Create": BY_N}))
    assert described(client, table)["AttributeDefinitions"] == [ID, N]
    assert client.scan(TableName=table, IndexName="by-n")["Count"] == 1
    assert client.get_item(TableName=table, Key={"Id": {"S": "1"}})["Item"]["n"] == {"N": "1"}
    told = refused(client.update_table, TableName=table, **indexes({"Create": BY_N}))
    assert told == (400, "ValidationException", "Attempting to create an index which already exists")
    client.update_table(TableName=table, **indexes({"Delete": {"IndexName": "by-n"}}))
    assert described(client, table)["AttributeDefinitions"] == [ID]
    assert "GlobalSecondaryIndexes" not in described(client, table)


@pytest.mark.parametrize(
    "update",
    [
        {"Delete": {"IndexName": "nope"}},
        {"Update": {"IndexName": "nope", "ProvisionedThroughput": UNITS}},
    ],
)
def test_an_index_that_is_not_there(client: Any, provisioned: str, update: dict[str, Any]) -> None:
    told = refused(client.update_table, TableName=provisioned, **indexes(update))
    assert told == (400, "ResourceNotFoundException", "Requested resource not found")


def test_one_index_is_made_or_deleted_at_a_time(client: Any, table: str) -> None:
    both = [{"Create": {**BY_N, "IndexName": name}} for name in ("one", "two")]
    told = refused(client.update_table, TableName=table, AttributeDefinitions=[N], **indexes(*both))
    assert told == (
        400,
        "LimitExceededException",
        "Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table",
    )


def test_units_change_or_are_refused(client: Any, provisioned: str) -> None:
    told = refused(client.update_table, TableName=provisioned, ProvisionedThroughput=UNITS)
    assert told[2] == (
        "The provisioned throughput for the table will not change. The requested value equals the current "
        "value. Current ReadCapacityUnits provisioned for the table: 2. Requested ReadCapacityUnits: 2. "
        "Current WriteCapacityUnits provisioned for the table: 3. Requested WriteCapacityUnits: 3. Refer to "
        "the Amazon DynamoDB Developer Guide for current limits and how to request higher limits."
    )
    same = {"Update": {"IndexName": "by-n", "ProvisionedThroughput": UNITS}}
    told = refused(client.update_table, TableName=provisioned, **indexes(same))
    assert told[2].startswith("The provisioned throughput for the index by-n will not change.")
    more = {"Update": {"IndexName": "by-n", "ProvisionedThroughput": MORE}}
    client.update_table(TableName=provisioned, ProvisionedThroughput=MORE, **indexes(more))
    found = described(client, provisioned)
    whole = {**MORE, "NumberOfDecreasesToday": 0}
    assert found["ProvisionedThroughput"] == whole
    assert found["GlobalSecondaryIndexes"][0]["ProvisionedThroughput"] == whole


def test_a_table_goes_on_demand_and_back(client: Any, provisioned: str) -> None:
    client.update_table(TableName=provisioned, BillingMode="PAY_PER_REQUEST")
    found = described(client, provisioned)
    none = {"ReadCapacityUnits": 0, "WriteCapacityUnits": 0, "NumberOfDecreasesToday": 0}
    assert found["ProvisionedThroughput"] == none
    assert found["GlobalSecondaryIndexes"][0]["ProvisionedThroughput"] == none
    back = {"TableName": provisioned, "BillingMode": "PROVISIONED", "ProvisionedThroughput": UNITS}
    message = f"{INVALID}ProvisionedThroughput must be specified for index: by-n"
    assert refused(client.update_table, **back) == (400, "ValidationException", message)
    client.update_table(**back, **indexes({"Update": {"IndexName": "by-n", "ProvisionedThroughput": UNITS}}))
    assert described(client, provisioned)["ProvisionedThroughput"] == {**UNITS, "NumberOfDecreasesToday": 0}


def test_the_time_to_live_is_of_one_attribute(client: Any, table: str) -> None:
    def change(name: str, *, enabled: bool) -> dict[str, Any]:
        spec = {"AttributeName": name, "Enabled": enabled}
        return {"TableName": table, "TimeToLiveSpecification": spec}

    told = refused(client.update_time_to_live, **change("until", enabled=False))
    assert told == (400, "ValidationException", "TimeToLive is already disabled")
    client.update_time_to_live(**change("until", enabled=True))
    other = "TimeToLive is active on a different AttributeName: current AttributeName is until"
    for enabled in (True, False):
        told = refused(client.update_time_to_live, **change("other", enabled=enabled))
        assert told == (400, "ValidationException", other)
    found = client.describe_time_to_live(TableName=table)["TimeToLiveDescription"]
    assert found == {"TimeToLiveStatus": "ENABLED", "AttributeName": "until"}
    client.update_time_to_live(**change("until", enabled=False))
    found = client.describe_time_to_live(TableName=table)["TimeToLiveDescription"]
    assert found == {"TimeToLiveStatus": "DISABLED"}
