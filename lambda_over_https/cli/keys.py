"""Read one key press: immediately on a terminal, a whole line otherwise."""

import os
import sys

ENTER = "enter"
END = "q"


def read_key() -> str:
    """The key as a lower-case letter, ``enter`` for Enter or space, ``q`` at the end of the input.

    Raises KeyboardInterrupt at ^C.
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
        # Not flushed: a key that was pressed a moment too early counts.
        tty.setcbreak(terminal, termios.TCSADRAIN)
        return _pressed(terminal)
    finally:
        termios.tcsetattr(terminal, termios.TCSADRAIN, before)


def _pressed(terminal: int) -> str:
    key = os.read(terminal, 1)
    if key == b"\x1b":
        # An arrow or function key: a sequence, which means nothing here.
        os.read(terminal, 16)
    return _named(key.decode(errors="replace")) if key not in (b"", b"\x04") else END


def _named(key: str) -> str:
    return ENTER if key in ("", "\r", "\n", " ") else key.lower()
