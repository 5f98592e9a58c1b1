"""The grammar of DynamoDB's conditions, filters and key conditions.

DynamoDB guide, "Condition and filter expressions, operators, and functions".
"""

import functools
from collections.abc import Callable
from typing import ClassVar

from lambda_over_https.sandbox.strict.dynamodb.expressions.reader import Reader
from lambda_over_https.sandbox.strict.dynamodb.expressions.tree import (
    Call,
    Comparison,
    Condition,
    Joined,
    Negated,
    Operand,
    Path,
    Value,
)

COMPARATORS = frozenset({"=", "<>", "<", "<=", ">", ">="})
MOST_OPERANDS = 100
"""Of IN (DynamoDB guide, "Condition and filter expressions, operators, and functions")."""

FUNCTIONS = {
    "attribute_exists": 1,
    "attribute_not_exists": 1,
    "attribute_type": 2,
    "begins_with": 2,
    "contains": 2,
    "size": 1,
}
"""How many operands each function of a condition has."""

_OF_UPDATES = ("if_not_exists", "list_append")


@functools.lru_cache(maxsize=512)
def read_condition(text: str) -> Condition:
    """Read a condition. Raises WrongError if the text is none."""
    return _ConditionReader(text).whole()


class _ConditionReader(Reader):
    words = frozenset({"AND", "OR", "NOT", "BETWEEN", "IN"})
    functions = FUNCTIONS
    of_paths = frozenset({"attribute_exists", "attribute_not_exists"})
    elsewhere: ClassVar = dict.fromkeys(_OF_UPDATES, "The function is not allowed in a condition expression")

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._closed: dict[int, int] = {}

    def whole(self) -> Condition:
        found = self._condition(self._any_of())
        self._end()
        return found

    # --- conditions ---

    def _any_of(self) -> Condition | Operand:
        """Conditions joined by OR, or one operand."""
        return self._joined("OR", self._all_of)

    def _all_of(self) -> Condition | Operand:
        return self._joined("AND", self._negated)

    def _joined(self, word: str, part: Callable[[], Condition | Operand]) -> Condition | Operand:
        first = part()
        while self._is(word):
            condition = self._condition(first)
            self._at += 1
            first = Joined(word, (condition, self._condition(part())))
        return first

    def _negated(self) -> Condition | Operand:
        if not self._take("NOT"):
            return self._compared()
        return Negated(self._condition(self._negated()))

    def _compared(self) -> Condition | Operand:
        """An operand compared with others, or what stands alone: a function, a condition in parentheses."""
        first = self._single()
        if isinstance(first, Comparison | Joined | Negated):
            return first
        operator = self._token.upper()
        if operator in COMPARATORS:
            self._at += 1
            return self._comparison(operator, first, self._operand())
        if self._take("BETWEEN"):
            lower = self._operand()
            self._expect("AND")
            return self._comparison(operator, first, lower, self._operand())
        return self._one_of(first) if self._take("IN") else first

    def _one_of(self, first: Operand) -> Comparison:
        self._expect("(")
        values = self._list(self._operand)
        self._expect(")")
        if len(values) > MOST_OPERANDS:
            count = f"number of operands: {len(values)}"
            self._mean(f"The IN operator is provided with too many operands; {count}")
        return self._comparison("IN", first, *values)

    def _comparison(self, operator: str, *operands: Operand) -> Comparison:
        for each in operands:
            if isinstance(each, Call) and each.name != "size":
                self._misused(each.name)
        return Comparison(operator, operands)

    def _condition(self, found: Condition | Operand) -> Condition:
        """An operand is none: the next token should have compared it. A function may be one."""
        if isinstance(found, Path | Value):
            self._wrong()
        if isinstance(found, Call) and found.name == "size":
            self._misused("size")
        return found

    # --- operands ---

    def _single(self) -> Condition | Operand:
        if self._is("("):
            return self._in_parentheses()
        return self._call(self._operand) if self._at_function else self._path_or_value()

    def _in_parentheses(self) -> Condition | Operand:
        opened = self._at
        self._at += 1
        inside = self._any_of()
        if self._closed.get(opened + 1) == self._at - 1:
            self._mean("The expression has redundant parentheses;")
        self._closed[opened] = self._at
        self._expect(")")
        return inside

    def _operand(self) -> Operand:
        found = self._single()
        if isinstance(found, Comparison | Joined | Negated):
            self._wrong()
        return found

    def _misused(self, function: str) -> None:
        way = "The function is not allowed to be used this way in an expression"
        self._mean(f"{way}; function: {function}")
