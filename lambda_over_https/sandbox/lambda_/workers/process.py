"""A child process and all processes that it starts: one output and one end for them together."""

import asyncio
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from lambda_over_https.sandbox.lambda_.bootstrap.reap import kill_all, kill_group
from lambda_over_https.sandbox.lambda_.workers.reaper import Reaper

_CHUNK = 1 << 16
_DRAIN = 16  # the most chunks to read at once: a thread that never stops writing must not block the loop


@dataclass(frozen=True, slots=True)
class Program:
    """What to start, and where. ``environment`` is the process's whole environment.

    ``mark`` is a part of it that no other program has: it tells what the program has started.
    """

    command: Sequence[str]
    environment: Mapping[str, str]
    folder: Path
    mark: str


class Process:
    """A running program, which leads a process group of its own.

    ``on_output`` gets what it writes to standard output and error. ``on_exit`` gets its exit code, once,
    after the last output.
    """

    def __init__(
        self, on_output: Callable[[bytes], None], on_exit: Callable[[int], None], reaper: Reaper
    ) -> None:
        self._on_output = on_output
        self._on_exit = on_exit
        self._reaper = reaper
        self._loop = asyncio.get_running_loop()
        self._output = -1
        self._exited: asyncio.Task[None] | None = None
        self._mark = ""
        self.pid = 0
        self.alive = False

    async def start(self, program: Program) -> None:
        """Start the program. OSError if that fails."""
        self._output, their_end = os.pipe()
        os.set_blocking(self._output, False)
        try:
            process = await asyncio.create_subprocess_exec(
                *program.command,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=their_end,
                stderr=their_end,
                cwd=program.folder,
                env=dict(program.environment),
                start_new_session=True,
            )
        except BaseException:
            os.close(self._output)
            raise
        finally:
            os.close(their_end)
        self.pid, self.alive = process.pid, True
        self._mark = program.mark
        self._reaper.watch(self.pid, self._mark)
        self._loop.add_reader(self._output, self._read)
        self._exited = self._loop.create_task(self._wait(process))

    def drain(self) -> None:
        """Read what it has written so far. The pipe already holds what it wrote before its last request."""
        for _ in range(_DRAIN):
            if not self._read():
                break

    def kill(self) -> None:
        """Kill it and what it has started. ``on_exit`` follows."""
        if self.alive:
            self.alive = False
            kill_group(self.pid)

    async def close(self) -> None:
        """Kill it, and wait until it has ended."""
        self.kill()
        if self._exited is not None:
            await self._exited

    def _read(self) -> bool:
        if self._output < 0:
            return False
        try:
            data = os.read(self._output, _CHUNK)
        except BlockingIOError:
            return False
        if not data:
            self._loop.remove_reader(self._output)
            return False
        self._on_output(data)
        return True

    async def _wait(self, process: asyncio.subprocess.Process) -> None:
        code = await process.wait()
        self.alive = False
        # What it has left behind, also in groups of their own: to find these takes some milliseconds.
        await asyncio.to_thread(kill_all, self.pid, self._mark)
        self._reaper.forget(self.pid)
        self.drain()
        self._loop.remove_reader(self._output)
        os.close(self._output)
        self._output = -1
        self._on_exit(code)
