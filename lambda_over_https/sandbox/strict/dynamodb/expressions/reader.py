"""Reads an expression of DynamoDB token by token, which moto hardly checks.

A syntax error names the first token that cannot stand where it stands, and shows the text from the token
before it to the one after it.
"""

import re
from collections.abc import Callable, Mapping
from typing import ClassVar, NoReturn, TypeVar

from lambda_over_https.sandbox.strict.dynamodb.expressions.tree import Call, Operand, Path, Value

_TOKEN = re.compile(r"\s*([A-Za-z]\w*|[#:]\w+|\d+|<>|<=|>=|\S)", re.ASCII)
_NAME = re.compile(r"[A-Za-z]\w*|#\w+", re.ASCII)
_VALUE = re.compile(r":\w+", re.ASCII)
_END = "<EOF>"
_LAST_INDEX = 2**31 - 1

_Part = TypeVar("_Part")


class WrongError(ValueError):
    """What is wrong with an expression, as AWS says it after ``Invalid FilterExpression: ``."""


class Reader:
    """Reads one expression. What is wrong in meaning is told if the syntax is right."""

    words: ClassVar[frozenset[str]] = frozenset()
    """What cannot be a name, because the grammar has it."""

    functions: ClassVar[Mapping[str, int]] = {}
    """How many operands each function has."""

    of_paths: ClassVar[frozenset[str]] = frozenset()
    """The functions whose first operand is a document path."""

    elsewhere: ClassVar[Mapping[str, str]] = {}
    """What AWS says of the functions of other grammars."""

    def __init__(self, text: str) -> None:
        if not text.strip():
            raise WrongError("The expression can not be empty;")
        self._text = text
        self._found = list(_TOKEN.finditer(text))
        self._at = 0
        self._meant = ""

    # --- operands ---

    def _call(self, operand: Callable[[], Operand]) -> Call:
        """A function with its operands, each read with ``operand``."""
        name = self._token
        self._at += 1
        self._expect("(")
        operands = self._list(operand)
        self._expect(")")
        self._check_function(name, operands)
        return Call(name, operands)

    def _list(self, part: Callable[[], _Part]) -> tuple[_Part, ...]:
        found = [part()]
        while self._take(","):
            found.append(part())
        return tuple(found)

    def _check_function(self, name: str, operands: tuple[Operand, ...]) -> None:
        number = self.functions.get(name)
        what = f"operator or function: {name}"
        if number is None:
            known = self.elsewhere.get(name, "Invalid function name")
            self._mean(f"{known}; function: {name}")
        elif number != len(operands):
            count = f"number of operands: {len(operands)}"
            self._mean(f"Incorrect number of operands for operator or function; {what}, {count}")
        elif name in self.of_paths and not isinstance(operands[0], Path):
            self._mean(f"Operator or function requires a document path; {what}")

    @property
    def _at_function(self) -> bool:
        return _NAME.fullmatch(self._token) is not None and self._next == "("

    def _path_or_value(self) -> Path | Value:
        return self._value() if _VALUE.fullmatch(self._token) else self._path()

    def _value(self) -> Value:
        name = self._token
        if not _VALUE.fullmatch(name):
            self._wrong()
        self._at += 1
        return Value(name)

    def _path(self) -> Path:
        """A document path: names with dots between, and indexes of lists."""
        parts: list[str | int] = [self._name()]
        while self._token in (".", "["):
            if self._take("."):
                parts.append(self._name())
                continue
            self._at += 1
            parts.append(self._index())
            self._expect("]")
        return Path(tuple(parts))

    def _index(self) -> int:
        digits = self._token
        if not digits.isdecimal():
            self._wrong()
        self._at += 1
        index = int(digits[:11])
        if index > _LAST_INDEX:
            self._mean(f"List index is not within the allowable range; index: [{digits}]")
        return index

    def _name(self) -> str:
        name = self._token
        if not _NAME.fullmatch(name) or name.upper() in self.words:
            self._wrong()
        self._at += 1
        return name

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

    def _mean(self, message: str) -> None:
        self._meant = self._meant or message
