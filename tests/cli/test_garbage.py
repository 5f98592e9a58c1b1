"""A command that stays for hours."""

import gc
import weakref
from collections.abc import Iterator

import pytest

from lambda_over_https.__main__ import GARBAGE_THRESHOLD
from lambda_over_https.cli.process import garbage


@pytest.fixture
def _of_a_command() -> Iterator[None]:
    """As if this process were a command, which looks for garbage rarely."""
    usual = gc.get_threshold()
    gc.collect()
    gc.set_threshold(GARBAGE_THRESHOLD)
    yield
    gc.unfreeze()
    gc.set_threshold(*usual)


class _Cycle:
    def __init__(self) -> None:
        self.own = self


def _left(made: int) -> int:
    """How many of so many cycles nobody has collected."""
    known = [weakref.ref(_Cycle()) for _ in range(made)]
    return sum(each() is not None for each in known)


@pytest.mark.usefixtures("_of_a_command")
def test_a_command_that_stays_does_not_grow() -> None:
    assert _left(10_000) == 10_000
    garbage.stay()
    assert _left(10_000) < 2_000
