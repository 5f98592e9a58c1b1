"""Sends a request to an endpoint on this machine and reads its response, in a thread of its own.

Python's own HTTP client does it. The socket is made here, so nothing else is ever contacted, and no redirect
is followed.
"""

import asyncio
import contextlib
import functools
import http.client
import socket
import ssl
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Final

from lambda_over_https.sandbox.gateway.integrations.endpoints.address import Address

LARGEST: Final = 10 * 2**20
"""Bytes of a response (API Gateway quotas, "Payload size")."""

THREADS: Final = 64
"""Requests at a time; others wait, and their timeout runs."""

_PIECE = 2**16


class TooLargeError(Exception):
    """The response is larger than API Gateway takes."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A request to an endpoint; ``verified`` says whether its certificate is checked."""

    verb: str
    address: Address
    headers: Sequence[tuple[str, str]]
    body: bytes = b""
    verified: bool = True


@dataclass(frozen=True, slots=True)
class Incoming:
    """What an endpoint answered."""

    status: int
    headers: Sequence[tuple[str, str]]
    body: bytes


class HttpClient:
    """Calls endpoints. ``trust`` makes the context that checks the certificates of HTTPS."""

    def __init__(self, trust: Callable[[], ssl.SSLContext] = ssl.create_default_context) -> None:
        self._trust = functools.cache(trust)
        self._running: set[_Call] = set()
        self._threads = ThreadPoolExecutor(THREADS, "endpoint")

    async def send(self, outgoing: Outgoing, timeout: float) -> Incoming:
        """Send the request and return the whole response.

        TimeoutError after ``timeout`` seconds; OSError (ssl.SSLError among them) or
        http.client.HTTPException if the endpoint cannot be reached or does not speak HTTP; TooLargeError.
        """
        call = _Call(outgoing, self._context(outgoing), timeout)
        self._running.add(call)
        future = asyncio.get_running_loop().run_in_executor(self._threads, call.run)
        try:
            return await asyncio.wait_for(future, timeout)
        finally:
            call.abort()
            self._running.discard(call)

    def close(self) -> None:
        """End the calls that are running."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        for call in list(self._running):
            call.abort()

    def _context(self, outgoing: Outgoing) -> ssl.SSLContext | None:
        if outgoing.address.scheme != "https":
            return None
        if outgoing.verified:
            return self._trust()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        return context


@dataclass(eq=False)
class _Call:
    outgoing: Outgoing
    context: ssl.SSLContext | None
    timeout: float
    _socket: socket.socket | None = field(default=None, init=False)
    _aborted: bool = field(default=False, init=False)

    def run(self) -> Incoming:
        """Make the call, in this thread."""
        address = self.outgoing.address
        with self._begun(_connected(address, self.timeout)) as plain:
            if self.context is None:
                return self._exchange(plain)
            secured = self.context.wrap_socket(
                plain, server_hostname=address.name, do_handshake_on_connect=False
            )
            with self._begun(secured):
                secured.do_handshake()
                return self._exchange(secured)

    def abort(self) -> None:
        """Make ``run`` end soon with an OSError, if it has not ended."""
        self._aborted = True
        if self._socket is not None:
            with contextlib.suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)

    def _begun(self, connected: socket.socket) -> socket.socket:
        self._socket = connected
        if self._aborted:
            connected.close()
            raise ConnectionAbortedError
        return connected

    def _exchange(self, connected: socket.socket) -> Incoming:
        outgoing = self.outgoing
        connection = http.client.HTTPConnection("localhost")
        connection.sock = connected
        connection.putrequest(
            outgoing.verb, outgoing.address.target, skip_host=True, skip_accept_encoding=True
        )
        for name, value in outgoing.headers:
            connection.putheader(name, value)
        connection.endheaders(outgoing.body or None)
        response = connection.getresponse()
        return Incoming(response.status, response.getheaders(), _whole(response))


def _connected(address: Address, timeout: float) -> socket.socket:
    for host in address.addresses:
        with contextlib.suppress(ConnectionRefusedError):
            return socket.create_connection((host, address.port), timeout)
    raise ConnectionRefusedError(f"nothing listens on port {address.port}")


def _whole(response: http.client.HTTPResponse) -> bytes:
    pieces, size = [], 0
    while piece := response.read(_PIECE):
        pieces.append(piece)
        size += len(piece)
        if size > LARGEST:
            raise TooLargeError
    if response.length:
        raise http.client.IncompleteRead(b"", response.length)
    return b"".join(pieces)
