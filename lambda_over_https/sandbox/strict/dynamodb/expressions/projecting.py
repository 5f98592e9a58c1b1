"""What a projection leaves of an item. Items and their parts are moto's, with a ``type`` and a ``value``."""

from collections.abc import Iterable, Sequence
from typing import Any

_Wanted = dict[str | int, Any]
"""The wanted parts of a map or list, each with what is wanted of it; empty stands for all of it."""


def projected(item: Any, paths: Iterable[Sequence[str | int]]) -> Any:
    """A new item with only what the paths lead to; a list keeps the order of its elements."""
    from moto.dynamodb.models.dynamo_type import Item

    wanted: _Wanted = {}
    for path in paths:
        inside = wanted
        for part in path:
            inside = inside.setdefault(part, {})
    return Item(item.hash_key, item.range_key, _parts(item.attrs, wanted))


def _parts(content: Any, wanted: _Wanted) -> dict[str, Any]:
    found = {name: _part(content.get(name), inside) for name, inside in wanted.items() if name in content}
    return {str(name): part for name, part in found.items() if part is not None}


def _part(value: Any, wanted: _Wanted) -> Any:
    """What is wanted of a value; None if it has nothing of that."""
    from moto.dynamodb.models.dynamo_type import DynamoType

    if not wanted:
        return value
    found: Any = None
    if value.type == "M":
        found = _parts(value.value, wanted)
    elif value.type == "L":
        indexes = sorted(each for each in wanted if isinstance(each, int) and each < len(value.value))
        parts = (_part(value.value[index], wanted[index]) for index in indexes)
        found = [part for part in parts if part is not None]
    return DynamoType({value.type: found}) if found else None
