"""A worker that has loaded what the tutorial's function needs: ``python -BPSs ready_worker.py FOLDER...``.

Its orders come over standard input, a socket, each with the descriptor that is to be the worker's output. It
forks for each, and says there what it has begun and what has ended. See ``ready_server.py``.
"""

import contextlib
import importlib
import json
import os
import signal
import socket
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[3]
CHILD = {signal.SIGCHLD}
COMMAND = Path("/proc/self/comm")
"""What a process is called on Linux, in fifteen letters. Its environment there is that of this process."""


def main(folders: Sequence[str]) -> None:
    """Load everything, then fork for each order until nobody is left to give one."""
    bootstrap = _load(folders)
    talk = socket.socket(fileno=os.dup(0))
    os.dup2(1, 0)
    signal.signal(signal.SIGCHLD, lambda *_: _tell_ends(talk))
    for order, output in _orders(talk):
        signal.pthread_sigmask(signal.SIG_BLOCK, CHILD)  # that it began is said before that it has ended
        pid = os.fork()
        if pid == 0:
            talk.close()
            _become(order, output)
            bootstrap.main([*folders, "--", *order["arguments"]])
            os._exit(0)
        os.close(output)
        _say(talk, pid=pid)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, CHILD)


def _load(folders: Sequence[str]) -> Any:
    """What a worker loads, and what the SDK makes of its models; then the import path is as it was."""
    sys.path.append(str(ROOT))
    from lambda_over_https.sandbox.lambda_.bootstrap import python as bootstrap

    finder = bootstrap.ProvidedPackages(folders)
    sys.meta_path.append(finder)
    import boto3

    importlib.import_module("simplejson")
    from tests.kit.plugins.quick import loaded, quickened

    quickened()
    boto3.Session("none", "none", region_name="us-east-1").resource("dynamodb")
    sys.meta_path.remove(finder)
    sys.path.remove(str(ROOT))
    loaded()
    return bootstrap


def _orders(talk: socket.socket) -> Iterator[tuple[Any, int]]:
    """What is to be begun, and where its output goes."""
    text, outputs = b"", list[int]()
    while True:
        chunk, more, _, _ = socket.recv_fds(talk, 1 << 16, 1)
        if not chunk:
            return
        text, outputs = text + chunk, outputs + more
        if text.endswith(b"\n"):  # the next order comes after the answer to this one
            yield json.loads(text), outputs.pop()
            text = b""


def _become(order: Any, output: int) -> None:
    """In the child: lead a session, and have the output, the folder and the environment that are ordered."""
    os.setsid()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, CHILD)
    for number in (1, 2):
        os.dup2(output, number)
    os.close(output)
    os.chdir(order["folder"])
    os.environ.clear()
    os.environ.update(order["environment"])
    time.tzset()
    with contextlib.suppress(OSError):  # no Linux
        COMMAND.write_text(order["environment"]["AWS_LAMBDA_FUNCTION_NAME"])


def _tell_ends(talk: socket.socket) -> None:
    """Say of each process that has ended how it did: its exit code, or the number of a signal, negative."""
    with contextlib.suppress(ChildProcessError):
        while (ended := os.waitpid(-1, os.WNOHANG))[0]:
            _say(talk, pid=ended[0], code=os.waitstatus_to_exitcode(ended[1]))


def _say(talk: socket.socket, **said: int) -> None:
    talk.sendall(json.dumps(said).encode() + b"\n")


if __name__ == "__main__":
    main(sys.argv[1:])
