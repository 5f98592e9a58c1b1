"""Patterns of Java and of JSON schemas, which match within a limit of time."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import regex

from lambda_over_https.sandbox.gateway.languages.budget import current
from lambda_over_https.sandbox.gateway.languages.java_patterns import translate


class Pattern:
    """A compiled pattern. What it matches, it matches in the time that the evaluation's budget leaves.

    ExhaustedError if that is not enough.
    """

    def __init__(self, translated: str, flags: int = 0) -> None:
        """ValueError if it is no pattern."""
        try:
            self._pattern: Any = regex.compile(translated, flags)
        except (regex.error, RecursionError, OverflowError, MemoryError) as error:
            raise ValueError(f"invalid pattern: {error}") from None

    def matches(self, text: str) -> bool:
        """Whether it matches the whole text."""
        return self._timed(self._pattern.fullmatch, text) is not None

    def found(self, text: str) -> bool:
        """Whether it matches somewhere in the text."""
        return self._timed(self._pattern.search, text) is not None

    def split(self, text: str) -> list[str]:
        """The text between the matches."""
        parts: list[str] = self._timed(self._pattern.split, text)
        return parts

    def replace(self, text: str, replacement: str, count: int = 0) -> str:
        """The text with ``replacement`` (Python's syntax) for ``count`` matches; 0: for all."""
        budget, plain = current(), "\\" not in replacement
        budget.grow(len(text))

        def put(match: Any) -> str:
            text: str = replacement if plain else match.expand(replacement)
            budget.grow(len(text))
            return text

        with _timed() as seconds:
            done: str = self._pattern.sub(put, text, count, timeout=seconds)
        return done

    def _timed(self, call: Callable[..., Any], text: str) -> Any:
        with _timed() as seconds:
            return call(text, timeout=seconds)


@contextmanager
def _timed() -> Iterator[float]:
    """The seconds that are left for patterns; what the block takes is taken from them.

    They are the processor's: regex counts those too, and a busy machine shall not make a pattern fail.
    """
    budget, began = current(), time.process_time()
    try:
        yield max(budget.pattern_seconds, 0.001)
    except TimeoutError:
        budget.match(budget.pattern_seconds)
        raise
    budget.match(time.process_time() - began)


@lru_cache(maxsize=512)
def compile_java(pattern: str) -> Pattern:
    """Compile a Java pattern. ValueError if Java refuses it, or if Python has nothing equal."""
    return Pattern(translate(pattern), regex.ASCII)


@lru_cache(maxsize=512)
def compile_ecma(pattern: str) -> Pattern:
    """Compile a pattern of a JSON schema. ValueError if it is none."""
    return Pattern(pattern)
