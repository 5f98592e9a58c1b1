"""UpdateApiKey: what a patch may change. API Gateway guide, "Patch operations"."""

from typing import Any

from lambda_over_https.sandbox.control.aws_calls import AwsCall
from lambda_over_https.sandbox.control.layer import AwsResponse
from lambda_over_https.sandbox.control.moto_state import apigateway_backend
from lambda_over_https.sandbox.strict.apigateway.lookups import api_key_of, no_such_path, parse_boolean

_MEMBERS = {
    "/name": "name",
    "/description": "description",
    "/customerId": "customer_id",
    "/enabled": "enabled",
}
"""Paths that can be replaced, and moto's names."""


def update_api_key(call: AwsCall) -> AwsResponse:
    """Answer UpdateApiKey: all of its operations take effect, or none."""
    api_key_of(call)
    key, draft = apigateway_backend(call.region).keys[call.parameters["apiKey"]], dict[str, Any]()
    for operation in call.parameters.get("patchOperations") or ():
        path, value = operation["path"], operation.get("value") or ""
        if path in ("/stages", "/labels"):
            raise NotImplementedError(f"{path} of an API key: use a usage plan and CreateUsagePlanKey")
        if path not in _MEMBERS or operation.get("op") != "replace":
            raise no_such_path(operation, _MEMBERS)
        draft[_MEMBERS[path]] = parse_boolean(value) if path == "/enabled" else value
    vars(key).update(draft)
    return AwsResponse.json(200, key.to_json())
