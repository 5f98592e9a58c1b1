"""A REST API made call by call with boto3 in a real sandbox, and requests to it over HTTP and HTTPS."""

import http.client
import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from lambda_over_https.sandbox.client.record import Sandbox
from tests.kit.sandbox.control import ACCOUNT, REGION, Clients

PATH = "/DynamoDBManager"


@dataclass(frozen=True)
class Answer:
    """One HTTP answer; header names in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body, parsed."""
        return json.loads(self.body)


@dataclass
class Api:
    """A REST API in the sandbox, made call by call as the tutorial does."""

    sandbox: Sandbox
    aws: Clients
    id: str
    root: str
    function: str

    def __post_init__(self) -> None:
        self.gateway = self.aws("apigateway")
        self.arn = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{self.function}"

    def resource(self, part: str) -> str:
        """CreateResource below the root; returns its id."""
        made: str = self.gateway.create_resource(restApiId=self.id, parentId=self.root, pathPart=part)["id"]
        return made

    def method(
        self,
        resource: str,
        verb: str = "POST",
        responses: Mapping[str, Mapping[str, Any]] | None = None,
        method: Mapping[str, Any] | None = None,
        **integration: Any,
    ) -> None:
        """PutMethod, PutIntegration and, for each status in ``responses``, both kinds of response."""
        target = {"restApiId": self.id, "resourceId": resource, "httpMethod": verb}
        self.gateway.put_method(**target, authorizationType="NONE", **(method or {}))
        backend = {"type": "AWS", "uri": self.uri(), "integrationHttpMethod": "POST"}
        if integration.get("type") == "MOCK":
            backend = {}
        self.gateway.put_integration(**target, **{**backend, **integration})
        for status, response in (responses if responses is not None else {"200": {}}).items():
            declared = dict.fromkeys(response.get("responseParameters", {}), True)
            self.gateway.put_method_response(**target, statusCode=status, responseParameters=declared)
            self.gateway.put_integration_response(**target, statusCode=status, **response)

    def uri(self, qualifier: str = "") -> str:
        """The integration URI of the function."""
        return (
            f"arn:aws:apigateway:{REGION}:lambda:path/2015-03-31/functions/{self.arn}{qualifier}/invocations"
        )

    def deploy(self, stage: str = "prod", **members: Any) -> None:
        """CreateDeployment."""
        self.gateway.create_deployment(restApiId=self.id, stageName=stage, **members)

    def allow(self, source: str = "*/*/*", **members: Any) -> None:
        """AddPermission for calls that come from ``source`` of this API."""
        self.aws("lambda").add_permission(
            **{
                "FunctionName": self.function,
                "StatementId": "apigateway-prod-2",
                "Action": "lambda:InvokeFunction",
                "Principal": "apigateway.amazonaws.com",
                "SourceArn": f"arn:aws:execute-api:{REGION}:{ACCOUNT}:{self.id}/{source}",
                **members,
            }
        )

    def call(
        self,
        body: str | bytes | None = None,
        path: str = f"/prod{PATH}",
        verb: str = "POST",
        headers: Mapping[str, str] | None = None,
        *,
        https: bool = False,
    ) -> Answer:
        """Send one request to the API's URL."""
        url = f"/_aws/execute-api/{self.id}{path}"
        return send(self.sandbox, verb, url, body, headers or {}, https=https)


def send(
    sandbox: Sandbox,
    verb: str,
    path: str,
    body: str | bytes | None = None,
    headers: Mapping[str, str] | None = None,
    *,
    https: bool = False,
) -> Answer:
    """Send one request to the sandbox."""
    if https:
        trust = ssl.create_default_context(cafile=sandbox.ca_bundle)
        connection: http.client.HTTPConnection = http.client.HTTPSConnection(
            urlsplit(sandbox.https_url).netloc, context=trust
        )
    else:
        connection = http.client.HTTPConnection(urlsplit(sandbox.endpoint_url).netloc)
    try:
        connection.request(verb, path, body, dict(headers or {}))
        response = connection.getresponse()
        found = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, found, response.read())
    finally:
        connection.close()


def post(sandbox: Sandbox, api_id: str, stage: str = "prod", host: str = "") -> tuple[int, str]:
    """POST to the tutorial's resource of a deployed API, by path or by ``host``; its status and body."""
    path = f"/{stage}{PATH}" if host else f"/_aws/execute-api/{api_id}/{stage}{PATH}"
    headers = {"Content-Type": "application/json", **({"Host": host} if host else {})}
    answer = send(sandbox, "POST", path, "{}", headers)
    return answer.status, answer.body.decode()
