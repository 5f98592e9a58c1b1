"""The client of the sandbox's process: starts it in the background, finds it, stops it.

Its files are in ``<home>/sandbox``: ``sandbox.json`` (the record of the running sandbox), ``sandbox.log``,
``ca.pem`` (the certificate to trust), ``start.lock`` and ``alive.lock``. This module imports nothing that is
slow to load: the command line waits for it.
"""

import contextlib
import json
import os
import select
import signal
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from lambda_over_https.errors import LohError
from lambda_over_https.files import private_folder
from lambda_over_https.sandbox.client.proxies import without_proxy
from lambda_over_https.sandbox.client.record import Sandbox, alive, from_json, recorded

DEFAULT_PORT = 8470
"""The port for HTTP; the next one is for HTTPS."""

START_SECONDS = 30.0
"""How long a start may take. On an idle machine it takes about half a second."""

STOP_SECONDS = 10.0
LAST_MOMENT_SECONDS = 0.5
"""How long to wait for a process that has already released its lock.

Where no parent waits for it, it stays as a zombie for good.
"""
ANSWER_SECONDS = 3.0
POLL_SECONDS = 0.01

_DESCRIPTORS = Path("/dev/fd")
"""The folder in which a process sees its open files, on Linux and macOS."""

_OF_SDKS = ("AWS_", "BOTO", "MOTO_")
"""How the names of variables begin that configure an SDK or moto."""


def find(home: Path) -> Sandbox | None:
    """The sandbox on record, if it answers and is the one that wrote the record."""
    sandbox = recorded(home)
    if sandbox is None:
        return None
    try:
        answer = from_json(_ask(sandbox, "GET", "/_sandbox/status"))
    except (OSError, ValueError, TypeError, LohError):
        return None
    return sandbox if answer.boot_id == sandbox.boot_id else None


def start(
    home: Path, *, port: int | None = None, timing_factor: float | None = None, faults: Sequence[str] = ()
) -> Sandbox:
    """The running sandbox. If none is running, start one in the background and wait until it can serve.

    ``port`` is for HTTP, the next one for HTTPS. None takes 8470 and 8471, or any free ones if those are
    taken. ``timing_factor`` is how much of AWS's waiting to imitate: 0 for none, 1 for all of it. ``faults``
    are switched on. LohError if the port is taken, if a sandbox with other options is running, or if the
    process ends or does not answer in time.
    """
    from filelock import FileLock

    folder = home.absolute() / "sandbox"
    try:
        private_folder(folder)
        with FileLock(folder / "start.lock", timeout=START_SECONDS, mode=0o600):
            running = _running(home, port, timing_factor)
            if running is None:
                return _spawn(folder, _options(port, timing_factor, faults))
            for name in faults:
                set_fault(home, name, on=True)
            return running
    except (OSError, TimeoutError) as error:
        raise LohError(f"The sandbox cannot start: {error}") from error


def stop(home: Path) -> bool:
    """End the sandbox and its workers. False if none was running."""
    sandbox = recorded(home)
    if sandbox is None:
        return False
    for end in (_request_stop(sandbox), _signal(sandbox, signal.SIGTERM), _signal(sandbox, signal.SIGKILL)):
        end()
        if _wait(lambda: not alive(home / "sandbox"), STOP_SECONDS):
            _reap(sandbox.pid)
            return True
    raise LohError(
        f"The sandbox (process {sandbox.pid}) does not end.", f"Inspect it with: ps -f -p {sandbox.pid}"
    )


def faults(home: Path) -> list[dict[str, Any]]:
    """The faults of the running sandbox: ``name``, ``summary``, ``symptom``, ``search`` and ``on``."""
    listed: list[dict[str, Any]] = json.loads(_ask(_needed(home), "GET", "/_sandbox/faults"))["faults"]
    return listed


def set_fault(home: Path, name: str, *, on: bool) -> None:
    """Switch a fault of the running sandbox. LohError if there is no such fault, or no sandbox."""
    _ask(_needed(home), "POST", "/_sandbox/faults", {"name": name, "on": on})


def schedules(home: Path) -> list[dict[str, Any]]:
    """The running sandbox's EventBridge rules by schedule and its schedules, of all Regions.

    Each has ``kind`` (rule or schedule), ``name``, ``group`` ("" for a rule), ``region``, ``arn``,
    ``targets`` (ARNs) and ``enabled``.
    """
    listed: list[dict[str, Any]] = json.loads(_ask(_needed(home), "GET", "/_sandbox/schedules"))["schedules"]
    return listed


def fire(home: Path, name: str) -> dict[str, Any]:
    """Fire a rule or schedule now, by its name, ``GROUP/NAME`` or ARN; tells it as ``schedules`` does.

    Raises LohError if there is none of that name, if there are several, or if it is disabled.
    """
    fired: dict[str, Any] = json.loads(_ask(_needed(home), "POST", "/_sandbox/schedules", {"name": name}))
    return dict(fired["fired"])


def _needed(home: Path) -> Sandbox:
    sandbox = recorded(home)
    if sandbox is None:
        raise LohError("No sandbox is running.", "`loh sandbox start` starts one.")
    return sandbox


def _running(home: Path, port: int | None, timing_factor: float | None) -> Sandbox | None:
    sandbox = find(home)
    if sandbox is None:
        if silent := recorded(home):
            raise LohError(
                f"A sandbox is running (process {silent.pid}) but does not answer.",
                "`loh sandbox stop` ends it.",
            )
        return None
    other_port = port and sandbox.endpoint_url.rpartition(":")[2] != str(port)
    if other_port or timing_factor not in (None, sandbox.timing_factor):
        raise LohError(
            f"A sandbox is already running at {sandbox.endpoint_url}, with another port or timing.",
            "`loh sandbox stop` ends it, and all resources in it.",
        )
    return sandbox


def _options(port: int | None, timing_factor: float | None, faults: Sequence[str]) -> list[str]:
    options = [] if port is None else ["--port", str(port)]
    if timing_factor:
        options += ["--timing-factor", str(timing_factor)]
    return options + [word for name in faults for word in ("--fault", name)]


def _spawn(folder: Path, options: list[str]) -> Sandbox:
    log = folder / "sandbox.log"
    program = [sys.executable, "-P", "-m", "lambda_over_https.sandbox.server", "--home", str(folder)]
    opened = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    reader, writer = os.pipe()
    try:
        actions = [
            (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
            (os.POSIX_SPAWN_DUP2, writer, 1),
            (os.POSIX_SPAWN_OPEN, 2, str(log), opened, 0o600),
            *((os.POSIX_SPAWN_CLOSE, each) for each in _inherited()),
        ]
        pid = os.posix_spawn(sys.executable, program + options, _environment(), file_actions=actions)
    finally:
        os.close(writer)
    try:
        return _ready(_first_line(reader), pid, log)
    finally:
        os.close(reader)


def _inherited() -> list[int]:
    """The file descriptors that our own parent has left open for child processes.

    A sandbox that kept a test runner's pipe or the lock of flock(1) open would make those wait until it ends.
    """
    numbers = [int(entry.name) for entry in _DESCRIPTORS.iterdir()]
    return [number for number in numbers if number > 2 and _inheritable(number)]


def _inheritable(descriptor: int) -> bool:
    try:
        return os.get_inheritable(descriptor)
    except OSError:  # the listing itself had it open
        return False


def _environment() -> dict[str, str]:
    """The user's environment without the variables that change how botocore or moto work in the sandbox.

    The proxy stays, since npm may need it to fetch an SDK. This machine is reached without it.
    """
    own = {name: value for name, value in os.environ.items() if not name.startswith(_OF_SDKS)}
    files = dict.fromkeys(("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"), os.devnull)
    return own | files | without_proxy(os.environ)


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
    _reap(pid)
    if "error" in said:
        raise LohError(f"The sandbox cannot start: {said['error']}", said.get("hint", ""))
    tail = "\n".join(log.read_text(errors="replace").splitlines()[-10:]) if log.exists() else ""
    raise LohError(f"The sandbox's process ended or hung while starting.\n{tail}".rstrip(), f"Its log: {log}")


def _reap(pid: int) -> None:
    """Collect a process that has ended, or is about to: it has released its files already."""
    try:
        os.waitpid(pid, 0)
    except ChildProcessError:
        _wait(lambda: _gone(pid), LAST_MOMENT_SECONDS)


def _gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except (
        ProcessLookupError,
        PermissionError,
    ):  # PermissionError: another user's process has the number now
        return True
    return False


def _ask(sandbox: Sandbox, method: str, path: str, body: Any = None) -> bytes:
    """The answer of one of the sandbox's own endpoints. OSError if there is none, LohError if it refuses."""
    import http.client  # imported late: it takes as long to load as the rest of this module

    host, _, port = sandbox.endpoint_url.removeprefix("http://").rpartition(":")
    connection = http.client.HTTPConnection(host, int(port), timeout=ANSWER_SECONDS)
    try:
        connection.request(method, path, None if body is None else json.dumps(body))
        response = connection.getresponse()
        answer = response.read()
    except http.client.HTTPException as error:
        raise ConnectionError(f"{sandbox.endpoint_url} does not speak HTTP: {error!r}") from error
    finally:
        connection.close()
    if response.status >= 400:
        raise LohError(
            f"The sandbox refused the request: {json.loads(answer).get('message', response.reason)}"
        )
    return answer


def _request_stop(sandbox: Sandbox) -> Callable[[], None]:
    def ask() -> None:
        with contextlib.suppress(OSError, LohError):
            _ask(sandbox, "POST", "/_sandbox/stop")

    return ask


def _signal(sandbox: Sandbox, number: signal.Signals) -> Callable[[], None]:
    def send() -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(sandbox.pid, number)

    return send


def _wait(condition: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(POLL_SECONDS)
    return True
