"""The grammar of DynamoDB's conditions and projections, which moto hardly checks.

For conditions, filters and key conditions: DynamoDB guide, "Condition and filter expressions, operators, and
functions"; for projections "Using projection expressions". A syntax error names the first token that cannot
stand where it stands, and shows the text from the token before it to the one after it.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import NoReturn

_TOKEN = re.compile(r"\s*([A-Za-z]\w*|[#:]\w+|\d+|<>|<=|>=|\S)", re.ASCII)
_NAME = re.compile(r"[A-Za-z]\w*|#\w+", re.ASCII)
_VALUE = re.compile(r":\w+", re.ASCII)
_COMPARATORS = frozenset({"=", "<>", "<", "<=", ">", ">="})
_WORDS = frozenset({"AND", "OR", "NOT", "BETWEEN", "IN"})
_END = "<EOF>"

_OPERANDS = {
    "attribute_exists": 1,
    "attribute_not_exists": 1,
    "attribute_type": 2,
    "begins_with": 2,
    "contains": 2,
    "size": 1,
}
"""How many operands each function has."""

_OF_PATHS = ("attribute_exists", "attribute_not_exists")


class WrongError(ValueError):
    """What is wrong with an expression, as AWS says it after ``Invalid FilterExpression: ``."""


@dataclass(frozen=True, slots=True)
class _Operand:
    """A path, a value, or what a function gives; ``function`` is its name, or empty."""

    function: str = ""
    path: bool = False


_CONDITION = None
"""What stands for a whole condition, beside operands."""


def check_condition(text: str) -> None:
    """Raises WrongError unless the text is a condition."""
    _Reader(text).whole_condition()


def check_projection(text: str) -> None:
    """Raises WrongError unless the text is a list of document paths."""
    _Reader(text).whole_projection()


class _Reader:
    """Reads one expression, token by token. What is wrong in meaning is told if the syntax is right."""

    def __init__(self, text: str) -> None:
        if not text.strip():
            raise WrongError("The expression can not be empty;")
        self._text = text
        self._found = list(_TOKEN.finditer(text))
        self._at = 0
        self._meant = ""

    def whole_condition(self) -> None:
        self._must_be_condition(self._any_of())
        self._end()

    def whole_projection(self) -> None:
        self._path()
        while self._take(","):
            self._path()
        self._end()

    # --- conditions ---

    def _any_of(self) -> _Operand | None:
        """Conditions joined by OR, or one operand."""
        return self._joined("OR", self._all_of)

    def _all_of(self) -> _Operand | None:
        return self._joined("AND", self._negated)

    def _joined(self, word: str, part: Callable[[], _Operand | None]) -> _Operand | None:
        first = part()
        while self._is(word):
            self._must_be_condition(first)
            self._at += 1
            self._must_be_condition(part())
            first = _CONDITION
        return first

    def _negated(self) -> _Operand | None:
        if not self._take("NOT"):
            return self._compared()
        self._must_be_condition(self._negated())
        return _CONDITION

    def _compared(self) -> _Operand | None:
        """An operand compared with others, or what stands alone: a function, a condition in parentheses."""
        first = self._single()
        if first is _CONDITION:
            return first
        if self._token in _COMPARATORS:
            self._at += 1
            self._compare(first, self._operand())
        elif self._take("BETWEEN"):
            lower = self._operand()
            self._expect("AND")
            self._compare(first, lower, self._operand())
        elif self._take("IN"):
            self._compare(first, *self._operands())
        else:
            return first
        return _CONDITION

    def _compare(self, *operands: _Operand) -> None:
        for each in operands:
            if each.function and each.function != "size":
                self._misused(each.function)

    def _must_be_condition(self, found: _Operand | None) -> None:
        """An operand is none: the next token should have compared it. A function may be one."""
        if found is _CONDITION:
            return
        if not found.function:
            self._wrong()
        if found.function == "size":
            self._misused("size")

    # --- operands ---

    def _single(self) -> _Operand | None:
        if self._take("("):
            inside = self._any_of()
            self._expect(")")
            return inside
        if _NAME.fullmatch(self._token) and self._next == "(":
            return self._function()
        if _VALUE.fullmatch(self._token):
            self._at += 1
            return _Operand()
        self._path()
        return _Operand(path=True)

    def _operand(self) -> _Operand:
        found = self._single()
        return self._wrong() if found is _CONDITION else found

    def _operands(self) -> list[_Operand]:
        self._expect("(")
        found = [self._operand()]
        while self._take(","):
            found.append(self._operand())
        self._expect(")")
        return found

    def _function(self) -> _Operand:
        name = self._token
        self._at += 1
        operands = self._operands()
        number = _OPERANDS.get(name)
        what = f"operator or function: {name}"
        if number is None:
            self._mean(f"Invalid function name; function: {name}")
        elif number != len(operands):
            count = f"number of operands: {len(operands)}"
            self._mean(f"Incorrect number of operands for operator or function; {what}, {count}")
        elif name in _OF_PATHS and not operands[0].path:
            self._mean(f"Operator or function requires a document path; {what}")
        return _Operand(name)

    def _path(self) -> None:
        """A document path: names with dots between, and indexes of lists."""
        self._name()
        while self._token in (".", "["):
            if self._take("."):
                self._name()
                continue
            self._at += 1
            if not self._token.isdecimal():
                self._wrong()
            self._at += 1
            self._expect("]")

    def _name(self) -> None:
        if not _NAME.fullmatch(self._token) or self._token.upper() in _WORDS:
            self._wrong()
        self._at += 1

    # --- tokens ---

    @property
    def _token(self) -> str:
        return self._found[self._at][1] if self._at < len(self._found) else _END

    @property
    def _next(self) -> str:
        return self._found[self._at + 1][1] if self._at + 1 < len(self._found) else _END

    def _is(self, word: str) -> bool:
        return self._token.upper() == word

    def _take(self, token: str) -> bool:
        taken = self._is(token)
        self._at += taken
        return taken

    def _expect(self, token: str) -> None:
        if not self._take(token):
            self._wrong()

    def _end(self) -> None:
        if self._token != _END:
            self._wrong()
        if self._meant:
            raise WrongError(self._meant)

    def _wrong(self) -> NoReturn:
        around = self._found[max(self._at - 1, 0) : self._at + 2]
        near = self._text[around[0].start(1) : around[-1].end(1)]
        raise WrongError(f'Syntax error; token: "{self._token}", near: "{near}"')

    def _misused(self, function: str) -> None:
        way = "The function is not allowed to be used this way in an expression"
        self._mean(f"{way}; function: {function}")

    def _mean(self, message: str) -> None:
        self._meant = self._meant or message
