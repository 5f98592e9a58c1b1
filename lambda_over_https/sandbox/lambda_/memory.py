"""How much memory a process uses, where the system tells it cheaply: Linux. Elsewhere: not known."""

import os
from pathlib import Path

_PAGE = os.sysconf("SC_PAGE_SIZE")
_MIB = 1024 * 1024


def private(pid: int) -> int | None:
    """MiB that only this process uses: what counts against a limit. Pages of files can be given back."""
    try:
        resident, shared = Path(f"/proc/{pid}/statm").read_bytes().split()[1:3]
    except OSError:
        return None
    return (int(resident) - int(shared)) * _PAGE // _MIB


def peak(pid: int) -> int | None:
    """MiB that this process has used at most, with everything."""
    try:
        status = Path(f"/proc/{pid}/status").read_bytes()
    except OSError:
        return None
    start = status.find(b"VmHWM:")
    return None if start < 0 else int(status[start + 6 : status.index(b"kB", start)]) // 1024
