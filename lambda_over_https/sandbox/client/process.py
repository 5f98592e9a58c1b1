"""The sandbox's process as its client sees it: spawned in the background, waited for, collected."""

import contextlib
import json
import os
import select
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

from lambda_over_https.errors import LohError
from lambda_over_https.sandbox.client.proxies import without_proxy
from lambda_over_https.sandbox.client.record import Sandbox, from_json

START_SECONDS = 30.0
"""How long a start may take. On an idle machine it takes about half a second."""

LAST_MOMENT_SECONDS = 0.5
"""How long to wait for a process that has already released its lock.

Where no parent waits for it, it stays as a zombie for good.
"""
POLL_SECONDS = 0.01

SERVER = "lambda_over_https.sandbox.server"
"""The module that the process runs."""

_DESCRIPTORS = Path("/dev/fd")
"""The folder in which a process sees its open files, on Linux and macOS."""

_KEPT = frozenset(
    """
    PATH HOME USER LOGNAME SHELL TMPDIR TEMP TMP LANG LANGUAGE TZ
    HTTP_PROXY HTTPS_PROXY ALL_PROXY SSL_CERT_FILE SSL_CERT_DIR NODE_EXTRA_CA_CERTS
    NPM_CONFIG_REGISTRY NPM_CONFIG_CAFILE NPM_CONFIG_CACHE
    """.split()  # noqa: SIM905 - one word a line would fill a page
)
"""The variables that the sandbox gets, in either case: for Python, for npm, and the way to the network.

Handlers run as the same user, so they can read the sandbox's environment: nothing else may be in it.
"""

_KEPT_BEGINNINGS = ("LC_", "XDG_", "PYTHON", "COVERAGE_", "LAMBDA_OVER_HTTPS_")


def spawn(folder: Path, options: list[str]) -> Sandbox:
    """Start the server with these options, and wait until it can serve. LohError if it cannot."""
    log = folder / "sandbox.log"
    program = [sys.executable, "-P", "-m", SERVER, "--home", str(folder)]
    opened = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND
    _keep_to_ourselves()
    reader, writer = os.pipe()
    try:
        actions = [
            (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
            (os.POSIX_SPAWN_DUP2, writer, 1),
            (os.POSIX_SPAWN_OPEN, 2, str(log), opened, 0o600),
        ]
        pid = os.posix_spawn(sys.executable, program + options, _environment(), file_actions=actions)
    finally:
        os.close(writer)
    try:
        return _ready(_first_line(reader), pid, log)
    finally:
        os.close(reader)


def _keep_to_ourselves() -> None:
    """Let no child process have the files that our own parent has left open for child processes.

    A sandbox that kept a test runner's pipe or the lock of flock(1) open would make those wait until it ends.
    """
    for entry in list(_DESCRIPTORS.iterdir()):
        if int(entry.name) > 2:
            with contextlib.suppress(OSError):  # the listing itself had it open
                os.set_inheritable(int(entry.name), False)


def _environment() -> dict[str, str]:
    """What the sandbox needs of the user's environment; no credential, and nothing that configures an SDK.

    The proxy stays, since npm may need it to fetch an SDK. This machine is reached without it.
    """
    own = {name: value for name, value in os.environ.items() if _is_kept(name)}
    files = dict.fromkeys(("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"), os.devnull)
    return own | files | without_proxy(os.environ)


def _is_kept(name: str) -> bool:
    return name.upper() in _KEPT or name.startswith(_KEPT_BEGINNINGS)


def _first_line(said: int) -> bytes:
    """What the process writes to standard output, up to the end of a line, its own end, or the time limit."""
    text, deadline = b"", time.monotonic() + START_SECONDS
    while not text.endswith(b"\n"):
        if not select.select([said], [], [], max(0.0, deadline - time.monotonic()))[0]:
            break
        chunk = os.read(said, 65536)
        if not chunk:
            break
        text += chunk
    return text


def _ready(line: bytes, pid: int, log: Path) -> Sandbox:
    try:
        said = json.loads(line)
    except ValueError:
        said = {}
    if "boot_id" in said:
        return from_json(line)
    os.kill(pid, signal.SIGKILL)
    reap(pid)
    if "error" in said:
        raise LohError(f"The sandbox cannot start: {said['error']}", said.get("hint", ""))
    tail = "\n".join(log.read_text(errors="replace").splitlines()[-10:]) if log.exists() else ""
    raise LohError(f"The sandbox's process ended or hung while starting.\n{tail}".rstrip(), f"Its log: {log}")


def reap(pid: int) -> None:
    """Collect a process that has ended, or is about to: it has released its files already."""
    try:
        os.waitpid(pid, 0)
    except ChildProcessError:
        wait_until(lambda: _gone(pid), LAST_MOMENT_SECONDS)


def _gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, PermissionError):  # the latter: the id is another user's process by now
        return True
    return False


def wait_until(condition: Callable[[], bool], seconds: float) -> bool:
    """Whether the condition becomes true within that time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(POLL_SECONDS)
    return True
