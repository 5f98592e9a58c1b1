"""One request on its way through the gateway: what came in, its route, and what is known so far."""

import base64
import os
import re
import time
import uuid
from collections.abc import Mapping
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl

from lambda_over_https.sandbox.gateway.languages.velocity import JsonObject
from lambda_over_https.sandbox.gateway.request.unfollowed import NoLog, NoTrail
from lambda_over_https.sandbox.model.apis import ApiKey, DeployedStage, Method, Resource
from lambda_over_https.sandbox.model.execute_api import resource_arn
from lambda_over_https.sandbox.web.http import Request

_UNSEEN = frozenset(
    (
        "connection",
        "content-length",
        "content-md5",
        "expect",
        "max-forwards",
        "proxy-authenticate",
        "server",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "www-authenticate",
        "x-amzn-trace-id",
        "x-forwarded-for",
        "x-forwarded-port",
        "x-forwarded-proto",
    )
)
"""Headers that mappings and integrations do not see as they were sent."""

_WRITTEN = {name.lower(): name for name in ("Accept", "Authorization", "Content-Type", "Host", "User-Agent")}
"""Headers whose names API Gateway writes its own way. All others keep the case that was sent."""

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_TRACE_ROOT = re.compile(r"Root=1-[0-9a-f]{8}-[0-9a-f]{24}")
_TRACE_PARENT, _TRACE_SAMPLED = re.compile(r"Parent=[0-9a-f]{16}"), re.compile(r"Sampled=[01]")
_SILENT = NoLog()
_UNSEEN_WAY = NoTrail()
_NOWHERE = Resource("", "")
_NO_METHOD = Method("")


class Exchange:
    """A request, its stage, and what the gateway finds out on the way.

    ``path`` is the path after the stage as sent, with its leading slash. Routing sets ``resource``,
    ``method`` and ``path_parameters``; admission sets ``api_key``. ``traced`` says whether the answer carries
    the trace.
    """

    def __init__(self, request: Request, stage: DeployedStage, path: str, log: NoLog = _SILENT) -> None:
        self.request = request
        self.stage = stage
        self.api = stage.api
        self.path = path
        self.log = log
        self.trail: NoTrail = _UNSEEN_WAY
        self.received = time.time()
        self.request_id = str(uuid.uuid4())
        self.resource = _NOWHERE
        self.method = _NO_METHOD
        self.path_parameters: Mapping[str, str] = {}
        self.api_key: ApiKey | None = None
        self.traced = False

    @cached_property
    def extended_request_id(self) -> str:
        """The value of x-amz-apigw-id."""
        return base64.b64encode(os.urandom(11)).decode()

    @cached_property
    def trace_root(self) -> str:
        """The root of X-Amzn-Trace-Id: the client's, if it sent one."""
        sent = _TRACE_ROOT.search(self.request.headers.get("x-amzn-trace-id", ""))
        if sent is not None:
            return sent[0]
        return f"Root=1-{int(self.received):08x}-{os.urandom(12).hex()}"

    @cached_property
    def trace(self) -> str:
        """The X-Amzn-Trace-Id of a response for which a function was invoked: the client's, completed."""
        sent = self.request.headers.get("x-amzn-trace-id", "")
        parent, sampled = _TRACE_PARENT.search(sent), _TRACE_SAMPLED.search(sent)
        named = parent[0] if parent else f"Parent={os.urandom(8).hex()}"
        return f"{self.trace_root};{named};{sampled[0] if sampled else 'Sampled=0'}"

    @cached_property
    def multi_headers(self) -> dict[str, list[str]]:
        """Every header value that mappings and integrations see, with those that API Gateway adds."""
        headers: dict[str, list[str]] = {}
        for name, value in self.request.header_lines:
            if name.lower() not in _UNSEEN:
                headers.setdefault(_WRITTEN.get(name.lower(), name), []).append(value)
        forwarded = self.request.headers.get("x-forwarded-for")
        headers["X-Amzn-Trace-Id"] = [self.trace_root]
        headers["X-Forwarded-For"] = [
            f"{forwarded}, {self.request.client}" if forwarded else self.request.client
        ]
        headers["X-Forwarded-Port"] = [self._port]
        headers["X-Forwarded-Proto"] = [self.request.scheme]
        return headers

    @cached_property
    def headers(self) -> dict[str, str]:
        """The last value of each header."""
        return {name: values[-1] for name, values in self.multi_headers.items()}

    def header(self, name: str) -> str | None:
        """The value of a header as mappings see it, in whatever case it was sent; None if there is none."""
        if name in self.headers:
            return self.headers[name]
        return next((value for sent, value in self.headers.items() if sent.lower() == name.lower()), None)

    @cached_property
    def multi_query(self) -> dict[str, list[str]]:
        """Every value of each query string parameter, decoded."""
        found: dict[str, list[str]] = {}
        for name, value in parse_qsl(self.request.query, keep_blank_values=True):
            found.setdefault(name, []).append(value)
        return found

    @cached_property
    def query(self) -> dict[str, str]:
        """The last value of each query string parameter."""
        return {name: values[-1] for name, values in self.multi_query.items()}

    @cached_property
    def content_type(self) -> str:
        """The MIME type of the body; application/json if the request names none."""
        sent = self.request.headers.get("content-type", "")
        return sent.partition(";")[0].strip().lower() or "application/json"

    @cached_property
    def host(self) -> str:
        """The host name (and port) that the client called."""
        return self.request.headers.get("host", "localhost")

    @property
    def _port(self) -> str:
        _, _, port = self.host.rpartition(":")
        return port if port.isdigit() else {"https": "443"}.get(self.request.scheme, "80")

    @cached_property
    def verb(self) -> str:
        """The HTTP method of the request, or the one it names in ``X-HTTP-Method-Override``."""
        return self.request.headers.get("x-http-method-override", self.request.method).upper()

    @property
    def method_key(self) -> str:
        """How settings name the method: "/DynamoDBManager/POST"."""
        return f"{self.resource.path}/{self.verb}"

    @cached_property
    def source_arn(self) -> str:
        """The method's ARN for the function's policy; its path is the resource's, as it was defined."""
        return self._arn(self.resource.path)

    @property
    def request_arn(self) -> str:
        """What the API's own policy is asked about: the path, as it was sent."""
        return self._arn(self.path)

    def _arn(self, path: str) -> str:
        api = self.api
        name = f"{self.stage.name}/{self.verb}/{path.lstrip('/')}"
        return resource_arn(api.region, api.account, api.id, name)

    @cached_property
    def overrides(self) -> dict[str, Any]:
        """``$context.requestOverride`` and ``responseOverride``, into which templates write."""
        return {
            "requestOverride": JsonObject(header=JsonObject(), path=JsonObject(), querystring=JsonObject()),
            "responseOverride": JsonObject(header=JsonObject()),
        }

    @property
    def request_override(self) -> Mapping[str, Any]:
        """What templates wrote into ``$context.requestOverride``; empty if no template ran."""
        return self.overrides["requestOverride"] if "overrides" in vars(self) else {}

    @property
    def response_override(self) -> Mapping[str, Any]:
        """What templates wrote into ``$context.responseOverride``; empty if no template ran."""
        return self.overrides["responseOverride"] if "overrides" in vars(self) else {}

    @cached_property
    def identity(self) -> dict[str, Any]:
        """``$context.identity``."""
        identity: dict[str, Any] = dict.fromkeys(_IDENTITY)
        identity["sourceIp"] = self.request.client
        identity["userAgent"] = self.request.headers.get("user-agent")
        if self.api_key is not None:
            identity |= {"apiKey": self.api_key.value, "apiKeyId": self.api_key.id}
        return identity

    @cached_property
    def context(self) -> dict[str, Any]:
        """``$context``, for mapping templates and the event of a proxy integration."""
        now = time.gmtime(self.received)
        clock = time.strftime("%Y:%H:%M:%S", now)
        return {
            "accountId": self.api.account,
            "apiId": self.api.id,
            "deploymentId": self.stage.deployment_id,
            "domainName": self.host,
            "domainPrefix": self.host.partition(".")[0],
            "extendedRequestId": self.extended_request_id,
            "httpMethod": self.verb,
            "identity": self.identity,
            "path": f"/{self.stage.name}{self.path}",
            "protocol": "HTTP/1.1",
            "requestId": self.request_id,
            "requestTime": f"{now.tm_mday:02d}/{MONTHS[now.tm_mon - 1]}/{clock} +0000",
            "requestTimeEpoch": int(self.received * 1000),
            "resourceId": self.resource.id or None,
            "resourcePath": self.resource.path or None,
            "stage": self.stage.name,
        }


_IDENTITY = (
    "accessKey",
    "accountId",
    "caller",
    "cognitoAuthenticationProvider",
    "cognitoAuthenticationType",
    "cognitoIdentityId",
    "cognitoIdentityPoolId",
    "principalOrgId",
    "sourceIp",
    "user",
    "userAgent",
    "userArn",
)
