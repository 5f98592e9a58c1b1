"""Signals that end a program (^C, SIGTERM, a closed terminal), so that it can still clean up."""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

from lambda_over_https.cli.process.streams import deliver

CLOSED = getattr(signal, "SIGHUP", None)
"""The signal for a closed terminal; Windows has none."""

BY_SIGNAL = 128
"""What a shell adds to the number of the signal that ended a process (POSIX, "Exit Status for Commands")."""

_received: list[int] = []

ENDINGS = tuple(number for number in (signal.SIGINT, signal.SIGTERM, CLOSED) if number is not None)


def end_as_after_interrupt() -> None:
    """Let SIGTERM and a closed terminal do what ^C does at that moment; what is ignored (nohup) stays so."""
    for number in ENDINGS:
        if number != signal.SIGINT and signal.getsignal(number) == signal.SIG_DFL:
            signal.signal(number, _interrupt)


def _interrupt(number: int, frame: FrameType | None) -> None:
    _received.append(number)
    if number == CLOSED:
        _speak_to_nobody()
    handler = signal.getsignal(signal.SIGINT)
    act = handler if callable(handler) else signal.default_int_handler
    act(signal.SIGINT, frame)


def code_of(ending: int) -> int:
    """The exit code of a command: ``ending``, or the one that tells which signal was to end it."""
    return BY_SIGNAL + _received[0] if _received else ending


def must_end_soon() -> bool:
    """Whether the terminal was closed or SIGTERM came: nobody waits for a result any more."""
    return bool(_received)


@contextmanager
def heard_once() -> Iterator[Callable[[], None]]:
    """The first such signal raises KeyboardInterrupt, as ^C does; later ones have no effect.

    Calling the function that this yields switches all of them off. A caller that calls it in a ``finally``,
    and cleans up in another ``finally`` around that one, is interrupted in neither.
    """
    ignoring = False

    def end(number: int, _: object) -> None:
        nonlocal ignoring
        if number != signal.SIGINT:
            _received.append(number)
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


def leave(code: int) -> NoReturn:
    """End the process now, without waiting for calls that are still under way in threads."""
    deliver()
    sys.stderr.flush()
    os._exit(code)


def others_have_ended(patience: float) -> bool:
    """Whether no thread but this one is at work, at the latest after so many seconds."""
    end = time.monotonic() + patience
    others = [each for each in threading.enumerate() if each is not threading.current_thread()]
    for each in others:
        each.join(max(0.0, end - time.monotonic()))
    return not any(each.is_alive() for each in others)


def _speak_to_nobody() -> None:
    """Nobody reads the output any more: writing must not fail for that reason."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(nowhere, stream)
    os.close(nowhere)
