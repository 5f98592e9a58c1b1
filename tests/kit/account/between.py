"""A man in the middle: an HTTP server between the program and the sandbox that can lose, spoil and delay.

It sees each call before it takes effect and its answer before the program does, so that a test can kill the
program exactly there, answer something else, or cut the connection. What it does with a call is up to a
function given by the test.

With a certificate authority it also stands in AWS's place: a proxy that answers for each of AWS's hosts.
"""

import functools
import http.client
import json
import re
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import parse_qs, urlsplit

import trustme

from lambda_over_https.sandbox.client.record import Sandbox
from tests.kit.account.clients import service_model
from tests.kit.account.signing import operator, signed
from tests.kit.program.support import keys_of

if TYPE_CHECKING:
    from botocore.credentials import Credentials

_SCOPE = re.compile(r"Credential=[^/,\s]+/\d{8}/[^/]+/([^/]+)/aws4_request")
_READS = ("Get", "List", "Describe", "Filter", "Scan", "Query", "AssumeRole")
_RUNS = ("Invoke", "TestInvokeMethod")
_SIGNING = frozenset({"authorization", "x-amz-date", "x-amz-security-token"})
_HOP = frozenset({"connection", "keep-alive", "transfer-encoding", "content-length", "host"})


@dataclass(frozen=True)
class Call:
    """One request: ``name`` is ``service:Operation``; ``number`` counts the calls of that name, from 1."""

    name: str
    number: int
    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def label(self) -> str:
        """What tells this call from all others of a run, whatever their order."""
        return f"{self.name} #{self.number}"

    @property
    def mutates(self) -> bool:
        """Whether it changes the account (what a function does when it is run does not count)."""
        service, _, operation = self.name.partition(":")
        if service == "execute-api":
            return False
        return operation not in _RUNS and not operation.startswith(_READS)


@dataclass(frozen=True)
class Answer:
    """What comes back."""

    status: int
    headers: Mapping[str, str]
    body: bytes


Forward = Callable[[], Answer]
Meddle = Callable[[Call, Forward], Answer | None]
"""Decides what becomes of a call: ``forward`` makes it; None cuts the connection without an answer."""


def pass_on(_: Call, forward: Forward) -> Answer | None:
    """Meddle with nothing."""
    return forward()


class Between:
    """The server; use it as a context, and give its ``url`` to the program as ``--endpoint-url``.

    With an ``authority`` it may be the program's HTTPS_PROXY instead: for every host that is asked for it
    shows a certificate of that authority. What was signed for that host it signs anew, with ``keys``.
    """

    def __init__(self, upstream: str, meddle: Meddle = pass_on, authority: trustme.CA | None = None) -> None:
        self.meddle = meddle
        self._authority = authority
        self.calls: list[Call] = []
        self.host = upstream.removeprefix("http://")
        self.keys: Credentials | None = None
        self._lock = threading.Condition()
        self._under_way: list[Call] = []
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.between = self
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def seen(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Call:
        """Name a request and count it."""
        name = _name(method, path, headers, body)
        with self._lock:
            number = 1 + sum(each.name == name for each in self.calls)
            call = Call(name, number, method, path, headers, body)
            self.calls.append(call)
            self._under_way.append(call)
        return call

    def as_host(self, host: str) -> ssl.SSLContext:
        """What the server of that host shows to its clients."""
        assert self._authority, f"nothing said that this is a proxy; to {host}?"
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._authority.issue_cert(host).configure_cert(context)
        return context

    def done(self, call: Call) -> None:
        """A call has been answered, or given up."""
        with self._lock:
            self._under_way.remove(call)
            self._lock.notify_all()

    def settle(self) -> None:
        """Wait until nothing is under way: what a killed program had sent has taken effect."""
        with self._lock:
            ended = self._lock.wait_for(lambda: not self._under_way, timeout=60)
            assert ended, f"never answered: {[call.label for call in self._under_way]}"

    def names(self) -> list[str]:
        """The names of all calls so far, in order."""
        return [call.name for call in self.calls]


@contextmanager
def in_aws_place(sandbox: Sandbox, folder: Path) -> Iterator[tuple[Between, dict[str, str]]]:
    """A proxy that has the sandbox answer for all of AWS, and what leads ``--target aws`` there."""
    authority, trusted = trustme.CA(), folder / "authority.pem"
    authority.cert_pem.write_to_path(str(trusted))
    with Between(sandbox.endpoint_url, authority=authority) as between:
        between.keys = operator(sandbox)
        yield (
            between,
            {
                "HTTPS_PROXY": between.url,
                "AWS_CA_BUNDLE": str(trusted),
                "AWS_REGION": "us-east-1",
                **keys_of(sandbox),
            },
        )


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    between: Between

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A killed client breaks its connections: that is what is being tested."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def setup(self) -> None:
        super().setup()
        self._proxied, self._api = False, ""
        self._upstream = http.client.HTTPConnection(self.server.between.host, timeout=60)

    def finish(self) -> None:
        self._upstream.close()
        super().finish()
        if self._proxied:  # the server closes only the connection that it has accepted
            self.request.close()

    def _serve(self) -> None:
        length = int(self.headers.get("content-length") or 0)
        body = self.rfile.read(length)
        if len(body) < length:  # killed while it was sending: the call has not left
            self.close_connection = True
            return
        between = self.server.between
        call = between.seen(self.command, self.path, {k.lower(): v for k, v in self.headers.items()}, body)
        try:
            answer = between.meddle(call, lambda: self._forward(body))
        finally:
            between.done(call)
        if answer is None:
            # No lingering: the peer gets a reset, not an orderly end.
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.close_connection = True
            return
        head = [f"HTTP/1.1 {answer.status} {http.client.responses.get(answer.status, '')}"]
        head += [f"{name}: {value}" for name, value in answer.headers.items() if name.lower() not in _HOP]
        head += [f"content-length: {len(answer.body)}", "", ""]
        self.wfile.write("\r\n".join(head).encode() + answer.body)

    def do_CONNECT(self) -> None:
        """Become the host that is asked for."""
        host = self.path.partition(":")[0]
        context = self.server.between.as_host(host)
        self._api = host.partition(".")[0] if ".execute-api." in host else ""
        self.send_response(200)
        self.end_headers()
        self.request = context.wrap_socket(self.connection, server_side=True)
        super().setup()
        self._proxied, self.close_connection = True, False

    do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = do_OPTIONS = _serve  # noqa: N815 - the base class's names

    def _forward(self, body: bytes) -> Answer:
        dropped = ("connection", "host") if self._proxied else ("connection",)
        headers = {name: value for name, value in self.headers.items() if name.lower() not in dropped}
        path = f"/_aws/execute-api/{self._api}{self.path}" if self._api else self.path
        scope, keys = _SCOPE.search(self.headers.get("authorization", "")), self.server.between.keys
        if self._proxied and scope and keys:
            kept = {name: value for name, value in headers.items() if name.lower() not in _SIGNING}
            headers = signed(
                keys, scope[1], self.command, f"http://{self.server.between.host}{path}", kept, body
            )
        self._upstream.request(self.command, path, body, headers)
        response = self._upstream.getresponse()
        return Answer(response.status, dict(response.getheaders()), response.read())

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


def error(call: Call, code: str, message: str, status: int) -> Answer:
    """An error as the service of ``call`` would answer it."""
    service = call.name.partition(":")[0]
    if service in ("iam", "sts"):
        text = (
            f"<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error>"
            "<RequestId>11111111-2222-3333-4444-555555555555</RequestId></ErrorResponse>"
        )
        return Answer(status, {"content-type": "text/xml"}, text.encode())
    headers = {
        "content-type": "application/x-amz-json-1.1",
        "x-amzn-ErrorType": code,
        "x-amzn-RequestId": "11111111-2222-3333-4444-555555555555",
    }
    return Answer(status, headers, json.dumps({"__type": code, "message": message}).encode())


def _name(method: str, path: str, headers: Mapping[str, str], body: bytes) -> str:
    scope = _SCOPE.search(headers.get("authorization", ""))
    if scope is None:
        return f"execute-api:{method}"
    service = {"tagging": "resourcegroupstaggingapi"}.get(scope[1], scope[1])
    if target := headers.get("x-amz-target"):
        return f"{service}:{target.rpartition('.')[2]}"
    if service in ("iam", "sts"):
        return f"{service}:{parse_qs(body.decode())['Action'][0]}"
    bare = urlsplit(path).path.rstrip("/")
    for verb, pattern, operation in _routes(service):
        if verb == method and pattern.fullmatch(bare):
            return f"{service}:{operation}"
    raise AssertionError(f"no operation of {service} is {method} {path}")


@functools.cache
def _routes(service: str) -> list[tuple[str, re.Pattern[str], str]]:
    """The operations of a REST service by verb and path, those with the fewest placeholders first."""
    model = service_model(service)
    routes = []
    for name in model.operation_names:
        about = model.operation_model(name).http
        uri = urlsplit(about["requestUri"]).path.rstrip("/")
        pattern = re.sub(r"\\{\w+\\}", "[^/]+", re.escape(uri).replace(r"\{", "\\{").replace(r"\}", "\\}"))
        routes.append((uri.count("{"), about["method"], re.compile(pattern), name))
    return [(method, pattern, name) for _, method, pattern, name in sorted(routes, key=lambda each: each[0])]


def once(label: str, spoil: Meddle) -> Meddle:
    """Spoil the call of that label only."""
    return lambda call, forward: spoil(call, forward) if call.label == label else forward()
