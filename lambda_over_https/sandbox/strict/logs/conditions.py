"""What the conditions of Logs' two languages share: their tokens, parentheses, and how parts are joined."""

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from typing import Any, ClassVar

Condition = Callable[[Any], bool]
Token = tuple[str, str]
"""Its kind, as the pattern of the tokens names it, and its text."""


class Conditions(ABC):
    """Reads one condition; a subclass says what a single part of it is.

    ``UNREADABLE`` and ``UNEXPECTED`` begin the errors that name a text, ``EARLY`` is the one of a condition
    that stops too soon.
    """

    TOKEN: ClassVar[re.Pattern[str]]
    OR: ClassVar[str]
    AND: ClassVar[str]
    WORDS: ClassVar[frozenset[str]]
    """The kinds of tokens that the words of the language are of."""
    UNREADABLE: ClassVar[str]
    UNEXPECTED: ClassVar[str]
    EARLY: ClassVar[str]

    def __init__(self, text: str) -> None:
        self._tokens = list(self._split(text))

    def read(self) -> Condition:
        """The whole condition. ValueError if it does not end where it should."""
        condition = self.either()
        if self._tokens:
            raise ValueError(f"{self.UNEXPECTED} {self._tokens[0][1]}")
        return condition

    @abstractmethod
    def one(self) -> Condition:
        """Read a single part: a comparison, or what stands in parentheses."""

    def either(self) -> Condition:
        """Read parts of which one is enough."""
        parts = [self._both()]
        while self.takes(self.OR):
            parts.append(self._both())
        return lambda event: any(part(event) for part in parts)

    def _both(self) -> Condition:
        parts = [self.one()]
        while self.takes(self.AND):
            parts.append(self.one())
        return lambda event: all(part(event) for part in parts)

    def takes(self, word: str) -> bool:
        """Whether the next token is this word, in any case; if so it is read."""
        if self._tokens and self._tokens[0][0] in self.WORDS and self._tokens[0][1].lower() == word:
            del self._tokens[0]
            return True
        return False

    def next(self) -> Token:
        """Read the next token."""
        if not self._tokens:
            raise ValueError(self.EARLY)
        return self._tokens.pop(0)

    def _split(self, text: str) -> Iterator[Token]:
        position, end = 0, len(text.rstrip())
        while position < end:
            match = self.TOKEN.match(text, position)
            if match is None or match.lastgroup is None:
                raise ValueError(f"{self.UNREADABLE} {text[position:].strip()}")
            yield match.lastgroup, match[match.lastgroup]
            position = match.end()
