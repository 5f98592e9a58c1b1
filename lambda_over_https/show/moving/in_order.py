"""Steps that run side by side, told one after the other."""

import threading
from collections.abc import Iterable, Sequence

from lambda_over_https import events


class InOrder:
    """Passes events on in the tutorial's order while steps run side by side.

    Events of the first unfinished step pass at once; those of later steps wait until it has ended.
    """

    def __init__(self, numbers: Sequence[str], tell: events.Emit) -> None:
        self._waiting = list(numbers)
        self._kept: dict[str, list[events.Event]] = {number: [] for number in numbers}
        self._ended: set[str] = set()
        self._tell = tell
        self._lock = threading.Lock()

    def expect(self, numbers: Iterable[str]) -> None:
        """Wait for no other steps than these: a chapter that is off never ends."""
        expected = set(numbers)
        with self._lock:
            for number in [each for each in self._waiting if each not in expected and not self._kept[each]]:
                self._waiting.remove(number)
                self._kept.pop(number)

    def __call__(self, event: events.Event) -> None:
        """Pass the event on, now or later."""
        with self._lock:
            if event.step not in self._kept:
                self._tell(event)
                return
            self._kept[event.step].append(event)
            if isinstance(event, events.StepEnded):
                self._ended.add(event.step)
            self._let_through()

    def _let_through(self) -> None:
        while self._waiting:
            first = self._waiting[0]
            kept, self._kept[first] = self._kept[first], []
            for event in kept:
                self._tell(event)
            if first not in self._ended:
                return
            self._waiting.pop(0)
            self._kept.pop(first)

    def flush(self) -> None:
        """Pass on what is still waiting because an earlier step did not end."""
        with self._lock:
            for number in self._waiting:
                for event in self._kept.pop(number):
                    self._tell(event)
            self._waiting = []
