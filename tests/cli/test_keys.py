"""The keyboard: what is pressed while the program works leaves no trace on the terminal."""

import os
import pty
import sys
import termios
from collections.abc import Iterator

import pytest

from lambda_over_https.cli.keys import silent


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """A terminal as standard input."""
    ours, theirs = pty.openpty()
    with os.fdopen(theirs, "r") as stdin:
        monkeypatch.setattr(sys, "stdin", stdin)
        yield theirs
    os.close(ours)


def _shows_keys(terminal: int) -> bool:
    return bool(termios.tcgetattr(terminal)[3] & termios.ECHO)


def test_keys_are_not_shown_while_the_program_works_and_shown_again_after_an_error(terminal: int) -> None:
    assert _shows_keys(terminal)
    seen: list[int] = []

    def work() -> None:
        with silent():
            seen.append(termios.tcgetattr(terminal)[3])
            raise ValueError("at work")

    with pytest.raises(ValueError, match="at work"):
        work()
    (inside,) = seen
    assert not inside & termios.ECHO
    assert inside & termios.ISIG  # ^C still interrupts
    assert _shows_keys(terminal)


def test_without_a_terminal_there_is_nothing_to_silence() -> None:
    with silent():
        pass
