"""A bounded flood of requests: against this machine's own sandbox, and against nothing else."""

import http.client
import ssl
import threading
import time
from collections import Counter
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from urllib.parse import urlsplit

from lambda_over_https.deployment.stack import Stack
from lambda_over_https.errors import LohError, UsageError
from lambda_over_https.hosts import is_this_machine

MOST = 300
"""Requests that one experiment may send."""

AT_ONCE = 8
PATIENCE = 30.0
"""Seconds to wait for an answer."""


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer."""

    status: int
    body: str
    seconds: float


class Flood:
    """Sends requests from other addresses of this machine; raises UsageError where that must not be done.

    The program's own way of HTTP cannot choose the address that it sends from, so this is Python's.
    """

    def __init__(self, stack: Stack, headers: Mapping[str, str], body: str) -> None:
        self._url = urlsplit(stack.invoke_url)
        if not (stack.place.is_sandbox and is_this_machine(self._url.hostname or "")):
            raise UsageError(
                "A flood is sent to the sandbox on this machine only.", "Try the chapter in the sandbox."
            )
        self._headers, self._body = dict(headers), body.encode()
        self._trust = ssl.create_default_context(cafile=stack.place.ca_bundle or None)
        self._stack, self._count = stack, threading.Semaphore(MOST)
        self.sent = 0
        """How many requests were sent."""

    def send(self, requests: int, address: str) -> list[Reply]:
        """Send so many requests from that address, some at once; LohError if it is none of this machine's."""
        with ThreadPoolExecutor(AT_ONCE) as pool:
            return list(pool.map(lambda _: self.one(address), range(requests)))

    def one(self, address: str) -> Reply:
        """Send one request."""
        self._stack.run.raise_if_interrupted()
        if not self._count.acquire(blocking=False):
            raise AssertionError(f"no experiment sends more than {MOST} requests")
        self.sent += 1
        began = time.monotonic()
        connection = self._connection(address)
        try:
            connection.request("POST", self._url.path, self._body, self._headers)
            answer = connection.getresponse()
            body = answer.read().decode(errors="replace")
        except OSError as error:
            raise LohError(
                f"No request could be sent from {address}: {error}.",
                "Where the system has one address of its own only, as macOS does, add it: "
                f"sudo ifconfig lo0 alias {address}",
            ) from error
        finally:
            connection.close()
        return Reply(answer.status, body, time.monotonic() - began)

    def _connection(self, address: str) -> http.client.HTTPConnection:
        host, port = self._url.hostname or "", self._url.port
        if self._url.scheme == "http":
            return http.client.HTTPConnection(host, port, PATIENCE, (address, 0))
        return http.client.HTTPSConnection(
            host, port, timeout=PATIENCE, source_address=(address, 0), context=self._trust
        )


def counted(replies: list[Reply]) -> str:
    """How many answers of each status there are, in words."""
    statuses = sorted(Counter(each.status for each in replies).items())
    return ", ".join(f"{count} × {status}" for status, count in statuses)
