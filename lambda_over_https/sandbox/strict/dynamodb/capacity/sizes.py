"""How many bytes DynamoDB counts for an item. DynamoDB guide, "DynamoDB item sizes and formats"."""

import base64
from collections.abc import Callable, Mapping
from typing import Any

_OVERHEAD = 3
"""Bytes of a list or a map, without what it holds; each thing that it holds takes one more."""

Item = Mapping[str, Mapping[str, Any]]
"""As DynamoDB's JSON has it: ``{"Id": {"S": "1"}}``."""


def size_of(item: Item) -> int:
    """The item's bytes."""
    return sum(len(name.encode()) + _size(value) for name, value in item.items())


def _size(value: Mapping[str, Any]) -> int:
    return sum(_SIZES[kind](content) for kind, content in value.items())


def _number(text: str) -> int:
    """A byte for two digits, one more, and one for a minus; the guide says that this is about right."""
    digits = text.lstrip("-").replace(".", "").strip("0")
    return (len(digits) + 1) // 2 + 1 + text.startswith("-")


def _binary(content: str | bytes) -> int:
    return len(content if isinstance(content, bytes) else base64.b64decode(content))


def _all(size: Callable[[Any], int]) -> Callable[[Any], int]:
    return lambda items: sum(map(size, items))


_SIZES: Mapping[str, Callable[[Any], int]] = {
    "S": lambda text: len(text.encode()),
    "N": _number,
    "B": _binary,
    "BOOL": lambda _: 1,
    "NULL": lambda _: 1,
    "SS": _all(lambda text: len(text.encode())),
    "NS": _all(_number),
    "BS": _all(_binary),
    "L": lambda items: _OVERHEAD + sum(1 + _size(item) for item in items),
    "M": lambda item: _OVERHEAD + len(item) + size_of(item),
}
