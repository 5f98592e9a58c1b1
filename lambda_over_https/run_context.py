"""What every layer of one running command shares: who hears of events, the clock, and whether to stop.

A step, a retry and a client all have to report, to wait and to end at ^C, in the same way. Each is given the
command's ``RunContext``; none of them knows a terminal or a signal.
"""

import copy
import threading
import time
from collections.abc import Callable
from typing import TypeVar

from lambda_over_https.errors import InterruptedRunError
from lambda_over_https.events import Emit, Note, Waiting, current_step

T = TypeVar("T")

LOOK, LONGEST_LOOK = 0.25, 4.0
"""Seconds between two looks at what is not yet so: for the first ten seconds, and at most."""
STEADY_LOOKS, LOOK_GROWTH = 40, 1.025


def look_delay(looks: int) -> float:
    """Seconds until the next look at what is not yet so, after ``looks`` of them.

    A quarter of a second, and after ten seconds a little longer each time: what takes long is still noticed
    within a few hundredths of the time that it took.
    """
    return min(LOOK * LOOK_GROWTH ** max(0, looks - STEADY_LOOKS), LONGEST_LOOK)


class RunContext:
    """One command's event bus, clock and cancellation. Safe across threads.

    ``emit`` gets every event. ``clock`` gives seconds, and ``sleep`` lets so many pass; without it, ^C ends a
    wait at once.
    """

    def __init__(
        self,
        emit: Emit,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], object] | None = None,
    ) -> None:
        self.emit = emit
        self.clock = clock
        self._stop = threading.Event()
        self._sleep = sleep or self._stop.wait

    def speaking_to(self, emit: Emit) -> "RunContext":
        """The same clock and cancellation, with other ears: for one of several things that a command does."""
        other = copy.copy(self)
        other.emit = emit
        return other

    def interrupt(self) -> None:
        """End every wait, now and later, with InterruptedRunError."""
        self._stop.set()
        self.emit(Note(current_step.get(), "Ending what is under way; ^C again leaves at once."))

    def raise_if_interrupted(self) -> None:
        """Raise InterruptedRunError if ``interrupt`` was called."""
        if self._stop.is_set():
            raise InterruptedRunError("Interrupted.", step=current_step.get())

    def wait(
        self,
        seconds: float,
        reason: str | None = None,
        since: float | None = None,
        due: float | None = None,
    ) -> None:
        """Wait ``seconds``, and say why if there is a ``reason``; ^C ends the wait.

        ``since`` (on the clock) is when this reason first made us wait, ``due`` when we expect that to end.
        Raises InterruptedRunError.
        """
        if reason:
            elapsed = self.clock() - since if since is not None else 0.0
            left = due - self.clock() if due is not None else None
            self.emit(Waiting(current_step.get(), reason, elapsed, seconds, left))
        self._sleep(seconds)
        self.raise_if_interrupted()

    def wait_until(self, done: Callable[[], bool], reason: str, budget: float) -> bool:
        """Look until ``done()``, ever less often (see ``look_delay``); False after ``budget`` seconds."""
        return self.repeat_until(done, bool, reason, budget)

    def repeat_until(
        self,
        act: Callable[[], T],
        shows: Callable[[T], bool],
        reason: str,
        budget: float,
        expected: float | None = None,
        delay: Callable[[int], float] = look_delay,
    ) -> T:
        """Do ``act`` until its result ``shows`` what is waited for, or for ``budget`` seconds.

        ``expected`` is in how many seconds that should be, for the countdown; ``delay`` gives the seconds to
        the next look, after so many of them. Gives the last result. Raises InterruptedRunError.
        """
        since, looks = self.clock(), 0
        while not shows(result := act()):
            left = budget - (self.clock() - since)
            if left <= 0:
                break
            looks += 1
            due = None if expected is None else since + expected
            self.wait(min(delay(looks), left), reason, since, due)
        return result
