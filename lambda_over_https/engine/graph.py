"""Do many tasks, each as soon as what it needs is done, with a bounded number at a time."""

import signal
import threading
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from typing import TypeVar

from lambda_over_https.errors import InterruptedRunError, interrupted
from lambda_over_https.events import at_step, current_step
from lambda_over_https.run_context import RunContext

Key = TypeVar("Key", bound=Hashable)

GLANCE = 0.2
"""Seconds; a signal in the instant before a wait does not end it, so no wait is longer than that."""

LOOKERS = 6
"""Looks side by side: they change nothing, so no order is kept among them."""


def look_around(keys: Iterable[Key], look: Callable[[Key], None], run: RunContext) -> None:
    """Call ``look`` with every key, several at a time; the step at work is known to each."""
    step = current_step.get()

    def look_at(key: Key) -> None:
        with at_step(step):
            look(key)

    run_graph(dict.fromkeys(keys, ()), look_at, LOOKERS, run)


def run_graph(
    needs: Mapping[Key, Collection[Key]], do: Callable[[Key], None], workers: int, run: RunContext
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
    with _interrupting(run):
        try:
            while running or (waiting and failure is None):
                if failure is None:
                    _submit(pool, waiting, running, do, workers)
                ended, _ = wait(running, GLANCE, FIRST_COMPLETED)
                failure = failure or _interruption(run)
                for future in ended:
                    key = running.pop(future)
                    failure = failure or future.exception()
                    for each in waiting.values():
                        each.discard(key)
        except BaseException:  # a second ^C: what has just been handed out may not be in ``running`` yet
            pool.shutdown(wait=False, cancel_futures=True)
            raise
        pool.shutdown()
    if failure is not None:
        raise failure


@contextmanager
def _interrupting(run: RunContext) -> Iterator[None]:
    """Let the first ^C end every wait, wherever it comes, and the second raise InterruptedRunError.

    Python's own handler would raise KeyboardInterrupt between any two instructions, also while work is being
    handed out: what is under way would then go on alone, with nobody to write down what became of it.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.getsignal(signal.SIGINT)
    pressed = 0

    def press(*_: object) -> None:
        nonlocal pressed
        pressed += 1
        if pressed > 1:
            raise KeyboardInterrupt
        run.interrupt()

    if before is signal.default_int_handler:  # what ignores ^C, or has its own way, keeps it
        signal.signal(signal.SIGINT, press)
    try:
        yield
    except KeyboardInterrupt:
        raise interrupted() from None
    finally:
        signal.signal(signal.SIGINT, before)


def _interruption(run: RunContext) -> InterruptedRunError | None:
    try:
        run.raise_if_interrupted()
    except InterruptedRunError:
        return interrupted()
    return None


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
