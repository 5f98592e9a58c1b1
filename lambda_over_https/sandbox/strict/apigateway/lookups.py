"""Finds what a call of API Gateway names, or says in API Gateway's words that it does not exist."""

from collections.abc import Iterable, Mapping
from typing import Any

from lambda_over_https.sandbox.control.aws_calls import AwsCall
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
    """The refusal of a patch operation whose path is not one of the ``possible`` ones."""
    path, kind = operation.get("path", ""), operation.get("op")
    listed = ", ".join(possible)
    return bad_request(f"Invalid patch path  '{path}' specified for op '{kind}'. Must be one of: [{listed}]")


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
        raise not_found("Invalid Integration Response identifier specified")


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


def check_patches(call: AwsCall) -> None:
    """Each patch operation has a path, and says what to do."""
    for operation in call.parameters.get("patchOperations") or ():
        if not operation.get("path") or not operation.get("op"):
            raise bad_request("Invalid patch operation specified. Each must have an op and a path")


def check_named(call: AwsCall) -> None:
    """Check that the API, the resource and the usage plan exist that the call names."""
    if "restApiId" in call.parameters:
        api_of(call)
    if "resourceId" in call.parameters:
        resource_of(call)
    if "usagePlanId" in call.parameters:
        usage_plan_of(call)
