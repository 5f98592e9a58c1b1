"""What a full or read-only disk does to a run: whatever cannot be written down is not done."""

import errno
import os
from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from lambda_over_https.deployment.journal.journal import JournalError
from lambda_over_https.files import write_private
from tests.kit.account.between import Answer, Between, Call, Forward
from tests.kit.account.census import Census, census, difference
from tests.kit.program.bench import Bench
from tests.kit.program.support import Account

FULL = os.environ.get("LOH_SWEEP") == "full"


def _count_writes(bench: Bench) -> int:
    count = 0

    def write(path: Path, data: bytes) -> None:
        nonlocal count
        count += 1
        write_private(path, data)

    bench.write = write
    bench.run()
    bench.teardown()
    return count


def _run_and_teardown(bench: Bench) -> None:
    bench.run(workers=1)
    bench.teardown(workers=1)


def _full_after(room: int, code: int, full: Event) -> Any:
    def write(path: Path, data: bytes) -> None:
        nonlocal room
        if room == 0:
            full.set()
            raise OSError(code, os.strerror(code))
        room -= 1
        write_private(path, data)

    return write


def _watched(between: Between, full: Event) -> list[str]:
    """The changing calls that are made although the disk is full; filled as they come."""
    late: list[str] = []

    def watch(call: Call, forward: Forward) -> Answer | None:
        late.extend([call.label] if full.is_set() and call.mutates else [])
        return forward()

    between.meddle = watch
    return late


def test_a_disk_with_room_for_one_write_at_a_time_stops_all_change_at_each_and_loses_nothing(
    between: Between, bench: Bench, account: Account, before: Census
) -> None:
    """Each try writes once and is stopped at the next write, until all is made; then until all is gone."""
    runs = _tries_with_room_for_one_write(between, bench, lambda: bench.run(workers=1))
    [api] = [value for key, value in census(account).items() if key.startswith(f"api {bench.settings.name}-")]
    assert [len(api[part]) for part in ("resources", "stages", "deployments")] == [2, 1, 1]
    teardowns = _tries_with_room_for_one_write(between, bench, lambda: bench.teardown(workers=1))
    assert not bench.journal_path.exists()
    assert difference(before, census(account)) == []
    assert (runs > 25, teardowns > 4) == (True, True), "it wrote more at a time than there was room for"


def _tries_with_room_for_one_write(between: Between, bench: Bench, command: Callable[[], object]) -> int:
    """How often ``command`` is stopped before it gets through."""
    for tries in range(100):
        full = Event()
        late = _watched(between, full)
        bench.write = _full_after(1, errno.ENOSPC if tries % 2 else errno.EROFS, full)
        try:
            command()
        except JournalError:
            assert full.is_set()
            assert late == []
        else:
            return tries
    raise AssertionError("it never gets through")


@pytest.mark.parametrize("chunk", range(2))
def test_after_a_disk_was_full_at_any_write_a_teardown_removes_all(
    between: Between, bench: Bench, account: Account, before: Census, chunk: int
) -> None:
    for room in range(_count_writes(bench))[chunk :: 2 if FULL else 10]:
        full = Event()
        late = _watched(between, full)
        bench.write = _full_after(room, errno.ENOSPC if room % 2 else errno.EROFS, full)
        with pytest.raises(JournalError, match="cannot be written"):
            _run_and_teardown(bench)
        assert late == []
        bench.write = write_private
        if full.is_set() and bench.journal_path.exists():
            bench.teardown()
        assert difference(before, census(account)) == []
