"""What an update makes of an item. Items and their parts are moto's, with a ``type`` and a ``value``.

All operands are read from the item as it was, and nothing is changed unless all can be. DynamoDB guide,
"Using update expressions in DynamoDB"; messages as moto has them from AWS.
"""

import copy
import decimal
from collections.abc import Mapping, Sequence
from typing import Any

from lambda_over_https.sandbox.control.dynamodb.plain_numbers import plain
from lambda_over_https.sandbox.strict.dynamodb.expressions.meaning import Given
from lambda_over_https.sandbox.strict.dynamodb.expressions.tree import (
    Call,
    Operand,
    Path,
    Update,
    Value,
)

_NO_PLACE = "The document path provided in the update expression is invalid for update"
_NOT_THERE = "The provided expression refers to an attribute that does not exist in the item"
_MISTYPED = "An operand in the update expression has an incorrect data type"
_EXACT = decimal.Context(prec=300)
"""For the sum of any two numbers that DynamoDB can keep."""


class FailedError(ValueError):
    """Why an item cannot be updated, as AWS says it."""


def updated(attributes: Mapping[str, Any], update: Update, given: Given) -> dict[str, Any]:
    """The attributes after the update. Raises FailedError."""
    return _Updating(attributes, given).after(update)


class _Updating:
    def __init__(self, attributes: Mapping[str, Any], given: Given) -> None:
        self._old, self._given = attributes, given
        self._new = {name: copy.deepcopy(value) for name, value in attributes.items()}

    def after(self, update: Update) -> dict[str, Any]:
        sets = [(path, self._evaluated(operand)) for path, operand in update.sets]
        for path, value in sorted(sets, key=lambda each: self._order(each[0])):
            self._put(path, value)
        for path, operand in update.adds:
            self._add(path, self._evaluated(operand))
        for path, operand in update.deletes:
            self._take_out(path, self._evaluated(operand))
        for path in sorted(update.removes, key=self._order, reverse=True):
            self._remove(path)
        return self._new

    def _order(self, path: Path) -> list[tuple[bool, str | int]]:
        """Elements of a list are set from the first on, and removed from the last: so no index changes."""
        return [(isinstance(part, int), part) for part in path.resolved(self._given.names)]

    # --- operands ---

    def _evaluated(self, operand: Operand) -> Any:
        from moto.dynamodb.models.dynamo_type import DynamoType

        if isinstance(operand, Value):
            return DynamoType(self._given.values[operand.name])
        found = self._found(operand) if isinstance(operand, Path) else self._called(operand)
        if found is None:
            raise FailedError(_NOT_THERE)
        return copy.deepcopy(found)

    def _called(self, call: Call) -> Any:
        if call.name == "if_not_exists":
            path, otherwise = call.operands
            found = self._found(path) if isinstance(path, Path) else None
            return self._evaluated(otherwise) if found is None else found
        left, right = map(self._evaluated, call.operands)
        kind = "L" if call.name == "list_append" else "N"
        if (left.type, right.type) != (kind, kind):
            raise FailedError(_MISTYPED)
        if kind == "N":
            return _sum(left, right, call.name)
        left.value.extend(right.value)
        return left

    def _found(self, path: Path) -> Any:
        first, *others = path.resolved(self._given.names)
        found = self._old.get(str(first))
        for part in others:
            found = _part(found, part)
        return found

    # --- changes ---

    def _place(self, path: Path) -> tuple[Any, str | int]:
        """The map or list that a path's last part is of, and that part. FailedError if there is none."""
        *way, last = path.resolved(self._given.names)
        inside: Any = self._new
        for part in way:
            found = _member(inside, part)
            inside = found.value if found is not None and found.type in ("M", "L") else None
        if not isinstance(inside, dict if isinstance(last, str) else list):
            raise FailedError(_NO_PLACE)
        return inside, last

    def _put(self, path: Path, value: Any) -> None:
        inside, last = self._place(path)
        if isinstance(last, int) and last >= len(inside):
            inside.append(value)
        else:
            inside[last] = value

    def _remove(self, path: Path) -> None:
        inside, last = self._place(path)
        if _member(inside, last) is not None:
            del inside[last]

    def _add(self, path: Path, more: Any) -> None:
        inside, last = self._place(path)
        found = _member(inside, last)
        if found is None:
            self._put(path, more)
        elif found.type != more.type:
            raise FailedError(_MISTYPED)
        elif found.type == "N":
            inside[last] = _sum(found, more, "+")
        else:
            known = set(_comparable(found))
            found.value.extend(
                part for part, key in zip(more.value, _comparable(more), strict=True) if key not in known
            )

    def _take_out(self, path: Path, less: Any) -> None:
        inside, last = self._place(path)
        found = _member(inside, last)
        if found is None:
            return
        if found.type != less.type:
            raise FailedError(_MISTYPED)
        out = set(_comparable(less))
        found.value = [
            part for part, key in zip(found.value, _comparable(found), strict=True) if key not in out
        ]
        if not found.value:
            del inside[last]


def _part(value: Any, part: str | int) -> Any:
    """What is in a map or a list under that name or index; None if nothing is."""
    return _member(value.value, part) if value is not None and value.type in ("M", "L") else None


def _member(container: Any, part: str | int) -> Any:
    if isinstance(part, str):
        return container.get(part) if isinstance(container, dict) else None
    return container[part] if isinstance(container, list) and part < len(container) else None


def _comparable(values: Any) -> Sequence[Any]:
    """The members of a set; two numbers are one if they are equal, however they are written."""
    return [decimal.Decimal(each) for each in values.value] if values.type == "NS" else values.value


def _sum(left: Any, right: Any, sign: str) -> Any:
    """The exact sum or difference; AwsError for a number that DynamoDB cannot keep."""
    from moto.dynamodb.models.dynamo_type import DynamoType

    calculate = _EXACT.add if sign == "+" else _EXACT.subtract
    total = calculate(decimal.Decimal(left.value), decimal.Decimal(right.value))
    return DynamoType({"N": plain(str(total))})
