"""Makes a parsed template behave as in Velocity where airspeed behaves differently.

airspeed treats null as true in ``#if``, fails when it compares with null, prints lists as Python does,
renders the call of an unknown method as empty text, and knows no limits. ``prepare`` changes the parsed
template; airspeed itself stays as it is.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from airspeed import _Element, operators

from lambda_over_https.sandbox.gateway.errors import UnsupportedError
from lambda_over_https.sandbox.gateway.languages.budget import ROUNDS, ExhaustedError, current
from lambda_over_https.sandbox.gateway.languages.velocity import (
    METHODS,
    JavaList,
    JsonObject,
    java_text,
    method_key,
)
from lambda_over_https.sandbox.gateway.languages.velocity_directives import (
    break_ends_the_loop,
    check_directive,
    stop_ends_the_template,
)

Calculate = Callable[..., Any]

_LONGEST_NUMBER = 10_000  # bits


def prepare(root: Any, roots: Mapping[str, frozenset[str]]) -> None:
    """Make the template behave as in Velocity.

    ``roots`` maps the names whose members are not Java's (``util``, ``input``) to these members.
    UnsupportedError names a method or a directive that does not exist.
    """
    elements = list(_elements(root))
    for element in elements:
        check_directive(element)
    ours = {id(member) for element in elements for member in _members_of_roots(element, roots)}
    for element in elements:
        member = getattr(getattr(element, "expression", None), "part", None)
        if isinstance(element, operators.SubExpression) and member is not None and id(member) not in ours:
            _use_java_method(member)
        for kind, repair in _REPAIRS:
            if isinstance(element, kind):
                repair(element)


def _elements(root: Any) -> Iterator[Any]:
    """Every element of the tree; some are reachable only through their bound methods."""
    pending, seen = [root], set()
    while pending:
        held = pending.pop()
        item = getattr(held, "__self__", held)
        if isinstance(item, dict):
            pending += [*item, *item.values()]
        elif isinstance(item, list | tuple):
            pending += item
        elif isinstance(item, _Element) and id(item) not in seen:
            seen.add(id(item))
            pending += vars(item).values()
            yield item


def _members_of_roots(element: Any, roots: Mapping[str, frozenset[str]]) -> Iterator[Any]:
    """The ``json`` of ``$input.json(…)``, if the element has such a member."""
    root = getattr(element, "expression", None)
    if not isinstance(element, operators.FormalReference) or root is None or root.part.name not in roots:
        return
    member = getattr(getattr(root.subexpression, "expression", None), "part", None)
    if member is None or member.name not in roots[root.part.name]:
        raise UnsupportedError(f"{element.my_text()} in a mapping template")
    yield member


def _use_java_method(member: Any) -> None:
    if member.name.startswith("_") or (member.parameters is not None and member.name not in METHODS):
        raise UnsupportedError(f"the method {member.name} in a mapping template")
    if member.parameters is not None:
        member.name = method_key(member.name)


def _null_is_false(condition: Any) -> None:
    condition.calculate = lambda *scope: bool(condition.expression.calculate(*scope))


def _not_null_is_true(unary: Any) -> None:
    unary.calculate = lambda *scope: not unary.value.calculate(*scope)


def _nothing_compares_with_null(operator: Any) -> None:
    apply = operator.apply_to
    known = operators.BinaryOperator.OPERATORS
    if apply is known["+"]:
        operator.apply_to = _plus
    elif apply is known["=="]:
        operator.apply_to = _equal
    elif apply is known["!="]:
        operator.apply_to = lambda left, right: not _equal(left, right)
    elif apply in (known["-"], known["*"], known["/"], known["%"]):
        operator.apply_to = _arithmetic(apply)
    elif apply not in (known["&&"], known["||"]):
        operator.apply_to = lambda left, right: None if left is None or right is None else apply(left, right)


def _equal(left: Any, right: Any) -> bool:
    """In API Gateway's templates null equals the empty text, as recorded on AWS."""
    return bool(("" if left is None else left) == ("" if right is None else right))


def _plus(left: Any, right: Any) -> Any:
    if isinstance(left, str) or isinstance(right, str):
        text = java_text(left) + java_text(right)
        current().grow(len(text))
        return text
    return _arithmetic(operators.BinaryOperator.OPERATORS["+"])(left, right)


def _arithmetic(apply: Calculate) -> Calculate:
    """Numbers only, as in Velocity: anything else gives null."""

    def calculate(left: Any, right: Any) -> Any:
        if not isinstance(left, int | float) or not isinstance(right, int | float):
            return None
        result = apply(left, right)
        if isinstance(result, int) and result.bit_length() > _LONGEST_NUMBER:
            raise ExhaustedError(f"a number has more than {_LONGEST_NUMBER:,} bits")
        return result

    return calculate


def _is_java_list(literal: Any) -> None:
    calculate: Calculate = literal.calculate

    def listed(*scope: Any) -> JavaList:
        values = calculate(*scope)
        current().step(1 + len(values))
        return JavaList(values)

    literal.calculate = listed


def _counts_steps(block: Any) -> None:
    evaluate: Calculate = block.evaluate_raw
    cost = 1 + len(block.children)

    def counted(*arguments: Any) -> Any:
        current().step(cost)
        return evaluate(*arguments)

    block.evaluate_raw = counted


def _counts_text(literal: Any) -> None:
    calculate: Calculate = literal.calculate

    def counted(*scope: Any) -> Any:
        text = calculate(*scope)
        current().grow(len(text))
        return text

    literal.calculate = counted


def _has_a_thousand_rounds(loop: Any) -> None:
    calculate: Calculate = loop.value.calculate

    def limited(*scope: Any) -> Any:
        values = calculate(*scope)
        if hasattr(values, "__len__") and len(values) > ROUNDS:
            raise ExhaustedError(f"a #foreach has more than {ROUNDS:,} rounds")
        return values

    loop.value.calculate = limited


def _is_java_map(literal: Any) -> None:
    calculate: Calculate = literal.calculate
    literal.calculate = lambda *scope: JsonObject(calculate(*scope))


_REPAIRS: tuple[tuple[type, Callable[[Any], None]], ...] = (
    (operators.Condition, _null_is_false),
    (operators.UnaryOperatorValue, _not_null_is_true),
    (operators.BinaryOperator, _nothing_compares_with_null),
    (operators.ArrayLiteral, _is_java_list),
    (operators.DictionaryLiteral, _is_java_map),
    (operators.Block, _counts_steps),
    (operators.InterpolatedStringLiteral, _counts_text),
    (operators.ForeachDirective, _has_a_thousand_rounds),
    (operators.ForeachDirective, break_ends_the_loop),
    (operators.StopDirective, stop_ends_the_template),
)
