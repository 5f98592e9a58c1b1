"""A walk through the tutorial: by lines of standard input, or by keys at a terminal."""

import io
import sys

import pytest

from tests.kit.program.support import Ran, loh
from tests.kit.program.terminal import Terminal

ENTER = "\n"


def walk(monkeypatch: pytest.MonkeyPatch, name: str, keys: str, *more: str) -> Ran:
    """Walk with these keys, each on a line of standard input."""
    monkeypatch.setattr(
        sys, "stdin", io.StringIO("".join(f"{key}\n" if key != ENTER else key for key in keys))
    )
    return loh("run", "--pause", "--name", name, *more)


def begun(name: str, columns: int = 100, rows: int = 40) -> Terminal:
    """The walk on a terminal, from its first page to that of step 1."""
    terminal = Terminal("run", "--name", name, columns=columns, rows=rows)
    terminal.until(" quit")
    terminal.press("\r")
    return terminal


def leave(terminal: Terminal) -> int:
    """Quit the walk from a step's page, and say so again; gives the exit code."""
    terminal.press("q")
    terminal.until("Leave the walk?")
    terminal.until(" no")
    terminal.press("y")
    return terminal.end()


def away(name: str) -> None:
    """Tear the deployment down."""
    assert loh("teardown", "--yes", "--name", name).code == 0
