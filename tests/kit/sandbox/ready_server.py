"""The sandbox's server, whose workers of the tutorial's function begin ready: forked, not started.

To start Python and load the AWS SDK takes a worker longer than everything else that it does in a test, and
the tests' deployments have hundreds of them. Here a *ready worker* (``ready_worker.py``) has loaded all that,
and forks for each. Any other function, and the tutorial's in a sandbox that a test starts for itself, is
started as the program does it.
"""

import asyncio
import json
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from lambda_over_https.sandbox import server
from lambda_over_https.sandbox.lambda_.workers.runtimes import provided_folders

SOURCE = Path(__file__).parents[3] / "function" / "LambdaFunctionOverHttps.py"
"""The code that can begin ready."""

READY = Path(__file__).with_name("ready_worker.py")

BEFORE = {"LANG": "en_US.UTF-8", "PATH": "/usr/local/bin:/usr/bin:/bin", "TZ": ":UTC"}
"""The variables of every worker that Python reads when it starts."""

Started = Callable[..., Any]


class Forked:
    """A forked worker, as far as its owner looks at it."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._code: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    async def wait(self) -> int:
        """Wait until it has ended, and return its exit code: negative after a signal."""
        return await self._code

    def end(self, code: int) -> None:
        """It has ended."""
        self._code.set_result(code)


class ReadyWorker:
    """The process that forks. It ends when the sandbox does, in whatever way."""

    def __init__(self) -> None:
        self._ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-BPSs", str(READY), *provided_folders()],
                env=BEFORE,
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
            )
        self._forked: dict[int, Forked] = {}
        self._asking = asyncio.Lock()
        self._pids: asyncio.Queue[int] = asyncio.Queue()
        self._hearing: asyncio.Task[None] | None = None

    async def fork(self, *command: str, env: Mapping[str, str], cwd: Path, stdout: int, **_: Any) -> Forked:
        """Start a worker, by the arguments with which asyncio starts a process; the others never differ."""
        self._hearing = self._hearing or asyncio.create_task(self._hear())
        arguments = command[command.index("--") + 1 :]
        order = {"arguments": arguments, "environment": env, "folder": str(cwd)}
        async with self._asking:
            socket.send_fds(self._ours, [json.dumps(order).encode() + b"\n"], [stdout])
            pid = await self._pids.get()
        return self._forked[pid]

    async def _hear(self) -> None:
        """Take note of what is begun and what has ended."""
        reader, _ = await asyncio.open_connection(sock=self._ours.dup())
        async for line in reader:
            said = json.loads(line)
            if "code" in said:
                self._forked.pop(said["pid"]).end(said["code"])
            else:
                self._forked[said["pid"]] = Forked(said["pid"])
                self._pids.put_nowait(said["pid"])


def can_begin_ready(command: tuple[str, ...], environment: Mapping[str, str], folder: Path) -> bool:
    """Whether it is the tutorial's function, and nothing in its environment is for Python itself."""
    return (
        command[1:2] == ("-BPSs",)
        and not any(name.startswith("PYTHON") for name in environment)
        and list(folder.iterdir()) == [folder / SOURCE.name]
        and (folder / SOURCE.name).read_bytes() == SOURCE.read_bytes()
    )


def beginning_ready(start: Started) -> Started:
    """``start``, but for what can begin ready."""
    ready = ReadyWorker()

    async def started(*command: str, **how: Any) -> Any:
        if can_begin_ready(command, how["env"], how["cwd"]):
            return await ready.fork(*command, **how)
        return await start(*command, **how)

    return started


if __name__ == "__main__":
    asyncio.create_subprocess_exec = beginning_ready(asyncio.create_subprocess_exec)
    server.main()
