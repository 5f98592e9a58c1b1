"""Signals that end a program (^C, SIGTERM, a closed terminal), so that it can still clean up."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager

CLOSED = getattr(signal, "SIGHUP", None)
"""The signal for a closed terminal; Windows has none."""

ENDINGS = tuple(number for number in (signal.SIGINT, signal.SIGTERM, CLOSED) if number is not None)


@contextmanager
def heard_once() -> Iterator[Callable[[], None]]:
    """The first such signal raises KeyboardInterrupt, as ^C does; later ones have no effect.

    Calling the function that this yields switches all of them off. A caller that calls it in a ``finally``,
    and cleans up in another ``finally`` around that one, is interrupted in neither.
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
    """Nobody reads the output any more: writing must not fail for that reason."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(nowhere, stream)
    os.close(nowhere)
