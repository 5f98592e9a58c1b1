"""The processes of a sandbox that run a function, seen from outside (Linux)."""

from collections.abc import Iterator
from pathlib import Path

NAME = 15
"""Letters of a process's name that Linux keeps."""


def workers(server: int, function: str) -> list[int]:
    """The processes under a sandbox that run this function; ``server`` is the sandbox's process.

    One that was started has the function in its environment; one that was forked (``ready_worker.py``) has
    its name.
    """
    return [
        pid
        for pid in _under(server)
        if f"AWS_LAMBDA_FUNCTION_NAME={function}" in _read(pid, "environ").split("\0")
        or _read(pid, "comm").strip() == function[:NAME]
    ]


def _under(pid: int) -> Iterator[int]:
    for child in map(int, _read(pid, f"task/{pid}/children").split()):
        yield child
        yield from _under(child)


def _read(pid: int, what: str) -> str:
    try:
        return Path(f"/proc/{pid}/{what}").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""  # it has ended meanwhile
