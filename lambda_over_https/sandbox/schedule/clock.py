"""The clock of the sandbox: fires rules and schedules when their time has come, while the sandbox runs.

It sleeps until the next one is due, and checks again after each change. AWS promises to fire a schedule
within its minute; the sandbox does it to the second. What was due while the machine slept fires once.
"""

import asyncio
import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from lambda_over_https.sandbox.schedule.expressions import UTC
from lambda_over_https.sandbox.schedule.triggers import Trigger

LONGEST_SLEEP = 15.0
"""Seconds. While the machine sleeps, the event loop's time may stand still; the time of day does not."""


@dataclass(slots=True)
class _Pending:
    """When a trigger of that version is due (None: never again), counted from ``start``."""

    version: object
    start: datetime.datetime
    due: datetime.datetime | None


class Clock:
    """Calls ``fire(trigger, due)`` at each time of each trigger, and ``complete(trigger)`` after the last.

    ``triggers`` returns the enabled triggers. Use it only on the event loop.
    """

    def __init__(
        self,
        triggers: Callable[[], Iterable[Trigger]],
        fire: Callable[[Trigger, datetime.datetime], None],
        complete: Callable[[Trigger], None],
        now: Callable[[], datetime.datetime] = lambda: datetime.datetime.now(UTC),
        longest_sleep: float = LONGEST_SLEEP,
    ) -> None:
        self._triggers = triggers
        self._fire = fire
        self._complete = complete
        self._now = now
        self._longest_sleep = longest_sleep
        self._pending: dict[str, _Pending] = {}
        self._timer: asyncio.TimerHandle | None = None

    def look(self) -> None:
        """Fire what is due, and wait for the next. Call this whenever a trigger may have changed."""
        now, known = self._now(), self._pending
        self._pending = {}
        for trigger in self._triggers():
            pending = self._pending[trigger.arn] = _seen(trigger, known.get(trigger.arn), now)
            if pending.due is not None and pending.due <= now:
                self._fire(trigger, pending.due)
                pending.due = trigger.following(now, pending.start)
                if pending.due is None:
                    self._complete(trigger)
        self._sleep(now)

    def due(self, arn: str) -> datetime.datetime | None:
        """When the trigger with that ARN fires next; None if it does not."""
        pending = self._pending.get(arn)
        return pending.due if pending else None

    def close(self) -> None:
        """Stop."""
        if self._timer is not None:
            self._timer.cancel()

    def _sleep(self, now: datetime.datetime) -> None:
        self.close()
        self._timer = None
        due = [pending.due for pending in self._pending.values() if pending.due is not None]
        if due:
            seconds = min((min(due) - now).total_seconds(), self._longest_sleep)
            self._timer = asyncio.get_running_loop().call_later(seconds, self.look)


def _seen(trigger: Trigger, known: _Pending | None, now: datetime.datetime) -> _Pending:
    """What is pending for a trigger, worked out again if it is new or has changed."""
    if known is not None and known.version == trigger.version:
        return known
    due = trigger.first(now, changed=known is not None)
    return _Pending(trigger.version, trigger.start or now, due)
