"""The client of the sandbox's process: starts it in the background, finds it, stops it.

Its files are in ``<home>/sandbox``: ``sandbox.json`` (the record of the running sandbox), ``sandbox.log``,
``ca.pem`` (the certificate to trust), ``start.lock`` and ``alive.lock``. This module imports nothing that is
slow to load: the command line waits for it.
"""

import contextlib
import json
import os
import signal
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from lambda_over_https.errors import LohError, from_the_machine
from lambda_over_https.files import private_folder
from lambda_over_https.sandbox.client import endpoints
from lambda_over_https.sandbox.client.process import START_SECONDS, reap, spawn, wait_until
from lambda_over_https.sandbox.client.record import Sandbox, alive, from_json, holder, known, recorded

DEFAULT_PORT = 8470
"""The port for HTTP; the next one is for HTTPS."""

STOP_SECONDS = 10.0


def find(home: Path) -> Sandbox | None:
    """The sandbox on record, if it answers and is the one that wrote the record."""
    sandbox = recorded(home)
    if sandbox is None:
        return None
    try:
        answer = from_json(endpoints.request(sandbox, "GET", "/_sandbox/status"))
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
                return spawn(folder, _options(port, timing_factor, faults))
            for name in faults:
                set_fault(home, name, on=True)
            return running
    except (OSError, TimeoutError) as error:
        known = from_the_machine(error)
        raise LohError(f"The sandbox cannot start: {error}", known.hint if known else "") from error


def stop(home: Path) -> bool:
    """End the sandbox and its workers, also one whose record is lost. False if none was running."""
    folder = home / "sandbox"
    try:
        sandbox = known(home)
    except LohError:
        sandbox, pid = None, holder(folder)
        if not pid:
            raise
    else:
        if sandbox is None:
            return False
        pid = sandbox.pid
    requests = [_request_stop(sandbox)] if sandbox else []
    for end in (*requests, _signal(pid, signal.SIGTERM), _signal(pid, signal.SIGKILL)):
        end()
        if wait_until(lambda: not alive(folder), STOP_SECONDS):
            reap(pid)
            return True
    raise LohError(f"The sandbox (process {pid}) does not end.", f"Inspect it with: ps -f -p {pid}")


def faults(home: Path) -> list[dict[str, Any]]:
    """The faults of the running sandbox: ``name``, ``summary``, ``symptom``, ``search`` and ``on``."""
    listed: list[dict[str, Any]] = _ask(home, "GET", "/_sandbox/faults")["faults"]
    return listed


def set_fault(home: Path, name: str, *, on: bool) -> None:
    """Switch a fault of the running sandbox. LohError if there is no such fault, or no sandbox."""
    _ask(home, "POST", "/_sandbox/faults", {"name": name, "on": on})


def schedules(home: Path) -> list[dict[str, Any]]:
    """The running sandbox's EventBridge rules by schedule and its schedules, of all Regions.

    Each has ``kind`` (rule or schedule), ``name``, ``group`` ("" for a rule), ``region``, ``arn``,
    ``targets`` (ARNs), ``enabled`` and ``next``, when it fires next (ISO, UTC; None if it does not).
    """
    listed: list[dict[str, Any]] = _ask(home, "GET", "/_sandbox/schedules")["schedules"]
    return listed


def fire(home: Path, name: str) -> dict[str, Any]:
    """Fire a rule or schedule now, by its name, ``GROUP/NAME`` or ARN; describe it as ``schedules`` does.

    LohError if there is none of that name, if there are several, or if it is disabled.
    """
    fired: dict[str, Any] = _ask(home, "POST", "/_sandbox/schedules", {"name": name})["fired"]
    return fired


def _ask(home: Path, method: str, path: str, body: Any = None) -> Any:
    """The document that the running sandbox's endpoint answers."""
    sandbox = recorded(home)
    if sandbox is None:
        raise LohError("No sandbox is running.", "`loh sandbox start` starts one.")
    return json.loads(endpoints.request(sandbox, method, path, body))


def _running(home: Path, port: int | None, timing_factor: float | None) -> Sandbox | None:
    sandbox = find(home)
    if sandbox is None:
        if silent := known(home):
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


def _request_stop(sandbox: Sandbox) -> Callable[[], None]:
    def ask() -> None:
        with contextlib.suppress(OSError, LohError):
            endpoints.request(sandbox, "POST", "/_sandbox/stop")

    return ask


def _signal(pid: int, number: signal.Signals) -> Callable[[], None]:
    def send() -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)

    return send
