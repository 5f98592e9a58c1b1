"""The keys by which calls name items: those of their tables, and not empty.

moto finds no item for a key of another type, and overlooks what a key of a batch has besides.
"""

from collections.abc import Mapping
from typing import Any

from lambda_over_https.sandbox.control.aws_calls import AwsCall
from lambda_over_https.sandbox.control.dynamodb.keys import MISFIT, fits
from lambda_over_https.sandbox.control.moto_state import dynamodb_backend
from lambda_over_https.sandbox.strict.dynamodb.items.calls import invalid, parts

_EMPTY = (
    "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an "
    "empty {} value. Key: {}"
)


def check_key(call: AwsCall) -> None:
    """The key of a call on one item is one of its table."""
    _check_fits(_table(call, call.parameters["TableName"]), call.parameters["Key"])


def check_batch(call: AwsCall) -> None:
    """So is each key of a BatchGetItem."""
    for name, request in call.parameters["RequestItems"].items():
        table = _table(call, name)
        for key in request["Keys"]:
            _check_fits(table, key)


def check_filled(call: AwsCall) -> None:
    """The items that a call is about have no empty key."""
    for part in parts(call):
        table = _table(call, str(part.get("TableName")))
        if table is not None:
            check_key_filled(table, part.get("Item") or part.get("Key") or {})


def check_key_filled(table: Any, key: Mapping[str, Any]) -> None:
    """The key of an item of moto's ``table`` has no part that is empty; ``key`` may be a whole item."""
    for name in table.table_key_attrs:
        for kind, noun in (("S", "string"), ("B", "binary")):
            if (key.get(name) or {}).get(kind) == "":
                raise invalid(_EMPTY.format(noun, name))


def _check_fits(table: Any, key: Mapping[str, Any]) -> None:
    if table is None:
        return
    if not fits(table, key, whole=False):
        raise invalid(MISFIT)
    check_key_filled(table, key)


def _table(call: AwsCall, name: str) -> Any:
    """Moto's table of that name or ARN; None if there is none: moto says so."""
    return dynamodb_backend(call.region).tables.get(name.rpartition("/")[2])
