"""Whether a document that was read has the shape of the record that it is to become.

Files get damaged, edited, or handed in by somebody else. Small on purpose: the libraries that do this take
longer to load than most commands to answer.
"""

from collections.abc import Mapping, Sequence
from dataclasses import MISSING, fields, is_dataclass
from datetime import datetime
from functools import cache
from types import UnionType
from typing import Any, TypeGuard, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")


def fits(document: object, record: type) -> TypeGuard[dict[str, Any]]:
    """Whether the document, as JSON has it, has the members of the dataclass ``record`` with their types.

    Those that have a default may be missing, and there may be others besides.
    """
    if not isinstance(document, dict):
        return False
    return all(
        _is(document[name], hint) if name in document else optional
        for name, hint, optional in _members(record)
    )


def as_record(document: object, record: type[T]) -> T | None:
    """The document as a ``record``, with those inside it; None if it does not fit.

    Members that the record has no field for are left out.
    """
    kind: type = record
    if not fits(document, kind):
        return None
    return record(
        **{name: _built(document[name], hint) for name, hint, _ in _members(kind) if name in document}
    )


def is_moment(value: object) -> bool:
    """Whether it is a text that says when, as ISO 8601 writes it."""
    try:
        return isinstance(value, str) and bool(datetime.fromisoformat(value))
    except ValueError:
        return False


def _built(value: Any, hint: Any) -> Any:
    if is_dataclass(hint) and isinstance(hint, type):
        return as_record(value, hint)
    if get_origin(hint) is tuple:
        return tuple(_built(each, get_args(hint)[0]) for each in value)
    return value


@cache
def _members(record: type) -> Sequence[tuple[str, Any, bool]]:
    """The name of each field, its type, and whether it may be missing."""
    hints = get_type_hints(record)
    return [
        (each.name, hints[each.name], each.default is not MISSING or each.default_factory is not MISSING)
        for each in fields(record)
    ]


def _is(value: object, hint: Any) -> bool:
    if hint is Any:
        return True
    if is_dataclass(hint) and isinstance(hint, type):
        return fits(value, hint)
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return any(_is(value, each) for each in inner)
    if origin in (tuple, list, Sequence):
        return isinstance(value, list) and all(_is(each, inner[0]) for each in value)
    if origin in (dict, Mapping):
        return isinstance(value, dict) and all(_is(each, inner[1]) for each in value.values())
    return isinstance(value, int | float if hint is float else hint)
