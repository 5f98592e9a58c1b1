"""How much memory a process uses, where the system can tell cheaply: on Linux. Elsewhere it is unknown."""

import os
from pathlib import Path

_PAGE = os.sysconf("SC_PAGE_SIZE")
_MIB = 1024 * 1024


def private_mib(pid: int) -> int | None:
    """MiB that only this process uses: what counts towards a limit. Pages of files do not count."""
    try:
        resident, shared = Path(f"/proc/{pid}/statm").read_bytes().split()[1:3]
    except OSError:
        return None
    return (int(resident) - int(shared)) * _PAGE // _MIB


def peak_mib(pid: int) -> int | None:
    """The most MiB that this process has used so far, with everything."""
    try:
        status = Path(f"/proc/{pid}/status").read_bytes()
    except OSError:
        return None
    start = status.find(b"VmHWM:")
    return None if start < 0 else int(status[start + 6 : status.index(b"kB", start)]) // 1024
