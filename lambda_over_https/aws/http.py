"""The one way in which this program speaks HTTP, to AWS's services and to the deployed API alike.

It is boto3's own: the same proxies, certificates and time limits hold for a call and for the test over HTTPS,
and connections are kept. What is added is that an answer has an end.
"""

import io
import os
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from lambda_over_https import __version__
from lambda_over_https.errors import EndedError, LohError, UsageError
from lambda_over_https.events import current_step

if TYPE_CHECKING:
    from botocore.awsrequest import AWSPreparedRequest, AWSResponse
    from botocore.httpsession import URLLib3Session

CONNECT_TIMEOUT = 5

LARGEST = 32 * 2**20
"""Bytes; more than any answer of AWS's that we ask for (Lambda's may have 6 MB)."""

PIECE = 2**16

SOCKET_OPTIONS = ((socket.IPPROTO_TCP, socket.TCP_NODELAY, 1), (socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1))
"""Send the second part of a request at once, not when the first was acknowledged 40 ms later; and notice a
connection that something between has forgotten."""

USER_AGENT = f"lambda-over-https/{__version__}"


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer; ``seconds`` from the first byte sent to the last received."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    seconds: float


class Http:
    """Sends requests; safe to share between threads.

    ``ca_bundle`` is a file of certificates to trust, or None for the usual ones. ``direct``: no proxy is
    used, whatever the environment names. ``read_timeout`` is how many seconds the server may be silent.
    ``is_there`` is asked where nobody answers, or somebody who does not know us: is it still that sandbox?
    """

    def __init__(
        self,
        ca_bundle: str | None,
        read_timeout: float,
        *,
        direct: bool = False,
        is_there: Callable[[], bool] = lambda: True,
    ) -> None:
        self._trusted = ca_bundle or os.environ.get("REQUESTS_CA_BUNDLE") or True
        self._read_timeout = read_timeout
        self._direct = direct
        self._is_there = is_there
        self._sessions: dict[frozenset[tuple[str, str]], URLLib3Session] = {}

    def send(self, request: "AWSPreparedRequest", **_: Any) -> "AWSResponse":
        """Answer botocore's ``before-send`` event: send the request, and take in the whole answer.

        Raises botocore's error if there is none, LohError if it is too long to be AWS's, EndedError if the
        sandbox has ended.
        """
        from botocore.awsrequest import AWSResponse
        from botocore.exceptions import ConnectionError as NotConnectedError

        request.stream_output = True
        try:
            response = self._session(request.url).send(request)
        except NotConnectedError:
            self._check_there()
            raise
        headers: Any = response.headers
        body = _Received(_body(response, request.url))
        if response.status_code == HTTPStatus.FORBIDDEN:
            self._check_there()
        return AWSResponse(response.url, response.status_code, headers, body)

    def _check_there(self) -> None:
        """Raises EndedError if the sandbox has ended; another one, at its address, does not know our keys."""
        if not self._is_there():
            raise EndedError(current_step.get())

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Send ``body`` as any client would; raises LohError if there is no answer."""
        return self.ask("POST", url, headers, body)

    def ask(self, verb: str, url: str, headers: Mapping[str, str], body: bytes = b"") -> Answer:
        """Send a request as any client would; raises LohError if there is no answer."""
        from botocore.awsrequest import AWSRequest
        from botocore.exceptions import BotoCoreError

        request = AWSRequest(verb, url, {"User-Agent": USER_AGENT, **headers}, body).prepare()
        began = time.monotonic()
        try:
            response = self.send(request)
        except BotoCoreError as error:
            raise _unanswered(url, error) from error
        seconds = time.monotonic() - began
        return Answer(response.status_code, dict(response.headers.items()), response.content, seconds)

    def _session(self, url: str) -> "URLLib3Session":
        from botocore.httpsession import URLLib3Session
        from botocore.utils import get_environ_proxies

        proxies = {} if self._direct else get_environ_proxies(url)
        key = frozenset(proxies.items())
        if key not in self._sessions:
            self._check_trusted()
            _check_proxy(proxies.get(urlsplit(url).scheme))
            make: Any = URLLib3Session  # its stubs know less than it takes
            timeouts = (CONNECT_TIMEOUT, self._read_timeout)
            self._sessions[key] = make(self._trusted, proxies, timeouts, socket_options=SOCKET_OPTIONS)
        return self._sessions[key]

    def _check_trusted(self) -> None:
        if isinstance(self._trusted, str) and not Path(self._trusted).is_file():
            raise LohError(
                f"There is no file of certificates {self._trusted}.",
                "AWS_CA_BUNDLE, REQUESTS_CA_BUNDLE or ca_bundle in ~/.aws/config names it: correct that.",
            )


def _check_proxy(url: str | None) -> None:
    """Raises UsageError for a proxy that cannot be one, or is of a kind that boto3 does not know."""
    from urllib3.exceptions import LocationParseError
    from urllib3.util import parse_url

    if not url:
        return
    try:
        parts = parse_url(url)
        right = parts.scheme in (None, "http", "https") and bool(parts.host)
    except LocationParseError:
        right = False
    if not right:
        raise UsageError(
            f"The environment names a proxy that cannot be used: {_without_password(url)}.",
            "HTTPS_PROXY (or HTTP_PROXY) must be like http://proxy.example:3128, without SOCKS. NO_PROXY"
            " names the addresses that need none.",
        )


def _without_password(url: str) -> str:
    return f"…@{url.rpartition('@')[2]}" if "@" in url else url


class _Received(io.BytesIO):
    """The body of an answer that is all here, in the shape in which botocore expects one under way."""

    def stream(self) -> Iterator[bytes]:
        """The body."""
        yield self.getvalue()


def _body(response: "AWSResponse", url: str) -> bytes:
    from botocore import exceptions
    from urllib3.exceptions import HTTPError, ReadTimeoutError

    found = bytearray()
    try:
        for piece in response.raw.stream(PIECE):
            found += piece
            if len(found) > LARGEST:
                response.raw.close()
                raise LohError(
                    f"The answer of {url} has no end: {LARGEST // 2**20} MB were read.",
                    "AWS does not answer like that. Check the address.",
                )
    except ReadTimeoutError as error:
        raise exceptions.ReadTimeoutError(endpoint_url=url, error=error) from error
    except HTTPError as error:
        raise exceptions.ConnectionClosedError(endpoint_url=url, error=error) from error
    return bytes(found)


def _unanswered(url: str, error: Exception) -> LohError:
    from lambda_over_https.aws.errors.explanations import explain_failure

    known = explain_failure(error)
    return LohError(f"No answer from {url}. {known.message}", known.hint)
