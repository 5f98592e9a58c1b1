"""Ensures that no worker outlives the sandbox: a small process kills them if the sandbox cannot.

The sandbox sends it each worker's process group over a pipe, with a mark: what only this worker, and what it
started, has in its environment. The pipe closes when the sandbox ends, even by SIGKILL. Then this process
kills the groups still on its list and, on Linux, whoever has left them but carries their mark.
"""

import asyncio
import contextlib
import subprocess
import sys
from pathlib import Path

# Without site packages and environment it starts in a few milliseconds and uses little memory.
_COMMAND = (sys.executable, "-ISB", str(Path(__file__).parents[1] / "bootstrap" / "reap.py"))


class Reaper:
    """The sandbox's end of the pipe. The process is started with the first worker."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def watch(self, group: int, mark: str) -> None:
        """Kill the process group and what has ``mark`` if the sandbox ends before it calls ``forget``."""
        self._send(f"+{group} {mark}\n")

    def forget(self, group: int) -> None:
        """Take ``group`` off the list: its worker has ended."""
        self._send(f"-{group}\n")

    async def close(self) -> None:
        """End the process; it kills the groups still on its list."""
        if self._process is not None:
            process, self._process = self._process, None
            assert process.stdin is not None  # noqa: S101  # asked for with PIPE
            process.stdin.close()
            await asyncio.to_thread(process.wait)

    def _send(self, message: str) -> None:
        if self._process is None:
            self._process = subprocess.Popen(
                _COMMAND, bufsize=0, stdin=subprocess.PIPE, start_new_session=True
            )
        assert self._process.stdin is not None  # noqa: S101  # asked for with PIPE
        with contextlib.suppress(
            BrokenPipeError
        ):  # the process was killed: a safety net is gone, but nothing is wrong yet
            self._process.stdin.write(message.encode())
