"""What a command has read of AWS and may use again, until it changes something."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

T = TypeVar("T")


class Readings:
    """Answers kept by name, so that ten parts of one API ask for it once."""

    def __init__(self, known: Mapping[str, Any] | None = None) -> None:
        self._kept: dict[str, Any] = dict(known or {})

    def once(self, name: str, read: Callable[[], T]) -> T:
        """What ``read`` gives, called only if ``name`` has not been read since the last change."""
        if name not in self._kept:
            self._kept[name] = read()
        found: T = self._kept[name]
        return found

    def forget(self) -> None:
        """Read everything anew from now on: a mutating call was made."""
        self._kept.clear()
