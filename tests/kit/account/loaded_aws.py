"""The real ``aws`` command, loaded once: each call is a fork of one process, and not a start of a second.

Run as a program by the interpreter of the command, this is the server: it loads the command, and waits at a
socket for calls. They come from ``aws`` in ``LoadedAws.folder``, which hands over its arguments, environment,
folder and three streams, and ends with the exit code that it is answered.
"""

import gc
import json
import os
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

SERVICES = ("apigateway", "dynamodb", "iam", "lambda", "logs", "scheduler", "sts", "wafv2")
"""What the program's commands and scripts call."""

CALLER = """#!{python} -ISB
import json, os, socket, sys
with socket.socket(socket.AF_UNIX) as server:
    server.connect({address!r})
    call = json.dumps([sys.argv[1:], dict(os.environ), os.getcwd()]).encode()
    socket.send_fds(server, [len(call).to_bytes(4, "big")], [0, 1, 2])
    server.sendall(call)
    code = server.recv(1)
sys.exit(code[0] if code else "aws has ended without an exit code")
"""


class LoadedAws:
    """The server, and ``aws`` in ``folder``: put that first in PATH. ``command`` is the real command."""

    def __init__(self, command: Path, folder: Path) -> None:
        self.folder = folder
        address = str(folder / "calls")
        self._server = subprocess.Popen(
            [command.with_name("python"), __file__, address], stdout=subprocess.PIPE, stdin=subprocess.DEVNULL
        )
        assert self._server.stdout
        assert self._server.stdout.readline() == b"ready\n"
        self.command = folder / "aws"
        self.command.write_text(CALLER.format(python=sys.executable, address=address))
        self.command.chmod(stat.S_IRWXU)

    def close(self) -> None:
        """End the server."""
        self._server.kill()
        self._server.wait()
        assert self._server.stdout
        self._server.stdout.close()


def _serve(address: str) -> None:
    import awscli.clidriver

    driver = awscli.clidriver.create_clidriver()
    _read_models(driver.session)
    driver.create_help_command()  # the table of all commands
    gc.freeze()  # a fork that collected garbage would get a copy of all this
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the caller is told of the end, nobody else need be
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(address)
        listening.listen(64)
        os.write(1, b"ready\n")
        while True:
            call, _ = listening.accept()
            if os.fork() == 0:
                _answer(call, driver.main)
            call.close()


def _read_models(session: Any) -> None:
    """Read for ``session`` what calls need of the services' models, through another session."""
    reader, another = session.get_component("data_loader"), type(session)()
    another.register_component("data_loader", reader)
    for kind in ("paginators-1", "waiters-2"):
        reader.list_available_services(kind)
    for service in SERVICES:
        another.create_client(
            service, region_name="us-east-1", aws_access_key_id="none", aws_secret_access_key="none"
        )


def _answer(call: socket.socket, main: Callable[[list[str]], int]) -> None:
    """In the child: become ``aws`` with the caller's streams, environment and folder."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    size, streams, _, _ = socket.recv_fds(call, 4, 3)
    with call.makefile("rb") as order:
        arguments, environment, folder = json.loads(order.read(int.from_bytes(size, "big")))
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    code = main(arguments)
    sys.stdout.flush()
    sys.stderr.flush()
    call.sendall(bytes([code or 0]))
    os._exit(0)


if __name__ == "__main__":
    _serve(sys.argv[1])
