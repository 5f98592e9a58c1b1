"""Work that can go side by side does, and never before what it needs."""

import os
import signal
import threading

import pytest

from lambda_over_https.engine import graph
from lambda_over_https.engine.graph import run_graph
from lambda_over_https.errors import InterruptedRunError, LohError
from lambda_over_https.run_context import RunContext

NEEDS = {"a": (), "b": ("a",), "c": ("a",), "d": ("b", "c"), "e": ("not here",)}


def run_context() -> RunContext:
    return RunContext(lambda event: None)


@pytest.mark.parametrize("workers", [1, 2, 8])
def test_nothing_begins_before_what_it_needs_has_ended(workers: int) -> None:
    ended: list[str] = []

    def do(key: str) -> None:
        assert {*NEEDS[key]} & {*NEEDS} <= {*ended}
        ended.append(key)

    run_graph(NEEDS, do, workers, run_context())
    assert sorted(ended) == sorted(NEEDS)


def test_one_worker_keeps_the_given_order() -> None:
    ended: list[str] = []
    run_graph(NEEDS, ended.append, 1, run_context())
    assert ended == ["a", "b", "c", "d", "e"]


def test_keys_that_need_each_other_are_an_error_and_no_endless_wait() -> None:
    with pytest.raises(ValueError, match=r"wait for each other: \['b', 'c'\]"):
        run_graph({"a": (), "b": ("c",), "c": ("b",)}, lambda _: None, 2, run_context())


def test_independent_work_really_goes_side_by_side() -> None:
    meeting = threading.Barrier(2, timeout=10)

    def do(key: str) -> None:
        meeting.wait()

    run_graph({"a": (), "b": ()}, do, 2, run_context())


def test_what_is_queued_goes_one_after_the_other_and_holds_up_nothing_else() -> None:
    rest_done, at_work, order = threading.Event(), threading.Lock(), list[str]()

    def do(key: str) -> None:
        if key == "last":
            rest_done.set()
        elif key.startswith("queued"):
            assert at_work.acquire(blocking=False), "two of them at a time"
            assert rest_done.wait(10), "it kept a thread from the others"
            order.append(key)
            at_work.release()

    needs = {"first": (), "queued 1": ("first",), "queued 2": (), "last": ("first",)}
    run_graph(needs, do, 1, run_context(), queued=["queued 1", "queued 2"])
    assert sorted(order) == ["queued 1", "queued 2"]


def test_after_a_failure_nothing_new_begins_and_the_failure_is_raised() -> None:
    begun: list[str] = []

    def do(key: str) -> None:
        begun.append(key)
        if key == "a":
            raise LohError("broken")

    with pytest.raises(LohError, match="broken"):
        run_graph({"a": (), "b": ("a",), "c": ()}, do, 1, run_context())
    assert begun == ["a"]


def test_an_interrupt_ends_the_waits_of_what_is_under_way() -> None:
    run = run_context()

    def do(key: str) -> None:
        run.interrupt()
        run.wait(60)

    with pytest.raises(InterruptedRunError):
        run_graph({"a": ()}, do, 1, run)


class Pressing(str):
    """A key that presses ^C when it is taken up to be handed out, once ``begun`` is set."""

    begun: threading.Event
    looks = 0

    def __hash__(self) -> int:
        self.looks += 1
        if self.looks == PUT_IN_ORDER + 1:
            assert self.begun.wait(10)
            signal.raise_signal(signal.SIGINT)
        return super().__hash__()


PUT_IN_ORDER = 2
"""How often a key is looked at before any work is handed out: by the test, and by ``run_graph``."""


def test_an_interrupt_while_work_is_handed_out_lets_what_is_under_way_end() -> None:
    run, ended = run_context(), threading.Event()
    second = Pressing("b")
    second.begun = threading.Event()

    def do(key: str) -> None:
        second.begun.set()
        with pytest.raises(InterruptedRunError):
            run.wait(60)
        ended.set()

    with pytest.raises(InterruptedRunError, match="Interrupted"):
        run_graph({"a": (), second: ()}, do, 2, run)
    assert ended.is_set()
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


@pytest.mark.parametrize("_time", range(25))
def test_a_second_interrupt_does_not_wait_for_what_is_under_way(_time: int) -> None:
    """Many times: in the instant in which Python begins to wait again, it does not end that wait."""
    told, begun, over = threading.Event(), threading.Event(), threading.Event()

    def press() -> None:
        assert begun.wait(10)
        os.kill(os.getpid(), signal.SIGINT)
        assert told.wait(10)
        os.kill(os.getpid(), signal.SIGINT)

    def do(key: str) -> None:
        begun.set()
        waited.append(over.wait(20))

    waited: list[bool] = []
    pressing = threading.Thread(target=press)
    pressing.start()
    with pytest.raises(InterruptedRunError):
        run_graph({"a": ()}, do, 1, RunContext(lambda event: told.set()))
    assert waited == []
    over.set()
    pressing.join()


def test_a_second_interrupt_inside_of_a_lock_leaves_at_once_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """Python then releases its own lock twice, and says so with a RuntimeError."""

    def interrupted_twice(*_: object) -> None:
        signal.raise_signal(signal.SIGINT)
        try:
            signal.raise_signal(signal.SIGINT)
        except KeyboardInterrupt:
            raise RuntimeError("release unlocked lock") from None

    monkeypatch.setattr(graph, "wait", interrupted_twice)
    with pytest.raises(InterruptedRunError):
        run_graph({"a": ()}, lambda _: None, 1, run_context())


def test_without_a_second_interrupt_such_an_error_is_a_bug(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("release unlocked lock")

    monkeypatch.setattr(graph, "wait", broken)
    with pytest.raises(RuntimeError):
        run_graph({"a": ()}, lambda _: None, 1, run_context())
