"""DynamoDB's conditions with moto: a value is compared only with values of its own type.

moto compares as Python does, which fails for a text and a number, and takes a set for less than another that
has more. On AWS a value of another type does not match (API reference of DynamoDB, "Condition"), nor does
what an item lacks; only ``<>`` is then true.
"""

import operator
from collections.abc import Callable
from typing import Any

_ORDERED = frozenset({"S", "N", "B"})
_HOLDS = {"S": "S", "SS": "S", "NS": "N", "BS": "B"}
"""What a text and the sets contain; a list contains anything."""

_ORDERS: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def patch() -> None:
    """Let moto compare like that."""
    from moto.dynamodb import comparisons

    for sign, order in _ORDERS.items():
        comparisons.COMPARATOR_CLASS[sign].expr = _ordering(order)
    comparisons.OpEqual.expr = lambda self, item: _equal(self.lhs, self.rhs, item)
    comparisons.OpNotEqual.expr = lambda self, item: not _equal(self.lhs, self.rhs, item)
    comparisons.FuncBetween.expr = _between
    comparisons.FuncIn.expr = _in
    comparisons.FuncBeginsWith.expr = _begins_with
    comparisons.FuncContains.expr = _contains
    comparisons.FuncSize.get_type = lambda _self, _item: "N"


def _typed(operand: Any, item: Any) -> tuple[str | None, Any]:
    """The type and the value of an operand in an item; no type for what the item lacks."""
    try:
        value = operand.expr(item)
    except (ValueError, TypeError):  # the size of what has none; moto cannot name what is in a list
        return None, None
    return operand.get_type(item), value


def _equal(one: Any, other: Any, item: Any) -> bool:
    found, wanted = _typed(one, item), _typed(other, item)
    return found[0] is not None and found == wanted


def _comparable(*values: tuple[str | None, Any]) -> bool:
    types = {kind for kind, _ in values}
    return len(types) == 1 and types <= _ORDERED


def _ordering(order: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    def expr(self: Any, item: Any) -> bool:
        left, right = _typed(self.lhs, item), _typed(self.rhs, item)
        return _comparable(left, right) and order(left[1], right[1])

    return expr


def _between(self: Any, item: Any) -> bool:
    start, value, end = (_typed(each, item) for each in (self.start, self.attr, self.end))
    return bool(_comparable(start, value, end) and start[1] <= value[1] <= end[1])


def _in(self: Any, item: Any) -> bool:
    return any(_equal(self.attr, each, item) for each in self.possible_values)


def _begins_with(self: Any, item: Any) -> bool:
    whole, start = _typed(self.attr, item), _typed(self.substr, item)
    return _comparable(whole, start) and whole[0] != "N" and bool(whole[1].startswith(start[1]))


def _contains(self: Any, item: Any) -> bool:
    """A text in a text, a member of a set, an element of a list."""
    (kind, whole), (of, part) = _typed(self.attr, item), _typed(self.operand, item)
    held = of if kind == "L" else _HOLDS.get(kind or "")
    return of is not None and of == held and part in whole
