"""A worker: one process that runs one function's handler, one event at a time, and stays warm in between.

The process speaks the Runtime API, as on AWS. ``Worker`` starts it, passes it events, writes its output to
the log, and reports why it died; its ``Guard`` enforces the function's timeout and memory.
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
from lambda_over_https.sandbox.lambda_.logs.system import Phase, Report, admitting, system_log
from lambda_over_https.sandbox.lambda_.runtime_api.api import Invocation, RuntimeApi
from lambda_over_https.sandbox.lambda_.workers import runtimes
from lambda_over_https.sandbox.lambda_.workers.guard import Guard
from lambda_over_https.sandbox.lambda_.workers.process import Process, Program
from lambda_over_https.sandbox.lambda_.workers.setup import WorkerSetup
from lambda_over_https.sandbox.model.functions import Function


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
        self._process = self._new_process()
        self._program: Program | None = None
        self._stream = _stream(function)
        self._log = OutputLog(self._publish, admitting(function))
        self._system = system_log(function, self._initialization)
        self._init = self._loop.create_future()
        self._init_failure: Failure | None = None
        self._phase: Phase = "init"
        self._init_duration: float | None = None
        self._answer: asyncio.Future[HandlerResult] | None = None
        self._taken: Invocation | None = None
        self._began = 0.0
        self._invoked: float | None = None
        self._guard = Guard(function, setup.kept_waiting, self._on_limit)
        self.busy_since = 0.0
        self.idle_since = 0.0

    @property
    def alive(self) -> bool:
        """Whether it can take another invocation."""
        return self._process.alive and self._init_failure is None

    async def start(self) -> None:
        """Start the process, and wait until it asks for work or cannot start; then ``run`` tries again.

        AwsError if there is no such role, LohError or OSError if this machine cannot run the function.
        """
        address = await self._api.start()
        try:
            launch = await asyncio.to_thread(
                runtimes.prepare, self._function, self._start_parameters(address)
            )
            self._log.add(self._system.init_start(launch.runtime))
            self._log.add(*map(self._system.remark, launch.remarks))
            self._program = launch.program
            await self._initialize(self._setup.limits.init)
        except BaseException:
            await self.close()
            raise

    def _new_process(self) -> Process:
        return Process(self._on_output, self._on_exit, self._setup.reaper)

    async def _initialize(self, seconds: float) -> None:
        """Start the process, and wait until it asks for work, or fails to within ``seconds``."""
        assert self._program is not None  # noqa: S101  # it is prepared first
        self._init, self._init_failure = self._loop.create_future(), None
        self._began = self._loop.time()
        self._guard.watch(self._process, self._began, seconds)
        await self._process.start(self._program)
        await self._init

    async def _initialize_again(self) -> None:
        """Start another process, in the time of the invocation.

        Lambda guide, "Understanding the Lambda execution environment lifecycle": when the Init phase fails,
        Lambda runs it once more with the invocation, and now the function's timeout holds.
        """
        await self._process.close()
        self._process, self._phase = self._new_process(), "invoke"
        self._invoked = self._loop.time()
        await self._initialize(self._function.timeout)

    def _start_parameters(self, address: str) -> runtimes.StartParameters:
        function, setup = self._function, self._setup
        return runtimes.StartParameters(
            endpoint_url=setup.endpoint_url,
            runtime_api=address,
            log_stream=self._stream,
            credentials=setup.state.role_credentials(function.role, function.arn),
            home=setup.home,
            cache=setup.cache,
            initialization=self._initialization,
        )

    async def run(self, invocation: Invocation) -> HandlerResult:
        """Run the handler on one event. WorkerGoneError if the worker died before it took the event."""
        try:
            if self._init_failure is not None:
                await self._initialize_again()
            return await self._answer_to(invocation)
        except asyncio.CancelledError:
            self._process.kill()
            raise

    async def _answer_to(self, invocation: Invocation) -> HandlerResult:
        self._answer = self._loop.create_future()
        if self._init_failure is not None:
            self.on_taken(invocation)
            self._fail(self._init_failure)
        elif self.alive:
            self._api.deliver(invocation)
        else:
            raise WorkerGoneError
        return await self._answer

    async def close(self) -> None:
        """End the process and everything it started."""
        self._guard.rest()
        await self._process.close()
        await self._api.close()
        self._log.flush()

    # Events of the Runtime API

    def on_ready(self) -> None:
        """Note, the first time, that it has started."""
        if not self._init.done():
            self._guard.rest()
            self._init_duration = self._loop.time() - self._began
            self._log.add(*self._system.init_done(self._init_duration, phase=self._phase))
            if self._phase == "invoke":
                self._init_duration = None  # the invocation's own duration has it
            elif self._initialization != "on-demand":
                self._init_duration = None  # it is no part of an invocation, which may never come
                self._log.flush()
            self._init.set_result(None)

    def on_taken(self, invocation: Invocation) -> int:
        """Start the clock of the function's timeout, and return the deadline."""
        self._taken = invocation
        self._log.add(self._system.start(invocation.request_id))
        now = self._loop.time()
        self._began, self._invoked = self._invoked or now, None
        self._guard.watch(self._process, self._began, self._function.timeout)
        left = self._began + self._function.timeout - now
        return time.time_ns() // 1_000_000 + int(left * 1000)

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

    def _on_limit(self, failure: Failure) -> None:
        self._process.kill()
        self._end(failure)

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
        self._guard.rest()
        self._process.drain()
        self._init_failure = failure
        self._log.add(*self._system.init_done(self._loop.time() - self._began, failure, self._phase))
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
        self._guard.rest()
        duration = self._loop.time() - self._began
        if failure is not None and failure.kind == failures.TIMED_OUT:
            duration = float(self._function.timeout)  # Lambda tells no more (reports of users)
        self._process.drain()
        peak = self._guard.measure()
        size, produced = self._function.memory_size, 0 if failure else len(answer.payload)
        report = Report(invocation.request_id, duration, size, peak, self._init_duration, produced, failure)
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
