"""The OpenAPI document of an API, from the calls that build the API piece by piece.

API Gateway developer guide, "x-amazon-apigateway-integration object" and "x-amazon-apigateway-integration.
responses object": the keys of an integration's ``responses`` are the selection patterns.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from lambda_over_https.deployment.history import Call
from lambda_over_https.infrastructure import notes
from lambda_over_https.infrastructure.description import Noted
from lambda_over_https.infrastructure.symbols import RESOURCE_ID, ROOT

INTEGRATION = "x-amazon-apigateway-integration"

BUILT_IN = {
    "Empty": {"type": "object", "title": "Empty Schema"},
    "Error": {"type": "object", "title": "Error Schema", "properties": {"message": {"type": "string"}}},
}
"""The models that every REST API has. An OpenAPI document must bring along what it refers to."""

_ANSWERS = {
    "200": "What the function returned",
    "400": "The request is wrong",
    "500": "The function failed",
    "504": "The function took too long",
}


@dataclass
class Method:
    """One method as the calls made it: the one that put it, its integration, and its answers by status."""

    put: Call
    integration: Call | None = None
    responses: dict[str, Call] = field(default_factory=dict)
    mappings: dict[str, Call] = field(default_factory=dict)


class Api:
    """An API as it grows with each call."""

    def __init__(self) -> None:
        self._paths = {ROOT: "/"}
        self._made: dict[str, Call] = {}
        self._methods: dict[str, dict[str, Method]] = {}

    def take(self, call: Call) -> bool:
        """Do in the document what the call does to the API; False if it is none that builds one."""
        reader = _READERS.get(call.operation)
        if reader:
            reader(self, call)
        return reader is not None

    def document(self, title: Any) -> dict[str, Any]:
        """The whole document."""
        paths = {
            path: Noted({verb: _method(each) for verb, each in methods.items()}, self._made[path].step)
            for path, methods in self._methods.items()
        }
        models = {model: BUILT_IN[model] for model in self._models()}
        components = {"components": {"schemas": models}} if models else {}
        return {"openapi": "3.0.1", "info": {"title": title, "version": "1.0"}, "paths": paths, **components}

    def _models(self) -> list[str]:
        responses = [
            response
            for methods in self._methods.values()
            for method in methods.values()
            for response in method.responses.values()
        ]
        named = [name for each in responses for name in each.parameters.get("responseModels", {}).values()]
        return list(dict.fromkeys(named))

    def create_resource(self, call: Call) -> None:
        """A path."""
        above = self._paths[call.parameters["parentId"]]
        path = f"{above.rstrip('/')}/{call.parameters['pathPart']}"
        self._paths[RESOURCE_ID] = path
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
        """Which answers of the function get a status."""
        self._of(call).mappings[call.parameters["statusCode"]] = call


def _method(method: Method) -> Noted:
    said: dict[str, Any] = {}
    if method.responses:
        answers = {status: _response(call) for status, call in method.responses.items()}
        said["responses"] = Noted(answers, next(iter(method.responses.values())).step)
    if method.integration:
        integration = _integration(method.integration, method.mappings)
        said[INTEGRATION] = Noted(integration, method.integration.step, notes.INTEGRATION)
    return Noted(said, method.put.step, notes.OPEN)


def _response(call: Call) -> dict[str, Any]:
    status, models = call.parameters["statusCode"], call.parameters.get("responseModels", {})
    content = {kind: {"schema": {"$ref": f"#/components/schemas/{name}"}} for kind, name in models.items()}
    return {
        "description": _ANSWERS.get(status, f"Answer {status}"),
        **({"content": content} if content else {}),
    }


def _integration(call: Call, mappings: Mapping[str, Call]) -> dict[str, Any]:
    said = call.parameters
    return {
        "type": said["type"].lower(),
        "httpMethod": said["integrationHttpMethod"],
        "uri": said["uri"],
        "responses": {
            each.parameters.get("selectionPattern") or "default": _mapping(each) for each in mappings.values()
        },
    }


def _mapping(call: Call) -> dict[str, Any]:
    """One answer's mapping. A template without text is the same as none: the answer passes through."""
    templates = {kind: text for kind, text in call.parameters.get("responseTemplates", {}).items() if text}
    status = {"statusCode": call.parameters["statusCode"]}
    return {**status, **({"responseTemplates": templates} if templates else {})}


_READERS: Mapping[str, Callable[[Api, Call], None]] = {
    "CreateResource": Api.create_resource,
    "PutMethod": Api.put_method,
    "PutIntegration": Api.put_integration,
    "PutMethodResponse": Api.put_method_response,
    "PutIntegrationResponse": Api.put_integration_response,
}
