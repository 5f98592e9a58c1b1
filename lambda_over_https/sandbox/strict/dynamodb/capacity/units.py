"""The capacity units that reads and writes of items take.

DynamoDB guide, "DynamoDB read and write operations", and for indexes "Using global secondary indexes" and
"Local secondary indexes": a write takes a unit for each started KB of the larger of the old item and the new
one, a read half a unit for each started 4 KB, or a whole one if it is consistent. A transaction takes twice
as much. An index takes what the change of its own entry takes.
"""

from dataclasses import dataclass, field
from typing import Any

from lambda_over_https.sandbox.strict.dynamodb.capacity.sizes import Item, size_of

_WRITTEN, _READ = 1024, 4096
"""Bytes of one unit."""


@dataclass(slots=True)
class Spent:
    """The units of one table, and those of its indexes by the kind and the name of each."""

    table: float = 0.0
    indexes: dict[tuple[str, str], float] = field(default_factory=dict)

    def add(self, other: "Spent") -> None:
        """Add those of another call on the table."""
        self.table += other.table
        for index, units in other.indexes.items():
            self.indexes[index] = self.indexes.get(index, 0.0) + units

    def told(self, table: str, *, in_detail: bool, also: str = "", times: int = 1) -> dict[str, Any]:
        """As ``ConsumedCapacity``, ``in_detail`` with the indexes; ``also`` names a member with the same."""

        def units(number: float) -> dict[str, float]:
            return dict.fromkeys(["CapacityUnits", *([also] if also else [])], number * times)

        told: dict[str, Any] = {"TableName": table, **units(self.table + sum(self.indexes.values()))}
        if in_detail:
            told["Table"] = units(self.table)
            for (kind, name), number in self.indexes.items():
                told.setdefault(kind, {})[name] = units(number)
        return told


def read(size: int, *, consistent: bool) -> float:
    """The units of reading that many bytes at once; what is not there takes as much as the smallest item."""
    return max(1, -(-size // _READ)) * (1.0 if consistent else 0.5)


def written(table: Any, before: Item | None, after: Item | None) -> Spent:
    """The units of a write to moto's ``table``, which had the item ``before`` and has it ``after``."""
    spent = Spent(_units(before, after))
    for kind, index in indexes_of(table):
        units = _change(table, index, before, after)
        if units:
            spent.indexes[kind, index.name] = units
    return spent


def indexes_of(table: Any) -> list[tuple[str, Any]]:
    """The table's indexes, each with its kind as ``ConsumedCapacity`` names it."""
    local, everywhere = table.indexes or (), table.global_indexes or ()
    return [
        *(("LocalSecondaryIndexes", index) for index in local),
        *(("GlobalSecondaryIndexes", index) for index in everywhere),
    ]


def _units(*items: Item | None) -> float:
    """The units of writing the largest of the items."""
    return float(max(1, *(-(-size_of(item or {}) // _WRITTEN) for item in items)))


def _change(table: Any, index: Any, before: Item | None, after: Item | None) -> float:
    """The units of changing an index: for another key it deletes the old entry and writes a new one."""
    old, new = _entry(table, index, before), _entry(table, index, after)
    if old == new:
        return 0.0
    if old is None or new is None or all(old[name] == new[name] for name in index.schema_key_attrs):
        return _units(old, new)
    return _units(old, None) + _units(new, None)


def _entry(table: Any, index: Any, item: Item | None) -> Item | None:
    """What the index has of an item; None if the item lacks one of its keys."""
    if item is None or any(name not in item for name in index.schema_key_attrs):
        return None
    projection: dict[str, Any] = index.projection or {}
    if projection.get("ProjectionType") == "ALL":
        return item
    names = {*table.table_key_attrs, *index.schema_key_attrs, *(projection.get("NonKeyAttributes") or ())}
    return {name: value for name, value in item.items() if name in names}
