"""The ways in which a user ends a program, so that what must be put right can be."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

CLOSED = getattr(signal, "SIGHUP", None)
"""What a process gets when its terminal is closed; Windows has no such signal."""

ENDINGS = tuple(number for number in (signal.SIGINT, signal.SIGTERM, CLOSED) if number is not None)


@contextmanager
def all_like_control_c() -> Iterator[None]:
    """Being stopped and losing the terminal are KeyboardInterrupt meanwhile, as ^C is."""
    with _handled(_interrupt):
        yield


@contextmanager
def none_heard() -> Iterator[None]:
    """None of them has an effect meanwhile."""
    with _handled(_ignore):
        yield


@contextmanager
def _handled(handler: Callable[[int, FrameType | None], None]) -> Iterator[None]:
    before = {number: signal.signal(number, handler) for number in ENDINGS}
    try:
        yield
    finally:
        for number, each in before.items():
            signal.signal(number, each)


def _interrupt(number: int, frame: FrameType | None) -> None:
    _ignore(number, frame)
    raise KeyboardInterrupt


def _ignore(number: int, _: FrameType | None) -> None:
    if number == CLOSED:
        # Nobody reads any more: what is said from now on must not fail for that.
        nowhere = os.open(os.devnull, os.O_WRONLY)
        for stream in (1, 2):
            os.dup2(nowhere, stream)
        os.close(nowhere)
