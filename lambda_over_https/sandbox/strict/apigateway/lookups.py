"""Finds what a call of API Gateway names, or says in API Gateway's words that it does not exist."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from lambda_over_https.sandbox.control.aws_calls import AwsCall
from lambda_over_https.sandbox.control.layer import AwsResponse
from lambda_over_https.sandbox.control.moto_state import apigateway_backend
from lambda_over_https.sandbox.control.refusals import (
    not_found,
    unknown_api,
    unknown_method,
    unknown_resource,
)
from lambda_over_https.sandbox.model.errors import AwsError


def bad_request(message: str) -> AwsError:
    """API Gateway's 400."""
    return AwsError("BadRequestException", message)


def conflict(message: str) -> AwsError:
    """API Gateway's 409."""
    return AwsError("ConflictException", message, 409)


def no_such_path(operation: Mapping[str, str], possible: Iterable[str]) -> AwsError:
    """The refusal of a patch operation whose path is not one of the ``possible`` ones, or for this op."""
    path, kind = operation.get("path", ""), operation.get("op")
    paths = list(possible)
    advice = f"Must be one of: [{', '.join(paths)}]"
    if path in paths:
        advice = "Please choose supported operations"
    return bad_request(f"Invalid patch path  '{path}' specified for op '{kind}'. {advice}")


def parse_boolean(value: str) -> bool:
    """The boolean in a patch: "true" or "false"."""
    if value.lower() not in ("true", "false"):
        raise bad_request(f"Invalid boolean value specified: {value}")
    return value.lower() == "true"


def api_of(call: AwsCall) -> Any:
    """The API that the call names."""
    api_id = call.parameters["restApiId"]
    api = apigateway_backend(call.region).apis.get(api_id)
    if api is None:
        raise unknown_api(api_id)
    return api


def resource_of(call: AwsCall) -> Any:
    """The resource of the API."""
    resource = api_of(call).resources.get(call.parameters["resourceId"])
    if resource is None:
        raise unknown_resource()
    return resource


def method_of(call: AwsCall) -> Any:
    """The method of the resource."""
    method = resource_of(call).resource_methods.get(call.parameters["httpMethod"])
    if method is None:
        raise unknown_method()
    return method


def integration_of(call: AwsCall) -> Any:
    """The integration of the method."""
    integration = method_of(call).method_integration
    if integration is None:
        raise not_found("Invalid Integration identifier specified")
    return integration


def method_response_of(call: AwsCall) -> None:
    """Check that the method has a response of that status."""
    if call.parameters["statusCode"] not in method_of(call).method_responses:
        raise not_found("Invalid Response status code specified")


def integration_response_of(call: AwsCall) -> None:
    """Check that the integration has a response of that status."""
    if call.parameters["statusCode"] not in (integration_of(call).integration_responses or {}):
        raise not_found("Invalid Response status code specified")


def removable_integration_response(call: AwsCall) -> None:
    """The same for its removal, which takes a method that is not there for one without an integration."""
    if call.parameters["httpMethod"] not in resource_of(call).resource_methods:
        raise not_found("Invalid Integration identifier specified")
    integration_response_of(call)


def model_of(call: AwsCall) -> Any:
    """The model of the API."""
    model = api_of(call).models.get(call.parameters["modelName"])
    if model is None:
        raise unknown_model(call)
    return model


def unknown_model(call: AwsCall) -> AwsError:
    """The API, or the model in it, does not exist."""
    return not_found(f"Invalid model name specified: {call.parameters['modelName']}")


def request_validator_of(call: AwsCall) -> Any:
    """The request validator of the API."""
    validator = api_of(call).request_validators.get(call.parameters["requestValidatorId"])
    if validator is None:
        raise _unknown_validator()
    return validator


def gateway_response_of(call: AwsCall) -> None:
    """Check that the API customises the gateway response."""
    if call.parameters["responseType"] not in api_of(call).gateway_responses:
        raise not_found("Gateway response type not defined on api")


def stage_of(call: AwsCall) -> Any:
    """The stage of the API."""
    stage = api_of(call).stages.get(call.parameters["stageName"])
    if stage is None:
        raise not_found("Invalid Stage identifier specified")
    return stage


def deployment_of(call: AwsCall) -> None:
    """Check that the API has the deployment."""
    if call.parameters["deploymentId"] not in api_of(call).deployments:
        raise not_found("Invalid Deployment identifier specified")


def usage_plan_of(call: AwsCall) -> Any:
    """The usage plan that the call names."""
    plan = apigateway_backend(call.region).usage_plans.get(call.parameters["usagePlanId"])
    if plan is None:
        raise not_found("Invalid Usage Plan ID specified")
    return plan


def api_key_of(call: AwsCall) -> None:
    """Check that the API key exists."""
    key_id = call.parameters.get("apiKey") or call.parameters.get("keyId")
    if key_id not in apigateway_backend(call.region).keys:
        raise not_found("Invalid API Key identifier specified")


def vpc_link_of(_: AwsCall) -> AwsResponse:
    """Refuse what names a VPC link: the sandbox has none."""
    raise not_found("Invalid Vpc Link identifier specified")


def check_vpc_link(call: AwsCall) -> None:
    """Refuse in AWS's words what no VPC link could be made of; the sandbox makes none in any case."""
    if call.operation != "CreateVpcLink":
        return
    if not call.parameters.get("name"):
        raise bad_request("Name cannot be empty")
    for arn in call.parameters.get("targetArns") or ():
        if not re.match(r"arn:[^:]+:[^:]+:[^:]*:[^:]*:.+", arn):
            raise bad_request(f"Invalid ARN. ARN is not well formed {arn}")


def check_patches(call: AwsCall) -> None:
    """Each patch operation has a path, and says what to do."""
    for operation in call.parameters.get("patchOperations") or ():
        if not operation.get("path"):
            raise bad_request("Invalid patch path null")
        if not operation.get("op"):
            raise bad_request("Invalid patch operation specified. Each must have an op")


def check_named(call: AwsCall) -> None:
    """Check that the API, the resource and the usage plan exist that the call names."""
    api_id = call.parameters.get("restApiId")
    if api_id is not None and api_id not in apigateway_backend(call.region).apis:
        raise _unknown_api(call, api_id)
    if "resourceId" in call.parameters:
        resource_of(call)
    if "usagePlanId" in call.parameters:
        usage_plan_of(call)


def _unknown_api(call: AwsCall, api_id: str) -> AwsError:
    """What is missing if the API is: of a call that names something in it, the first of that."""
    if "resourceId" in call.parameters:
        return unknown_resource()
    if "requestValidatorId" in call.parameters:
        return _unknown_validator()
    if call.operation == "CreateRequestValidator":
        return bad_request("Invalid REST API identifier specified")
    if call.operation == "CreateAuthorizer":
        return conflict(
            "Unable to complete operation due to concurrent modification. Please try again later."
        )
    if "documentationPartId" in call.parameters and call.operation != "DeleteDocumentationPart":
        return not_found("Invalid Documentation part identifier specified")
    if "modelName" in call.parameters:
        return unknown_model(call)
    return unknown_api(api_id)


def _unknown_validator() -> AwsError:
    return not_found("Invalid Request Validator identifier specified")
