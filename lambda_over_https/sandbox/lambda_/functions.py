"""Lambda's data plane: runs functions, each with a pool of workers for its present revision."""

import asyncio
import contextlib
import json
import secrets
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Protocol

from lambda_over_https import settings
from lambda_over_https.errors import LohError
from lambda_over_https.files import private_folder
from lambda_over_https.sandbox.control.refusals import too_many_requests
from lambda_over_https.sandbox.lambda_ import invoke_api
from lambda_over_https.sandbox.lambda_.pool import WorkerPool
from lambda_over_https.sandbox.lambda_.recursion import lineage_of, next_lineage, root_of
from lambda_over_https.sandbox.lambda_.runtime_api.api import Invocation
from lambda_over_https.sandbox.lambda_.triggers.asynchronous import AsynchronousEvents, Event, EventsView
from lambda_over_https.sandbox.lambda_.workers.reaper import Reaper
from lambda_over_https.sandbox.lambda_.workers.setup import Limits, WorkerSetup, WorkerView
from lambda_over_https.sandbox.lambda_.workers.waiting import kept_waiting
from lambda_over_https.sandbox.lambda_.workers.worker import HandlerResult, Worker
from lambda_over_https.sandbox.model import strict_json
from lambda_over_https.sandbox.model.errors import AwsError
from lambda_over_https.sandbox.model.functions import Function, InvocationResult
from lambda_over_https.sandbox.web.http import Request, Response

TIDY_EVERY = 10.0
"""How often to look for functions that were deleted, in seconds."""

RETRY_DELAYS = (60.0, 120.0)
"""Seconds before the second and third attempt of an Event invocation (guide, "Asynchronous invocation")."""


class FunctionsView(WorkerView, EventsView, Protocol):
    """What the functions need of the account's state."""

    def provisioned(self) -> list[Function]:
        """Return the versions of functions of which workers are kept ready."""

    def collect(self, used: Iterable[Path]) -> None:
        """Remove code that neither a function needs nor a worker, whose folders are those ``used``."""


class Functions:
    """All functions and their workers.

    ``workdir`` is a private folder of the sandbox. ``cache`` is the user's folder for the AWS SDK for
    JavaScript.
    """

    def __init__(
        self,
        state: FunctionsView,
        endpoint_url: str,
        workdir: Path,
        cache: Path | None = None,
        limits: Limits = Limits(),  # noqa: B008  # immutable
        retry_delays: Sequence[float] = RETRY_DELAYS,
        tidy_every: float = TIDY_EVERY,
        kept_waiting: Callable[[int], float] = kept_waiting,
    ) -> None:
        home = private_folder(workdir / "home")
        self._state = state
        self._reaper = Reaper()
        where = (home, cache or settings.cache(), self._reaper)
        self._setup = WorkerSetup(state, endpoint_url, *where, limits, kept_waiting)
        self._events = AsynchronousEvents(state, self._invoke_event, retry_delays)
        self._tidy_every = tidy_every
        self._pools: dict[str, tuple[Function, WorkerPool]] = {}
        self._retired: list[tuple[Function, WorkerPool]] = []
        self._running: Counter[tuple[str, str]] = Counter()
        self._tidying = asyncio.get_running_loop().call_later(tidy_every, self._tidy)

    async def invoke(
        self,
        function: Function,
        payload: bytes,
        client_context: str | None = None,
        request_id: str | None = None,
        trace_root: str | None = None,
        lineage: str = "",
    ) -> InvocationResult:
        """Run ``function`` on the event ``payload`` (JSON; empty counts as ``{}``), and wait for its result.

        ``client_context`` is JSON, ``trace_root`` the root of the trace that this is a part of, ``lineage``
        what has run in it before. AwsError InvalidRequestContentException if the payload is not JSON,
        TooManyRequestsException if a limit on concurrency is reached, RecursiveInvocationException if the
        function runs in a loop.
        """
        _check_event(payload)
        now = next_lineage(lineage, function)
        invocation = Invocation(
            request_id=request_id or str(uuid.uuid4()),
            function_arn=function.invoked_arn or function.arn,
            payload=payload or b"{}",
            trace_id=_trace_id(trace_root, now),
            # Serialised again: as plain ASCII it fits a header.
            client_context=json.dumps(json.loads(client_context)) if client_context else None,
        )
        with self._counted(function):
            answer = await self._run(function, invocation)
        error = "Unhandled" if answer.failed else None
        return InvocationResult(
            answer.payload, invocation.request_id, function.version, error, answer.log, lineage=now
        )

    async def handle(self, request: Request, region: str) -> Response:
        """Serve Invoke and InvokeAsync."""
        try:
            asked = invoke_api.parse(request, region)
            function = self._state.function(region, asked.name, asked.qualifier)
            header = request.headers.get("x-amzn-trace-id")
            root, lineage = root_of(header), lineage_of(header)
            if asked.kind == "RequestResponse":
                result = await self.invoke(
                    function, asked.payload, asked.client_context, trace_root=root, lineage=lineage
                )
                return invoke_api.result_response(asked, result)
            request_id = str(uuid.uuid4())
            if asked.kind == "Event":
                _check_event(asked.payload)
                more = (request_id, asked.client_context, lineage)
                self._events.begin(Event(region, asked.name, asked.qualifier, asked.payload, *more))
            return invoke_api.accepted_response(asked, request_id)
        except AwsError as error:
            return invoke_api.error_response(error)

    async def _invoke_event(self, function: Function, event: Event) -> InvocationResult:
        return await self.invoke(
            function, event.payload, event.client_context, event.request_id, lineage=event.lineage
        )

    def invoke_later(self, region: str, function_arn: str, payload: bytes) -> None:
        """Invoke a function asynchronously, as an Event: nobody waits for it, and Lambda retries a failure.

        Nothing happens if there is no such function, or if the payload is not JSON.
        """
        with contextlib.suppress(ValueError):
            strict_json.check(payload or b"{}")
            self._events.begin(Event(region, function_arn, None, payload, str(uuid.uuid4())))

    def provision(self) -> None:
        """Keep as many workers ready as the account's state says now."""
        wanted = {function.arn: function for function in self._state.provisioned()}
        for function in wanted.values():
            self._pool(function).provision(function.provisioned)
        for arn, (_, pool) in self._pools.items():
            if arn not in wanted:
                pool.provision(0)

    def allocated(self, arn: str) -> int | None:
        """How many workers of the version are ready of those to be kept; None if one could not start."""
        _, pool = self._pools.get(arn, (None, None))
        return pool.allocated if pool else 0

    async def close(self) -> None:
        """End every worker."""
        self._tidying.cancel()
        await self._events.close()
        await asyncio.gather(*(pool.close() for pool in self._all_pools()))
        await self._reaper.close()

    @contextlib.contextmanager
    def _counted(self, function: Function) -> Iterator[None]:
        """Hold the function to its reserved concurrency, which all its versions share."""
        key = (function.region, function.name)
        limit = function.reserved_concurrency
        if limit is not None and self._running[key] >= limit:
            raise too_many_requests("lambda")
        self._running[key] += 1
        try:
            yield
        finally:
            self._running[key] -= 1

    async def _run(self, function: Function, invocation: Invocation) -> HandlerResult:
        try:
            return await self._pool(function).invoke(invocation)
        except (LohError, OSError) as error:
            message = f"RequestId: {invocation.request_id} Error: {error}"
            document = {"errorType": "Runtime.InvalidEntrypoint", "errorMessage": message}
            return HandlerResult(json.dumps(document).encode(), failed=True)

    def _pool(self, function: Function) -> WorkerPool:
        known, pool = self._pools.get(function.arn, (None, None))
        if known is not None and pool is not None:
            if known.revision == function.revision:
                return pool
            self._retire(known)
        new = WorkerPool(lambda kept: Worker(function, self._setup, provisioned=kept), self._setup.limits)
        self._pools[function.arn] = (function, new)
        new.provision(function.provisioned)
        return new

    def _retire(self, function: Function) -> None:
        old, pool = self._pools.pop(function.arn)
        pool.retire()
        self._retired = [each for each in [*self._retired, (old, pool)] if not each[1].ended]

    def _tidy(self) -> None:
        """End the workers of functions that were deleted, or changed and not invoked since; drop old code."""
        self._tidying = asyncio.get_running_loop().call_later(self._tidy_every, self._tidy)
        for function, _ in list(self._pools.values()):
            try:
                present = self._state.function(function.region, function.name, function.version)
            except AwsError:
                self._retire(function)
            else:
                if present.revision != function.revision:
                    self._retire(function)
        self._retired = [each for each in self._retired if not each[1].ended]
        present_or_ending = [function for function, _ in [*self._pools.values(), *self._retired]]
        self._state.collect([folder for function in present_or_ending for folder in function.folders])

    def _all_pools(self) -> list[WorkerPool]:
        return [pool for _, pool in [*self._pools.values(), *self._retired]]


def _check_event(payload: bytes) -> None:
    """AwsError InvalidRequestContentException unless ``payload`` is JSON, or empty."""
    try:
        strict_json.check(payload or b"{}")
    except ValueError as error:
        raise AwsError("InvalidRequestContentException", str(error)) from None


def _trace_id(root: str | None, lineage: str) -> str:
    root = root or f"Root=1-{int(time.time()):08x}-{secrets.token_hex(12)}"
    return f"{root};Parent={secrets.token_hex(8)};Sampled=0;Lineage=1:{lineage}"
