"""The processes of a sandbox that run a function, seen from outside (Linux)."""

from pathlib import Path


def workers(server: int, function: str) -> list[str]:
    """The processes under a sandbox that run this function; ``server`` is the sandbox's process."""
    children = Path(f"/proc/{server}/task/{server}/children").read_text().split()
    return [pid for pid in children if f"AWS_LAMBDA_FUNCTION_NAME={function}" in _environment(pid)]


def _environment(pid: str) -> list[str]:
    try:
        return Path(f"/proc/{pid}/environ").read_text().split("\0")
    except (FileNotFoundError, ProcessLookupError):
        return []  # it has ended meanwhile
