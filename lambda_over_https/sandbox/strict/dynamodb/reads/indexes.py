"""Reads of moto's indexes: which items are in one, and what a local one gets from its table.

DynamoDB guide, "Local secondary indexes": what is not projected is fetched from the table. "Managing global
secondary indexes": an item whose attribute is not of the key's type is not in the index.
"""

from collections.abc import Callable, Mapping
from typing import Any

from lambda_over_https.sandbox.strict.dynamodb.items.index_keys import indexed

_ALL = {"ProjectionType": "ALL"}


def cover() -> None:
    """Let moto's Query and Scan read indexes like that. Call this before the first call reaches moto."""
    from moto.dynamodb.models.table import Table
    from moto.dynamodb.responses import DynamoHandler

    DynamoHandler.query, DynamoHandler.scan = _reading(DynamoHandler.query), _reading(DynamoHandler.scan)
    Table.has_idx_items = lambda self, name: _items(self, self.get_index(name))


def _reading(read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """A read of an index sees the items in it, and of a local one all of the attributes it asks for."""

    def reading(self: Any) -> Any:
        table = self.dynamodb_backend.get_table(self.body["TableName"])
        name = self.body.get("IndexName")
        index = next((each for each in table.all_indexes() if each.name == name), None)
        if index is None:
            return read(self)
        items, kept = _items(table, index), index.projection
        table.all_items = lambda: items
        if index in table.indexes and _asks_for_more(self.body):
            index.projection = _ALL
        try:
            return read(self)
        finally:
            del table.all_items
            index.projection = kept

    return reading


def _asks_for_more(parameters: Mapping[str, Any]) -> bool:
    return bool(parameters.get("ProjectionExpression")) or parameters.get("Select") == "ALL_ATTRIBUTES"


def _items(table: Any, index: Any) -> list[Any]:
    return [item for item in table.all_items() if indexed(table, index, item)]
