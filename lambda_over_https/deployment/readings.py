"""What a command has read of AWS and may use again, until it changes something."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

T = TypeVar("T")


class Readings:
    """Answers kept by name, so that ten parts of one API ask for it once; steps may run side by side."""

    def __init__(self, known: Mapping[str, Any] | None = None) -> None:
        self._kept: dict[str, Any] = dict(known or {})

    def once(self, name: str, read: Callable[[], T]) -> T:
        """What ``read`` gives, called only if ``name`` has not been read since the last change."""
        kept = self._kept  # what is read while something changes is not kept for after it
        if name not in kept:
            kept[name] = read()
        found: T = kept[name]
        return found

    def forget(self) -> None:
        """Read everything anew from now on: a mutating call was made."""
        self._kept = {}
