"""The OpenAPI document of an API, from the calls that build the API piece by piece.

API Gateway developer guide, "OpenAPI extensions for API Gateway". The keys of an integration's ``responses``
are the selection patterns.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from lambda_over_https.deployment.recorded.call import Call
from lambda_over_https.infrastructure import notes
from lambda_over_https.infrastructure.description import Noted
from lambda_over_https.kinds import Kind
from lambda_over_https.practice.rehearsal.rehearsing import placeholder

EXTENSION = "x-amazon-apigateway-"
API_KEY = "api_key"

ROOT = "<rootResourceId>"
"""The root resource's id, as a rehearsed CreateRestApi answers it."""

BUILT_IN = {
    "Empty": {"type": "object", "title": "Empty Schema"},
    "Error": {"type": "object", "title": "Error Schema", "properties": {"message": {"type": "string"}}},
}
"""The models that every REST API has. An OpenAPI document must bring along what it refers to."""

_ADDRESS = frozenset(
    {"restApiId", "resourceId", "httpMethod", "statusCode", "selectionPattern", "responseType"}
)
"""Parameters that say where something belongs."""

_PLACES = {"querystring": "query", "header": "header", "path": "path"}
"""Where a parameter of a request stands: API Gateway's word, and OpenAPI's."""


@dataclass
class Method:
    """One method as the calls made it: the one that put it, its integration, and its answers by status."""

    put: Call
    integration: Call | None = None
    responses: dict[str, Call] = field(default_factory=dict)
    mappings: dict[str, Call] = field(default_factory=dict)

    def document(self) -> Noted:
        """The method's object."""
        said = {**_parameters(self.put), **_security(self.put)}
        if self.responses:
            answers = {status: _response(call) for status, call in self.responses.items()}
            said["responses"] = Noted(answers, next(iter(self.responses.values())).step)
        if self.integration:
            calls = self.integration.parameters["type"] == "AWS"
            integration = _integration(self.integration, self.mappings)
            comment = notes.INTEGRATION if calls else notes.MOCK
            said[f"{EXTENSION}integration"] = Noted(integration, self.integration.step, comment)
        return Noted(said, self.put.step, self._note())

    def _note(self) -> str:
        """Who may call it."""
        if self.integration is None or self.integration.parameters["type"] != "AWS":
            return ""
        return notes.KEYED if _security(self.put) else notes.OPEN


class Api:
    """An API as it grows with each call."""

    def __init__(self) -> None:
        self._paths = {ROOT: "/"}
        self._made: dict[str, Call] = {}
        self._methods: dict[str, dict[str, Method]] = {}
        self._gateway: dict[str, Call] = {}
        self._policy: Call | None = None

    def take(self, call: Call) -> bool:
        """Do in the document what the call does to the API; False if it does something else."""
        reader = _READERS.get(call.operation)
        if reader is None or any(each["path"] != "/policy" for each in _patches(call, "UpdateRestApi")):
            return False
        reader(self, call)
        return True

    def document(self, title: Any) -> dict[str, Any]:
        """The whole document."""
        return {
            "openapi": "3.0.1",
            "info": {"title": title, "version": "1.0"},
            **self._extensions(),
            "paths": {
                path: Noted({verb: each.document() for verb, each in methods.items()}, self._made[path].step)
                for path, methods in self._methods.items()
            },
            **self._components(),
        }

    def _extensions(self) -> dict[str, Any]:
        said: dict[str, Any] = {}
        if self._policy:
            (patch,) = _patches(self._policy, "UpdateRestApi")
            document = json.loads(patch["value"]) if isinstance(patch["value"], str) else patch["value"]
            said[f"{EXTENSION}policy"] = Noted(document, self._policy.step, notes.POLICY)
        if self._gateway:
            answers = {kind: _members(call) for kind, call in self._gateway.items()}
            step = next(iter(self._gateway.values())).step
            said[f"{EXTENSION}gateway-responses"] = Noted(answers, step, notes.GATEWAY_RESPONSES)
        return said

    def _components(self) -> dict[str, Any]:
        methods = [each for methods in self._methods.values() for each in methods.values()]
        models = [
            model
            for method in methods
            for response in method.responses.values()
            for model in response.parameters.get("responseModels", {}).values()
        ]
        said: dict[str, Any] = {}
        if models:
            said["schemas"] = {model: BUILT_IN[model] for model in dict.fromkeys(models)}
        if keyed := [method.put for method in methods if _security(method.put)]:
            scheme = {"type": "apiKey", "name": "x-api-key", "in": "header"}
            said["securitySchemes"] = Noted({API_KEY: scheme}, keyed[0].step)
        return {"components": said} if said else {}

    def create_resource(self, call: Call) -> None:
        """A path."""
        above = self._paths[call.parameters["parentId"]]
        path = f"{above.rstrip('/')}/{call.parameters['pathPart']}"
        self._paths[placeholder("id", Kind.RESOURCE, path)] = path
        self._made[path], self._methods[path] = call, {}

    def put_method(self, call: Call) -> None:
        """A method, as yet without an integration."""
        path = self._paths[call.parameters["resourceId"]]
        self._methods[path][call.parameters["httpMethod"].lower()] = Method(call)

    def _of(self, call: Call) -> Method:
        path = self._paths[call.parameters["resourceId"]]
        return self._methods[path][call.parameters["httpMethod"].lower()]

    def put_integration(self, call: Call) -> None:
        """What a method leads to."""
        self._of(call).integration = call

    def put_method_response(self, call: Call) -> None:
        """A status that a method may answer."""
        self._of(call).responses[call.parameters["statusCode"]] = call

    def put_integration_response(self, call: Call) -> None:
        """Which answers get a status."""
        self._of(call).mappings[call.parameters["statusCode"]] = call

    def put_gateway_response(self, call: Call) -> None:
        """What API Gateway answers by itself."""
        self._gateway[call.parameters["responseType"]] = call

    def update_rest_api(self, call: Call) -> None:
        """Who may call the API at all."""
        self._policy = call


def _patches(call: Call, operation: str) -> list[Mapping[str, Any]]:
    return list(call.parameters["patchOperations"]) if call.operation == operation else []


def _members(call: Call) -> dict[str, Any]:
    """What the call says of the thing itself, but for what is empty and so means nothing."""
    said = {name: value for name, value in call.parameters.items() if name not in _ADDRESS}
    plain = {name: _without_empty(value) for name, value in said.items()}
    return {name: value for name, value in plain.items() if value not in ("", {}, [])}


def _without_empty(value: Any) -> Any:
    return {key: each for key, each in value.items() if each != ""} if isinstance(value, Mapping) else value


def _parameters(call: Call) -> dict[str, Any]:
    found = []
    for name, required in call.parameters.get("requestParameters", {}).items():
        where = re.fullmatch(r"method\.request\.(\w+)\.(.+)", name)
        assert where  # noqa: S101 - API Gateway takes no others
        place = {"name": where[2], "in": _PLACES[where[1]], "required": required}
        found.append({**place, "schema": {"type": "string"}})
    return {"parameters": Noted(found, call.step)} if found else {}


def _security(call: Call) -> dict[str, Any]:
    asked = call.parameters.get("apiKeyRequired")
    return {"security": Noted([{API_KEY: []}], call.step)} if asked else {}


def _response(call: Call) -> dict[str, Any]:
    status, models = call.parameters["statusCode"], call.parameters.get("responseModels", {})
    headers = [name.rpartition(".")[2] for name in call.parameters.get("responseParameters", {})]
    said: dict[str, Any] = {"description": notes.ANSWERS.get(status, f"Answer {status}")}
    if headers:
        said["headers"] = {name: {"schema": {"type": "string"}} for name in headers}
    if models:
        said["content"] = {
            kind: {"schema": {"$ref": f"#/components/schemas/{name}"}} for kind, name in models.items()
        }
    return said


def _integration(call: Call, mappings: Mapping[str, Call]) -> dict[str, Any]:
    return {
        **dict(_integration_members(call)),
        "responses": {
            each.parameters.get("selectionPattern") or "default": {"statusCode": status, **_members(each)}
            for status, each in mappings.items()
        },
    }


def _integration_members(call: Call) -> Iterator[tuple[str, Any]]:
    for name, value in _members(call).items():
        if name == "integrationHttpMethod":
            yield "httpMethod", value
        else:
            yield name, value.lower() if name in ("type", "passthroughBehavior") else value


_READERS: Mapping[str, Callable[[Api, Call], None]] = {
    "CreateResource": Api.create_resource,
    "PutMethod": Api.put_method,
    "PutIntegration": Api.put_integration,
    "PutMethodResponse": Api.put_method_response,
    "PutIntegrationResponse": Api.put_integration_response,
    "PutGatewayResponse": Api.put_gateway_response,
    "UpdateRestApi": Api.update_rest_api,
}
