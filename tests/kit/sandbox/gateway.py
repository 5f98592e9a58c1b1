"""A deployed API in memory, and a client for it: what the tests of the gateway are made of."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from lambda_over_https.sandbox.gateway.gates.admission import Admission
from lambda_over_https.sandbox.gateway.service import Gateway
from lambda_over_https.sandbox.model import account
from lambda_over_https.sandbox.model.apis import (
    DeployedStage,
    Integration,
    IntegrationResponse,
    Method,
    MethodResponse,
    Resource,
    RestApi,
)
from lambda_over_https.sandbox.model.functions import InvocationResult
from lambda_over_https.sandbox.web.http import Request, Response

ACCOUNT, REGION = account.ACCOUNT, account.DEFAULT_REGION
API = "a1b2c3d4e5"
FUNCTION = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:LambdaFunctionOverHttps"
URI = f"arn:aws:apigateway:{REGION}:lambda:path/2015-03-31/functions/{FUNCTION}/invocations"
PATH = "/DynamoDBManager"
JSON = {"Content-Type": "application/json"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}

Handler = Callable[[Any], Any]


class FunctionError(Exception):
    """Raised by a handler of a test: the function fails with this ``errorMessage``."""


def allow(source: str, **changes: Any) -> dict[str, Any]:
    """A statement as AddPermission writes it; ``source`` is what follows the API's id in SourceArn."""
    arn = f"arn:aws:execute-api:{REGION}:{ACCOUNT}:{API}{source}"
    return {
        "Sid": "apigateway-prod-2",
        "Effect": "Allow",
        "Principal": {"Service": "apigateway.amazonaws.com"},
        "Action": "lambda:InvokeFunction",
        "Resource": FUNCTION,
        "Condition": {"ArnLike": {"AWS:SourceArn": arn}},
        **changes,
    }


def answers(*statuses: int | str) -> dict[str, MethodResponse]:
    """Method responses for these statuses."""
    return {str(status): MethodResponse(str(status)) for status in statuses}


def lambda_method(verb: str = "POST", /, **integration: Any) -> Method:
    """The tutorial's method: an AWS integration that answers 200 with what the function returns."""
    responses = integration.pop("responses", (IntegrationResponse("200"),))
    return Method(
        verb,
        integration=Integration(
            type=integration.pop("type", "AWS"),
            http_method=integration.pop("http_method", "POST"),
            uri=integration.pop("uri", URI),
            responses={response.status_code: response for response in responses},
            **integration,
        ),
        responses=answers(*(response.status_code for response in responses)),
    )


def mock_method(verb: str = "GET", /, template: str = '{"statusCode": 200}', **integration: Any) -> Method:
    """A MOCK integration that answers with ``template``'s status."""
    templates = integration.pop("request_templates", {"application/json": template})
    return lambda_method(verb, type="MOCK", uri="", request_templates=templates, **integration)


def api(*methods: Method, path: str = PATH, **members: Any) -> RestApi:
    """An API with these methods on one resource."""
    resources = members.pop(
        "resources", [Resource("res1", path, {each.http_method: each for each in methods})]
    )
    known = {each.id: each for each in [Resource("root", "/"), *resources]}
    return RestApi(API, REGION, resources=known, **members)


@dataclass
class World:
    """One API, deployed as stage ``prod``, and the function behind it.

    ``handler`` gets the event and returns the function's result (bytes as they are); ``payloads`` came in.
    """

    api: RestApi
    handler: Handler = lambda event: event
    raw: bool = False
    statements: Sequence[Mapping[str, Any]] = field(default_factory=lambda: [allow("/*/*/*")])
    stages: dict[str, DeployedStage] = field(default_factory=dict)
    payloads: list[bytes] = field(default_factory=list)
    logged: list[str] = field(default_factory=list)
    admission: Admission = field(default_factory=Admission)

    def __post_init__(self) -> None:
        self.stages.setdefault("prod", DeployedStage("prod", "dep1", self.api))
        self.gateway = Gateway(self, self.invoke, self.admission)

    @property
    def events(self) -> list[Any]:
        """What the function was called with."""
        return [json.loads(payload) for payload in self.payloads]

    def deployed(self, api_id: str, stage: str) -> DeployedStage | None:
        return self.stages.get(stage) if api_id == self.api.id else None

    def rest_api(self, region: str, api_id: str) -> RestApi | None:
        return self.api if (region, api_id) == (self.api.region, self.api.id) else None

    def function_policy(self, function_arn: str) -> Sequence[Mapping[str, Any]]:
        return self.statements if function_arn.startswith(FUNCTION) else []

    def log(self, region: str, group: str, stream: str, events: list[tuple[int, str]]) -> None:
        self.logged += [text for _, text in events]

    async def invoke(
        self, function_arn: str, payload: bytes, region: str, trace_root: str
    ) -> InvocationResult:
        self.payloads.append(payload)
        try:
            result = self.handler(payload if self.raw else json.loads(payload))
            if isinstance(result, Awaitable):
                result = await result
        except FunctionError as failure:
            document = {"errorMessage": str(failure), "errorType": "FunctionError"}
            return InvocationResult(json.dumps(document).encode(), "lambda-request", error="Unhandled")
        answer = result if isinstance(result, bytes) else json.dumps(result).encode()
        return InvocationResult(answer, "lambda-request")

    def with_stage(self, **changes: Any) -> "World":
        """The same world with other settings of the stage."""
        self.stages["prod"] = replace(self.stages["prod"], **changes)
        return self

    def call(self, body: bytes | str = b"", path: str = PATH, verb: str = "POST", **more: Any) -> Response:
        """Send one request to the stage; ``headers``, ``query``, ``stage`` and ``api_id`` may be given."""
        return asyncio.run(self.send(body, path, verb, **more))

    async def send(
        self,
        body: bytes | str = b"",
        path: str = PATH,
        verb: str = "POST",
        *,
        headers: Mapping[str, str] | Sequence[tuple[str, str]] = (),
        query: str = "",
        stage: str = "prod",
        api_id: str = API,
    ) -> Response:
        """Send one request, from within a running loop."""
        lines = [("Host", f"{API}.execute-api.localhost:8471"), *dict(headers).items()]
        content = body.encode() if isinstance(body, str) else body
        folded = {name.lower(): value for name, value in lines}
        request = Request(verb, path, query, folded, content, "https", header_lines=lines)
        return await self.gateway.handle(request, api_id, stage, path)

    def test(self, verb: str = "POST", resource: str = "res1", **document: Any) -> dict[str, Any]:
        """TestInvokeMethod's answer, parsed."""
        request = Request("POST", "/", "", {}, json.dumps(document).encode())
        response = asyncio.run(self.gateway.test_invoke(request, REGION, API, resource, verb))
        return {"http": response.status, **json.loads(response.body)}


def header(response: Response, name: str) -> str | None:
    """The one value of a header, None if it is absent."""
    values = [value for each, value in response.headers if each.lower() == name.lower()]
    assert len(values) <= 1, f"{name} was sent {len(values)} times"
    return values[0] if values else None


def said(response: Response) -> Any:
    """The body, parsed as JSON."""
    return json.loads(response.body)
