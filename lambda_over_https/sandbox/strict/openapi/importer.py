"""Creates what a document defines, call by call, as a client without the document would."""

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any

from lambda_over_https.sandbox.model.errors import AwsError
from lambda_over_https.sandbox.strict.apigateway.definition.models import NAME
from lambda_over_https.sandbox.strict.openapi.document import (
    EXTENSION,
    Document,
    Node,
    Operation,
    check_extensions,
)
from lambda_over_https.sandbox.strict.openapi.linking import linked
from lambda_over_https.sandbox.strict.openapi.methods import DocumentMethod, Schemas
from lambda_over_https.sandbox.strict.openapi.security import authorizers, replacing

MakeCall = Callable[[str, Mapping[str, Any]], dict[str, Any]]
"""Makes a call (an operation, its parameters) and returns the response; AwsError if it is refused."""

_JSON = "application/json"
_EXTENSIONS = (
    "api-key-source",
    "binary-media-types",
    "documentation",
    "endpoint-configuration",
    "gateway-responses",
    "importexport-version",
    "minimum-compression-size",
    "policy",
    "request-validator",
    "request-validators",
)


def api_members(document: Document) -> dict[str, Any]:
    """CreateRestApi's parameters, as far as the document sets them; the name always."""
    check_extensions(document.root, *_EXTENSIONS)
    info, policy = document.root.node("info"), document.extension("policy")
    members = {
        "name": str(info.get("title") or ""),
        "description": info.get("description"),
        "version": None if info.get("version") is None else str(info["version"]),
        "binaryMediaTypes": document.extension("binary-media-types"),
        "minimumCompressionSize": document.extension("minimum-compression-size"),
        "apiKeySource": document.extension("api-key-source"),
        "policy": None if policy is None else json.dumps(policy),
        "disableExecuteApiEndpoint": _endpoint(document).get("disableExecuteApiEndpoint"),
    }
    return {name: value for name, value in members.items() if value is not None}


def endpoint_configuration(document: Document, endpoint_type: str) -> dict[str, Any]:
    """CreateRestApi's ``endpointConfiguration``."""
    ids = _endpoint(document).get("vpcEndpointIds")
    return {"types": [endpoint_type], **({"vpcEndpointIds": ids} if ids else {})}


def _endpoint(document: Document) -> Node:
    return document.root.node(f"{EXTENSION}endpoint-configuration")


class Importer:
    """Fills one API with what a document defines.

    ``paths`` are the ids of the API's present resources, by path. ``final_id`` is the id that the API will
    have at the end, which models need to refer to one another. ``errors`` and ``warnings`` are API Gateway's
    sentences about what could not be created and what was left out.
    """

    def __init__(
        self, make_call: MakeCall, document: Document, api_id: str, paths: Mapping[str, str], final_id: str
    ) -> None:
        self._make_call, self.document, self._api_id, self._final_id = make_call, document, api_id, final_id
        self._paths = dict(paths)
        self._validators: dict[str, str] = {}
        self._authorizers: dict[str, str] = {}
        self._models: set[str] = set()
        self.errors: list[str] = []
        self.warnings: list[str] = []

    def fill(self, prefix: str) -> None:
        """Create what methods refer to; then, below ``prefix``, the resources with their methods."""
        self._make_models()
        self._make_validators()
        self._make_authorizers()
        self._put_gateway_responses()
        for path, operations in self.document.paths():
            resource_id = self._resource(prefix + path)
            for operation in operations if resource_id else ():
                self._operation(operation, prefix + path, str(resource_id))

    def _attempt(self, what: str, operation: str, parameters: Mapping[str, Any]) -> dict[str, Any] | None:
        """Make a call. If it is refused, note the error and go on: all errors are reported together."""
        said = {name: value for name, value in parameters.items() if value != {}}
        try:
            return self._make_call(operation, {**said, "restApiId": self._api_id})
        except AwsError as error:
            self.errors.append(f"Unable to {what}: {error.message}")
            return None

    # What methods refer to

    def _make_models(self) -> None:
        """Make all models before the first gets its schema: they may refer to one another in any order."""
        models = self.document.models
        for name in models:
            if NAME.fullmatch(name):
                self._model(name, models.node(name), "{}")
            else:
                self.warnings.append(f"Model name must be alphanumeric: {name}")
        for name in models:
            if name in self._models:
                schema = {"op": "replace", "path": "/schema", "value": self._text(models.node(name))}
                change = {"modelName": name, "patchOperations": [schema]}
                self._attempt(f"create model for '{name}'", "UpdateModel", change)

    def _model(self, name: str, schema: Node, text: str) -> None:
        if name in self._models:
            return
        description = str(schema.get("description") or "")
        model = {"name": name, "contentType": _JSON, "schema": text, "description": description}
        if self._attempt(f"create model for '{name}'", "CreateModel", model):
            self._models.add(name)

    def _text(self, schema: Node) -> str:
        return json.dumps(linked(schema.plain, self.document.models.place, self._final_id))

    def _named(self, schemas: Schemas) -> dict[str, str]:
        """The model of each schema. A schema that is written in place becomes a model of its own."""
        named = {}
        for kind, schema in schemas.items():
            name = str(schema.get("$ref") or "").rpartition("/")[2]
            if not name:
                digest = hashlib.sha256(json.dumps(schema.plain).encode()).hexdigest()
                name = f"MODEL{digest[:6]}"
                self._model(name, schema, self._text(schema))
            if name in self._models:
                named[kind] = name
            else:
                self.warnings.append(f"Reference to model '{name}' not found. Ignoring.")
        return named

    def _make_validators(self) -> None:
        validators = self.document.root.node(f"{EXTENSION}request-validators")
        for name in validators:
            what = f"create request validator '{name}'"
            made = self._attempt(what, "CreateRequestValidator", {**validators.node(name), "name": name})
            if made:
                self._validators[name] = made["id"]

    def _make_authorizers(self) -> None:
        present = self._make_call("GetAuthorizers", {"restApiId": self._api_id})["item"]
        self._authorizers = {each["name"]: each["id"] for each in present}
        for parameters in authorizers(self.document):
            name = parameters["name"]
            operation, said = "CreateAuthorizer", parameters
            if name in self._authorizers:
                operation, said = "UpdateAuthorizer", replacing(self._authorizers[name], parameters)
            made = self._attempt(f"create authorizer '{name}'", operation, said)
            if made:
                self._authorizers[name] = made["id"]

    def _put_gateway_responses(self) -> None:
        responses = self.document.root.node(f"{EXTENSION}gateway-responses")
        for kind in responses:
            parameters = dict(responses.node(kind))
            if "statusCode" in parameters:
                parameters["statusCode"] = str(parameters["statusCode"])
            what = f"put gateway response '{kind}'"
            self._attempt(what, "PutGatewayResponse", {**parameters, "responseType": kind})

    def document_parts(self) -> list[str]:
        """Create the documentation parts; their ids."""
        parts = self.document.root.node(f"{EXTENSION}documentation").nodes("documentationParts")
        made = [
            self._attempt(
                "create documentation part",
                "CreateDocumentationPart",
                {"location": dict(part.node("location")), "properties": json.dumps(part.get("properties"))},
            )
            for part in parts
        ]
        return [part["id"] for part in made if part]

    # Resources and methods

    def _operation(self, operation: Operation, path: str, resource_id: str) -> None:
        method = DocumentMethod(self.document, operation, path, self.warnings.append)
        target = {"resourceId": resource_id, "httpMethod": operation.verb}
        if self._method(operation, method, target):
            self._integration(operation, method, target)

    def _resource(self, path: str) -> str | None:
        """The id of the resource, created with all those above it; None if one of them is refused."""
        path = f"/{path.strip('/')}"
        if path in self._paths or path == "/":
            return self._paths[path]
        above, _, part = path.rpartition("/")
        parent_id = self._resource(above)
        if parent_id is None:
            return None
        what = f"create resource at path '{path}'"
        made = self._attempt(what, "CreateResource", {"parentId": parent_id, "pathPart": part})
        if made:
            self._paths[path] = made["id"]
        return self._paths.get(path)

    def _method(self, operation: Operation, method: DocumentMethod, target: Mapping[str, str]) -> bool:
        parameters = {
            **method.authorization(self._authorizers),
            "requestParameters": method.request_parameters(),
            "requestModels": self._named(method.request_schemas()),
        }
        if validator := operation.node.get(f"{EXTENSION}request-validator") or self.document.extension(
            "request-validator"
        ):
            parameters["requestValidatorId"] = self._validators.get(str(validator), str(validator))
        if name := operation.node.get("operationId"):
            parameters["operationName"] = str(name)
        where = f"'{operation.verb}' on resource at path '{operation.path}'"
        if not self._attempt(f"put method {where}", "PutMethod", {**parameters, **target}):
            return False
        for response in method.responses():
            parameters = {
                "statusCode": response.status,
                "responseParameters": response.headers,
                "responseModels": self._named(response.schemas),
            }
            what = f"put method response '{response.status}' of {where}"
            self._attempt(what, "PutMethodResponse", {**parameters, **target})
        return True

    def _integration(self, operation: Operation, method: DocumentMethod, target: Mapping[str, str]) -> None:
        where = f"on '{operation.verb}' for resource at path '{operation.path}'"
        parameters = method.integration()
        if parameters is None:
            return
        if self._attempt(f"put integration {where}", "PutIntegration", {**parameters, **target}):
            for response in method.integration_responses():
                what, declared = f"put integration response {where}", {"statusCode": response["statusCode"]}
                # An import, unlike the call itself, needs the method's response.
                if self._attempt(what, "GetMethodResponse", {**declared, **target}):
                    self._attempt(what, "PutIntegrationResponse", {**response, **target})
