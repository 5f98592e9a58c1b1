"""Rules for deployments."""

from lambda_over_https.sandbox.control.aws_calls import AwsCall
from lambda_over_https.sandbox.strict.apigateway.lookups import api_of, bad_request, deployment_of
from lambda_over_https.sandbox.strict.apigateway.stages.stage import check_stage_members, check_stage_name


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
