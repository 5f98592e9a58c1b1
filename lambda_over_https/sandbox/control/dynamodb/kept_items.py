"""Moto's items, put back as they were when what changes them fails halfway."""

import copy
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from lambda_over_https.sandbox.control.dynamodb.plain_numbers import with_plain_numbers
from lambda_over_https.sandbox.control.dynamodb.stream_records import held_back


@contextmanager
def all_or_nothing(items: Iterable[tuple[Any, dict[str, Any]]]) -> Iterator[list[Any]]:
    """Undo the changes of these items if one fails; gives copies of them, None for one that is not there.

    Each is a table of moto and a key, or a whole item with that key. Streams tell of the changes at the end.
    """
    keys = [(table, *_key(table, item)) for table, item in items]
    before = [copy.deepcopy(table.get_item(first, second)) for table, first, second in keys]
    try:
        with held_back():
            yield before
    except Exception:
        for each, item in zip(keys, before, strict=True):
            _put_back(*each, item)
        raise


def found(table: Any, item: Mapping[str, Any]) -> dict[str, Any] | None:
    """The attributes that the table has under the key of ``item``; None if there is none, or no such key."""
    if any(name not in item for name in table.table_key_attrs):
        return None
    kept = table.get_item(*_key(table, with_plain_numbers(dict(item))))
    attributes: dict[str, Any] | None = kept.to_json()["Attributes"] if kept else None
    return attributes


def _put_back(table: Any, first: Any, second: Any, item: Any) -> None:
    items, last = (table.items, first) if second is None else (table.items[first], second)
    if item is None:
        items.pop(last, None)
    else:
        items[last] = item


def _key(table: Any, item: dict[str, Any]) -> tuple[Any, Any]:
    """The values of the table's partition key and of its sort key, None if it has none."""
    from moto.dynamodb.models.dynamo_type import DynamoType

    first, second = table.hash_key_attr, table.range_key_attr
    return DynamoType(item[first]), DynamoType(item[second]) if second else None
