"""Authorizers: what they must be, and where they are used. The sandbox stores them, and runs none.

API Gateway guide, "Use API Gateway Lambda authorizers" and "Patch operations"; the words of the refusals as
reported, but that of the time to live.
"""

import re
from collections.abc import Mapping
from typing import Any

from lambda_over_https.sandbox.control.aws_calls import AwsCall
from lambda_over_https.sandbox.control.layer import AwsResponse
from lambda_over_https.sandbox.control.refusals import not_found
from lambda_over_https.sandbox.strict.apigateway.definition.integrations import FUNCTIONS
from lambda_over_https.sandbox.strict.apigateway.lookups import api_of, bad_request, conflict, no_such_path

MAX_TTL = 3600
"""The longest time in seconds for which an authorizer's answer is kept."""

_TYPES = ("TOKEN", "REQUEST", "COGNITO_USER_POOLS")
_MEMBERS = {
    "/name": "name",
    "/type": "type",
    "/authType": "auth_type",
    "/authorizerUri": "authorizer_uri",
    "/authorizerCredentials": "authorizer_credentials",
    "/identitySource": "identity_source",
    "/identityValidationExpression": "identity_validation_expression",
    "/authorizerResultTtlInSeconds": "authorizer_result_ttl",
}
"""Paths that can be replaced, and moto's names."""

_POOLS = "/providerARNs"


def new_authorizer(call: AwsCall) -> None:
    """An authorizer has a new name, a function to ask unless it is Cognito, and a possible time to live."""
    said = call.parameters
    _check_name(call, said.get("name"))
    _check_uri(said.get("type"), said.get("authorizerUri"))
    _check_ttl(said.get("authorizerResultTtlInSeconds"))


def keep_members(call: AwsCall, response: AwsResponse) -> None:
    """Keep the time to live and the expression that the call named: moto has one of its own, or none."""
    authorizer = api_of(call).authorizers[response.document["id"]]
    authorizer.authorizer_result_ttl = call.parameters.get("authorizerResultTtlInSeconds")
    authorizer.identity_validation_expression = call.parameters.get("identityValidationExpression")
    response.status, response.document = 201, authorizer.to_json()


def update_authorizer(call: AwsCall) -> AwsResponse:
    """Answer UpdateAuthorizer: all of its operations take effect, or none."""
    authorizer = _authorizer_of(call)
    draft = {name: getattr(authorizer, name) for name in _MEMBERS.values()}
    draft["provider_arns"] = list(authorizer.provider_arns or ())
    for operation in call.parameters.get("patchOperations") or ():
        _patch(draft, operation)
    _check_name(call, draft["name"], authorizer.id)
    if draft["type"] not in _TYPES:
        raise bad_request(f"Invalid authorizer type specified. Valid options are {', '.join(_TYPES)}")
    _check_uri(draft["type"], draft["authorizer_uri"])
    _check_ttl(draft["authorizer_result_ttl"])
    vars(authorizer).update(draft)
    return AwsResponse.json(200, authorizer.to_json())


def unused_authorizer(call: AwsCall) -> None:
    """An authorizer can be deleted when no method refers to it."""
    authorizer = _authorizer_of(call)
    for resource in api_of(call).resources.values():
        for verb, method in resource.resource_methods.items():
            if method.authorizer_id == authorizer.id:
                place = f"{verb}/{resource.get_path()}"
                raise conflict(
                    f"Cannot delete authorizer '{authorizer.id}', is referenced in method: {place}"
                )


def _authorizer_of(call: AwsCall) -> Any:
    authorizer = api_of(call).authorizers.get(call.parameters["authorizerId"])
    if authorizer is None:
        raise not_found("Invalid Authorizer identifier specified")
    return authorizer


def _patch(draft: dict[str, Any], operation: Mapping[str, str]) -> None:
    kind, path, value = operation.get("op"), operation["path"], operation.get("value") or ""
    if path == _POOLS and kind == "add":
        draft["provider_arns"] = [*dict.fromkeys([*draft["provider_arns"], value])]
    elif path == _POOLS and kind == "remove":
        draft["provider_arns"] = [each for each in draft["provider_arns"] if each != value]
    elif path in _MEMBERS and kind == "replace":
        draft[_MEMBERS[path]] = _seconds(value) if path.endswith("Seconds") else value
    else:
        raise no_such_path(operation, [*_MEMBERS, _POOLS])


def _seconds(value: str) -> int:
    if not re.fullmatch(r"\d{1,9}", value, re.ASCII):
        raise _no_ttl(value)
    return int(value)


def _check_name(call: AwsCall, name: str | None, own: str | None = None) -> None:
    if not name:
        raise bad_request("Authorizer name must be non-empty")
    if any(each.name == name and each.id != own for each in api_of(call).authorizers.values()):
        already = f"Authorizer {name} already exists in this RestApi."
        raise bad_request(f"Authorizer name must be unique. {already}")


def _check_uri(kind: str | None, uri: str | None) -> None:
    if kind in ("TOKEN", "REQUEST") and not re.match(FUNCTIONS, uri or ""):
        raise bad_request(
            f"Invalid Authorizer URI: {uri}. Authorizer URI should be a valid API Gateway ARN that "
            "represents a Lambda function invocation."
        )


def _check_ttl(seconds: int | None) -> None:
    if not 0 <= (seconds or 0) <= MAX_TTL:
        raise _no_ttl(seconds)


def _no_ttl(value: object) -> Exception:
    return bad_request(f"Invalid authorizer time to live: {value}. Must be between 0 and {MAX_TTL} seconds")
