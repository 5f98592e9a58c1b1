"""Asks the running sandbox for a document, beside the event loop."""

import asyncio
import contextlib
import http.client
import json
import socket
import threading
from typing import Any
from urllib.parse import urlsplit

from lambda_over_https.sandbox.client.record import Sandbox

SILENCE = 15.0
"""Seconds without an answer after which a sandbox counts as away; it may wait 10 for a request to tell of."""


class NoAnswerError(Exception):
    """The sandbox does not answer, or not with a document."""


async def ask(sandbox: Sandbox, path: str, silence: float = SILENCE) -> Any:
    """The document at one of its own paths. Raises NoAnswerError if there is none."""
    connection = http.client.HTTPConnection(urlsplit(sandbox.endpoint_url).netloc, timeout=silence)
    unwanted = threading.Event()
    try:
        return await asyncio.to_thread(_document, connection, path, sandbox.secret, unwanted)
    finally:
        unwanted.set()
        _hang_up(connection)


def _document(
    connection: http.client.HTTPConnection, path: str, secret: str, unwanted: threading.Event
) -> Any:
    with contextlib.closing(connection):
        try:
            connection.connect()
            if unwanted.is_set():  # before there was anything to hang up
                return None
            connection.request("GET", path, headers={"Authorization": f"Bearer {secret}"})
            answer = connection.getresponse()
            document = json.loads(answer.read())
        except (http.client.HTTPException, OSError, ValueError) as error:
            raise NoAnswerError(f"{path}: {error!r}") from error
    if answer.status != http.HTTPStatus.OK:
        raise NoAnswerError(f"{path}: {answer.status} {document}")
    return document


def _hang_up(connection: http.client.HTTPConnection) -> None:
    """Wake up a thread that still waits for the answer; it closes the connection."""
    if connection.sock:
        with contextlib.suppress(OSError):
            connection.sock.shutdown(socket.SHUT_RDWR)
