"""Keep to the rates that AWS publishes, so that a class in one account is not refused.

API Gateway lets an account create a REST API every 3 seconds and delete one every 30, whoever asks. Thirty
programs that try until they are let through spend their time being refused. So each takes a slot before it
sends: slots are handed out in order, in a file that all processes of this user share, one an account and
Region. What another machine uses is not known here; for that there are the retries (see ``retries``).

Sources: API Gateway developer guide, "Quotas for configuring and running a REST API"; Lambda developer guide,
"Lambda quotas". None of these can be raised.
"""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from lambda_over_https.aws.waiting.rates import LIMITS, RATIONED, SERVICES, Limit, limits_of
from lambda_over_https.aws.waiting.retries import is_repeated
from lambda_over_https.errors import NotItsTurnError
from lambda_over_https.files import private_folder
from lambda_over_https.run_context import RunContext

MARGIN = 0.06
"""Seconds; slots of rationed calls are this much longer than AWS's: two calls may arrive closer together than
they were sent."""

FARTHEST = 7200.0
"""Seconds; a slot later than that was written by a clock that was wrong."""

LOCK_POLL = 0.002
"""Seconds between two tries for the lock of the file, which is held for less than that."""

WORTH_A_WORD = 1.0
"""Seconds; nobody needs to be told of a shorter wait."""


class Pacer:
    """Hands out slots from ``file`` for ``account``, any text that names an account and Region.

    ``factor`` is how many seconds one of AWS's takes there.
    """

    def __init__(
        self, file: Path, account: str, factor: float = 1.0, clock: Callable[[], float] = time.time
    ) -> None:
        self._file = file
        self._account = account
        self.factor = factor
        self._clock = clock
        self._threads = threading.Lock()

    def reserve(self, service: str, operation: str) -> float:
        """Take the next slot for a call; the seconds until then, 0 if it may be made now.

        When a rationed call's slot has come, ``begin`` has the last word.
        """
        keys = limits_of(service, operation)
        if _rationed(keys):
            keys = keys[:1]
        if not keys:
            return 0.0
        with self._slots() as slots:
            return max(self._take(slots, *key) for key in keys)

    def begin(self, service: str, operation: str) -> float:
        """Make sure that it is a rationed call's turn: the seconds it must still wait before it asks again.

        A program that was slow to send makes the next one wait: AWS counts from what it has received.
        """
        keys = limits_of(service, operation)
        with self._slots() as slots:
            free = f"{self._name(*keys[0])} free"
            now = self._clock()
            if slots.get(free, now) > now:
                return slots[free] - now
            slots[free] = now + self._seconds(LIMITS[keys[0]])
            for key in keys[1:]:  # far more of them are free than rationed calls can use up
                self._take(slots, *key)
            return 0.0

    def push(self, service: str, operation: str) -> None:
        """Note that a rationed call is made now, out of turn, so that the others here wait for it."""
        with self._slots() as slots:
            for key in limits_of(service, operation):
                if LIMITS[key].rationed:
                    slots[f"{self._name(*key)} free"] = self._clock() + self._seconds(LIMITS[key])
                else:
                    self._take(slots, *key)

    def listen(self, events: Any, service: str, run: RunContext, *, turns: bool = True) -> None:
        """Let a botocore client's calls wait for their slots: before they are signed, not after.

        (A signature is too old after five minutes.) A rationed call that was refused has waited by itself and
        is not held up again. Without ``turns`` none is held up at all: where it is not its turn it raises
        LohError and is not made, for AWS would refuse it, and all others would have to wait for longer.
        """
        if service not in SERVICES:
            return

        def wait(request: Any, operation_name: str, **_: Any) -> None:
            if not _rationed(limits_of(service, operation_name)):
                self._wait_for_slot(service, operation_name, run)
            elif is_repeated(request.context):
                self.push(service, operation_name)
            elif turns:
                self._wait_for_slot(service, operation_name, run)
                while (delay := self.begin(service, operation_name)) > 0:
                    run.wait(delay)
            elif self.begin(service, operation_name) > 0:
                raise not_its_turn(operation_name)

        events.register_first(f"request-created.{service}", wait)

    def _wait_for_slot(self, service: str, operation: str, run: RunContext) -> None:
        began = run.clock()
        delay = self.reserve(service, operation)
        if delay > 0:
            run.wait(delay, _reason(operation, delay), began)

    def _take(self, slots: dict[str, float], service: str, operation: str) -> float:
        """The generic cell rate algorithm: all that is kept of a limit is when its bucket is full again."""
        limit, name = LIMITS[service, operation], self._name(service, operation)
        seconds, now = self._seconds(limit), self._clock()
        full = slots.get(name, now)
        slots[name] = full + seconds
        return max(0.0, full - (limit.burst - 1) * seconds - now)

    def _name(self, service: str, operation: str) -> str:
        return f"{self._account} {service}:{operation}"

    def _seconds(self, limit: Limit) -> float:
        return limit.seconds * self.factor + (MARGIN if limit.rationed else 0)

    @contextmanager
    def _slots(self) -> Iterator[dict[str, float]]:
        from filelock import FileLock

        private_folder(self._file.parent)
        lock = FileLock(self._file.with_suffix(".lock"), mode=0o600)
        with self._threads, lock.acquire(poll_interval=LOCK_POLL):
            now = self._clock()
            slots = {name: full for name, full in _read(self._file).items() if now < full < now + FARTHEST}
            yield slots
            aside = self._file.with_suffix(".new")
            aside.touch(mode=0o600)
            aside.write_text(json.dumps(slots))
            aside.replace(self._file)


def not_its_turn(operation: str) -> NotItsTurnError:
    """The error for a rationed call that was not made, or that AWS refused, of programs that do not wait."""
    pace = f"AWS lets an account call {operation} once in {RATIONED[operation]:g} seconds"
    return NotItsTurnError(
        f"It was not its turn: {pace}.", "The next `loh teardown` deletes what is left.", "4"
    )


def _rationed(keys: list[tuple[str, str]]) -> bool:
    return bool(keys) and LIMITS[keys[0]].rationed


def _reason(operation: str, delay: float) -> str | None:
    if delay < WORTH_A_WORD:
        return None
    return f"AWS limits {operation} for the whole account; our turn is in {delay:.0f} s"


def _read(file: Path) -> dict[str, float]:
    """The slots handed out so far; none if nobody has, or if a crash left half a file."""
    try:
        slots = json.loads(file.read_text())
    except (OSError, ValueError):
        return {}
    if not isinstance(slots, dict):
        return {}
    return {name: full for name, full in slots.items() if isinstance(full, int | float)}
