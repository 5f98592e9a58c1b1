"""No worker outlives the sandbox: a small process that ends them if the sandbox cannot.

The sandbox tells it each worker's process group over a pipe. When the pipe closes, because the sandbox ended
in whatever way, SIGKILL included, it kills the groups still on its list: the workers and what they started.
"""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterable

# No site, no environment: it starts in a few milliseconds and holds little memory.
_COMMAND = (sys.executable, "-ISB", __file__)


class Reaper:
    """The sandbox's end of the pipe; the process is started with the first worker."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def watch(self, group: int) -> None:
        """Kill process group ``group`` if the sandbox ends without having forgotten it."""
        self._tell(f"+{group}\n")

    def forget(self, group: int) -> None:
        """Leave ``group`` alone: its worker has ended."""
        self._tell(f"-{group}\n")

    async def close(self) -> None:
        """End the process; it kills what is left."""
        if self._process is not None:
            process, self._process = self._process, None
            assert process.stdin is not None  # noqa: S101  # asked for with PIPE
            process.stdin.close()
            await asyncio.to_thread(process.wait)

    def _tell(self, message: str) -> None:
        if self._process is None or self._process.poll() is not None:
            self._process = subprocess.Popen(_COMMAND, stdin=subprocess.PIPE, start_new_session=True)
        assert self._process.stdin is not None  # noqa: S101  # asked for with PIPE
        self._process.stdin.write(message.encode())
        self._process.stdin.flush()


def kill_group(group: int) -> None:
    """Kill every process of the group, if there is one."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)


def reap(lines: Iterable[str]) -> None:
    """Keep the list that ``lines`` tell, and kill what is on it at their end."""
    groups: set[int] = set()
    for line in lines:
        group = int(line[1:])
        if line[0] == "+":
            groups.add(group)
        else:
            groups.discard(group)
    for group in groups:
        kill_group(group)


if __name__ == "__main__":
    reap(sys.stdin)
