"""UpdateTable: changes that can be made, and the definitions and throughputs that a table has after them.

Messages are AWS's, as the tests of dynalite, which were run against AWS, and reports of users have them.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from lambda_over_https.sandbox.control.aws_calls import AwsCall
from lambda_over_https.sandbox.control.moto_state import dynamodb_backend
from lambda_over_https.sandbox.model.errors import AwsError
from lambda_over_https.sandbox.strict.dynamodb.items.calls import invalid
from lambda_over_https.sandbox.strict.dynamodb.tables.schemas import (
    check_global_index,
    check_units,
    key_names,
)

_INVALID = "One or more parameter values were invalid: "
_CHANGES = (
    *("ProvisionedThroughput", "BillingMode", "StreamSpecification", "GlobalSecondaryIndexUpdates"),
    *("TableClass", "DeletionProtectionEnabled"),
)
_NO_CHANGE = (
    "At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, GlobalSecondaryIndexUpdates or "
    "SSESpecification or ReplicaUpdates is required"
)
_ONE_ONLINE = (
    "Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table"
)
_ON_DEMAND = "PAY_PER_REQUEST"
_UNITS = ("ReadCapacityUnits", "WriteCapacityUnits")
_NONE = {**dict.fromkeys(_UNITS, 0), "NumberOfDecreasesToday": 0}


def check_change(call: AwsCall) -> None:
    """A change is one, and fits the table. Whether there is such a table is checked before."""
    parameters = call.parameters
    table = dynamodb_backend(call.region).tables[parameters["TableName"].rpartition("/")[2]]
    updates = parameters.get("GlobalSecondaryIndexUpdates") or []
    if not updates and all(parameters.get(name) in (None, []) for name in _CHANGES):
        raise invalid(_NO_CHANGE)
    _check_updates(updates)
    mode, throughput = parameters.get("BillingMode"), parameters.get("ProvisionedThroughput")
    _check_billing(table, mode, throughput, updates)
    on_demand = (mode or table.billing_mode) == _ON_DEMAND
    for update in updates:
        _check_index_update(table, update, on_demand=on_demand)
    _check_definitions(table, parameters.get("AttributeDefinitions") or [], updates)


def cover() -> None:
    """Have moto keep what a change does not name. Call this before the first call reaches moto."""
    from moto.dynamodb.models import DynamoDBBackend

    DynamoDBBackend.update_table = _keeping(DynamoDBBackend.update_table)


def _keeping(update: Callable[..., Any]) -> Callable[..., Any]:
    """The definitions of all keys stay, and no others; what is on demand has no units."""

    def updated(self: Any, name: str, attr_definitions: Any, **changes: Any) -> Any:
        table = self.get_table(name)
        merged = _merged(table.attr, attr_definitions or [])
        update(self, name, merged, **changes)
        used = {*_used(table)}
        table.attr = [each for each in merged if each["AttributeName"] in used]
        for provisioned in (table, *table.global_indexes):
            units = {} if table.billing_mode == _ON_DEMAND else provisioned.throughput
            provisioned.throughput = {**_NONE, **units}
        return table

    return updated


def _merged(own: Sequence[Mapping[str, str]], given: Sequence[Mapping[str, str]]) -> list[Mapping[str, str]]:
    """The definitions by name; those that are given count."""
    return [*{each["AttributeName"]: each for each in (*own, *given)}.values()]


def _check_updates(updates: Sequence[Mapping[str, Any]]) -> None:
    """Each is one of three, of an index of its own, and one index at most is made or deleted."""
    if not all(any(update.values()) for update in updates):
        raise invalid(
            f"{_INVALID}One of GlobalSecondaryIndexUpdate.Update, GlobalSecondaryIndexUpdate.Create, "
            "GlobalSecondaryIndexUpdate.Delete must not be null"
        )
    names = [_index_of(update) for update in updates]
    for name in (name for name in names if names.count(name) > 1):
        raise invalid(
            f"{_INVALID}Only one global secondary index update per index is allowed simultaneously. "
            f"Index: {name}"
        )
    if sum(bool(update.get("Create") or update.get("Delete")) for update in updates) > 1:
        raise AwsError("LimitExceededException", _ONE_ONLINE)


def _index_of(update: Mapping[str, Any]) -> str:
    name: str = next(each["IndexName"] for each in update.values() if each)
    return name


def _check_billing(
    table: Any, mode: str | None, throughput: Any, updates: Sequence[Mapping[str, Any]]
) -> None:
    if mode == "PROVISIONED" and not throughput:
        raise invalid(f"{_INVALID}ProvisionedThroughput must be specified when BillingMode is PROVISIONED")
    if throughput and (mode or table.billing_mode) == _ON_DEMAND:
        raise invalid(
            f"{_INVALID}Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode "
            f"is {_ON_DEMAND}"
        )
    if table.billing_mode != _ON_DEMAND:
        _check_differs("the table", "the table", table.throughput, throughput)
    elif mode == "PROVISIONED":
        named = {_index_of(update) for update in updates}
        unnamed = ",".join(index.name for index in table.global_indexes if index.name not in named)
        if unnamed:
            raise invalid(f"{_INVALID}ProvisionedThroughput must be specified for index: {unnamed}")


def _check_differs(of: str, for_: str, current: Mapping[str, int], wanted: Any) -> None:
    if not wanted or any(current[name] != wanted[name] for name in _UNITS):
        return
    units = " ".join(
        f"Current {name} provisioned for {for_}: {current[name]}. Requested {name}: {wanted[name]}."
        for name in _UNITS
    )
    raise invalid(
        f"The provisioned throughput for {of} will not change. The requested value equals the current value. "
        f"{units} Refer to the Amazon DynamoDB Developer Guide for current limits and how to request higher "
        "limits."
    )


def _check_index_update(table: Any, update: Mapping[str, Any], *, on_demand: bool) -> None:
    create = update.get("Create")
    if create:
        if create["IndexName"] in {index.name for index in table.all_indexes()}:
            raise invalid("Attempting to create an index which already exists")
        check_global_index(create, on_demand=on_demand)
        return
    word = "update" if update.get("Update") else "delete"
    name = _index_of(update)
    if name in {index.name for index in table.indexes}:
        raise invalid(f"Cannot {word} an index that is not a GlobalSecondaryIndex: {name}")
    index = next((each for each in table.global_indexes if each.name == name), None)
    if index is None:
        raise AwsError("ResourceNotFoundException", "Requested resource not found")
    wanted = (update.get("Update") or {}).get("ProvisionedThroughput")
    check_units(name, wanted, on_demand=on_demand)
    if table.billing_mode != _ON_DEMAND:
        _check_differs(f"the index {name}", f"index {name}", index.throughput, wanted)


def _check_definitions(
    table: Any, given: Sequence[Mapping[str, str]], updates: Sequence[Mapping[str, Any]]
) -> None:
    """The keys of a new index have a definition, each definition is of a key, and none is changed."""
    kinds = {each["AttributeName"]: each["AttributeType"] for each in table.attr}
    for each in given:
        if kinds.get(each["AttributeName"], each["AttributeType"]) != each["AttributeType"]:
            raise invalid(f"{_INVALID}Attribute {each['AttributeName']} is defined with another type")
    merged = [each["AttributeName"] for each in _merged(table.attr, given)]
    created = [[*key_names(update["Create"]["KeySchema"])] for update in updates if update.get("Create")]
    for keys in created:
        if not set(keys) <= set(merged):
            raise invalid(
                f"{_INVALID}Some index key attributes are not defined in AttributeDefinitions. Keys: "
                f"[{', '.join(keys)}], AttributeDefinitions: [{', '.join(merged)}]"
            )
    used = [*_used(table), *(key for keys in created for key in keys)]
    names = [each["AttributeName"] for each in given]
    if not set(names) <= set(used):
        raise invalid(
            f"{_INVALID}Some AttributeDefinitions are not used. AttributeDefinitions: [{', '.join(names)}], "
            f"keys used: [{', '.join(dict.fromkeys(used))}]"
        )


def _used(table: Any) -> Iterator[str]:
    """The names of all keys of a table and its indexes."""
    for keyed in (table, *table.all_indexes()):
        yield from key_names(keyed.schema)
