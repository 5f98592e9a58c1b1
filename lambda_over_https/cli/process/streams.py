"""The process's own streams, so that what becomes of them never decides what becomes of a run.

A stream may be closed from the start, its reader may leave, its disk may be full, or its encoding may lack a
sign. Narration that cannot be written is lost, and the work goes on; an answer that cannot be written is an
error of its own, told after the work.
"""

import codecs
import contextlib
import errno
import io
import os
import sys
from typing import Any

PLAINLY = "loh-plainly"
"""The name of our way, among Python's, to write what an encoding lacks."""

_PLAIN = str.maketrans(
    {"…": "...", "→": "->", "·": "-", "–": "-", "—": "-", "‘": "'", "’": "'", "“": '"', "”": '"', "×": "x"}
)


def settle() -> None:
    """Open what is closed, and let every stream write what it can; the first act of the process."""
    for number in range(3):
        with contextlib.suppress(OSError):
            os.fstat(number)
            continue
        os.open(os.devnull, os.O_RDWR)  # the lowest number that is free: this one
    sys.stdin = sys.stdin or open(0)  # noqa: SIM115 - it stays open; a descriptor has no path
    sys.stdout = sys.stdout or open(1, "w")  # noqa: SIM115
    codecs.register_error(PLAINLY, _plainly)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors=PLAINLY)
    if sys.stderr is None or isinstance(sys.stderr, io.TextIOWrapper):
        sys.stderr = _forgiving(getattr(sys.stderr, "encoding", "utf-8"))


def deliver() -> OSError | None:
    """Send off what has been written to standard output; gives the error where that is not possible.

    A reader who has seen enough and left is no error.
    """
    try:
        sys.stdout.flush()
    except OSError as error:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)  # Python would try, and complain, once more at its end
        os.close(nowhere)
        return None if error.errno == errno.EPIPE else error
    return None


class _Forgiving(io.FileIO):
    """A descriptor for narration: what it does not take is lost."""

    def write(self, data: Any) -> int:
        """Write the data, or let it go."""
        try:
            return super().write(data)
        except OSError:
            return len(data)


def _forgiving(encoding: str) -> io.TextIOWrapper:
    raw = _Forgiving(2, "wb", closefd=False)
    return io.TextIOWrapper(io.BufferedWriter(raw), encoding, PLAINLY, line_buffering=True)


def _plainly(error: UnicodeError) -> tuple[str | bytes, int]:
    """What stands for signs that an encoding lacks: a plain one where there is one, else their number."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    text = error.object[error.start : error.end].translate(_PLAIN)
    return text.encode("ascii", "backslashreplace").decode("ascii"), error.end
