"""Workers in memory, and a pool of them: what they do, and when, is up to the test."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, cast

from lambda_over_https.sandbox.lambda_.pool import WorkerPool
from lambda_over_https.sandbox.lambda_.runtime_api.api import Invocation
from lambda_over_https.sandbox.lambda_.workers.setup import Limits
from lambda_over_https.sandbox.lambda_.workers.worker import HandlerResult, Worker

QUICK = Limits(patience=0.001, idle=60)


class WorkerInMemory:
    """A worker whose start, work and end the hall decides."""

    def __init__(self, hall: "Hall", number: int) -> None:
        self.hall, self.number = hall, number
        self.alive = False
        self.closed = False
        self.busy_since = self.idle_since = 0.0
        self.ran: list[str] = []

    async def start(self) -> None:
        """Begin, when the hall lets it."""
        await self.hall.begin(self)
        self.alive = self.number not in self.hall.stillborn

    async def run(self, invocation: Invocation) -> HandlerResult:
        """Work as the hall says; nobody gives it two at a time."""
        assert not self.closed
        assert self not in self.hall.busy
        self.hall.busy.append(self)
        try:
            self.ran.append(invocation.request_id)
            return await self.hall.work(self, invocation)
        except asyncio.CancelledError:
            self.alive = False
            raise
        finally:
            self.hall.busy.remove(self)

    async def close(self) -> None:
        """End."""
        self.alive, self.closed = False, True


async def at_once(*_: Any) -> Any:
    """Nothing to wait for."""


async def done(worker: WorkerInMemory, invocation: Invocation) -> HandlerResult:
    """Tell who did what."""
    return HandlerResult(f"{invocation.request_id} by {worker.number}".encode())


class Hall:
    """All workers that were made, and a pool of them."""

    def __init__(self, limits: Limits = QUICK) -> None:
        self.made: list[WorkerInMemory] = []
        self.busy: list[WorkerInMemory] = []
        self.stillborn: set[int] = set()
        self.provisioned: list[bool] = []
        self.begin: Callable[[WorkerInMemory], Awaitable[None]] = at_once
        self.work: Callable[[WorkerInMemory, Invocation], Awaitable[HandlerResult]] = done
        self.pool = WorkerPool(self._make, limits)

    def _make(self, provisioned: bool) -> Worker:
        self.provisioned.append(provisioned)
        self.made.append(WorkerInMemory(self, len(self.made)))
        return cast("Worker", self.made[-1])

    async def invoke(self, name: str) -> str:
        """What one invocation answers."""
        return (await self.pool.invoke(Invocation(name, "arn", b"{}", "trace", None))).payload.decode()

    def begun(self, *names: str) -> "list[asyncio.Task[str]]":
        """Invocations under way."""
        return [asyncio.get_running_loop().create_task(self.invoke(name)) for name in names]

    @property
    def open(self) -> list[int]:
        """The numbers of the workers that have not ended."""
        return [each.number for each in self.made if not each.closed]


def in_a_loop(test: Callable[[], Coroutine[Any, Any, None]]) -> Callable[[], None]:
    """Run the test in an event loop of its own; hanging is a failure."""

    def run() -> None:
        asyncio.run(asyncio.wait_for(test(), 20))

    run.__name__, run.__doc__ = test.__name__, test.__doc__
    return run


async def until(condition: Callable[[], object]) -> None:
    """Let others go on until the condition holds."""
    while not condition():
        await asyncio.sleep(0.001)


class Gate:
    """Holds whoever comes until it is opened."""

    def __init__(self) -> None:
        self._open = asyncio.Event()
        self.came: list[WorkerInMemory] = []

    async def __call__(self, worker: WorkerInMemory, *invocation: Invocation) -> Any:
        self.came.append(worker)
        await self._open.wait()
        return await done(worker, *invocation) if invocation else None

    def open(self) -> None:
        """Let all go on."""
        self._open.set()
