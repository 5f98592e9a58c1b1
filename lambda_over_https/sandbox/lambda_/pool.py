"""The workers of one function: reused while they are warm, more of them while all are busy, ended when idle.

AWS starts an environment for each request that finds none free. Here a request waits a moment first. There
are more workers than processors only if all workers have been busy for longer than it takes to start one:
otherwise a further worker costs more time than it saves.
"""

import asyncio
import os
from collections import deque
from collections.abc import Callable

from lambda_over_https.sandbox.control.refusals import too_many_requests
from lambda_over_https.sandbox.lambda_.runtime_api.api import Invocation
from lambda_over_https.sandbox.lambda_.workers.setup import Limits
from lambda_over_https.sandbox.lambda_.workers.worker import HandlerResult, Worker, WorkerGoneError

PROCESSORS = os.cpu_count() or 1


class WorkerPool:
    """Runs the invocations of one revision of a function.

    ``make`` creates a worker, not yet started; it is told whether that is one to be kept ready (provisioned).
    """

    def __init__(self, make: Callable[[bool], Worker], limits: Limits) -> None:
        self._make = make
        self._limits = limits
        self._loop = asyncio.get_running_loop()
        self._workers: set[Worker] = set()
        self._idle: list[Worker] = []
        self._waiting: deque[asyncio.Future[Worker]] = deque()
        self._starting: set[asyncio.Task[None]] = set()
        self._closing: set[asyncio.Task[None]] = set()
        self._timer: asyncio.TimerHandle | None = None
        self._sweeper: asyncio.TimerHandle | None = None
        self._cold_start = 0.0
        self._retired = False
        self._kept = 0
        self._start_failed = False

    @property
    def ended(self) -> bool:
        """Whether none of its processes is left."""
        return not (self._workers or self._starting or self._closing)

    async def invoke(self, invocation: Invocation) -> HandlerResult:
        """Run the handler. AwsError TooManyRequestsException if too many invocations are waiting."""
        while True:
            worker = await self._acquire()
            try:
                return await worker.run(invocation)
            except WorkerGoneError:
                continue
            finally:
                self._release(worker)

    @property
    def allocated(self) -> int | None:
        """How many of the workers to be kept are ready; None if one could not start."""
        return None if self._start_failed else min(self._kept, len(self._workers))

    def provision(self, count: int) -> None:
        """Start ``count`` workers, and keep so many ready from now on; what idles beyond them is let go."""
        surplus, self._kept, self._start_failed = self._kept - count, count, False
        for _ in range(min(surplus, len(self._idle))):
            self._end(self._idle.pop())
        self._top_up()

    def retire(self) -> None:
        """End each worker as soon as it is idle. Invocations that are waiting are still served."""
        self._retired = True
        while self._idle:
            self._end(self._idle.pop())

    async def close(self) -> None:
        """End all workers now."""
        self._retired = True
        for timer in (self._timer, self._sweeper):
            if timer is not None:
                timer.cancel()
        for task in self._starting:
            task.cancel()
        for worker in list(self._workers):
            self._end(worker)
        await asyncio.gather(*self._starting, *self._closing, return_exceptions=True)

    async def _acquire(self) -> Worker:
        if self._idle:
            worker = self._idle.pop()
            worker.busy_since = self._loop.time()
            return worker
        if len(self._waiting) >= self._limits.waiting:
            raise too_many_requests("lambda")
        turn: asyncio.Future[Worker] = self._loop.create_future()
        self._waiting.append(turn)
        if self._workers or self._starting:
            self._grow_later()
        else:
            self._grow()
        try:
            return await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._release(turn.result())
            raise

    def _release(self, worker: Worker) -> None:
        if not worker.alive:
            self._end(worker)
            self._top_up()
            self._grow()
        elif not self._hand_over(worker):
            if self._retired:
                self._end(worker)
            else:
                worker.idle_since = self._loop.time()
                self._idle.append(worker)
                self._sweep_later()

    def _hand_over(self, worker: Worker) -> bool:
        """Give the worker to the invocation that has waited longest. False if none waits."""
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                worker.busy_since = self._loop.time()
                turn.set_result(worker)
                return True
        return False

    def _grow_later(self) -> None:
        if self._timer is None:
            self._timer = self._loop.call_later(self._limits.patience, self._grow_now)

    def _grow_now(self) -> None:
        self._timer = None
        self._grow()

    def _grow(self) -> None:
        """Start workers for the waiting invocations, within the limits and as long as it is of use."""
        while self._wanted() > 0 and self._worthwhile():
            self._begin_start()
        if self._wanted() > 0:
            self._grow_later()

    def _top_up(self) -> None:
        """Start the workers that are missing of those to be kept."""
        while not self._retired and len(self._workers) + len(self._starting) < self._kept:
            self._begin_start()

    def _begin_start(self) -> None:
        task = self._loop.create_task(self._start())
        self._starting.add(task)
        task.add_done_callback(self._starting.discard)

    def _wanted(self) -> int:
        room = self._limits.workers - len(self._workers) - len(self._starting)
        return min(room, len(self._waiting) - len(self._starting))

    def _worthwhile(self) -> bool:
        if len(self._starting) >= PROCESSORS:
            return False  # more cold starts at a time only make each of them slower
        if len(self._workers) + len(self._starting) < PROCESSORS:
            return True
        slow = self._loop.time() - max(self._limits.patience, self._cold_start)
        return all(worker.busy_since < slow for worker in self._workers)

    async def _start(self) -> None:
        kept = len(self._workers) < self._kept
        worker, began = self._make(kept), self._loop.time()
        try:
            await worker.start()
        except Exception as error:  # noqa: BLE001  # the waiting invocation raises it
            self._is_started()
            self._start_failed = kept
            self._fail_longest_waiting(error)
            self._grow()
        else:
            self._is_started()
            self._cold_start = self._loop.time() - began
            self._workers.add(worker)
            self._start_failed = kept and not worker.alive
            self._release(worker) if worker.alive else self._hand_over_failed(worker)

    def _is_started(self) -> None:
        """Count this start no longer: what is decided now must not wait for a worker that has come."""
        task = asyncio.current_task()
        if task is not None:
            self._starting.discard(task)

    def _hand_over_failed(self, worker: Worker) -> None:
        if not self._hand_over(worker):
            self._end(worker)

    def _fail_longest_waiting(self, error: Exception) -> None:
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_exception(error)
                return

    def _end(self, worker: Worker) -> None:
        self._workers.discard(worker)
        task = self._loop.create_task(worker.close())
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)

    def _sweep_later(self) -> None:
        if self._sweeper is None:
            self._sweeper = self._loop.call_later(self._limits.idle, self._sweep)

    def _sweep(self) -> None:
        self._sweeper = None
        now = self._loop.time()
        stale = [worker for worker in self._idle if now - worker.idle_since >= self._limits.idle]
        for worker in stale[: max(0, len(self._workers) - self._kept)]:
            self._idle.remove(worker)
            self._end(worker)
        if self._idle:
            self._sweep_later()
