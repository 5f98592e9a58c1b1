"""Functions of all kinds on real workers, without the rest of the sandbox."""

import asyncio
import dataclasses
import json
import shutil
import subprocess
import time
import uuid
from collections.abc import Callable, Coroutine, Iterable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import pytest

from lambda_over_https.sandbox.lambda_.functions import Functions
from lambda_over_https.sandbox.lambda_.workers.setup import Limits
from lambda_over_https.sandbox.lambda_.workers.waiting import kept_waiting
from lambda_over_https.sandbox.model import account
from lambda_over_https.sandbox.model.errors import AwsError
from lambda_over_https.sandbox.model.functions import Credentials, EventSettings, Function, InvocationResult
from lambda_over_https.sandbox.web.http import Request, Response

ACCOUNT, REGION = account.ACCOUNT, account.DEFAULT_REGION
PYTHON, NODEJS = "python3.14", "nodejs24.x"
NOWHERE = "http://127.0.0.1:9"
ANY = Credentials("test", "test", "token")

needs_node = pytest.mark.skipif(shutil.which("node") is None, reason="Node.js is not installed")

T = TypeVar("T")


def gone(pid: int) -> bool:
    """Whether the process has ended (one that nobody has waited for yet has)."""
    state = subprocess.run(
        ["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False
    ).stdout
    return state.strip() in ("", "Z", "Z+", "Zs")


def eventually(condition: Callable[[], bool], seconds: float = 60) -> bool:
    """Whether the condition holds before long. Looking takes a fifth of the time at most."""
    end = time.monotonic() + seconds
    while True:
        began = time.monotonic()
        if condition():
            return True
        now = time.monotonic()
        if now > end:
            return False
        time.sleep(max(0.01, 4 * (now - began)))


class StateInMemory:
    """The sandbox's state as far as Lambda asks for it: functions by name, and what was logged."""

    def __init__(self, credentials: Credentials) -> None:
        self._credentials = credentials
        self.functions: dict[str, Function] = {}
        self.logged: list[tuple[str, str, str, int]] = []
        self.refuse_roles = False
        self.events = EventSettings()
        self.sessions: list[tuple[str, str]] = []

    def function(self, region: str, name_or_arn: str, qualifier: str | None = None) -> Function:
        """The function of that name; versions and aliases are kept as ``name:qualifier``."""
        key = name_or_arn if qualifier in (None, "$LATEST") else f"{name_or_arn}:{qualifier}"
        if key not in self.functions:
            arn = f"arn:aws:lambda:{region}:{ACCOUNT}:function:{key}"
            raise AwsError("ResourceNotFoundException", f"Function not found: {arn}", 404)
        return self.functions[key]

    def event_settings(self, region: str, name: str, qualifier: str | None) -> EventSettings:
        """The settings of every function: Lambda's defaults, unless a test sets others."""
        return self.events

    def role_credentials(self, role_arn: str, function_arn: str) -> Credentials:
        """The same keys for every role; AwsError if ``refuse_roles``."""
        if self.refuse_roles:
            raise AwsError("AccessDeniedException", "The role cannot be assumed by Lambda.", 403)
        self.sessions.append((role_arn, function_arn))
        return self._credentials

    def log(self, region: str, group: str, stream: str, events: list[tuple[int, str]]) -> None:
        """Keep the events, in order."""
        assert region == REGION
        self.logged += [(group, stream, text, at) for at, text in events]

    def provisioned(self) -> list[Function]:
        """The functions of which workers are kept ready."""
        return [function for function in self.functions.values() if function.provisioned]

    def collect(self, used: Iterable[Path]) -> None:
        """Keep all code."""

    @property
    def text(self) -> str:
        """All that was logged."""
        return "".join(text for _, _, text, _ in self.logged)


class Lab:
    """Writes functions, runs them, and shows what came of it. All on one event loop."""

    def __init__(
        self,
        folder: Path,
        runner: asyncio.Runner,
        cache: Path,
        endpoint_url: str,
        limits: Limits,
        credentials: Credentials = ANY,
        kept_waiting: Callable[[int], float] = kept_waiting,
    ) -> None:
        self._folder = folder
        self._runner = runner
        self._kept_waiting = kept_waiting
        self.state = StateInMemory(credentials)
        self.functions = runner.run(self._make(endpoint_url, cache, limits))

    async def _make(self, endpoint_url: str, cache: Path, limits: Limits) -> Functions:
        return Functions(
            self.state,
            endpoint_url,
            self._folder / "workers",
            cache,
            limits,
            retry_delays=(0, 0),
            tidy_every=0.05,
            kept_waiting=self._kept_waiting,
        )

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        """Wait for ``work``."""
        return self._runner.run(work)

    def python(self, source: str, **settings: Any) -> Function:
        """A function of this Python source, whose handler is ``handler``."""
        return self.write({"main.py": source}, PYTHON, **settings)

    def node(self, source: str, **settings: Any) -> Function:
        """A function of this JavaScript source, whose handler is ``exports.handler``."""
        return self.write({"main.js": source}, NODEJS, **settings)

    def write(self, files: Mapping[str, str], runtime: str, **settings: Any) -> Function:
        """A function of these files; the handler is ``main.handler``."""
        identity = uuid.uuid4().hex[:8]
        code = self._folder / "code" / identity
        for path, text in files.items():
            (code / path).parent.mkdir(parents=True, exist_ok=True)
            (code / path).write_text(text)
        name = settings.pop("name", f"f{identity}")
        function = Function(
            **{
                "arn": f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}",
                "name": name,
                "version": "$LATEST",
                "runtime": runtime,
                "handler": "main.handler",
                "role": f"arn:aws:iam::{ACCOUNT}:role/r",
                "timeout": 5,
                "memory_size": 128,
                "environment": {},
                "code": code,
                "revision": identity,
                **settings,
            }
        )
        self.state.functions[name] = function
        return function

    def change(self, function: Function, **changes: Any) -> Function:
        """The function after UpdateFunctionConfiguration."""
        changed = dataclasses.replace(function, revision=uuid.uuid4().hex, **changes)
        self.state.functions[function.name] = changed
        return changed

    def invoke(self, function: Function, event: Any = None, **more: Any) -> InvocationResult:
        """Run the function on ``event``."""
        return self.do(self.functions.invoke(function, json.dumps(event).encode(), **more))

    def result(self, function: Function, event: Any = None) -> Any:
        """The function's result; fails if the function does."""
        outcome = self.invoke(function, event)
        assert outcome.error is None, outcome.payload
        return json.loads(outcome.payload)

    def error(self, function: Function, event: Any = None) -> Any:
        """The function's error document; fails if the function does not."""
        outcome = self.invoke(function, event)
        assert outcome.error == "Unhandled", outcome.payload
        return json.loads(outcome.payload)

    def post(
        self, name: str, body: bytes = b"", query: str = "", region: str = REGION, **headers: str
    ) -> Response:
        """Call the Invoke API; header names with underscores."""
        path = name if name.startswith("/") else f"/2015-03-31/functions/{name}/invocations"
        named = {header.replace("_", "-"): value for header, value in headers.items()}
        return self.do(self.functions.handle(Request("POST", path, query, named, body), region))

    def close(self) -> None:
        """End all workers."""
        self.do(self.functions.close())
