"""A method of the document as parameters of the control plane's calls, without the ids.

API Gateway developer guide, "OpenAPI extensions for API Gateway". Which member becomes which parameter was
recorded on AWS.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lambda_over_https.sandbox.model.errors import AwsError
from lambda_over_https.sandbox.strict.openapi import security
from lambda_over_https.sandbox.strict.openapi.document import (
    EXTENSION,
    Document,
    Node,
    Operation,
    check_extensions,
)

_PLACES = {"path": "path", "query": "querystring", "header": "header"}
_JSON = ["application/json"]
_ELSEWHERE = frozenset({"responses", "httpMethod", "payloadFormatVersion"})
"""Members of an integration that are not parameters of PutIntegration; the last is for HTTP APIs only."""

Warn = Callable[[str], None]
Schemas = Mapping[str, Node]
"""Schemas by content type."""


@dataclass(frozen=True, slots=True)
class DocumentResponse:
    """One of a method's responses."""

    status: str
    headers: Mapping[str, bool]
    schemas: Schemas


class DocumentMethod:
    """One method of the document, read for the control plane. ``warn`` is told what is left out.

    ``path`` is the resource's, which may have a prefix.
    """

    def __init__(self, document: Document, operation: Operation, path: str, warn: Warn) -> None:
        check_extensions(operation.node, "integration", "request-validator", "auth")
        self._document, self._operation, self._warn = document, operation, warn
        self._path = path
        self._node, self._name = operation.node, f"{operation.verb} {operation.path}"

    def request_parameters(self) -> dict[str, bool]:
        """PutMethod's ``requestParameters``. They include the path's variables, declared or not."""
        variables = re.findall(r"\{([^}+]+)\+?\}", self._operation.path)
        found = {f"method.request.path.{name}": True for name in variables}
        for each in self._operation.parameters:
            place = _PLACES.get(str(each.get("in")))
            if place:
                found[f"method.request.{place}.{each.get('name')}"] = each.get("required") is True
            elif each.get("in") != "body":
                self._warn(f"Unsupported parameter '{each.get('name')}' of '{self._name}'. Ignoring.")
        return found

    def request_schemas(self) -> Schemas:
        """The schemas of the request's body."""
        if not self._document.swagger:
            return self._contents(self._document.resolved(self._node.node("requestBody")))
        bodies = [each.node("schema") for each in self._operation.parameters if each.get("in") == "body"]
        return {kind: schema for schema in bodies for kind in self._kinds("consumes")}

    def responses(self) -> Iterator[DocumentResponse]:
        """The method's responses that have a status."""
        responses = self._node.node("responses")
        for status in responses:
            if re.fullmatch(r"[1-5]\d\d", status):
                yield self._response(status, self._document.resolved(responses.node(status)))
            elif not status.startswith("x-"):
                self._warn(f"Unsupported response '{status}' of '{self._name}'. Ignoring.")

    def _response(self, status: str, node: Node) -> DocumentResponse:
        headers = {f"method.response.header.{name}": False for name in node.node("headers")}
        if not self._document.swagger:
            return DocumentResponse(status, headers, self._contents(node))
        kinds = self._kinds("produces") if "schema" in node else []
        return DocumentResponse(status, headers, {kind: node.node("schema") for kind in kinds})

    def _kinds(self, member: str) -> list[str]:
        return self._node.texts(member) or self._document.root.texts(member) or _JSON

    def _contents(self, node: Node) -> Schemas:
        content = node.node("content")
        return {kind: content.node(kind).node("schema") for kind in content if "schema" in content.node(kind)}

    def authorization(self, authorizers: Mapping[str, str]) -> dict[str, Any]:
        """PutMethod's parameters for authorization; ``authorizers`` maps schemes to authorizers' ids."""
        own = str(self._node.node(f"{EXTENSION}auth").get("type") or "NONE").upper()
        found: dict[str, Any] = {"authorizationType": own, "apiKeyRequired": False}
        for name, scopes in security.requirements(self._document, self._node).items():
            asked = security.required(self._document.schemes.node(name), scopes, authorizers.get(name))
            if asked is None:
                self._warn(f"Unsupported security definition '{name}' of '{self._name}'. Ignoring.")
            found |= asked or {}
        return found

    def integration(self) -> dict[str, Any] | None:
        """PutIntegration's parameters; None if the method has no integration."""
        node = self._integration()
        if node is None:
            return None
        parameters = {name: value for name, value in node.items() if name not in _ELSEWHERE}
        if "requestParameters" in node:
            parameters["requestParameters"] = self._mappings(node.node("requestParameters"))
        for name in ("type", "passthroughBehavior", "contentHandling"):
            if isinstance(parameters.get(name), str):
                parameters[name] = parameters[name].upper()
        if "httpMethod" in node:
            parameters["integrationHttpMethod"] = str(node["httpMethod"]).upper()
        return parameters

    def _mappings(self, node: Node) -> dict[str, str]:
        """The mappings that are text. API Gateway leaves out what YAML reads as another type."""
        for name, value in node.items():
            if not isinstance(value, str):
                verb, said = self._operation.verb, json.dumps(value)
                self._warn(
                    f"Invalid format for 'requestParameters'. Expected type string for property '{name}' of "
                    f"resource '{self._path}' and method '{verb}' but got '{said}'"
                )
        return {name: value for name, value in node.items() if isinstance(value, str)}

    def _integration(self) -> Node | None:
        content = self._node.get(f"{EXTENSION}integration")
        if content is None:
            return None
        if isinstance(content, dict) and isinstance(content.get("type"), str):
            return self._node.node(f"{EXTENSION}integration")
        malformed = "Unable to parse API definition because of a malformed integration at path"
        raise AwsError("BadRequestException", f"{malformed} {self._operation.path}.")

    def integration_responses(self) -> Iterator[dict[str, Any]]:
        """PutIntegrationResponse's parameters, by pattern; ``default`` has none."""
        integration = self._integration()
        if integration is None:
            return
        responses = integration.node("responses")
        for pattern in responses:
            parameters = dict(responses.node(pattern))
            parameters["statusCode"] = str(parameters.get("statusCode"))
            if pattern != "default":
                parameters["selectionPattern"] = pattern
            yield parameters
