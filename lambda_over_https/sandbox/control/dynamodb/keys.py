"""The keys of items, held against the key that their table has."""

import json
from collections.abc import Mapping
from typing import Any

from lambda_over_https.sandbox.control.dynamodb.plain_numbers import with_plain_numbers

MISFIT = "The provided key element does not match the schema"
"""AWS's message for a key that is not its table's."""


def fits(table: Any, item: Mapping[str, Any], *, whole: bool) -> bool:
    """Whether the item has the key of moto's ``table``; one that is not ``whole`` has nothing else."""
    types = {name: [kind] for name, kind in types_of(table).items()}
    given = {name: [*value] for name, value in item.items() if name in types or not whole}
    return given == types


def types_of(table: Any) -> dict[str, str]:
    """The types of the attributes that the table's key has, by their names."""
    types = {each["AttributeName"]: each["AttributeType"] for each in table.attr}
    return {name: types[name] for name in table.table_key_attrs}


def key_of(table: Any, item: Mapping[str, Any]) -> str:
    """A text that is the same for items with the same key; the item has the table's key."""
    return json.dumps([with_plain_numbers(item[name]) for name in table.table_key_attrs])
