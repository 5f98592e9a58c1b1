"""The program on a terminal of its own, for tests that press keys and read the screen."""

import os
import pty
import select
import subprocess
import sys
import time

# The terminal becomes the process's own, so that ^C there is an interruption.
STARTER = """
import fcntl, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
from lambda_over_https.cli.app import main
sys.argv[0] = "loh"
main()
"""


class Terminal:
    """``loh`` on a terminal of its own."""

    def __init__(self, *arguments: str, columns: int, rows: int, **environment: str) -> None:
        self._ours, theirs = pty.openpty()
        self._said = ""
        size = {"COLUMNS": str(columns), "LINES": str(rows), "TERM": "xterm-256color"}
        self._process = subprocess.Popen(
            [sys.executable, "-c", STARTER, *arguments],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env=os.environ | size | environment,
            start_new_session=True,
        )
        os.close(theirs)

    def until(self, words: str, within: float = 60) -> str:
        """Read until these words have come; gives what came before them."""
        end = time.monotonic() + within
        while words not in self._said:
            ready, _, _ = select.select([self._ours], [], [], max(0.0, end - time.monotonic()))
            more = self._read() if ready else ""
            assert more, f"{words!r} does not come; so far: {self._said[-3000:]}"
            self._said += more
        before, _, self._said = self._said.partition(words)
        return before

    def _read(self) -> str:
        try:
            return os.read(self._ours, 65536).decode(errors="replace")
        except OSError:  # the process has ended
            return ""

    def press(self, key: str) -> None:
        """Type one key, or several."""
        os.write(self._ours, key.encode())

    def end(self) -> int:
        """Wait until the process has ended; gives its exit code."""
        while self._read():
            pass
        code = self._process.wait(60)
        os.close(self._ours)
        return code
