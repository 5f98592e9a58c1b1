"""UpdateMethod and UpdateMethodResponse, which moto does not have: what a patch may change, and how."""

from collections.abc import Mapping
from typing import Any

from lambda_over_https.sandbox.control.aws_calls import AwsCall
from lambda_over_https.sandbox.control.layer import AwsResponse
from lambda_over_https.sandbox.control.refusals import not_found
from lambda_over_https.sandbox.model.pointers import unescaped
from lambda_over_https.sandbox.strict.apigateway.definition import mappings
from lambda_over_https.sandbox.strict.apigateway.definition.methods import (
    AUTHORIZED,
    check_authorization,
    check_models,
    check_validator,
)
from lambda_over_https.sandbox.strict.apigateway.lookups import (
    bad_request,
    method_of,
    parse_boolean,
)

_SINGLE = {
    "/authorizationType": "authorization_type",
    "/authorizerId": "authorizer_id",
    "/apiKeyRequired": "api_key_required",
    "/operationName": "operation_name",
    "/requestValidatorId": "request_validator_id",
}
"""Paths that can be replaced (API Gateway guide, "Patch operations", UpdateMethod), and moto's names."""

_MAPS = {"requestParameters": "request_parameters", "requestModels": "request_models"}
"""Maps whose entries can be added, replaced and removed, and moto's names."""

Operation = Mapping[str, str]


def update_method(call: AwsCall) -> AwsResponse:
    """Answer UpdateMethod."""
    method = method_of(call)
    operations = call.parameters.get("patchOperations") or []
    draft = {name: getattr(method, name) for name in _SINGLE.values()}
    draft |= {name: dict(getattr(method, name) or {}) for name in _MAPS.values()}
    for operation in operations:
        _patch(draft, operation)
    check_authorization(call, draft["authorization_type"], draft["authorizer_id"])
    check_validator(call, draft["request_validator_id"])
    check_models(call, draft["request_models"].values())
    mappings.check_method_request(draft["request_parameters"])
    draft["authorization_type"] = draft["authorization_type"].upper()
    if draft["authorization_type"] not in AUTHORIZED:
        draft["authorizer_id"] = None
    for name, value in draft.items():
        setattr(method, name, value)
    return AwsResponse.json(200, method.to_json())


_MISSING = {
    "responseParameters": "Invalid parameter name specified",
    "responseModels": "Content-Type specified was not found",
}
_RESPONSE_MAPS = {"responseParameters": "response_parameters", "responseModels": "response_models"}


def update_method_response(call: AwsCall) -> AwsResponse:
    """Answer UpdateMethodResponse: entries of the response's headers and models come and go."""
    response = method_of(call).method_responses[call.parameters["statusCode"]]
    draft = {name: dict(getattr(response, name) or {}) for name in _RESPONSE_MAPS.values()}
    for operation in call.parameters.get("patchOperations") or []:
        _patch_response(draft, operation)
    check_models(call, draft["response_models"].values())
    mappings.check_method_response(draft["response_parameters"])
    for name, value in draft.items():
        setattr(response, name, value)
    return AwsResponse.json(201, response.to_json())


def _patch_response(draft: dict[str, dict[str, Any]], operation: Operation) -> None:
    kind, path, value = operation.get("op"), operation.get("path", ""), operation.get("value", "")
    member, _, key = path.removeprefix("/").partition("/")
    if member not in _RESPONSE_MAPS or not key or kind not in ("add", "replace", "remove"):
        raise bad_request(f"Invalid patch path {path}")
    entries = draft[_RESPONSE_MAPS[member]]
    if kind != "add" and unescaped(key) not in entries:
        raise not_found(_MISSING[member])
    if kind == "remove":
        del entries[unescaped(key)]
    else:
        entries[unescaped(key)] = parse_boolean(value) if member == "responseParameters" else value


def _patch(draft: dict[str, Any], operation: Operation) -> None:
    kind, path, value = operation.get("op"), operation.get("path", ""), operation.get("value", "")
    _, _, rest = path.partition("/")
    member, _, key = rest.partition("/")
    if kind == "replace" and path in _SINGLE:
        draft[_SINGLE[path]] = value.lower() == "true" if path == "/apiKeyRequired" else value
    elif "/" in key:
        raise bad_request(f"Invalid patch path {path}")
    elif kind in ("add", "replace") and key and member in _MAPS:
        draft[_MAPS[member]][unescaped(key)] = (
            parse_boolean(value) if member == "requestParameters" else value
        )
    elif kind == "remove" and key and member in _MAPS:
        draft[_MAPS[member]].pop(unescaped(key), None)
    elif path in _SINGLE:
        raise bad_request("Invalid patch operation specified. Must be one of: [replace]")
    else:
        raise bad_request(f"Invalid patch path {path}")
