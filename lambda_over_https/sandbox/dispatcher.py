"""Decides which component a request is for, and keeps web pages out.

Whoever can call the control plane can run code as the user (CreateFunction, Invoke). So its calls must be
signed, and the sandbox's own endpoints ask for the secret of the record: other users of the machine have
neither keys nor secret. A page in the user's browser may not call them in any case. It gives itself away in
one of three ways:

- It has no keys, and cannot sign a request without a CORS preflight, which only deployed APIs answer.
- Its requests carry an Origin header or, if they only read, a Sec-Fetch-Site header.
- If it reaches loopback through a host name of its own (DNS rebinding), that name is in the Host header.

The dispatcher checks all three.
"""

import hmac
import re
from collections.abc import Callable, Mapping
from typing import Protocol
from urllib.parse import parse_qs, unquote

from lambda_over_https.sandbox.control.aws_calls import AwsCall, Scope, scope_of
from lambda_over_https.sandbox.control.aws_errors import error_response
from lambda_over_https.sandbox.model.errors import AwsError
from lambda_over_https.sandbox.state.package_urls import PATH as PACKAGES
from lambda_over_https.sandbox.strict import constraints
from lambda_over_https.sandbox.web.http import MAX_BODY, Handler, Request, Response, json_response

_OWN_HOST = re.compile(r"(127\.0\.0\.1|\[::1\]|(.+\.)?localhost)(:\d+)?", re.IGNORECASE)
_API_HOST = re.compile(
    r"([a-z0-9]+)\.execute-api\.(?:localhost|[a-z0-9-]+\.(?:amazonaws\.com(?:\.cn)?|localhost))(?::\d+)?",
    re.IGNORECASE,
)
_API_PATH = re.compile(r"/_aws/execute-api/([^/]+)/([^/]+)(/.*)?")
_URL_HOST = re.compile(r"([0-9a-z]+)\.lambda-url\.[a-z0-9-]+\.(?:on\.aws|localhost)(?::\d+)?", re.IGNORECASE)
_URL_PATH = re.compile(r"/_aws/lambda-url/([0-9a-z]+)(/.*)?")
_STAGE_PATH = re.compile(r"/([^/]+)(/.*)?")
_INVOKE_PATH = re.compile(
    r"/2015-03-31/functions/([^/]+)/invocations/?|/2014-11-13/functions/([^/]+)/invoke-async/?"
)
_TEST_INVOKE_PATH = re.compile(r"/restapis/([^/]+)/resources/([^/]+)/methods/([^/]+)/?")
_PLAIN = ("", "identity", "amz-1.0")
"""Codings of a body as it is; the last is in sample requests of AWS's references (CloudWatch, for one)."""


PUBLIC_BODY = 11 * 2**20
"""Bytes: a little more than API Gateway's 10 MB, which it refuses in its own words."""

OWN_BODY = 64 * 1024
"""Bytes, of the sandbox's own endpoints."""


class ExecuteApi(Protocol):
    """API Gateway's data plane."""

    async def handle(self, request: Request, api_id: str, stage: str, path: str) -> Response:
        """Serve a request to a deployed API; ``path`` begins after the stage."""

    async def test_invoke(
        self, request: Request, region: str, api_id: str, resource_id: str, verb: str
    ) -> Response:
        """Serve TestInvokeMethod."""


class Urls(Protocol):
    """Lambda's function URLs."""

    async def handle(self, request: Request, url_id: str, path: str) -> Response:
        """Serve a request to a function URL."""


class Authentication(Protocol):
    """Knows who has signed a request; see ``iam.callers.authentication``."""

    def admit(self, request: Request) -> None:
        """AwsError if the request's head names no key that is known."""

    def scope(self, request: Request) -> Scope:
        """What an authentic request is signed for; AwsError if it is none."""


class InvokeApi(Protocol):
    """Lambda's data plane."""

    async def handle(self, request: Request, region: str) -> Response:
        """Serve Invoke and InvokeAsync."""


class Dispatcher:
    """Routes every request of both listeners.

    ``control`` serves all calls but invocations; an invocation is checked here, by ``authentication`` and
    ``authorize``, which raise AwsError. ``packages`` serves what is below the path of packages. ``endpoints``
    are the sandbox's own, by path; they answer JSON to whoever has the ``secret``.
    """

    def __init__(
        self,
        control: Handler,
        functions: InvokeApi,
        gateway: ExecuteApi,
        urls: Urls,
        authentication: "Authentication",
        authorize: Callable[[AwsCall], None],
        packages: Handler,
        endpoints: Mapping[str, Handler],
        secret: str,
    ) -> None:
        self._control = control
        self._functions = functions
        self._gateway = gateway
        self._urls = urls
        self._authentication = authentication
        self._authorize = authorize
        self._packages = packages
        self._endpoints = endpoints
        self._bearer = f"Bearer {secret}".encode()

    def admit(self, request: Request) -> Response | int:
        """Look at a request's head: refuse it before its body is read, or say how long that may be."""
        host = request.headers.get("host", "")
        if any(name.fullmatch(host) for name in (_API_HOST, _URL_HOST)) or not _OWN_HOST.fullmatch(host):
            return PUBLIC_BODY
        if any(path.fullmatch(request.path) for path in (_API_PATH, _URL_PATH)):
            return PUBLIC_BODY
        if request.path.startswith("/_sandbox/") or _is_small(request):
            return OWN_BODY
        if _of_a_page(request):
            return _NO_PAGES
        try:
            self._authentication.admit(request)
        except AwsError as error:
            scope = scope_of(request)
            return error_response(scope.service if scope else "", error)
        return MAX_BODY

    async def handle(self, request: Request) -> Response:
        """Serve one request."""
        host = request.headers.get("host", "")
        if api := _API_HOST.fullmatch(host):
            return await self._execute(request, api[1], _STAGE_PATH.fullmatch(request.path))
        if url := _URL_HOST.fullmatch(host):
            return await self._urls.handle(request, url[1].lower(), request.path)
        if not _OWN_HOST.fullmatch(host):
            return json_response(403, {"message": f"The sandbox answers only to localhost, not to {host!r}"})
        if api := _API_PATH.fullmatch(request.path):
            return await self._gateway.handle(request, api[1], api[2], api[3] or "/")
        if url := _URL_PATH.fullmatch(request.path):
            return await self._urls.handle(request, url[1], url[2] or "/")
        if _of_a_page(request):
            return _NO_PAGES
        if request.path.startswith("/_sandbox/"):
            return await self._own(request)
        return await self._aws(request)

    async def _execute(self, request: Request, api_id: str, target: re.Match[str] | None) -> Response:
        stage, path = (target[1], target[2] or "/") if target else ("", "/")
        return await self._gateway.handle(request, api_id.lower(), stage, path)

    async def _own(self, request: Request) -> Response:
        if not hmac.compare_digest(request.headers.get("authorization", "").encode(), self._bearer):
            if (request.method, request.path) == ("GET", "/_sandbox/status"):
                return json_response(200, {"running": True})
            return json_response(403, {"message": "This needs the secret in the sandbox's private record"})
        endpoint = self._endpoints.get(request.path)
        if endpoint is None:
            return json_response(404, {"message": f"Nothing at {request.path}"})
        try:
            return await endpoint(request)
        except AwsError as error:
            return json_response(error.status, {"message": error.message})

    async def _aws(self, request: Request) -> Response:
        if request.path.startswith(PACKAGES):
            return await self._packages(request)
        if (coding := request.headers.get("content-encoding", "").strip().lower()) not in _PLAIN:
            return _not_decompressed(request, coding)
        if request.method == "POST" and (target := _INVOKE_PATH.fullmatch(request.path)):
            return await self._invoke(request, unquote(target[1] or target[2]))
        if request.method == "POST" and (target := _TEST_INVOKE_PATH.fullmatch(request.path)):
            return await self._test_invoke(request, *target.groups())
        return await self._control(request)

    async def _invoke(self, request: Request, function: str) -> Response:
        try:
            qualifier = parse_qs(request.query).get("Qualifier", [""])[-1]
            named = {"FunctionName": function, **({"Qualifier": qualifier} if qualifier else {})}
            region = self._check(request, "lambda", "Invoke", named)
            constraints.check(AwsCall("lambda", "Invoke", region, "", request, named))
        except AwsError as error:
            return error_response("lambda", error)
        return await self._functions.handle(request, region)

    async def _test_invoke(self, request: Request, api_id: str, resource_id: str, verb: str) -> Response:
        try:
            region = self._check(request, "apigateway", "TestInvokeMethod", {"restApiId": api_id})
        except AwsError as error:
            return error_response("apigateway", error)
        return await self._gateway.test_invoke(request, region, api_id, resource_id, verb)

    def _check(self, request: Request, service: str, operation: str, parameters: Mapping[str, str]) -> str:
        """Authorize an invocation and return its Region."""
        scope = self._authentication.scope(request)
        self._authorize(AwsCall(service, operation, scope.region, scope.access_key, request, parameters))
        return scope.region


def _not_decompressed(request: Request, coding: str) -> Response:
    """Some of AWS's services would decompress the call; its SDKs compress none of these."""
    told = f"Not in this sandbox: compressed calls (Content-Encoding: {coding}). Send the body as it is."
    scope = scope_of(request)
    return error_response(scope.service if scope else "", AwsError("NotImplemented", told, 501))


def _is_small(request: Request) -> bool:
    """Whether the request says that its body is so small that it may as well be read before it is refused."""
    length = request.headers.get("content-length", "0")
    return "transfer-encoding" not in request.headers and length.isdigit() and int(length) <= OWN_BODY


_NO_PAGES = json_response(403, {"message": "Web pages may call only deployed APIs"})


def _of_a_page(request: Request) -> bool:
    """Whether a page in a browser sent the request. ``none`` is what the user typed into the address bar."""
    return "origin" in request.headers or request.headers.get("sec-fetch-site", "none") != "none"
