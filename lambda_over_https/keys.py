"""One key press: at once on a terminal, a line where there is none."""

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
    import typer

    try:
        return _named(typer.getchar())
    except EOFError:
        return END


def _named(key: str) -> str:
    return ENTER if key in ("", "\r", "\n", " ") else key.lower()
