"""CreateTable: the keys, the indexes and the throughput that a table can have.

Messages are AWS's, as the tests of dynalite, which were run against AWS, and reports of users have them.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lambda_over_https.sandbox.control.aws_calls import AwsCall
from lambda_over_https.sandbox.strict.dynamodb.items.calls import invalid

MOST_LOCAL = 5
MOST_GLOBAL = 20
"""Indexes of a table (DynamoDB guide, "Quotas in Amazon DynamoDB")."""

_INVALID = "One or more parameter values were invalid: "
_SAME_NAME = "Both the Hash Key and the Range Key element in the KeySchema have the same name"

Index = Mapping[str, Any]


def check_table(call: AwsCall) -> None:
    """A table's keys are a partition key and perhaps a sort key, and its indexes have keys of their own."""
    parameters = call.parameters
    schema = parameters["KeySchema"]
    if len(schema) > len(parameters["AttributeDefinitions"]):
        raise invalid("Invalid KeySchema: Some index key attribute have no definition")
    _check_schema(schema)
    local, total = parameters.get("LocalSecondaryIndexes"), parameters.get("GlobalSecondaryIndexes")
    _check_local(local or (), schema)
    for index in total or ():
        check_global_index(index, on_demand=parameters.get("BillingMode") == "PAY_PER_REQUEST")
    if len(total or ()) > MOST_GLOBAL:
        raise invalid(f"{_INVALID}GlobalSecondaryIndex count exceeds the per-table limit of {MOST_GLOBAL}")
    _check_names([*(local or ()), *(total or ())])


def check_global_index(index: Index, *, on_demand: bool) -> None:
    """A global index has keys, a projection, and a throughput unless the table is on demand."""
    _check_kinds(index["KeySchema"])
    _check_projection(index.get("Projection") or {})
    name, throughput = index["IndexName"], index.get("ProvisionedThroughput")
    check_units(name, throughput, on_demand=on_demand)
    if not on_demand and not throughput:
        raise invalid(f"{_INVALID}ProvisionedThroughput is not specified for index: {name}")


def check_units(index_name: str, throughput: Any, *, on_demand: bool) -> None:
    """An index of a table on demand has no throughput."""
    if on_demand and throughput:
        raise invalid(
            f"{_INVALID}ProvisionedThroughput should not be specified for index: {index_name} when "
            "BillingMode is PAY_PER_REQUEST"
        )


def key_names(keyed: Sequence[Mapping[str, str]]) -> Iterator[str]:
    """The names in a key schema."""
    yield from (part["AttributeName"] for part in keyed)


def _check_schema(schema: Sequence[Mapping[str, str]]) -> None:
    """A partition key, and perhaps a sort key."""
    _check_kinds(schema)
    if len(schema) == 2 and schema[1]["KeyType"] != "RANGE":
        raise invalid("Invalid KeySchema: The second KeySchemaElement is not a RANGE key type")


def _check_kinds(schema: Sequence[Mapping[str, str]]) -> None:
    """Partition keys first; a global index may have several (DynamoDB guide, "Multi-attribute keys")."""
    names, kinds = [*key_names(schema)], [part["KeyType"] for part in schema]
    if len(set(names)) < len(names):
        raise invalid(_SAME_NAME)
    if kinds[0] != "HASH":
        raise invalid("Invalid KeySchema: The first KeySchemaElement is not a HASH key type")
    if kinds != sorted(kinds):
        raise invalid("Invalid KeySchema: A HASH key type cannot follow a RANGE key type")


def _check_local(indexes: Sequence[Index], schema: Sequence[Mapping[str, str]]) -> None:
    if indexes and len(schema) < 2:
        raise invalid(
            f"{_INVALID}Table KeySchema does not have a range key, which is required when specifying a "
            "LocalSecondaryIndex"
        )
    for index in indexes:
        _check_local_index(index, schema[0]["AttributeName"])
    if len(indexes) > MOST_LOCAL:
        raise invalid(f"{_INVALID}Number of LocalSecondaryIndexes exceeds per-table limit of {MOST_LOCAL}")


def _check_local_index(index: Index, partition_key: str) -> None:
    """A local index has the table's partition key and a sort key of its own."""
    keys, name = index["KeySchema"], index["IndexName"]
    _check_schema(keys)
    if len(keys) < 2:
        raise invalid(f"{_INVALID}Index KeySchema does not have a range key for index: {name}")
    own = keys[0]["AttributeName"]
    if own != partition_key:
        raise invalid(
            f"{_INVALID}Index KeySchema does not have the same leading hash key as table KeySchema for "
            f"index: {name}. index hash key: {own}, table hash key: {partition_key}"
        )
    _check_projection(index.get("Projection") or {})


def _check_projection(projection: Mapping[str, Any]) -> None:
    kind, names = projection.get("ProjectionType"), projection.get("NonKeyAttributes")
    if kind is None:
        raise invalid(f"{_INVALID}Unknown ProjectionType: null")
    if (kind == "INCLUDE") is not bool(names):
        said = "specified" if names else "not specified"
        raise invalid(f"{_INVALID}ProjectionType is {kind}, but NonKeyAttributes is {said}")


def _check_names(indexes: Sequence[Index]) -> None:
    names = [index["IndexName"] for index in indexes]
    for name in (name for name in names if names.count(name) > 1):
        raise invalid(f"{_INVALID}Duplicate index name: {name}")
