"""Do many tasks, each as soon as what it needs is done, with a bounded number at a time."""

import signal
import threading
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Generic, TypeVar

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
    needs: Mapping[Key, Collection[Key]],
    do: Callable[[Key], None],
    workers: int,
    run: RunContext,
    queued: Collection[Key] = (),
) -> None:
    """Call ``do`` with every key of ``needs``, never before those it needs; ``workers`` threads at most.

    Needs that are not keys count as done. With one worker the order is that of ``needs``. The ``queued`` keys
    are done one after the other, by a thread of their own, beside all others. After the first
    failure nothing new begins; what is under way ends, then the failure is raised. ^C ends every wait and is
    raised when what is under way has ended, so that each result is still written down; a second ^C is raised
    at once. ValueError if keys need each other.
    """
    order = {key: {need for need in each if need in needs} for key, each in needs.items()}
    aside = {key: order.pop(key) for key in queued}
    lanes = (_Lane(order, workers), _Lane(aside, min(1, len(aside))))
    failure: BaseException | None = None
    pool = ThreadPoolExecutor(sum(each.threads for each in lanes), thread_name_prefix="step")
    with _interrupting(run):
        try:
            while any(each.running or (each.waiting and failure is None) for each in lanes):
                for lane in lanes if failure is None else ():
                    lane.hand_out(pool, do)
                if not any(each.running for each in lanes):
                    raise ValueError(f"These wait for each other: {[*lanes[0].waiting, *lanes[1].waiting]}")
                ended, _ = wait([each for lane in lanes for each in lane.running], GLANCE, FIRST_COMPLETED)
                failure = failure or _interruption(run)
                for future in ended:
                    failure = failure or future.exception()
                    _settle(future, lanes)
        except BaseException:  # a second ^C: what has just been handed out may not be in ``running`` yet
            pool.shutdown(wait=False, cancel_futures=True)
            raise
        pool.shutdown()
    if failure is not None:
        raise failure


@dataclass(slots=True)
class _Lane(Generic[Key]):
    """Work that shares some threads: what waits, each with what it still needs, and what is under way."""

    waiting: dict[Key, set[Key]]
    threads: int
    running: dict[Future[None], Key] = field(default_factory=dict)

    def hand_out(self, pool: ThreadPoolExecutor, do: Callable[[Key], None]) -> None:
        """Begin what needs nothing more, as long as a thread is free."""
        for key in [key for key, needed in self.waiting.items() if not needed]:
            if len(self.running) >= self.threads:
                return
            del self.waiting[key]
            self.running[pool.submit(do, key)] = key


def _settle(future: Future[None], lanes: Iterable[_Lane[Key]]) -> None:
    """Let nothing wait any more for what has ended."""
    for lane in lanes:
        if future in lane.running:
            ended = lane.running.pop(future)
    for lane in lanes:
        for needed in lane.waiting.values():
            needed.discard(ended)


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
    except RuntimeError:
        if pressed > 1:  # it came inside of a lock of Python's own, which was then released twice
            raise interrupted() from None
        raise
    finally:
        signal.signal(signal.SIGINT, before)


def _interruption(run: RunContext) -> InterruptedRunError | None:
    try:
        run.raise_if_interrupted()
    except InterruptedRunError:
        return interrupted()
    return None
