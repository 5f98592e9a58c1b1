"""The program in real processes that can be killed, each started in milliseconds.

A *zygote* imports everything once, and does the tutorial once; it forks for each run. It has one thread, so
forking is safe, and being no child of pytest's threads it inherits none of their locks.
"""

import contextlib
import gc
import importlib
import json
import os
import pkgutil
import pty
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from lambda_over_https.__main__ import GARBAGE_THRESHOLD
from tests.kit.plugins.quick import loaded, quickened
from tests.kit.program.support import Ran, done

ENDS_WITHIN = 120.0
"""Seconds after which a run counts as hanging."""

LOOKS_EVERY = 0.01
"""Seconds between two looks at what a run has said."""

QUESTION = "[y/N]"
"""How every question of yes or no ends."""

SERVICES = (
    *("apigateway", "dynamodb", "iam", "lambda", "logs", "resourcegroupstaggingapi"),
    *("scheduler", "sts", "wafv2"),
)
"""What the program calls."""

LIBRARIES = ("encodings.idna", "filelock", "rich.console", "rich.control", "rich.live", "rich.text")
"""What the program loads only when it needs it."""


@dataclass
class Run:
    """One run under way; ``end`` waits for it."""

    folder: Path
    encoding: str = "utf-8"
    pid: int = 0
    status: int = 0
    started: threading.Event = field(default_factory=threading.Event)
    ended: threading.Event = field(default_factory=threading.Event)

    def kill(self, number: signal.Signals = signal.SIGKILL) -> None:
        """Send the process a signal, unless it has ended; after SIGKILL, wait until it has."""
        assert self.started.wait(ENDS_WITHIN)
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, number)
        if number is signal.SIGKILL:
            assert self.ended.wait(ENDS_WITHIN), f"process {self.pid} was killed and does not end"

    def said(self) -> str:
        """What it has said on standard error so far."""
        err = self.folder / "err"
        return err.read_text(self.encoding) if err.exists() else ""

    def until_said(self, text: str) -> None:
        """Wait until it has said ``text``, or has ended."""
        deadline = time.monotonic() + ENDS_WITHIN
        while text not in self.said() and not self.ended.wait(LOOKS_EVERY):
            assert time.monotonic() < deadline, f"it never says {text!r}: {self.said()}"

    def end(self) -> Ran:
        """How it ended; a process ended by a signal has that number, negative, as its code."""
        if not self.ended.wait(ENDS_WITHIN):
            self.kill()
            raise AssertionError(f"it hangs: {self.said()}")
        code = -os.WTERMSIG(self.status) if os.WIFSIGNALED(self.status) else os.WEXITSTATUS(self.status)
        out, err = ((self.folder / name).read_text(self.encoding) for name in ("out", "err"))
        return Ran(code, out, err)


class Zygote:
    """Starts runs of the program; ``environment`` is what each finds, besides the variables of its own.

    What a run says is kept in a folder of its own inside ``folder``.
    """

    def __init__(self, environment: Mapping[str, str], folder: Path) -> None:
        self._environment = dict(environment)
        self._folder = folder
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.kit.program.forks"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=Path(__file__).parents[3],
            env=self._environment,
        )
        assert self._process.stdout
        assert self._process.stdout.readline(), "it cannot start"  # nothing of its rehearsal is left
        self._runs: dict[int, Run] = {}
        self._count = 0
        self._lock = threading.Lock()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def start(self, *arguments: str, stdin: str = os.devnull, **environment: str) -> Run:
        """Begin ``loh ARGUMENTS`` with these variables besides; ``stdin`` is a file, or a terminal's name."""
        with self._lock:
            self._count += 1
            number = self._count
            run = Run(self._folder / str(number), environment.get("PYTHONIOENCODING", "utf-8"))
            self._runs[number] = run
            order = {
                "number": number,
                "folder": str(run.folder),
                "arguments": arguments,
                "stdin": stdin,
                "environment": {**self._environment, **environment},
            }
            assert self._process.stdin
            self._process.stdin.write(json.dumps(order).encode() + b"\n")
            self._process.stdin.flush()
        return run

    def loh(self, *arguments: str, **environment: str) -> Ran:
        """Run ``loh ARGUMENTS`` to its end."""
        return self.start(*arguments, **environment).end()

    def typed(self, text: str, *arguments: str, **environment: str) -> Ran:
        """Run ``loh ARGUMENTS`` where somebody at a terminal types ``text`` when a question is asked."""
        ours, theirs = pty.openpty()
        try:
            run = self.start(*arguments, stdin=os.ttyname(theirs), **environment)
            run.until_said(QUESTION)
            os.write(ours, text.encode())
            return run.end()
        finally:
            os.close(ours)
            os.close(theirs)

    def close(self) -> None:
        """End the zygote; runs under way go on."""
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait(ENDS_WITHIN)
        self._reader.join(ENDS_WITHIN)
        assert self._process.stdout
        self._process.stdout.close()

    def _read(self) -> None:
        assert self._process.stdout
        for line in self._process.stdout:
            said = json.loads(line)
            run = self._runs[said["number"]]
            if "pid" in said:
                run.pid = said["pid"]
                run.started.set()
            else:
                run.status = said["status"]
                run.ended.set()


def _zygote() -> None:
    """Read orders, fork for each, report each start and each end."""
    quickened()
    gc.set_threshold(GARBAGE_THRESHOLD)  # as the program does when it starts
    _load_everything()
    _rehearse()
    loaded()
    _say()
    numbers: dict[int, int] = {}
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
    for order in _orders(reader, numbers):
        pid = os.fork()
        if pid == 0:
            _run(order)
        numbers[pid] = order["number"]
        _say(number=order["number"], pid=pid)


def _load_everything() -> None:
    """What any run loads, once for all: the program, and the models of the services that it calls."""
    import boto3

    import lambda_over_https
    from lambda_over_https.aws.sessions import sealed_access

    for module in pkgutil.walk_packages(lambda_over_https.__path__, "lambda_over_https."):
        if not module.name.startswith(("lambda_over_https.sandbox.", "lambda_over_https.__main__")):
            importlib.import_module(module.name)
    for library in LIBRARIES:
        importlib.import_module(library)
    for session in (
        boto3.Session("test", "test", region_name="us-east-1"),
        sealed_access("us-east-1").session,
    ):
        make: Any = session.client
        for service in SERVICES:
            make(service).close()


def _rehearse() -> None:
    """Do the tutorial once in each way: what a command makes once and keeps, each run then finds made."""
    from lambda_over_https import hints
    from lambda_over_https.sandbox.client import record
    from lambda_over_https.settings import home

    sandbox = record.recorded(home())
    assert sandbox
    for way in ((), ("--endpoint-url", sandbox.endpoint_url)):
        done("run", "--no-pause", "--name", "rehearsal", *way)
        done("teardown", "--yes", "--name", "rehearsal", *way)
    hints.put_in_force({})
    assert threading.active_count() == 1, "forking is not safe beside another thread"


def _orders(child_ended: int, numbers: dict[int, int]) -> Iterator[Any]:
    import select

    text = b""
    while True:
        ready, _, _ = select.select([0, child_ended], [], [])
        if child_ended in ready:
            os.read(child_ended, 4096)
            _reap(numbers)
        if 0 in ready:
            chunk = os.read(0, 65536)
            if not chunk:
                return
            *lines, text = (text + chunk).split(b"\n")
            yield from map(json.loads, lines)
            _reap(numbers)


def _reap(numbers: dict[int, int]) -> None:
    while numbers:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if pid == 0:
            return
        _say(number=numbers.pop(pid), status=status)


def _say(**said: int) -> None:
    os.write(1, json.dumps(said).encode() + b"\n")


def _run(order: Any) -> None:
    """In the child: become ``loh`` with its own streams and environment."""
    from lambda_over_https.cli import app as cli

    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)  # also where the tests run in the background
    folder = Path(order["folder"])
    folder.mkdir(mode=0o700)
    for number, name in ((0, order["stdin"]), (1, folder / "out"), (2, folder / "err")):
        opened = os.open(name, os.O_RDWR | os.O_CREAT | os.O_NOCTTY, 0o600)
        os.dup2(opened, number)
    os.environ.clear()
    os.environ.update(order["environment"])
    _encode_as(os.environ.get("PYTHONIOENCODING", ""))
    sys.argv = ["loh", *order["arguments"]]
    code = 0
    try:
        cli.main()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 0 if end.code is None else 1
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _encode_as(encoding: str) -> None:
    """Do to the streams what Python does at its start if it finds PYTHONIOENCODING."""
    out, err = cast("Any", (sys.stdout, sys.stderr))
    if encoding:
        out.reconfigure(encoding=encoding)
        err.reconfigure(encoding=encoding, errors="backslashreplace")


if __name__ == "__main__":
    _zygote()
