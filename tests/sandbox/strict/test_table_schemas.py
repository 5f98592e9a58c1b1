"""The keys and indexes that a table can be created with.

The messages are AWS's, as the tests of dynalite, which were run against AWS, and reports of users have them.
"""

from collections.abc import Sequence
from typing import Any

import pytest

from tests.kit.sandbox.control import Clients, create_table, refused

INVALID = "One or more parameter values were invalid: "
UNITS = {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1}
PROVISIONED: dict[str, Any] = {"BillingMode": "PROVISIONED", "ProvisionedThroughput": UNITS}
ALL = {"ProjectionType": "ALL"}


def keys(*named: str) -> list[dict[str, str]]:
    """A key schema: ``a`` and ``b`` are a partition and a sort key, ``a:RANGE`` is a sort key."""
    kinds = [*zip(named, ("HASH", "RANGE", "RANGE"), strict=False)]
    return [
        {"AttributeName": name.partition(":")[0], "KeyType": name.partition(":")[2] or kind}
        for name, kind in kinds
    ]


def index(name: str, *named: str, projection: Any = None, **more: Any) -> dict[str, Any]:
    """An index with these keys, which projects all unless it is said."""
    return {
        "IndexName": name,
        "KeySchema": keys(*named),
        "Projection": ALL if projection is None else projection,
        **more,
    }


def table(
    *named: str,
    local: Sequence[Any] = (),
    total: Sequence[Any] = (),
    defined: str | None = None,
    **more: Any,
) -> dict[str, Any]:
    """The arguments of CreateTable, with a definition of each key unless it is said which there are."""
    schemas = [keys(*named), *(each["KeySchema"] for each in (*local, *total))]
    used = dict.fromkeys(part["AttributeName"] for schema in schemas for part in schema)
    return {
        "KeySchema": schemas[0],
        "AttributeDefinitions": [
            {"AttributeName": name, "AttributeType": "S"} for name in (used if defined is None else defined)
        ],
        **({"LocalSecondaryIndexes": local} if local else {}),
        **({"GlobalSecondaryIndexes": total} if total else {}),
        **more,
    }


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (table("a:RANGE"), "Invalid KeySchema: The first KeySchemaElement is not a HASH key type"),
        (table("a", "b:HASH"), "Invalid KeySchema: The second KeySchemaElement is not a RANGE key type"),
        (table("a:RANGE", "b:HASH"), "Invalid KeySchema: The first KeySchemaElement is not a HASH key type"),
        (table("a", "a"), "Invalid KeySchema: Some index key attribute have no definition"),
        (
            table("a", "a", total=[index("gsi", "b")]),
            "Both the Hash Key and the Range Key element in the KeySchema have the same name",
        ),
        (
            table("a", defined="ab"),
            (
                f"{INVALID}Number of attributes in KeySchema does not exactly match number of attributes "
                "defined in AttributeDefinitions"
            ),
        ),
        (
            table("a", "b", defined="ac"),
            (
                f"{INVALID}Some index key attributes are not defined in AttributeDefinitions. Keys: [a, b], "
                "AttributeDefinitions: [a, c]"
            ),
        ),
        (
            table("a", total=[index("gsi", "b")], defined="a"),
            (
                f"{INVALID}Some index key attributes are not defined in AttributeDefinitions. Keys: [b], "
                "AttributeDefinitions: [a]"
            ),
        ),
        (
            table("a", total=[index("gsi", "b")], defined="abc"),
            (
                f"{INVALID}Some AttributeDefinitions are not used. AttributeDefinitions: [a, b, c], keys "
                "used: [a, b]"
            ),
        ),
        (
            table("a", local=[index("lsi", "a", "b")]),
            (
                f"{INVALID}Table KeySchema does not have a range key, which is required when specifying a "
                "LocalSecondaryIndex"
            ),
        ),
        (
            table("a", "b", local=[index("lsi", "a")]),
            f"{INVALID}Index KeySchema does not have a range key for index: lsi",
        ),
        (
            table("a", "b", local=[index("lsi", "b", "a")]),
            (
                f"{INVALID}Index KeySchema does not have the same leading hash key as table KeySchema for "
                "index: lsi. index hash key: b, table hash key: a"
            ),
        ),
        (
            table("a", "b", local=[index(f"lsi{number}", "a", f"k{number}") for number in range(6)]),
            f"{INVALID}Number of LocalSecondaryIndexes exceeds per-table limit of 5",
        ),
        (
            table("a", "b", total=[index("gsi", "c"), index("gsi", "b")]),
            f"{INVALID}Duplicate index name: gsi",
        ),
        (
            table("a", "b", local=[index("both", "a", "c")], total=[index("both", "b")]),
            f"{INVALID}Duplicate index name: both",
        ),
        (
            table("a", total=[index("gsi", "b:RANGE")]),
            "Invalid KeySchema: The first KeySchemaElement is not a HASH key type",
        ),
        (table("a", total=[index("gsi", "b", projection={})]), f"{INVALID}Unknown ProjectionType: null"),
        (
            table("a", total=[index("gsi", "b", projection={"ProjectionType": "INCLUDE"})]),
            f"{INVALID}ProjectionType is INCLUDE, but NonKeyAttributes is not specified",
        ),
        (
            table("a", "b", local=[index("lsi", "a", "c", projection={**ALL, "NonKeyAttributes": ["x"]})]),
            f"{INVALID}ProjectionType is ALL, but NonKeyAttributes is specified",
        ),
        (
            table("a", total=[index("gsi", "b")], **PROVISIONED),
            f"{INVALID}ProvisionedThroughput is not specified for index: gsi",
        ),
        (
            table("a", total=[index("gsi", "b", ProvisionedThroughput=UNITS)]),
            (
                f"{INVALID}ProvisionedThroughput should not be specified for index: gsi when BillingMode is "
                "PAY_PER_REQUEST"
            ),
        ),
    ],
)
def test_what_is_no_table(aws: Clients, unique: str, arguments: dict[str, Any], message: str) -> None:
    client = aws("dynamodb")
    assert refused(create_table, client=client, name=unique, **arguments) == (
        400,
        "ValidationException",
        message,
    )
    assert refused(client.describe_table, TableName=unique)[1] == "ResourceNotFoundException"


@pytest.mark.parametrize(
    "arguments",
    [
        table(
            "a", "b", local=[index("lsi", "a", "c")], total=[index("gsi", "c", "a"), index("rev", "b", "a")]
        ),
        table(
            "a",
            total=[
                index("inc", "b", projection={"ProjectionType": "INCLUDE", "NonKeyAttributes": ["x"]}),
                index("key", "b", projection={"ProjectionType": "KEYS_ONLY"}),
            ],
        ),
        table("a", total=[index("gsi", "b", ProvisionedThroughput=UNITS)], **PROVISIONED),
    ],
)
def test_what_is_one(aws: Clients, unique: str, arguments: dict[str, Any]) -> None:
    made = create_table(aws("dynamodb"), unique, **arguments)["TableDescription"]
    assert made["KeySchema"] == arguments["KeySchema"]
    assert len(made["GlobalSecondaryIndexes"]) == len(arguments["GlobalSecondaryIndexes"])
