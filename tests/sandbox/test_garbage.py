"""Full garbage collections wait until nothing is going on."""

import asyncio
import gc
import weakref

from lambda_over_https.sandbox.garbage import WORTHWHILE, QuietCollector


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


def test_pythons_own_settings_come_back() -> None:
    before = gc.get_threshold()

    async def run() -> None:
        collector = QuietCollector()
        assert gc.get_threshold()[:2] == before[:2]
        collector.close()

    asyncio.run(run())
    assert gc.get_threshold() == before
    assert gc.get_freeze_count() == 0
