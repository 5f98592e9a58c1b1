"""API definitions to import, and a client that imports them: what the tests of imports are made of."""

import json
from typing import Any

from lambda_over_https.sandbox.client.record import Sandbox
from tests.kit.sandbox.control import ACCOUNT, REGION, URI, Clients, refused
from tests.kit.sandbox.live_api import Answer, send

Document = dict[str, Any]
X = "x-amazon-apigateway-"
INTEGRATION = f"{X}integration"
OK = {"200": {"description": "200 response"}}
DEFAULT = {"default": {"statusCode": "200"}}
MOCK = {
    "type": "mock",
    "requestTemplates": {"application/json": '{"statusCode": 200}'},
    "responses": DEFAULT,
}


def uri_of(function: str) -> str:
    """The integration URI of a function."""
    return URI.replace("function:none", f"function:{function}")


def swagger(name: str = "imported", /, **members: Any) -> Document:
    """A Swagger 2.0 document; it has a path if none are given."""
    return {
        "swagger": "2.0",
        "info": {"title": name, "version": "1.0"},
        "paths": answering(),
        **members,
    }


def openapi(name: str = "imported", /, **members: Any) -> Document:
    """An OpenAPI 3.0 document; it has a path if none are given."""
    document = swagger(name, openapi="3.0.1", **members)
    del document["swagger"]
    return document


def answering(text: str = "one", path: str = "/x", /, **members: Any) -> Document:
    """Paths with one GET that answers a fixed text."""
    responses = {"default": {"statusCode": "200", "responseTemplates": {"application/json": text}}}
    return {path: {"get": {"responses": OK, INTEGRATION: {**MOCK, "responses": responses}, **members}}}


def chalices(function: str) -> Document:
    """What Chalice's deployment sends for an app of one route with CORS."""
    integration = {
        "responses": DEFAULT,
        "uri": uri_of(function),
        "passthroughBehavior": "when_no_match",
        "httpMethod": "POST",
        "contentHandling": "CONVERT_TO_TEXT",
        "type": "aws_proxy",
    }
    allowed = {"method.response.header.Access-Control-Allow-Methods": "'POST,OPTIONS'"}
    preflight = {
        **MOCK,
        "responses": {"default": {"statusCode": "200", "responseParameters": allowed}},
        "passthroughBehavior": "when_no_match",
        "contentHandling": "CONVERT_TO_TEXT",
    }
    empty = {"description": "200 response", "schema": {"$ref": "#/definitions/Empty"}}
    kinds = {"consumes": ["application/json"], "produces": ["application/json"]}
    headers = {"Access-Control-Allow-Methods": {"type": "string"}}
    route = {
        "post": {**kinds, "summary": "Manage.", "responses": {"200": empty}, INTEGRATION: integration},
        "options": {**kinds, "responses": {"200": {**empty, "headers": headers}}, INTEGRATION: preflight},
    }
    return {
        "swagger": "2.0",
        "info": {"version": "1.0", "title": "over-chalice"},
        "schemes": ["https"],
        "paths": {"/DynamoDBManager": route},
        "definitions": {"Empty": {"type": "object", "title": "Empty Schema"}},
        "x-amazon-apigateway-binary-media-types": ["application/octet-stream", "image/png"],
    }


class ApiImporter:
    """A client, and what the tests ask of it."""

    def __init__(self, client: Any, sandbox: Sandbox) -> None:
        self.client, self.sandbox = client, sandbox

    def make(self, document: Document, **arguments: Any) -> Any:
        return self.client.import_rest_api(body=json.dumps(document), **arguments)

    def put(self, api: str, document: Document, **arguments: Any) -> Any:
        return self.client.put_rest_api(restApiId=api, body=json.dumps(document), **arguments)

    def refusal(self, document: Document, **arguments: Any) -> tuple[int, str, str]:
        return refused(self.make, document=document, **arguments)

    def ids(self, api: str) -> dict[str, str]:
        items = self.client.get_resources(restApiId=api, limit=500)["items"]
        return {item["path"]: item["id"] for item in items}

    def method(self, api: str, path: str = "/x", verb: str = "GET") -> Any:
        where = {"restApiId": api, "resourceId": self.ids(api)[path], "httpMethod": verb}
        return self.client.get_method(**where)

    def names(self) -> list[str]:
        return [item["name"] for item in self.client.get_rest_apis(limit=500)["items"]]

    def deploy(self, api: str) -> None:
        self.client.create_deployment(restApiId=api, stageName="prod")

    def call(self, api: str, path: str = "/x", verb: str = "GET", body: str | None = None) -> Answer:
        headers = {"Content-Type": "application/json"}
        return send(self.sandbox, verb, f"/_aws/execute-api/{api}/prod{path}", body, headers)


def allow(aws: Clients, function: str, api: str) -> None:
    """Let the API call the function."""
    aws("lambda").add_permission(
        FunctionName=function,
        StatementId="gateway",
        Action="lambda:InvokeFunction",
        Principal="apigateway.amazonaws.com",
        SourceArn=f"arn:aws:execute-api:{REGION}:{ACCOUNT}:{api}/*",
    )
