"""DynamoDB's transactions with moto: all or nothing, with AWS's reasons, and no record of what was undone.

moto tells a stream of writes that it undoes, gives Python's errors as reasons, lets a key have more than the
table's, and reads whole items whatever a projection asks for. API reference, "TransactWriteItems" and
"TransactGetItems"; what cancels a transaction and what is no transaction: reports of calls on AWS. The
expressions have been checked before.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from lambda_over_https.sandbox.control.dynamodb.kept_items import all_or_nothing
from lambda_over_https.sandbox.control.dynamodb.keys import MISFIT, fits, key_of, types_of
from lambda_over_https.sandbox.model.errors import AwsError

_Part = tuple[str, Mapping[str, Any]]
"""What is done, ``Put`` for example, and with what."""

_Reason = tuple[str | None, str | None, Any]
"""Why a part cancels its transaction: moto's form of code, message and item; nothing if it does not."""

_NONE: _Reason = (None, None, None)
_INVALID = "One or more parameter values were invalid: "


def patch() -> None:
    """Let moto make transactions like that."""
    from moto.dynamodb.models import DynamoDBBackend
    from moto.dynamodb.responses import DynamoHandler

    DynamoDBBackend.transact_write_items = _write
    DynamoHandler.transact_get_items = _get


def _write(backend: Any, items: Iterable[Mapping[str, Any]]) -> None:
    parts: list[_Part] = [part for item in items for part in item.items()]
    _check(backend, parts)
    keys = [(backend.get_table(part["TableName"]), _item(part)) for _, part in parts]
    with all_or_nothing(keys) as before:
        _cancel_if([_done(backend, *each) for each in zip(parts, before, strict=True)])


def _get(handler: Any) -> Any:
    from moto.dynamodb.responses import DynamoResult

    parts: list[_Part] = [part for item in handler.body["TransactItems"] for part in item.items()]
    _check(handler.dynamodb_backend, parts)
    return DynamoResult({"Responses": [_read(handler.dynamodb_backend, part) for _, part in parts]})


def _read(backend: Any, part: Mapping[str, Any]) -> Any:
    from moto.dynamodb.responses import ProjectionExpressionParser

    names = part.get("ExpressionAttributeNames") or {}
    paths = ProjectionExpressionParser(part.get("ProjectionExpression"), names).parse()
    item = backend.get_item(part["TableName"], part["Key"], paths)
    return item.describe_attrs(attributes=None) if item else {}


def _check(backend: Any, parts: Sequence[_Part]) -> None:
    """The tables exist, the keys are theirs, and no item is named twice: in AWS's order."""
    from moto.dynamodb.exceptions import MultipleTransactionsException

    tables = [backend.get_table(part["TableName"]) for _, part in parts]
    _cancel_if([_misfit(table, *part) for table, part in zip(tables, parts, strict=True)])
    keys = [(table.name, key_of(table, _item(part))) for table, (_, part) in zip(tables, parts, strict=True)]
    if len(set(keys)) < len(keys):
        raise MultipleTransactionsException


def _item(part: Mapping[str, Any]) -> dict[str, Any]:
    """The item or the key that a part is about."""
    item: dict[str, Any] = part["Item"] if "Item" in part else part["Key"]
    return item


def _misfit(table: Any, kind: str, part: Mapping[str, Any]) -> _Reason:
    item = _item(part)
    if fits(table, item, whole=kind == "Put"):
        return _NONE
    if kind != "Put":
        return "ValidationError", MISFIT, None
    for name, wanted in types_of(table).items():
        if name not in item:
            return "ValidationError", f"{_INVALID}Missing the key {name} in the item", None
        if wanted not in item[name]:
            message = f"Type mismatch for key {name} expected: {wanted} actual: {next(iter(item[name]))}"
            return "ValidationError", _INVALID + message, None
    return _NONE


def _done(backend: Any, part: _Part, before: Any) -> _Reason:
    """Do it; the reason why it cannot be done."""
    from moto.dynamodb.exceptions import ConditionalCheckFailed, MockValidationException

    kind, content = part
    try:
        _OPERATIONS[kind](backend, content)
    except ConditionalCheckFailed as error:
        wanted = content.get("ReturnValuesOnConditionCheckFailure") == "ALL_OLD" and before is not None
        return "ConditionalCheckFailed", error.message, before.to_json()["Attributes"] if wanted else None
    except (MockValidationException, AwsError) as error:
        return "ValidationError", error.message, None
    return _NONE


def _cancel_if(reasons: Sequence[_Reason]) -> None:
    from moto.dynamodb.exceptions import TransactionCanceledException

    if any(code for code, _, _ in reasons):
        raise TransactionCanceledException(list(reasons))


def _condition(part: Mapping[str, Any]) -> dict[str, Any]:
    """The part's condition, as moto's methods take it."""
    return {
        "condition_expression": part.get("ConditionExpression"),
        "expression_attribute_names": part.get("ExpressionAttributeNames") or {},
        "expression_attribute_values": part.get("ExpressionAttributeValues") or {},
    }


def _put(backend: Any, part: Mapping[str, Any]) -> None:
    backend.put_item(part["TableName"], part["Item"], **_condition(part))


def _delete(backend: Any, part: Mapping[str, Any]) -> None:
    backend.delete_item(part["TableName"], part["Key"], **_condition(part))


def _update(backend: Any, part: Mapping[str, Any]) -> None:
    update = {"update_expression": part["UpdateExpression"]}
    backend.update_item(part["TableName"], part["Key"], **update, **_condition(part))


def _condition_check(backend: Any, part: Mapping[str, Any]) -> None:
    from moto.dynamodb.comparisons import get_filter_expression
    from moto.dynamodb.exceptions import ConditionalCheckFailed

    condition = get_filter_expression(*_condition(part).values())
    if not condition.expr(backend.get_item(part["TableName"], part["Key"])):
        raise ConditionalCheckFailed


_OPERATIONS: Mapping[str, Callable[[Any, Mapping[str, Any]], None]] = {
    "Put": _put,
    "Delete": _delete,
    "Update": _update,
    "ConditionCheck": _condition_check,
}
