"""A small HTTPS client for one URL: keeps its connection, trusts the sandbox's certificate if told."""

import http.client
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from lambda_over_https.errors import LohError

TIMEOUT = 35
"""Seconds; API Gateway itself gives up after 29."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer; ``seconds`` from the first byte sent to the last received."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    seconds: float


class Endpoint:
    """POST to one URL, over one connection as long as the server keeps it."""

    def __init__(self, url: str, ca_bundle: str = "", timeout: float = TIMEOUT) -> None:
        self.url = url
        self._parts = urlsplit(url)
        self._connection = self._open(ca_bundle, timeout)

    def _open(self, ca_bundle: str, timeout: float) -> http.client.HTTPConnection:
        host, port = self._parts.hostname or "", self._parts.port
        if self._parts.scheme == "http":
            return http.client.HTTPConnection(host, port, timeout=timeout)
        from botocore.httpsession import get_cert_path

        context = ssl.create_default_context(cafile=ca_bundle or get_cert_path(True))
        return http.client.HTTPSConnection(host, port, timeout=timeout, context=context)

    def post(self, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Send ``body``; raises LohError if there is no answer."""
        began = time.monotonic()
        try:
            response = self._send(body, headers)
            data = response.read()
        except (OSError, http.client.HTTPException) as error:
            self._connection.close()
            raise LohError(
                f"No answer from {self.url}: {error or type(error).__name__}",
                "`loh sandbox status` tells whether the sandbox runs; on AWS, check the network.",
            ) from error
        return Answer(response.status, dict(response.getheaders()), data, time.monotonic() - began)

    def _send(self, body: bytes, headers: Mapping[str, str]) -> http.client.HTTPResponse:
        path = self._parts.path or "/"
        try:
            self._connection.request("POST", path, body, dict(headers))
            return self._connection.getresponse()
        except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
            # The server closed a kept connection between two requests: it never saw this one.
            self._connection.close()
            self._connection.request("POST", path, body, dict(headers))
            return self._connection.getresponse()

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
