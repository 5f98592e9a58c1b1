"""How long a process was ready to run and got no processor, where the system tells: on Linux. Elsewhere 0.

AWS gives each function its share of a processor. On a busy machine others may have taken it: that time does
not count towards a limit.
"""

import os
from pathlib import Path

_NANOSECONDS = 1_000_000_000


def kept_waiting(pid: int) -> float:
    """Seconds for which the process, or the sandbox that serves it, has been kept waiting so far."""
    return _of(pid) + _of(os.getpid())


def _of(pid: int) -> float:
    """Of its main thread: the second field of /proc/<pid>/schedstat (Linux, "Scheduler Statistics")."""
    try:
        return int(Path(f"/proc/{pid}/schedstat").read_bytes().split()[1]) / _NANOSECONDS
    except (OSError, IndexError):
        return 0.0
