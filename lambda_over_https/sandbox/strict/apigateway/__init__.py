"""API Gateway: missing things by their right names, duplicates, the order of the steps, tags of APIs."""

from lambda_over_https.sandbox.control.calls import Call
from lambda_over_https.sandbox.control.control import Answer
from lambda_over_https.sandbox.strict import constraints, paging, tag_limits
from lambda_over_https.sandbox.strict.apigateway import (
    definition,
    deployment,
    method_patch,
    rest_api_patch,
    tags,
    things,
)
from lambda_over_https.sandbox.strict.rules import Amendment, Rules

_LISTINGS = (
    "GetApiKeys",
    "GetDeployments",
    "GetRequestValidators",
    "GetRestApis",
    "GetUsagePlanKeys",
    "GetUsagePlans",
)


def _listing(key: str = "id") -> Amendment:
    """Give a listing in pages (API reference of GetRestApis: 25 to a page, 500 at most)."""
    return paging.pages(paging.Listing("item", key, "limit", "position", "position", 25, 500))


def _resources(call: Call, answer: Answer) -> None:
    definition.bare_methods(call, answer)
    _listing()(call, answer)


def _deleted_api(call: Call, answer: Answer) -> None:
    answer.status, answer.body = 202, b""
    deployment.forget_in_plans(call, answer)


RULES = Rules(
    every=[constraints.check, tag_limits.check, things.known],
    checks={
        "CreateRestApi": [definition.new_api],
        "CreateResource": [definition.new_resource],
        "DeleteResource": [definition.removable_resource],
        "PutMethod": [definition.new_method],
        "GetMethod": [things.method_of],
        "UpdateMethod": [things.method_of],
        "DeleteMethod": [things.method_of],
        "PutMethodResponse": [definition.new_method_response],
        "GetMethodResponse": [things.method_response_of],
        "UpdateMethodResponse": [things.method_response_of],
        "DeleteMethodResponse": [things.method_response_of],
        "PutIntegration": [definition.new_integration],
        "GetIntegration": [things.integration_of],
        "UpdateIntegration": [things.integration_of],
        "DeleteIntegration": [things.integration_of],
        "PutIntegrationResponse": [definition.new_integration_response],
        "GetIntegrationResponse": [things.integration_response_of],
        "UpdateIntegrationResponse": [things.integration_response_of],
        "DeleteIntegrationResponse": [things.integration_response_of],
        "CreateDeployment": [deployment.deployable],
        "GetDeployment": [things.deployment_of],
        "DeleteDeployment": [deployment.idle_deployment],
        "CreateStage": [deployment.new_stage],
        "UpdateStage": [deployment.stage_patch],
        "GetStage": [things.stage_of],
        "DeleteStage": [things.stage_of],
        "CreateUsagePlan": [deployment.plan_stages],
        "UpdateUsagePlan": [deployment.plan_patch],
        "DeleteUsagePlan": [deployment.idle_plan],
        "CreateUsagePlanKey": [deployment.plan_key],
        "GetApiKey": [things.api_key_of],
        "UpdateApiKey": [things.api_key_of],
        "DeleteApiKey": [things.api_key_of],
    },
    answers={
        "GetTags": tags.get_tags,
        "TagResource": tags.tag_resource,
        "UntagResource": tags.untag_resource,
        "UpdateMethod": method_patch.update_method,
        "UpdateRestApi": rest_api_patch.update_rest_api,
    },
    amendments={
        "CreateRestApi": definition.keep_members,
        "DeleteRestApi": _deleted_api,
        "DeleteResource": definition.delete_children,
        "DeleteStage": deployment.forget_in_plans,
        "PutIntegration": definition.integration_defaults,
        **dict.fromkeys(_LISTINGS, _listing()),
        "GetModels": _listing("name"),
        "GetResource": definition.bare_methods,
        "GetResources": _resources,
    },
)
