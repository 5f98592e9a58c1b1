"""Rules for methods and their responses: authorization, validators, models, parameters."""

from collections.abc import Iterable

from lambda_over_https.sandbox.control.aws_calls import AwsCall
from lambda_over_https.sandbox.control.layer import AwsResponse
from lambda_over_https.sandbox.strict.apigateway.definition import mappings, models
from lambda_over_https.sandbox.strict.apigateway.lookups import (
    api_of,
    bad_request,
    conflict,
    method_of,
    resource_of,
)

HTTP_METHODS = ("GET", "PUT", "POST", "DELETE", "PATCH", "OPTIONS", "HEAD", "ANY")
AUTHORIZATION_TYPES = ("NONE", "AWS_IAM", "CUSTOM", "COGNITO_USER_POOLS")
AUTHORIZED = AUTHORIZATION_TYPES[2:]
"""Those that need an authorizer."""


def new_method(call: AwsCall) -> None:
    """A method must be new, and what it refers to must exist."""
    verb = call.parameters["httpMethod"]
    if verb not in HTTP_METHODS:
        options = ",".join(HTTP_METHODS)
        raise bad_request(f"Invalid HttpMethod specified. Valid options are {options}")
    if verb in resource_of(call).resource_methods:
        raise conflict("Method already exists for this resource")
    check_authorization(call, call.parameters.get("authorizationType"), call.parameters.get("authorizerId"))
    check_validator(call, call.parameters.get("requestValidatorId"))
    check_models(call, (call.parameters.get("requestModels") or {}).values())
    mappings.check_method_request(call.parameters.get("requestParameters") or {})


def check_authorization(call: AwsCall, kind: str | None, authorizer_id: str | None) -> None:
    """The authorization type must be known, and its authorizer must exist."""
    kind = (kind or "").upper()
    if kind not in AUTHORIZATION_TYPES:
        raise bad_request(
            f"Invalid authorization type specified. Valid options are {', '.join(AUTHORIZATION_TYPES)}"
        )
    if kind in AUTHORIZED and authorizer_id not in api_of(call).authorizers:
        raise bad_request(
            "Invalid authorizer ID specified. Setting the authorization type to CUSTOM or "
            "COGNITO_USER_POOLS requires a valid authorizer."
        )


def keep_authorization_type(call: AwsCall, response: AwsResponse) -> None:
    """Keep the authorization type in capitals, in whatever case it was sent."""
    method = method_of(call)
    method.authorization_type = method.authorization_type.upper()
    response.document = {**response.document, "authorizationType": method.authorization_type}


def check_validator(call: AwsCall, validator_id: str | None) -> None:
    """The request validator must exist, if one is named."""
    if validator_id and validator_id not in api_of(call).request_validators:
        raise bad_request("Invalid Request Validator identifier specified")


def check_models(call: AwsCall, names: Iterable[str]) -> None:
    """The models must exist."""
    known = models.BUILT_IN | api_of(call).models.keys()
    for name in names:
        if name not in known:
            raise bad_request(f"Invalid model identifier specified: {name}")


def new_method_response(call: AwsCall) -> None:
    """A method's response must be new, and its models must exist."""
    if call.parameters["statusCode"] in method_of(call).method_responses:
        raise conflict("Response already exists for this resource")
    check_models(call, (call.parameters.get("responseModels") or {}).values())
    mappings.check_method_response(call.parameters.get("responseParameters") or {})
