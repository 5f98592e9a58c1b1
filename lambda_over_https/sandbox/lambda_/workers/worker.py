"""A worker: one process that runs one function's handler, one event at a time, and stays warm in between.

The process speaks the Runtime API, as on AWS. ``Worker`` starts it, passes it events, enforces the function's
timeout and memory, writes its output to the log, and reports why it died.
"""

import asyncio
import datetime
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field

from lambda_over_https.sandbox.lambda_ import failures
from lambda_over_https.sandbox.lambda_.failures import Failure
from lambda_over_https.sandbox.lambda_.logs.output import OutputLog
from lambda_over_https.sandbox.lambda_.logs.system import Report, admitting, system_log
from lambda_over_https.sandbox.lambda_.runtime_api.api import Invocation, RuntimeApi
from lambda_over_https.sandbox.lambda_.workers import memory, runtimes
from lambda_over_https.sandbox.lambda_.workers.process import Process
from lambda_over_https.sandbox.lambda_.workers.setup import WorkerSetup
from lambda_over_https.sandbox.model.functions import Function

_CHECK_EVERY = 0.05  # how often to read a worker's memory, in seconds; reading takes 0.1 ms


class WorkerGoneError(Exception):
    """The worker died before it took the event, so another worker can take it."""


@dataclass(frozen=True, slots=True)
class HandlerResult:
    """The end of one invocation.

    ``payload`` is the result or, if it ``failed``, the error document; ``log`` is the end of its log.
    """

    payload: bytes
    failed: bool = False
    log: bytes = field(default=b"", repr=False)


class Worker:
    """One worker. ``start`` it, ``run`` invocations while it is ``alive``, then ``close`` it."""

    def __init__(self, function: Function, setup: WorkerSetup, *, provisioned: bool = False) -> None:
        self._function = function
        self._setup = setup
        self._initialization = "provisioned-concurrency" if provisioned else "on-demand"
        self._loop = asyncio.get_running_loop()
        self._api = RuntimeApi(self)
        self._process = Process(self._on_output, self._on_exit, setup.reaper)
        self._stream = _stream(function)
        self._log = OutputLog(self._publish, admitting(function))
        self._system = system_log(function, self._initialization)
        self._init = self._loop.create_future()
        self._init_failure: Failure | None = None
        self._init_duration: float | None = None
        self._answer: asyncio.Future[HandlerResult] | None = None
        self._taken: Invocation | None = None
        self._began = 0.0
        self._deadline = 0.0
        self._kept_waiting: float | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._peak: int | None = None
        self._measured = 0.0
        self.busy_since = 0.0
        self.idle_since = 0.0

    @property
    def alive(self) -> bool:
        """Whether it can take another invocation."""
        return self._process.alive and self._init_failure is None

    @property
    def pid(self) -> int:
        """The process, which leads a process group of its own."""
        return self._process.pid

    async def start(self) -> None:
        """Start the process, and wait until it asks for work or cannot start; then ``run`` reports why.

        AwsError if there is no such role, LohError or OSError if this machine cannot run the function.
        """
        address = await self._api.start()
        try:
            launch = await asyncio.to_thread(
                runtimes.prepare, self._function, self._start_parameters(address)
            )
            self._log.add(self._system.init_start(launch.runtime))
            self._log.add(*map(self._system.remark, launch.remarks))
            self._began = self._loop.time()
            self._watch_until(self._began + self._setup.limits.init)
            await self._process.start(launch.program)
            await self._init
        except BaseException:
            await self.close()
            raise

    def _start_parameters(self, address: str) -> runtimes.StartParameters:
        function, setup = self._function, self._setup
        return runtimes.StartParameters(
            endpoint_url=setup.endpoint_url,
            runtime_api=address,
            log_stream=self._stream,
            credentials=setup.state.role_credentials(function.role, function.name),
            home=setup.home,
            cache=setup.cache,
            initialization=self._initialization,
        )

    async def run(self, invocation: Invocation) -> HandlerResult:
        """Run the handler on one event. WorkerGoneError if the worker died before it took the event."""
        self._answer = self._loop.create_future()
        if self._init_failure is not None:
            self.on_taken(invocation)
            self._fail(self._init_failure)
        elif self.alive:
            self._api.deliver(invocation)
        else:
            raise WorkerGoneError
        try:
            return await self._answer
        except asyncio.CancelledError:
            self._process.kill()
            raise

    async def close(self) -> None:
        """End the process and everything it started."""
        self._unwatch()
        await self._process.close()
        await self._api.close()
        self._log.flush()

    # Events of the Runtime API

    def on_ready(self) -> None:
        """Note, the first time, that it has started."""
        if not self._init.done():
            self._unwatch()
            self._init_duration = self._loop.time() - self._began
            self._log.add(*self._system.init_done(self._init_duration))
            if self._initialization != "on-demand":
                self._init_duration = None  # it is no part of an invocation, which may never come
                self._log.flush()
            self._init.set_result(None)

    def on_taken(self, invocation: Invocation) -> int:
        """Start the clock of the function's timeout, and return the deadline."""
        self._taken = invocation
        self._log.add(self._system.start(invocation.request_id))
        self._began = self._loop.time()
        self._watch_until(self._began + self._function.timeout)
        return time.time_ns() // 1_000_000 + self._function.timeout * 1000

    def on_response(self, payload: bytes) -> None:
        """End the invocation with the handler's result."""
        self._finish(HandlerResult(payload))

    def on_error(self, payload: bytes) -> None:
        """End the invocation with the handler's error."""
        self._finish(HandlerResult(payload, failed=True))

    def on_init_error(self, payload: bytes) -> None:
        """End the worker: the handler could not be loaded."""
        self._end(failures.reported_by_runtime(payload))

    # Events of the process

    def _on_output(self, output: bytes) -> None:
        self._log.write(output)
        if self._taken is None and self._init.done():
            self._log.flush()

    def _on_exit(self, code: int) -> None:
        self._end(failures.exited(code))

    # Events of the clock

    def _watch_until(self, deadline: float) -> None:
        self._unwatch()
        self._deadline, self._kept_waiting = deadline, None
        self._check_by(deadline)

    def _check_by(self, deadline: float) -> None:
        self._timer = self._loop.call_at(min(deadline, self._loop.time() + _CHECK_EVERY), self._check_limits)

    def _unwatch(self) -> None:
        if self._timer is not None:
            self._timer.cancel()

    def _check_limits(self) -> None:
        self._measure()
        deadline = self._deadline + self._lost()
        if self._loop.time() >= deadline:
            self._process.kill()
            self._end(failures.timed_out(self._function.timeout))
        elif (memory.private_mib(self.pid) or 0) > self._function.memory_size:
            self._process.kill()
            self._end(failures.out_of_memory())
        else:
            self._check_by(deadline)

    def _lost(self) -> float:
        """Seconds that the machine has taken from it since the first check: they do not count."""
        now = self._setup.kept_waiting(self.pid)
        if self._kept_waiting is None:
            self._kept_waiting = now
        return now - self._kept_waiting

    def _measure(self) -> None:
        now = self._loop.time()
        if self._peak is None or now - self._measured > _CHECK_EVERY:
            self._peak, self._measured = memory.peak_mib(self.pid) or self._peak, now

    # The end

    def _end(self, failure: Failure) -> None:
        """The worker can do no more: report it to the caller, in whichever phase the worker is."""
        if not self._init.done():
            self._fail_init(failure)
        elif self._taken is not None:
            self._fail(failure)
        elif self._answer is not None and not self._answer.done():
            self._answer.set_exception(WorkerGoneError())

    def _fail_init(self, failure: Failure) -> None:
        self._unwatch()
        self._process.drain()
        self._init_failure = failure
        self._log.add(*self._system.init_done(self._loop.time() - self._began, failure))
        self._init.set_result(None)

    def _fail(self, failure: Failure) -> None:
        """End the invocation that the worker took, without a result."""
        assert self._taken is not None  # noqa: S101  # only then
        request_id = self._taken.request_id
        self._process.drain()
        self._log.add(self._system.failed(request_id, failure))
        self._finish(HandlerResult(failure.payload(request_id), failed=True), failure)

    def _finish(self, answer: HandlerResult, failure: Failure | None = None) -> None:
        invocation, self._taken = self._taken, None
        if invocation is None or self._answer is None or self._answer.done():
            return
        self._unwatch()
        duration = self._loop.time() - self._began
        if failure is not None and failure.kind == failures.TIMED_OUT:
            duration = float(self._function.timeout)  # Lambda tells no more (reports of users)
        self._process.drain()
        self._measure()
        size, produced = self._function.memory_size, 0 if failure else len(answer.payload)
        report = Report(
            invocation.request_id, duration, size, self._peak, self._init_duration, produced, failure
        )
        self._log.add(*self._system.end(report))
        self._init_duration = None
        self._answer.set_result(HandlerResult(answer.payload, answer.failed, self._log.flush()))

    def _publish(self, events: Sequence[tuple[int, str]]) -> None:
        function = self._function
        self._setup.state.log(function.region, function.log_group, self._stream, list(events))


def _stream(function: Function) -> str:
    """The name of a new worker's log stream: with the function's name if the group is not its own."""
    named = "" if function.log_group == f"/aws/lambda/{function.name}" else function.name
    return f"{datetime.datetime.now(datetime.UTC):%Y/%m/%d}/{named}[{function.version}]{uuid.uuid4().hex}"
