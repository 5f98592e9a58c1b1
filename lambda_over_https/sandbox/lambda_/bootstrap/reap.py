"""Kills the workers of a sandbox that has ended: ``python -ISB reap.py``, with a list on standard input.

``+123`` puts process group 123 on the list, ``-123`` takes it off. The input ends when the sandbox does, in
whatever way. Then each group still on the list is killed.
"""

import contextlib
import os
import signal
import sys


def main() -> None:
    """Keep the list, and kill the groups left on it."""
    groups: set[int] = set()
    for line in sys.stdin:
        change = groups.add if line[0] == "+" else groups.discard
        change(int(line[1:]))
    for group in groups:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(group, signal.SIGKILL)


if __name__ == "__main__":
    main()
