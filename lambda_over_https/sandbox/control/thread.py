"""The one thread in which moto works.

moto is not made for concurrent calls, and some of its work takes milliseconds. So its calls run in this
thread, in the order of arrival, and the event loop stays free for the data plane.
"""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

log = logging.getLogger(__name__)

Result = TypeVar("Result")


class ControlThread:
    """The one thread in which moto works. Only the event loop may hand it jobs."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="control")
        self._last: Future[Any] = Future()
        self._last.set_result(None)

    async def run(self, job: Callable[[], Result], *, brief: bool = False) -> Result:
        """Run ``job`` after all jobs handed in before it, and wait for its result.

        A ``brief`` job runs on the event loop if the thread is idle. It cannot get work meanwhile, since only
        the event loop hands it any; and the way to the thread and back would take as long as the job itself.
        """
        if brief and self._last.done():
            return job()
        future = self._last = self._pool.submit(job)
        return await asyncio.wrap_future(future)

    def submit(self, job: Callable[[], object]) -> None:
        """Run ``job`` after all jobs handed in before it, without waiting for it."""
        self._last = self._pool.submit(logged, job)

    def close(self) -> None:
        """Finish the job under way, and drop the rest."""
        self._pool.shutdown(cancel_futures=True)


def logged(job: Callable[[], object]) -> None:
    """Run a job whose caller does not wait for it; an exception goes to the log."""
    try:
        job()
    except Exception:  # the log is the only place where it can be seen
        log.exception("A job of the control plane failed")
