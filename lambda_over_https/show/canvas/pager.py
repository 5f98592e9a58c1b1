"""The user's own pager, for manual pages that a window does not hold."""

import os
import re
import shlex
import shutil
import signal
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import IO, Any

from lambda_over_https.show.canvas.visible import visible

USUAL = "less"
KEYS = "-PsSpace shows more, / searches, q goes back$"
"""What ``less`` says in its last line, unless the user's variable LESS has other options."""


def pager(environment: Mapping[str, str]) -> list[str]:
    """The command of the pager for manual pages, as ``man`` chooses it; empty if it is not installed."""
    words = shlex.split(environment.get("MANPAGER") or environment.get("PAGER") or USUAL)
    return words if words and shutil.which(words[0], path=environment.get("PATH")) else []


def page_through(text: str, out: IO[str]) -> bool:
    """Let the user read the text in the pager, on the terminal ``out``; False if there is no pager.

    What was on the screen before comes back. ^C is the pager's. The text may have the overstriking of manual
    pages, which a pager shows in bold.
    """
    command = pager(os.environ)
    if not command:
        return False
    shown = "\b".join(visible(part) for part in text.split("\b"))
    reader = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=out, env={"LESS": KEYS, **os.environ})
    with deaf_to_interruption():
        reader.communicate(shown.encode())
    return True


def deaf_to_interruption() -> AbstractContextManager[None]:
    """Inside it, ^C is for the program that we have started and that has the terminal, as in a shell."""
    return at_interruption(signal.SIG_IGN)


@contextmanager
def at_interruption(handler: Any) -> Iterator[None]:
    """Inside it, ^C is handled so, and nobody else hears of it."""
    before = signal.signal(signal.SIGINT, handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def plain(text: str) -> str:
    """The text without the overstriking of manual pages: a letter, a backspace, and the letter to show."""
    return re.sub(".\x08", "", text)
