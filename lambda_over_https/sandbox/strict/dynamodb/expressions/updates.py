"""The grammar of DynamoDB's updates.

DynamoDB guide, "Using update expressions in DynamoDB".
"""

import functools
from dataclasses import replace
from typing import ClassVar

from lambda_over_https.sandbox.strict.dynamodb.expressions.conditions import FUNCTIONS
from lambda_over_https.sandbox.strict.dynamodb.expressions.reader import Reader
from lambda_over_https.sandbox.strict.dynamodb.expressions.tree import Call, Operand, Path, Update, Value

_SIGNS = frozenset({"+", "-"})
_CLAUSES = ("SET", "REMOVE", "ADD", "DELETE")


@functools.lru_cache(maxsize=512)
def read_update(text: str) -> Update:
    """Read an update. Raises WrongError if the text is none."""
    return _UpdateReader(text).whole()


class _UpdateReader(Reader):
    words = frozenset(_CLAUSES)
    functions: ClassVar = {"if_not_exists": 2, "list_append": 2}
    of_paths = frozenset({"if_not_exists"})
    elsewhere: ClassVar = dict.fromkeys(FUNCTIONS, "The function is not allowed in an update expression")

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._update = Update()

    def whole(self) -> Update:
        clauses = {"SET": self._set, "REMOVE": self._remove, "ADD": self._add, "DELETE": self._delete}
        read: set[str] = set()
        while read_next := clauses.get(word := self._token.upper()):
            if word in read:
                self._mean(f'The "{word}" section can only be used once in an update expression;')
            read.add(word)
            self._at += 1
            read_next()
        if not read:
            self._wrong()
        self._end()
        return self._update

    # --- clauses ---

    def _set(self) -> None:
        self._update = replace(self._update, sets=self._list(self._assignment))

    def _remove(self) -> None:
        self._update = replace(self._update, removes=self._list(self._path))

    def _add(self) -> None:
        self._update = replace(self._update, adds=self._list(self._path_and_value))

    def _delete(self) -> None:
        self._update = replace(self._update, deletes=self._list(self._path_and_value))

    def _assignment(self) -> tuple[Path, Operand]:
        path = self._path()
        self._expect("=")
        return path, self._assigned()

    def _path_and_value(self) -> tuple[Path, Value]:
        return self._path(), self._value()

    # --- what is set ---

    def _assigned(self) -> Operand:
        """One operand, or two with + or - between; parentheses may be around each, or around all."""
        if not self._take("("):
            return self._sum(self._operand())
        first = self._sum(self._operand())
        self._expect(")")
        return first if isinstance(first, Call) and first.name in _SIGNS else self._sum(first)

    def _sum(self, first: Operand) -> Operand:
        sign = self._token
        if sign not in _SIGNS:
            return first
        self._at += 1
        return Call(sign, (first, self._operand()))

    def _operand(self) -> Operand:
        if self._take("("):
            inside = self._bare()
            self._expect(")")
            return inside
        return self._bare()

    def _bare(self) -> Operand:
        return self._call(self._operand) if self._at_function else self._path_or_value()
