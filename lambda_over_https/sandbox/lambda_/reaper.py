"""Ensures that no worker outlives the sandbox: a small process kills them if the sandbox cannot.

The sandbox sends it each worker's process group over a pipe. The pipe closes when the sandbox ends, even by
SIGKILL. Then this process kills the groups still on its list: the workers, and what they started.
"""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
from pathlib import Path

# Without site packages and environment it starts in a few milliseconds and uses little memory.
_COMMAND = (sys.executable, "-ISB", str(Path(__file__).parent / "bootstrap" / "reap.py"))


class Reaper:
    """The sandbox's end of the pipe. The process is started with the first worker."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def watch(self, group: int) -> None:
        """Kill process group ``group`` if the sandbox ends before it calls ``forget``."""
        self._send(f"+{group}\n")

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


def kill_group(group: int) -> None:
    """Kill every process of the group, if there is one."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)
