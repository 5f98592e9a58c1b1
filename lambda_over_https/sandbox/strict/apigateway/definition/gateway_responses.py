"""Gateway responses: those that an API customises, and what AWS answers for all others; as recorded."""

import re
from collections.abc import Mapping
from typing import Any

from lambda_over_https.sandbox.control.aws_calls import AwsCall
from lambda_over_https.sandbox.control.layer import AwsResponse
from lambda_over_https.sandbox.control.refusals import not_found
from lambda_over_https.sandbox.model.pointers import unescaped
from lambda_over_https.sandbox.strict.apigateway.definition import mappings
from lambda_over_https.sandbox.strict.apigateway.lookups import api_of, bad_request

_STATUSES = {
    "ACCESS_DENIED": 403,
    "API_CONFIGURATION_ERROR": 500,
    "AUTHORIZER_CONFIGURATION_ERROR": 500,
    "AUTHORIZER_FAILURE": 500,
    "BAD_REQUEST_BODY": 400,
    "BAD_REQUEST_PARAMETERS": 400,
    "DEFAULT_4XX": None,
    "DEFAULT_5XX": None,
    "EXPIRED_TOKEN": 403,
    "INTEGRATION_FAILURE": 504,
    "INTEGRATION_TIMEOUT": 504,
    "INVALID_API_KEY": 403,
    "INVALID_SIGNATURE": 403,
    "MISSING_AUTHENTICATION_TOKEN": 403,
    "QUOTA_EXCEEDED": 429,
    "REQUEST_TOO_LARGE": 413,
    "RESOURCE_NOT_FOUND": 404,
    "THROTTLED": 429,
    "UNAUTHORIZED": 401,
    "UNSUPPORTED_MEDIA_TYPE": 415,
    "WAF_FILTERED": 403,
}
"""The types, and the status that each is told to have."""

_TEMPLATES = {"application/json": '{"message":$context.error.messageString}'}
_MAPS = {"responseParameters": "response_parameters", "responseTemplates": "response_templates"}


def get_gateway_response(call: AwsCall) -> AwsResponse:
    """Answer GetGatewayResponse."""
    return AwsResponse.json(200, _described(api_of(call), call.parameters["responseType"]))


def list_gateway_responses(call: AwsCall, response: AwsResponse) -> None:
    """Complete moto's answer to GetGatewayResponses: it has every type."""
    api = api_of(call)
    response.document = {"item": [_described(api, kind) for kind in _STATUSES]}


def new_gateway_response(call: AwsCall) -> None:
    """A gateway response has a possible status, and its parameters are mapped from a request."""
    if call.parameters.get("statusCode") is not None:
        _status(call.parameters["statusCode"])
    mappings.check_gateway_response(call.parameters.get("responseParameters") or {})


def complete_gateway_response(call: AwsCall, response: AwsResponse) -> None:
    """Complete moto's answer to PutGatewayResponse."""
    response.status = 201
    response.document = _described(api_of(call), call.parameters["responseType"])


def update_gateway_response(call: AwsCall) -> AwsResponse:
    """Answer UpdateGatewayResponse: all of its operations take effect, or none."""
    api, kind = api_of(call), call.parameters["responseType"]
    own = api.gateway_responses.get(kind)
    draft: dict[str, Any] = {"status_code": own.status_code if own else None}
    draft |= {name: dict(getattr(own, name, None) or {}) for name in _MAPS.values()}
    for operation in call.parameters.get("patchOperations") or []:
        _patch(draft, operation)
    mappings.check_gateway_response(draft["response_parameters"])
    api.put_gateway_response(kind, **draft)
    return AwsResponse.json(200, _described(api, kind))


def _patch(draft: dict[str, Any], operation: Mapping[str, str]) -> None:
    kind, path, value = operation.get("op"), operation["path"], operation.get("value")
    member, _, key = path.removeprefix("/").partition("/")
    if path == "/statusCode" and kind == "replace":
        draft["status_code"] = _status(value)
    elif member in _MAPS and key and kind in ("add", "replace", "remove"):
        entries, name = draft[_MAPS[member]], unescaped(key)
        if kind != "add" and name not in entries:
            raise not_found("Invalid parameter name specified")
        if kind != "remove" and not value:
            raise bad_request(f"Invalid null or empty value in {member}")
        entries.pop(name) if kind == "remove" else entries.update({name: value})
    else:
        raise bad_request(f"Invalid patch path {path}")


def _status(value: str | None) -> str:
    if not re.fullmatch(r"[1-5]\d\d", value or ""):
        raise bad_request(f"Invalid status code specified: {value}")
    return str(value)


def _described(api: Any, kind: str) -> dict[str, Any]:
    """One of them. A type that is not customised is told to be as the API's default for its status."""
    status, own = _STATUSES[kind], api.gateway_responses.get(kind)
    fallback = None
    if status:
        fallback = api.gateway_responses.get("DEFAULT_5XX" if status >= 500 else "DEFAULT_4XX")
    shown = own or fallback
    said = getattr(shown, "status_code", None) or status
    return {
        "responseType": kind,
        "defaultResponse": own is None,
        "responseParameters": getattr(shown, "response_parameters", None) or {},
        "responseTemplates": getattr(shown, "response_templates", None) or _TEMPLATES,
        **({"statusCode": str(said)} if said else {}),
    }
