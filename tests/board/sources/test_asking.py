"""Documents of the running sandbox: had, or known not to come."""

import asyncio
import http.client
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from lambda_over_https.board.sources.asking import NoAnswerError, ask
from lambda_over_https.sandbox.client.record import Sandbox


@contextmanager
def _server(answer: bytes) -> Iterator[Sandbox]:
    """A sandbox that answers one request so, and then hangs up."""

    def serve() -> None:
        connection, _ = listening.accept()
        with connection:
            connection.recv(65536)
            connection.sendall(answer)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=serve)
        thread.start()
        yield _at(listening)
        thread.join()


def _at(listening: socket.socket) -> Sandbox:
    url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    return Sandbox(url, url, "", 1, "boot", "1" * 12, "", secret="s")


def test_the_document_is_the_answer() -> None:
    with _server(b'HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n{"a": 1}') as sandbox:
        assert asyncio.run(ask(sandbox, "/x")) == {"a": 1}


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"nonsense\r\n\r\n",
        b"HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n{",
        b"HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n{}",
    ],
)
def test_whatever_else_is_answered_is_no_document(answer: bytes) -> None:
    with _server(answer) as sandbox, pytest.raises(NoAnswerError):
        asyncio.run(ask(sandbox, "/x"))


def test_a_sandbox_that_says_nothing_is_not_waited_for_without_end() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(NoAnswerError):
        asyncio.run(ask(_at(silent), "/x", silence=0.05))


@pytest.mark.parametrize("moment", ["while it waits", "while it connects"])
def test_who_asks_no_longer_leaves_no_thread_that_waits(monkeypatch: pytest.MonkeyPatch, moment: str) -> None:
    """Nor a connection that nobody closes."""
    connected, gone = threading.Event(), threading.Event()
    connect = http.client.HTTPConnection.connect

    def held(connection: http.client.HTTPConnection) -> None:
        if moment == "while it connects":
            assert gone.wait(5)
        connect(connection)
        connected.set()

    monkeypatch.setattr(http.client.HTTPConnection, "connect", held)

    async def ask_and_go(silent: socket.socket) -> None:
        asking = asyncio.create_task(ask(_at(silent), "/x"))
        if moment == "while it waits":
            assert await asyncio.to_thread(connected.wait, 5)
        asking.cancel()
        await asyncio.wait([asking])
        gone.set()

    with socket.create_server(("127.0.0.1", 0)) as silent:
        thread = threading.Thread(target=lambda: asyncio.run(ask_and_go(silent)))  # its end waits for threads
        thread.start()
        thread.join(5)
        assert not thread.is_alive()
