"""Full garbage collections wait until nothing is going on."""

import asyncio
import gc
import weakref
from collections.abc import Iterator

import pytest

from lambda_over_https.__main__ import GARBAGE_THRESHOLD
from lambda_over_https.sandbox.garbage import THRESHOLDS, WORTHWHILE, QuietCollector


class Ring:
    """An object that only the garbage collector can free."""

    def __init__(self) -> None:
        self.itself = self


def _work() -> None:
    """Allocate as much as makes a full collection worthwhile."""
    start, youngest = gc.get_stats()[0]["collections"], gc.get_threshold()[0]
    while gc.get_stats()[0]["collections"] < start + WORTHWHILE:
        _: list[list[int]] = [[] for _ in range(2 * youngest)]


def _forgotten() -> weakref.ref[Ring]:
    """Garbage in the oldest generation, which only a full collection frees."""
    ring = Ring()
    for generation in (0, 1):
        gc.collect(generation)
    return weakref.ref(ring)


def test_what_became_garbage_is_freed_when_nothing_goes_on() -> None:
    async def run() -> None:
        collector = QuietCollector(every=0.01)
        garbage = _forgotten()
        _work()
        async with asyncio.timeout(20):
            while garbage() is not None:
                await asyncio.sleep(0.01)
        collector.close()

    asyncio.run(run())


def test_nothing_is_interrupted_by_a_full_collection() -> None:
    async def run() -> None:
        collector = QuietCollector(every=0)
        before = gc.get_stats()[2]["collections"]
        for _ in range(20):
            _work()
            await asyncio.sleep(0)
        assert gc.get_stats()[2]["collections"] == before
        collector.close()

    asyncio.run(run())


@pytest.fixture
def of_a_command() -> Iterator[tuple[int, int, int]]:
    """As if this process were a command, which looks for garbage rarely."""
    usual = gc.get_threshold()
    gc.set_threshold(GARBAGE_THRESHOLD)
    yield gc.get_threshold()
    gc.set_threshold(*usual)


def test_the_settings_of_a_command_are_not_a_sandboxs_and_come_back(
    of_a_command: tuple[int, int, int],
) -> None:
    async def run() -> None:
        collector = QuietCollector()
        assert gc.get_threshold() == THRESHOLDS
        collector.close()

    asyncio.run(run())
    assert gc.get_threshold() == of_a_command
    assert gc.get_freeze_count() == 0
