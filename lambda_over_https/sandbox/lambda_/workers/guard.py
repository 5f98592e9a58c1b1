"""What holds a worker's process to its limits: the time that it has, and the function's memory."""

import asyncio
from collections.abc import Callable

from lambda_over_https.sandbox.lambda_ import failures
from lambda_over_https.sandbox.lambda_.failures import Failure
from lambda_over_https.sandbox.lambda_.workers import memory
from lambda_over_https.sandbox.lambda_.workers.process import Process
from lambda_over_https.sandbox.model.functions import Function

CHECK_EVERY = 0.05
"""How often the memory is read, in seconds; reading takes 0.1 ms."""

MOST_LOST = 0.9
"""The most of a worker's time that does not count, so that a limit comes on the busiest machine too."""


class Guard:
    """Watches one process at a time. ``exceeded`` is told, once, which limit it has exceeded.

    ``kept_waiting`` tells of a process for how many seconds it could have run and was not let: those do not
    count.
    """

    def __init__(
        self, function: Function, kept_waiting: Callable[[int], float], exceeded: Callable[[Failure], None]
    ) -> None:
        self._function = function
        self._kept_waiting = kept_waiting
        self._exceeded = exceeded
        self._loop = asyncio.get_running_loop()
        self._process: Process | None = None
        self._began = 0.0
        self._deadline = 0.0
        self._waited: float | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._peak: int | None = None
        self._measured = 0.0

    def watch(self, process: Process, began: float, seconds: float) -> None:
        """Watch the process from now on; it has so many ``seconds`` from ``began`` on, a time of the loop."""
        self.rest()
        self._process, self._began, self._waited = process, began, None
        self._deadline = began + seconds
        self._check_by(self._deadline)

    def rest(self) -> None:
        """Watch no longer."""
        if self._timer is not None:
            self._timer.cancel()

    def measure(self) -> int | None:
        """The most memory that the processes have used, in MiB; None if this system does not tell."""
        now = self._loop.time()
        if self._peak is None or now - self._measured > CHECK_EVERY:
            self._peak, self._measured = memory.peak_mib(self._pid) or self._peak, now
        return self._peak

    @property
    def _pid(self) -> int:
        return self._process.pid if self._process else 0

    def _check_by(self, deadline: float) -> None:
        self._timer = self._loop.call_at(min(deadline, self._loop.time() + CHECK_EVERY), self._check)

    def _check(self) -> None:
        self.measure()
        now = self._loop.time()
        deadline = self._deadline + min(self._lost(), MOST_LOST * (now - self._began))
        if now >= deadline:
            self._exceeded(failures.timed_out(self._function.timeout))
        elif (memory.private_mib(self._pid) or 0) > self._function.memory_size:
            self._exceeded(failures.out_of_memory())
        else:
            self._check_by(deadline)

    def _lost(self) -> float:
        """Seconds that the machine has taken from the process since the first check."""
        now = self._kept_waiting(self._pid)
        if self._waited is None:
            self._waited = now
        return now - self._waited
