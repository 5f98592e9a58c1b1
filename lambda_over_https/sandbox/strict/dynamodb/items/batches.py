"""BatchWriteItem and BatchGetItem: how many requests, of what form, for which keys.

Messages are AWS's, as reports of calls on AWS have them.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from lambda_over_https.sandbox.control.aws_calls import AwsCall
from lambda_over_https.sandbox.control.dynamodb.keys import MISFIT, fits, key_of
from lambda_over_https.sandbox.control.moto_state import dynamodb_backend
from lambda_over_https.sandbox.model.wording import unsatisfied
from lambda_over_https.sandbox.strict.dynamodb.items.calls import invalid
from lambda_over_https.sandbox.strict.dynamodb.items.keys import check_key_filled
from lambda_over_https.sandbox.strict.dynamodb.items.values import check_values

MOST_WRITES = 25
"""Requests of one BatchWriteItem (API reference)."""

_Write = Mapping[str, Mapping[str, Any]]

_MOST = f"Member must have length less than or equal to {MOST_WRITES}"
_LENGTHS = f"Map value must satisfy constraint: [{_MOST}, Member must have length greater than or equal to 1]"


def check_requests(call: AwsCall) -> None:
    """A batch asks for something."""
    if not call.parameters.get("RequestItems"):
        raise invalid(f"The requestItems parameter is required for {call.operation}")


def check_reads(call: AwsCall) -> None:
    """A batch of reads asks for an item of each table that it names."""
    for table, request in call.parameters["RequestItems"].items():
        if not request["Keys"]:
            place = f"requestItems.{table}.member.keys"
            raise invalid(unsatisfied("[]", place, "Member must have length greater than or equal to 1"))


def check_writes(call: AwsCall) -> None:
    """A batch has 25 writes at most, each of another item, and of one that the table can hold."""
    requests = call.parameters["RequestItems"]
    for table, writes in requests.items():
        _check_number(table, writes)
    if sum(map(len, requests.values())) > MOST_WRITES:
        raise invalid("Too many items requested for the BatchWriteItem call")
    for table, writes in requests.items():
        _check_items(writes)
        _check_keys(call, table, writes)


def _check_number(table: str, writes: list[_Write]) -> None:
    if not writes:
        raise invalid(unsatisfied(f"{{{table}=[]}}", "requestItems", _LENGTHS))
    if len(writes) > MOST_WRITES:
        place = f"'requestItems.{table}.member'"
        raise invalid(f"1 validation error detected: Value at {place} failed to satisfy constraint: {_MOST}")


def _check_items(writes: list[_Write]) -> None:
    """Each asks for one write. AWS says of two what it says of none."""
    for write in writes:
        if sum(request is not None for request in write.values()) != 1:
            raise invalid(
                "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the "
                "supported datatypes"
            )
        check_values((write.get("PutRequest") or {}).get("Item") or {})


def _check_keys(call: AwsCall, name: str, writes: list[_Write]) -> None:
    """What a batch writes has the table's keys. Of a single item AWS says which is missing."""
    table = dynamodb_backend(call.region).tables.get(name.rpartition("/")[2])
    if table is None:
        return
    for item, whole in _written(writes):
        if not fits(table, item, whole=whole):
            raise invalid(MISFIT)
        check_key_filled(table, item)
    keys = [key_of(table, item) for item, _ in _written(writes)]
    if len(set(keys)) < len(keys):
        raise invalid("Provided list of item keys contains duplicates")


def _written(writes: list[_Write]) -> Iterator[tuple[Mapping[str, Any], bool]]:
    """The item of each Put, and the key of each Delete, with whether it is a whole item."""
    for write in writes:
        put = write.get("PutRequest")
        yield (put["Item"], True) if put else (write["DeleteRequest"]["Key"], False)
