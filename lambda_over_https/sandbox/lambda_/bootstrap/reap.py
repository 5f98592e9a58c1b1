"""Kills the workers of a sandbox that has ended: ``python -ISB reap.py``, with a list on standard input.

``+123 mark`` puts process group 123 on the list, ``-123`` takes it off. The input ends when the sandbox does,
in whatever way. Then each group still on the list is killed, and so is each process with its mark.
"""

import contextlib
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

_PROCESSES = Path("/proc")  # of Linux


def kill_all(group: int, mark: str) -> None:
    """Kill the process group, and the processes that have left it but have ``mark`` in their environment."""
    kill_group(group)
    for pid in _marked(mark.encode()):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, signal.SIGKILL)


def kill_group(group: int) -> None:
    """Kill every process of the group, if there is one."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)


def _marked(mark: bytes) -> Iterator[int]:
    for folder in _PROCESSES.glob("[0-9]*"):
        with contextlib.suppress(OSError):  # another user's, or ended meanwhile
            if mark in (folder / "environ").read_bytes():
                yield int(folder.name)


def main() -> None:
    """Keep the list, and kill what is left on it."""
    groups: dict[int, str] = {}
    for line in sys.stdin:
        group, _, mark = line[1:].strip().partition(" ")
        if line[0] == "+":
            groups[int(group)] = mark
        else:
            groups.pop(int(group), None)
    for left, mark in groups.items():
        kill_all(left, mark)


if __name__ == "__main__":
    main()
