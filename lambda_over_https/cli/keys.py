"""Read one key press: immediately on a terminal, a whole line otherwise."""

import contextlib
import os
import select
import sys
from collections.abc import Iterator

ENTER = "enter"
END = "q"
REDRAW = "\x0c"
"""Ctrl-L, which asks for the screen to be drawn anew, in every terminal program."""

NAMES = {ENTER: "Enter", "\t": "Tab", "\x1b": "Escape", "\x7f": "Backspace"}


def name_of(key: str) -> str:
    """What the key is called: a letter, ``Tab``, or for a control character ``Ctrl-A``."""
    if len(key) == 1 and key < " ":
        return NAMES.get(key, f"Ctrl-{chr(ord(key) + ord('@'))}")
    return NAMES.get(key, key)


SEQUENCE = 0.05
"""Seconds within which the rest of a key's sequence comes."""


def forget_typed() -> None:
    """Drop the keys that were pressed before a question is shown: nobody can have read it."""
    if not sys.stdin.isatty():
        return
    with contextlib.suppress(ImportError):  # Windows
        import termios

        termios.tcflush(sys.stdin.fileno(), termios.TCIFLUSH)


@contextlib.contextmanager
def silent() -> Iterator[None]:
    """Inside it, keys that are pressed do not show on the terminal, where they would break what moves."""
    try:
        import termios
    except ImportError:  # Windows
        yield
        return
    if not sys.stdin.isatty():
        yield
        return
    terminal = sys.stdin.fileno()
    before = termios.tcgetattr(terminal)
    termios.tcsetattr(terminal, termios.TCSADRAIN, [*before[:3], before[3] & ~termios.ECHO, *before[4:]])
    try:
        yield
    finally:
        termios.tcsetattr(terminal, termios.TCSADRAIN, before)


def read_key(seconds: float | None = None) -> str:
    """The key as a lower-case letter, ``enter`` for Enter or space, ``q`` at the end of the input.

    On a terminal it is empty if none was pressed within ``seconds``. Raises KeyboardInterrupt at ^C.
    """
    if not sys.stdin.isatty():
        line = sys.stdin.readline()
        return END if not line else _named(line.strip()[:1])
    try:
        import termios
        import tty
    except ImportError:  # Windows
        import typer

        return _named(typer.getchar())
    terminal = sys.stdin.fileno()
    before = termios.tcgetattr(terminal)
    try:
        # Not flushed here: a key that is pressed while the question is being shown counts.
        tty.setcbreak(terminal, termios.TCSADRAIN)
        if seconds is not None and not select.select([terminal], [], [], seconds)[0]:
            return ""
        return _pressed(terminal)
    finally:
        termios.tcsetattr(terminal, termios.TCSADRAIN, before)


def read_key_or_line(begins: str, seconds: float | None = None) -> str:
    """As ``read_key``; but where there is no terminal, a line that begins with ``begins`` comes whole."""
    if sys.stdin.isatty():
        return read_key(seconds)
    line = sys.stdin.readline()
    if line.startswith(begins):
        return line.strip()
    return END if not line else _named(line.strip()[:1])


def _pressed(terminal: int) -> str:
    key = os.read(terminal, 1)
    if key == b"\x1b" and select.select([terminal], [], [], SEQUENCE)[0]:
        # An arrow or function key: a sequence, which means nothing here. The Escape key comes alone.
        os.read(terminal, 16)
    return _named(key.decode(errors="replace")) if key not in (b"", b"\x04") else END


def _named(key: str) -> str:
    return ENTER if key in ("", "\r", "\n", " ") else key.lower()
