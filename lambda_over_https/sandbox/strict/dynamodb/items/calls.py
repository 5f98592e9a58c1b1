"""Calls on items: the parts that each stand for such a call, and how DynamoDB refuses one."""

from collections.abc import Iterator, Mapping
from typing import Any

from lambda_over_https.sandbox.control.aws_calls import AwsCall
from lambda_over_https.sandbox.model.errors import AwsError

ON_ITEMS = frozenset(
    {"PutItem", "UpdateItem", "DeleteItem", "GetItem", "Query", "Scan"}
    | {"BatchGetItem", "BatchWriteItem", "TransactGetItems", "TransactWriteItems"}
)
"""The operations on items."""


def invalid(message: str) -> AwsError:
    """DynamoDB's usual refusal."""
    return AwsError("ValidationException", message)


def parts(call: AwsCall) -> Iterator[Mapping[str, Any]]:
    """What stands for a call on one item: the call itself, or each part of a transaction."""
    items = call.parameters.get("TransactItems")
    if items is None:
        yield call.parameters
    for item in items or ():
        given = [part for part in (item or {}).values() if part is not None]
        if not given:
            raise invalid(
                "Invalid Request: TransactWriteRequest should contain Delete or Put or Update request"
            )
        yield from given
