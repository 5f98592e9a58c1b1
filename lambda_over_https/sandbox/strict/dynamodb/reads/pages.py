"""Where a page of a Query or a Scan ends: at its limit, also if nothing follows.

API reference of DynamoDB, "Query": a key to go on from does not mean that there is more. moto gives none
after the last item.
"""

import inspect
from collections.abc import Callable
from typing import Any

_UNCUT: dict[str, Any] = {
    "filter_expression": None,
    "projection_expression": None,
    "projection_expressions": None,
}
"""What moto's methods take away from the items that they have read."""

_Found = tuple[list[Any], int, dict[str, Any] | None]


def cover() -> None:
    """Let moto's tables end pages like that. Call this before the first call reaches moto."""
    from moto.dynamodb.models.table import Table

    Table.query, Table.scan = _limited(Table.query), _limited(Table.scan)


def _limited(read: Callable[..., _Found]) -> Callable[..., _Found]:
    signature = inspect.signature(read)

    def limited(*arguments: Any, **named: Any) -> _Found:
        found, scanned, last = read(*arguments, **named)
        asked = signature.bind(*arguments, **named).arguments
        if last is None and scanned and scanned == asked.get("limit"):
            uncut = {name: value for name, value in _UNCUT.items() if name in signature.parameters}
            items, _, _ = read(**{**asked, **uncut})
            last = _key(asked["self"], items[-1], asked.get("index_name"))
        return found, scanned, last

    return limited


def _key(table: Any, item: Any, index: str | None) -> dict[str, Any]:
    key: dict[str, Any] = table._get_last_evaluated_key(item, index)  # noqa: SLF001 - moto has no other way in
    return key
