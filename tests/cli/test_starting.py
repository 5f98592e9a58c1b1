"""Many programs that begin together take turns while they load; nobody is kept out for ever."""

import multiprocessing
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.synchronize import Event
from pathlib import Path

import pytest
from filelock import FileLock

from lambda_over_https.cli.process import starting
from lambda_over_https.cli.process.starting import taking_turns


def _lock(home: Path) -> Path:
    return home / f"starting-{os.getpid() % (os.cpu_count() or 1)}.lock"


def _hold(path: Path, held: Event, enough: Event) -> None:
    with FileLock(path, mode=0o600):
        held.set()
        enough.wait(30)


@contextmanager
def _somebody_loading(home: Path) -> Iterator[Event]:
    """Another process whose turn it is until the event is set."""
    context = multiprocessing.get_context("spawn")
    held, enough = context.Event(), context.Event()
    other = context.Process(target=_hold, args=(_lock(home), held, enough))
    other.start()
    try:
        assert held.wait(30)
        yield enough
    finally:
        enough.set()
        other.join()


def test_whoever_comes_second_waits_for_the_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(starting, "LONGEST", 60)
    with _somebody_loading(tmp_path) as enough:
        began = time.monotonic()
        end = threading.Timer(0.5, enough.set)
        end.start()
        with taking_turns(tmp_path):
            assert enough.is_set()
            assert time.monotonic() - began < starting.LONGEST
        end.join()


def test_a_turn_that_does_not_end_keeps_nobody_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(starting, "LONGEST", 0.05)
    with _somebody_loading(tmp_path) as enough, taking_turns(tmp_path):
        assert not enough.is_set()


def test_where_nothing_is_yet_nothing_is_left(tmp_path: Path) -> None:
    with taking_turns(tmp_path / "home"):
        assert not (tmp_path / "home").exists()


def test_whoever_cannot_lock_goes_on_anyway(tmp_path: Path) -> None:
    _lock(tmp_path).mkdir()
    with taking_turns(tmp_path):
        pass


def test_a_failure_ends_the_turn(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), taking_turns(tmp_path):
        _ = 1 / 0
    lock = FileLock(_lock(tmp_path))
    lock.acquire(timeout=0)
    lock.release()
