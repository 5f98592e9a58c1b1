"""Security schemes of the document: authorizers, API keys and IAM.

API Gateway developer guide, "x-amazon-apigateway-authorizer object", "x-amazon-apigateway-authtype property".
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lambda_over_https.sandbox.strict.openapi.document import EXTENSION, Document, Node, check_extensions

_AUTHORIZER = f"{EXTENSION}authorizer"
_COGNITO = "COGNITO_USER_POOLS"


def authorizers(document: Document) -> Iterator[dict[str, Any]]:
    """CreateAuthorizer's parameters for each scheme that is an authorizer, used or not."""
    for name in document.schemes:
        scheme = document.schemes.node(name)
        check_extensions(scheme, "authtype", "authorizer")
        if _AUTHORIZER in scheme:
            members = {key: value for key, value in scheme.node(_AUTHORIZER).items() if value != ""}
            header = f"method.request.header.{scheme.get('name')}" if scheme.get("in") == "header" else None
            source = {"identitySource": header} if header else {}
            kind = {"type": _kind(scheme), "authType": scheme.get(f"{EXTENSION}authtype")}
            found = {**source, **members, **kind, "name": name}
            yield {key: value for key, value in found.items() if value is not None}


def replacing(authorizer_id: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """UpdateAuthorizer's parameters that give an authorizer those of CreateAuthorizer."""
    operations = [
        {"op": "replace", "path": f"/{name}", "value": str(value)}
        for name, value in parameters.items()
        if name != "providerARNs"
    ]
    pools = [
        {"op": "add", "path": "/providerARNs", "value": str(arn)}
        for arn in parameters.get("providerARNs") or ()
    ]
    return {"authorizerId": authorizer_id, "patchOperations": [*operations, *pools]}


def required(scheme: Node, scopes: Sequence[str], authorizer_id: str | None) -> dict[str, Any] | None:
    """What a scheme requires of a method, as PutMethod's parameters; None if the scheme's type is unknown."""
    if authorizer_id:
        kind = _COGNITO if _kind(scheme) == _COGNITO else "CUSTOM"
        scoped = {"authorizationScopes": list(scopes)} if scopes else {}
        return {"authorizationType": kind, "authorizerId": authorizer_id, **scoped}
    if scheme.get(f"{EXTENSION}authtype") == "awsSigv4":
        return {"authorizationType": "AWS_IAM"}
    key = (scheme.get("type"), scheme.get("in"), str(scheme.get("name")).lower())
    return {"apiKeyRequired": True} if key == ("apiKey", "header", "x-api-key") else None


def requirements(document: Document, method: Node) -> Mapping[str, list[str]]:
    """The scopes required of each scheme: the method's own, else the whole document's."""
    where = method if "security" in method else document.root
    return {name: each.texts(name) for each in where.nodes("security") for name in each}


def _kind(scheme: Node) -> str:
    return str(scheme.node(_AUTHORIZER).get("type")).upper()
