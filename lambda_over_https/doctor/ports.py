"""Who listens on a port of this machine: the process and its command, where the system says it."""

import contextlib
import re
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

_PROC = Path("/proc")
_LISTENS = "0A"  # the state TCP_LISTEN of /proc/net/tcp
_SHOWN = 60


def is_taken(port: int) -> bool:
    """Whether something holds the port on the loopback address."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def owner(port: int) -> int | None:
    """The number of the user whose process listens there, of whatever user; None where it is not told."""
    return next((uid for _, uid in _sockets(port)), None)


def holder(port: int) -> str:
    """The process that listens there, in words; "another process" where the system does not say which."""
    said = _by_proc(port) if (_PROC / "net" / "tcp").exists() else _by_lsof(port)
    return said or "another process"


def _by_proc(port: int) -> str:
    """Linux: the socket's inode, and the process that has it open (proc(5)); only our own user's are seen."""
    sockets = {f"socket:[{inode}]" for inode, _ in _sockets(port)}
    for process in _PROC.iterdir():
        if not process.name.isdigit():
            continue
        with contextlib.suppress(OSError):
            if any(str(each.readlink()) in sockets for each in (process / "fd").iterdir()):
                return _named(process.name, (process / "cmdline").read_text().replace("\0", " "))
    return ""


def _sockets(port: int) -> Iterator[tuple[str, int]]:
    """Each socket that listens there: its inode, and its user (proc_net_tcp)."""
    for table in ("tcp", "tcp6"):
        with contextlib.suppress(OSError):
            for line in (_PROC / "net" / table).read_text().splitlines()[1:]:
                _, local, _, state, *rest = line.split()
                if state == _LISTENS and int(local.rpartition(":")[2], 16) == port:
                    yield rest[5], int(rest[3])


def _by_lsof(port: int) -> str:
    """macOS: lsof's output for programs, one line each with p (the process) and c (its command)."""
    if shutil.which("lsof") is None:
        return ""
    command = ["lsof", "-nP", f"-iTCP:{port}", "-sTCP:LISTEN", "-Fpc"]
    told = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    found = re.search(r"^p(\d+)\nc(.*)$", told, re.MULTILINE)
    return _named(found[1], found[2]) if found else ""


def _named(pid: str, command: str) -> str:
    command = command.strip()
    short = command if len(command) <= _SHOWN else f"{command[:_SHOWN]}…"
    return f"process {pid} ({short})"
