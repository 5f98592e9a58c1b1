"""The ways in which a user ends a program, so that what must be put right can be."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager

CLOSED = getattr(signal, "SIGHUP", None)
"""What a process gets when its terminal is closed; Windows has no such signal."""

ENDINGS = tuple(number for number in (signal.SIGINT, signal.SIGTERM, CLOSED) if number is not None)


@contextmanager
def heard_once() -> Iterator[Callable[[], None]]:
    """The first of them is a KeyboardInterrupt, as ^C is; after it none has an effect.

    Nor has any after a call of what this gives. So whoever calls it in a ``finally``, and puts right in
    another one around that, is interrupted in neither: wherever the first one comes, there is no second.
    """
    ignoring = False

    def end(number: int, _: object) -> None:
        nonlocal ignoring
        if number == CLOSED:
            _speak_to_nobody()
        if not ignoring:
            ignoring = True
            raise KeyboardInterrupt

    def ignore() -> None:
        nonlocal ignoring
        ignoring = True

    before = {number: signal.getsignal(number) for number in ENDINGS}
    try:
        for number in ENDINGS:
            signal.signal(number, end)
        yield ignore
    finally:
        ignore()
        for number, each in before.items():
            signal.signal(number, each)


def _speak_to_nobody() -> None:
    """Nobody reads any more: what is said from now on must not fail for that."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(nowhere, stream)
    os.close(nowhere)
