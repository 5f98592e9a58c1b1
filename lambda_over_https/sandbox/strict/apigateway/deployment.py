"""Rules for deployments, stages, and the usage plans that cover stages."""

from typing import Any

from lambda_over_https.sandbox.control.aws_calls import AwsCall
from lambda_over_https.sandbox.control.layer import AwsResponse
from lambda_over_https.sandbox.control.moto_state import apigateway_backend
from lambda_over_https.sandbox.control.refusals import not_found
from lambda_over_https.sandbox.strict.apigateway.lookups import (
    api_key_of,
    api_of,
    bad_request,
    conflict,
    deployment_of,
    usage_plan_of,
)
from lambda_over_https.sandbox.strict.apigateway.stages import check_stage_members, check_stage_name


def deployable(call: AwsCall) -> None:
    """The API must have a method, and every method an integration."""
    methods = [
        method
        for resource in api_of(call).resources.values()
        for method in resource.resource_methods.values()
    ]
    if not methods:
        raise bad_request("The REST API doesn't contain any methods")
    if any(method.method_integration is None for method in methods):
        raise bad_request("No integration defined for method")
    if call.parameters.get("stageName"):
        check_stage_name(call)
    check_stage_members(call)


def idle_deployment(call: AwsCall) -> None:
    """A deployment that a stage serves cannot be deleted."""
    deployment_of(call)
    if any(stage.deployment_id == call.parameters["deploymentId"] for stage in api_of(call).stages.values()):
        raise bad_request("Active stages pointing to this deployment must be moved or deleted")
    # moto checks only the stage for which the deployment was first made.
    api_of(call).deployments[call.parameters["deploymentId"]].stage_name = None


def forget_in_plans(call: AwsCall, _: AwsResponse) -> None:
    """Remove deleted stages from usage plans."""
    backend = apigateway_backend(call.region)
    for plan in backend.usage_plans.values():
        plan.api_stages = [item for item in plan.api_stages if stage_exists(backend, item)]


def stage_exists(backend: Any, item: dict[str, str]) -> bool:
    """Whether the stage of one item of a usage plan's ``apiStages`` exists."""
    api = backend.apis.get(item.get("apiId"))
    return api is not None and item.get("stage") in api.stages


def plan_stages(call: AwsCall) -> None:
    """A usage plan may cover only stages that exist."""
    for item in call.parameters.get("apiStages") or []:
        _check_plan_stage(call, item, call.parameters["name"])


def plan_patch(call: AwsCall) -> None:
    """A stage that is added to a usage plan must exist."""
    for operation in call.parameters.get("patchOperations") or []:
        if operation.get("op") == "add" and operation.get("path") == "/apiStages":
            api_id, _, stage = operation.get("value", "").partition(":")
            _check_plan_stage(call, {"apiId": api_id, "stage": stage}, call.parameters["usagePlanId"])


def _check_plan_stage(call: AwsCall, item: dict[str, str], plan: str) -> None:
    if not stage_exists(apigateway_backend(call.region), item):
        stage = f"{{api: {item.get('apiId')}, stage: {item.get('stage')}}}"
        raise not_found(f"Invalid API Stage {stage} specified for usageplan {plan}")


def idle_plan(call: AwsCall) -> None:
    """A usage plan that covers stages cannot be deleted."""
    plan = usage_plan_of(call)
    if plan.api_stages:
        message = f"Cannot delete Usage Plan {plan.id} because there are API Stages associated with it"
        raise bad_request(message)


def plan_key(call: AwsCall) -> None:
    """The key must exist, and not be in the plan already."""
    api_key_of(call)
    keys = apigateway_backend(call.region).usage_plan_keys.get(call.parameters["usagePlanId"], {})
    if call.parameters["keyId"] in keys:
        plan = call.parameters["usagePlanId"]
        raise conflict(f"Usage Plan {plan} cannot be added because API Key is already in this Usage Plan.")
