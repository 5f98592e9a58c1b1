"""Request validators, of which moto keeps no defaults, and takes patches of any path and op; as recorded."""

from typing import Any

from lambda_over_https.sandbox.control.aws_calls import AwsCall
from lambda_over_https.sandbox.control.layer import AwsResponse
from lambda_over_https.sandbox.strict.apigateway.lookups import (
    api_of,
    bad_request,
    no_such_path,
    parse_boolean,
    request_validator_of,
)

_MEMBERS = {
    "/name": "name",
    "/validateRequestParameters": "validate_request_parameters",
    "/validateRequestBody": "validate_request_body",
}
"""Paths that can be replaced, in the order in which AWS lists them, and moto's names."""


def keep_defaults(call: AwsCall, response: AwsResponse) -> None:
    """A new validator checks nothing that the call does not ask for."""
    validator = api_of(call).request_validators[response.document["id"]]
    for name in ("validate_request_body", "validate_request_parameters"):
        setattr(validator, name, bool(getattr(validator, name)))
    response.document = validator.to_dict()


def update_request_validator(call: AwsCall) -> AwsResponse:
    """Answer UpdateRequestValidator: all of its operations take effect, or none."""
    validator, draft = request_validator_of(call), {}
    for operation in call.parameters.get("patchOperations") or []:
        path = operation["path"]
        if path not in _MEMBERS or operation.get("op") != "replace":
            raise no_such_path(operation, _MEMBERS)
        draft[_MEMBERS[path]] = _value(path, operation.get("value") or "")
    vars(validator).update(draft)
    return AwsResponse.json(200, validator.to_dict())


def _value(path: str, text: str) -> Any:
    if path != "/name":
        return bool(text) and parse_boolean(text)
    if not text:
        raise bad_request("Request Validator name cannot be blank")
    return text
