"""The runs of the function that no client waited for: what started them, and what its log says of each."""

import re
from dataclasses import dataclass

from lambda_over_https.deployment.stack import Stack
from lambda_over_https.errors import UsageError
from lambda_over_https.settings import home
from lambda_over_https.tutorial import logs
from lambda_over_https.tutorial.chapters.schedule.schedule import schedule_arn

PERIOD = 60.0
"""Seconds from one run by the clock to the next."""

GRAIN = 60.0
"""Seconds by which AWS may be late: a schedule is precise to the minute."""

_DURATION = re.compile(r"Duration: ([\d.]+) ms")
_ERROR = re.compile(r"\bERROR\b")


@dataclass(frozen=True, slots=True)
class Run:
    """A run of the function, as its log tells it; ``at`` in milliseconds since 1970."""

    request: str
    at: int
    log: tuple[str, ...]

    @property
    def milliseconds(self) -> float:
        """How long it took."""
        found = next((match for line in self.log if (match := _DURATION.search(line))), None)
        return float(found.group(1)) if found else 0.0

    @property
    def failed(self) -> bool:
        """Whether the log has an error."""
        return any(_ERROR.search(line) for line in self.log)


def runs(stack: Stack, since: int) -> list[Run]:
    """The runs that began since a moment (milliseconds since 1970) and have ended, in order."""
    ended = logs.requests(logs.lines(stack, since))
    found = [Run(request, lines[0].at, tuple(line.text for line in lines)) for request, lines in ended]
    return sorted(found, key=lambda run: run.at)


def can_fire(stack: Stack) -> bool:
    """Whether the schedule can be fired now: only this machine's sandbox offers that."""
    return stack.place.is_sandbox


def fire(stack: Stack) -> None:
    """Fire the schedule now, in this machine's sandbox."""
    from lambda_over_https.sandbox.client import daemon

    daemon.fire(home(), schedule_arn(stack))


class Clock:
    """Waits for the schedule's runs, one after the other.

    ``fast``: fires the schedule each time, in place of waiting for the minute. Raises UsageError where that
    cannot be done.
    """

    def __init__(self, stack: Stack, *, fast: bool) -> None:
        if fast and not can_fire(stack):
            raise UsageError(
                "Only this machine's sandbox can fire a schedule before its time.", "Leave out --fast."
            )
        self._stack = stack
        self._fast = fast
        self._since = logs.moment() - int((PERIOD + GRAIN) * 1000)
        self._known = runs(stack, self._since)
        self.runs = 0
        """How many runs it has seen."""

    def next(self, within: float | None = None) -> Run | None:
        """The next run; None if there is none ``within`` so many seconds, or when there must be one."""
        expected = None if self._fast else self._until_next()
        if self._fast:
            fire(self._stack)
        budget = within or (expected + GRAIN if expected is not None else 0.0) + logs.SETTLE
        reason = "Waiting for the clock to run the function"
        found = self._stack.run.repeat_until(self._new, bool, reason, budget, expected)
        self._known += found[:1]
        self.runs += len(found[:1])
        return found[0] if found else None

    def gap(self, run: Run) -> float | None:
        """Seconds since the run before; None if there was none."""
        before = [each.at for each in self._known if each.at < run.at]
        return (run.at - max(before)) / 1000 if before else None

    def _new(self) -> list[Run]:
        seen = {run.request for run in self._known}
        return [run for run in runs(self._stack, self._since) if run.request not in seen]

    def _until_next(self) -> float:
        last = max((run.at for run in self._known), default=logs.moment())
        return max(0.0, last / 1000 + PERIOD - logs.moment() / 1000)
