"""Work that can go side by side does, and never before what it needs."""

import threading

import pytest

from lambda_over_https.errors import InterruptedRunError, LohError
from lambda_over_https.graph import run_graph
from lambda_over_https.retries import Pauses

NEEDS = {"a": (), "b": ("a",), "c": ("a",), "d": ("b", "c"), "e": ("not here",)}


def _pauses() -> Pauses:
    return Pauses(lambda event: None)


@pytest.mark.parametrize("workers", [1, 2, 8])
def test_nothing_begins_before_what_it_needs_has_ended(workers: int) -> None:
    ended: list[str] = []

    def do(key: str) -> None:
        assert all(need in ended for need in NEEDS[key] if need in NEEDS)
        ended.append(key)

    run_graph(NEEDS, do, workers, _pauses())
    assert sorted(ended) == sorted(NEEDS)


def test_one_worker_keeps_the_given_order() -> None:
    ended: list[str] = []
    run_graph(NEEDS, ended.append, 1, _pauses())
    assert ended == ["a", "b", "c", "d", "e"]


def test_independent_work_really_goes_side_by_side() -> None:
    meeting = threading.Barrier(2, timeout=10)

    def do(key: str) -> None:
        meeting.wait()

    run_graph({"a": (), "b": ()}, do, 2, _pauses())


def test_after_a_failure_nothing_new_begins_and_the_failure_is_raised() -> None:
    begun: list[str] = []

    def do(key: str) -> None:
        begun.append(key)
        if key == "a":
            raise LohError("broken")

    with pytest.raises(LohError, match="broken"):
        run_graph({"a": (), "b": ("a",), "c": ()}, do, 1, _pauses())
    assert begun == ["a"]


def test_an_interrupt_ends_the_waits_of_what_is_under_way() -> None:
    pauses = _pauses()

    def do(key: str) -> None:
        pauses.interrupt()
        pauses.wait(60)

    with pytest.raises(InterruptedRunError):
        run_graph({"a": ()}, do, 1, pauses)
