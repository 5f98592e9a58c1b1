"""The data plane of function URLs: a request becomes an event, and the function's result the response.

Lambda guide, "Invoking Lambda function URLs": the event has API Gateway's payload format 2.0, and a result
without ``statusCode`` is the body. Statuses and bodies of errors are AWS's, as recorded.
"""

import base64
import binascii
import json
import time
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import parse_qsl, unquote

from lambda_over_https.sandbox.lambda_.invoke_api import SYNCHRONOUS_LIMIT
from lambda_over_https.sandbox.model.errors import AwsError
from lambda_over_https.sandbox.model.functions import Function, FunctionUrl, InvocationResult, UrlCaller
from lambda_over_https.sandbox.web.headers import is_header
from lambda_over_https.sandbox.web.http import Request, Response, json_response

_FORBIDDEN = (
    "Forbidden. For troubleshooting Function URL authorization issues, see: "
    "https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html"
)
_TEXTS = ("text/", "application/json", "application/javascript", "application/xml", "+json", "+xml")
_FORM = "application/x-www-form-urlencoded"
_REMAPPED = frozenset({"connection", "content-length", "date", "server", "transfer-encoding"})


class UrlsView(Protocol):
    """What function URLs need of the account's state."""

    def function_url(self, url_id: str) -> FunctionUrl | None:
        """Return the function URL of that id; None if there is none."""

    def function(self, region: str, name_or_arn: str, qualifier: str | None = None) -> Function:
        """Return the function as it is now; AwsError if there is none."""


class UrlAuthentication(Protocol):
    """Knows who has signed a request."""

    def url_caller(self, request: Request, url: FunctionUrl) -> UrlCaller:
        """Return who has signed the request; AwsError if they may not call the URL."""


class Invoker(Protocol):
    """Runs a function, and waits for its result."""

    async def invoke(self, function: Function, payload: bytes) -> InvocationResult:
        """Run ``function`` on the event ``payload``."""


@dataclass(frozen=True, slots=True)
class FunctionUrls:
    """Serves all function URLs."""

    state: UrlsView
    functions: Invoker
    authentication: UrlAuthentication

    async def handle(self, request: Request, url_id: str, path: str) -> Response:
        """Answer a request to ``path`` of the URL of that id."""
        url = self.state.function_url(url_id)
        if url is None:
            return _with_id(json_response(404, {"Message": None}))
        caller = None
        try:
            if url.signed:
                caller = self.authentication.url_caller(request, url)
            elif not url.open:
                raise AwsError("AccessDeniedException", "", 403)
        except AwsError as error:
            kind = ("x-amzn-ErrorType", error.code)
            unsigned = error.code == "MissingAuthenticationToken"
            told = _FORBIDDEN if unsigned or not error.message else error.message
            return _with_id(json_response(403, {"Message": told}, [kind]))
        if len(request.body) > SYNCHRONOUS_LIMIT:
            return _with_id(json_response(413, {"Message": "Request Entity Too Large"}))
        try:
            function = self.state.function(url.region, url.arn)
            event = _event(request, url_id, path, caller)
            result = await self.functions.invoke(function, json.dumps(event).encode())
        except AwsError as error:
            return _with_id(json_response(error.status, {"Message": error.message}))
        return _with_id(_response(result), result.request_id)


def _event(request: Request, url_id: str, path: str, caller: UrlCaller | None) -> dict[str, Any]:
    now = time.time()
    headers = dict(request.headers)
    cookies = [part.strip() for part in headers.pop("cookie", "").split(";") if part.strip()]
    domain = headers.get("host", "localhost")
    headers["x-forwarded-for"], headers["x-forwarded-proto"] = request.client, request.scheme
    body, encoded = _body(request)
    event = {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": unquote(path),
        "rawQueryString": request.query,
        "cookies": cookies,
        "headers": headers,
        "queryStringParameters": _query(request.query),
        "requestContext": {
            "accountId": caller.account if caller else "anonymous",
            "apiId": url_id,
            **({"authorizer": {"iam": _identity(caller)}} if caller else {}),
            "domainName": domain,
            "domainPrefix": url_id,
            "http": {
                "method": request.method,
                "path": unquote(path),
                "protocol": "HTTP/1.1",
                "sourceIp": request.client,
                "userAgent": headers.get("user-agent", ""),
            },
            "requestId": str(uuid.uuid4()),
            "routeKey": "$default",
            "stage": "$default",
            "time": time.strftime("%d/%b/%Y:%H:%M:%S +0000", time.gmtime(now)),
            "timeEpoch": int(now * 1000),
        },
        "body": body,
        "isBase64Encoded": encoded,
    }
    optional = ("cookies", "queryStringParameters", "body")
    return {name: value for name, value in event.items() if value or name not in optional}


def _identity(caller: UrlCaller) -> dict[str, Any]:
    return {
        "accessKey": caller.access_key,
        "accountId": caller.account,
        "callerId": caller.user_id,
        "cognitoIdentity": None,
        "principalOrgId": None,
        "userArn": caller.user_arn,
        "userId": caller.user_id,
    }


def _query(query: str) -> dict[str, str]:
    """The parameters of the query; several values of one name are joined by commas."""
    values: dict[str, list[str]] = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        values.setdefault(name, []).append(value)
    return {name: ",".join(parts) for name, parts in values.items()}


def _body(request: Request) -> tuple[str | None, bool]:
    """The body as text; as base64 if its content type does not say that it is text."""
    kind = request.headers.get("content-type", "").lower()
    if not request.body:
        return None, False
    if kind != _FORM and any(part in kind for part in _TEXTS):
        return request.body.decode("utf-8", "replace"), False
    return base64.b64encode(request.body).decode(), True


def _response(result: InvocationResult) -> Response:
    if result.error is not None:
        return Response(502, b"Internal Server Error", [("Content-Type", "application/json")])
    document = json.loads(result.payload)
    if not isinstance(document, dict) or "statusCode" not in document:
        text = document.encode() if isinstance(document, str) else result.payload
        return Response(200, text, [("Content-Type", "application/json")])
    try:
        return _described(document)
    except (ValueError, TypeError, AttributeError):
        return Response(502, b"Internal Server Error", [("Content-Type", "application/json")])


def _described(document: Mapping[str, Any]) -> Response:
    """The response that a result with a ``statusCode`` describes. ValueError or TypeError if it cannot be."""
    status = int(document["statusCode"])
    if not 100 <= status <= 599:
        raise ValueError("not a status")
    body = document.get("body")
    text = "" if body is None else body if isinstance(body, str) else json.dumps(body)
    content = text.encode("utf-8", "replace")
    if document.get("isBase64Encoded"):
        try:
            content = base64.b64decode(content, validate=True)
        except binascii.Error as error:
            raise ValueError("not base64") from error
    return Response(status, content, _headers(document))


def _headers(document: Mapping[str, Any]) -> Sequence[tuple[str, str]]:
    sent = [(str(name), str(value)) for name, value in (document.get("headers") or {}).items()]
    kept = [(name, value) for name, value in sent if name.lower() not in _REMAPPED]
    kept += [("Set-Cookie", str(cookie)) for cookie in document.get("cookies") or ()]
    if not all(is_header(name, value) for name, value in kept):
        raise ValueError("not a header")
    if not any(name.lower() == "content-type" for name, _ in kept):
        kept.append(("Content-Type", "application/json"))
    return kept


def _with_id(response: Response, request_id: str | None = None) -> Response:
    ids = ("x-amzn-RequestId", request_id or str(uuid.uuid4()))
    return Response(response.status, response.body, [*response.headers, ids])
