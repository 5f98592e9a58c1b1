"""Do many things, each as soon as what it needs is done, with a bounded number at a time."""

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import TypeVar

from lambda_over_https.errors import InterruptedRunError, interrupted
from lambda_over_https.events import current_step
from lambda_over_https.retries import Pauses

Key = TypeVar("Key", bound=Hashable)

LOOKERS = 6
"""Looks side by side: they change nothing, so no order is kept among them."""


def look_around(keys: Iterable[Key], look: Callable[[Key], None], pauses: Pauses) -> None:
    """Call ``look`` with every key, several at a time; the step at work is known to each."""
    step = current_step.get()

    def look_at(key: Key) -> None:
        current_step.set(step)
        look(key)

    run_graph(dict.fromkeys(keys, ()), look_at, LOOKERS, pauses)


def run_graph(
    needs: Mapping[Key, Collection[Key]], do: Callable[[Key], None], workers: int, pauses: Pauses
) -> None:
    """Call ``do`` with every key of ``needs``, never before those it needs; ``workers`` threads at most.

    Needs that are not keys count as done. With one worker the order is that of ``needs``. After the first
    failure nothing new begins; what is under way ends, then the failure is raised. ^C ends every wait and is
    raised when what is under way has ended, so that each result is still written down; a second ^C is raised
    at once.
    """
    waiting = {key: {need for need in each if need in needs} for key, each in needs.items()}
    running: dict[Future[None], Key] = {}
    failure: BaseException | None = None
    pool = ThreadPoolExecutor(max_workers=workers, thread_name_prefix="step")
    try:
        while running or (waiting and failure is None):
            if failure is None:
                _submit(pool, waiting, running, do, workers)
            try:
                ended, _ = wait(running, return_when=FIRST_COMPLETED)
            except KeyboardInterrupt as error:
                if isinstance(failure, InterruptedRunError):
                    raise failure from error
                pauses.interrupt()
                failure = interrupted()
                continue
            for future in ended:
                key = running.pop(future)
                failure = failure or future.exception()
                for each in waiting.values():
                    each.discard(key)
    finally:
        pool.shutdown(wait=not running, cancel_futures=True)
    if failure is not None:
        raise failure


def _submit(
    pool: ThreadPoolExecutor,
    waiting: dict[Key, set[Key]],
    running: dict[Future[None], Key],
    do: Callable[[Key], None],
    workers: int,
) -> None:
    for key in [key for key, needed in waiting.items() if not needed]:
        if len(running) >= workers:
            return
        del waiting[key]
        running[pool.submit(do, key)] = key
