"""API Gateway: what does not exist, duplicates, the order of the steps, tags."""

from lambda_over_https.sandbox.control.aws_calls import AwsCall
from lambda_over_https.sandbox.control.layer import AwsResponse
from lambda_over_https.sandbox.strict import constraints, paging, tag_limits
from lambda_over_https.sandbox.strict.apigateway import account, lookups, omissions, tags, usage_plans
from lambda_over_https.sandbox.strict.apigateway.definition import (
    apis,
    authorizers,
    documentation,
    gateway_responses,
    integrations,
    methods,
    models,
    policy,
    resources,
    validators,
)
from lambda_over_https.sandbox.strict.apigateway.patching.apis import update_rest_api
from lambda_over_https.sandbox.strict.apigateway.patching.integrations import (
    update_integration,
    update_integration_response,
    update_resource,
)
from lambda_over_https.sandbox.strict.apigateway.patching.keys import update_api_key
from lambda_over_https.sandbox.strict.apigateway.patching.methods import update_method, update_method_response
from lambda_over_https.sandbox.strict.apigateway.patching.plans import update_usage_plan
from lambda_over_https.sandbox.strict.apigateway.stages import deployment, stage
from lambda_over_https.sandbox.strict.rules import Amendment, Rules

_LISTINGS = (
    "GetApiKeys",
    "GetDeployments",
    "GetDocumentationParts",
    "GetRequestValidators",
    "GetUsagePlanKeys",
    "GetUsagePlans",
)


def _listing(key: str = "id") -> Amendment:
    """Return a listing in pages (API reference of GetRestApis: 25 items by default, at most 500)."""
    return paging.pages(paging.Listing("item", key, "limit", "position", "position", 25, 500))


def _resources(call: AwsCall, response: AwsResponse) -> None:
    resources.bare_methods(call, response)
    _listing()(call, response)


def _apis(call: AwsCall, response: AwsResponse) -> None:
    policy.return_policies(call, response)
    _listing()(call, response)


def _deleted_api(call: AwsCall, response: AwsResponse) -> None:
    response.status, response.body = 202, b""
    usage_plans.forget_stages(call, response)


def _said_of_response(call: AwsCall, response: AwsResponse) -> None:
    """Answer with the pattern and the templates that the call named, also with empty ones."""
    pattern = call.parameters.get("selectionPattern")
    if call.parameters.get("responseTemplates") is None:
        made = lookups.integration_of(call).integration_responses[call.parameters["statusCode"]]
        made.response_templates = None
        response.document = {**response.document, "responseTemplates": None}
    if pattern is not None:
        response.document = {**response.document, "selectionPattern": pattern}


def _kept_pattern(call: AwsCall, response: AwsResponse) -> None:
    """Answer with the pattern that the response was given, also with an empty one."""
    found = lookups.integration_of(call).integration_responses[call.parameters["statusCode"]]
    if found.selection_pattern is not None:
        response.document = {**response.document, "selectionPattern": found.selection_pattern}


def _told_tags(_: AwsCall, response: AwsResponse) -> None:
    """One plan or key is told with its tags even if there are none; an update does not tell a key's value."""
    document = response.document
    document["tags"] = document.get("tags") or {}
    response.document = document


def _updated_key(call: AwsCall, response: AwsResponse) -> None:
    _told_tags(call, response)
    response.document = {name: value for name, value in response.document.items() if name != "value"}


def _accepted(_: AwsCall, response: AwsResponse) -> None:
    response.status, response.body = 202, b""


_AMENDMENTS: dict[str, Amendment] = {
    "CreateAuthorizer": authorizers.keep_members,
    "CreateDeployment": stage.keep_cache,
    "CreateRequestValidator": validators.keep_defaults,
    "CreateRestApi": apis.keep_members,
    "CreateStage": stage.keep_cache,
    "DeleteGatewayResponse": _accepted,
    "DeleteModel": _accepted,
    "DeleteRestApi": _deleted_api,
    "DeleteResource": resources.delete_children,
    "DeleteApiKey": usage_plans.forget_key,
    "DeleteStage": usage_plans.forget_stages,
    "DeleteUsagePlan": usage_plans.forget_plan,
    "GetGatewayResponses": gateway_responses.list_gateway_responses,
    "PutGatewayResponse": gateway_responses.complete_gateway_response,
    "PutIntegration": integrations.integration_defaults,
    "PutIntegrationResponse": _said_of_response,
    "PutMethod": methods.keep_authorization_type,
    **dict.fromkeys(_LISTINGS, _listing()),
    "GetDocumentationVersions": _listing("version"),
    "GetIntegrationResponse": _kept_pattern,
    "GetApiKey": _told_tags,
    "GetModels": _listing("name"),
    "GetRestApi": policy.return_policies,
    "GetRestApis": _apis,
    "GetResource": resources.bare_methods,
    "GetResources": _resources,
    "GetStage": stage.complete_stage,
    "GetStages": stage.complete_stages,
    "GetUsagePlan": _told_tags,
    "UpdateApiKey": _updated_key,
    "UpdateUsagePlan": _told_tags,
}

RULES = Rules(
    every=[
        constraints.check,
        tag_limits.check,
        lookups.check_named,
        lookups.check_patches,
        lookups.check_vpc_link,
    ],
    checks={
        "CreateRestApi": [apis.new_api],
        "CreateAuthorizer": [authorizers.new_authorizer],
        "DeleteAuthorizer": [authorizers.unused_authorizer],
        "CreateModel": [models.new_model],
        "GetModel": [lookups.model_of],
        "DeleteModel": [models.unused_model],
        "CreateResource": [resources.new_resource],
        "DeleteResource": [resources.removable_resource],
        "PutMethod": [methods.new_method],
        "GetMethod": [lookups.method_of],
        "UpdateIntegration": [lookups.integration_of],
        "UpdateIntegrationResponse": [lookups.integration_response_of],
        "UpdateMethod": [lookups.method_of],
        "DeleteMethod": [lookups.method_of],
        "PutMethodResponse": [methods.new_method_response],
        "GetMethodResponse": [lookups.method_response_of],
        "UpdateMethodResponse": [lookups.method_response_of],
        "DeleteMethodResponse": [lookups.method_response_of],
        "PutIntegration": [integrations.new_integration],
        "GetIntegration": [lookups.integration_of],
        "DeleteIntegration": [lookups.integration_of],
        "PutIntegrationResponse": [integrations.new_integration_response],
        "GetIntegrationResponse": [lookups.integration_response_of],
        "DeleteIntegrationResponse": [lookups.removable_integration_response],
        "GetRequestValidator": [lookups.request_validator_of],
        "DeleteRequestValidator": [lookups.request_validator_of],
        "PutGatewayResponse": [gateway_responses.new_gateway_response],
        "DeleteGatewayResponse": [lookups.gateway_response_of],
        "CreateDeployment": [deployment.deployable],
        "GetDeployment": [lookups.deployment_of],
        "DeleteDeployment": [deployment.idle_deployment],
        "CreateStage": [stage.new_stage],
        "GetStage": [lookups.stage_of],
        "DeleteStage": [lookups.stage_of],
        "CreateUsagePlan": [usage_plans.new_plan],
        "DeleteUsagePlan": [usage_plans.idle_plan],
        "CreateUsagePlanKey": [usage_plans.new_plan_key],
        "DeleteUsagePlanKey": [usage_plans.plan_key_of],
        "GetUsagePlanKey": [usage_plans.plan_key_of],
        "UpdateUsage": [usage_plans.plan_key_of],
        "GetApiKey": [lookups.api_key_of],
        "DeleteApiKey": [lookups.api_key_of],
    },
    answers={
        "CreateDocumentationPart": documentation.create_part,
        "CreateDocumentationVersion": documentation.create_version,
        "DeleteDocumentationPart": documentation.delete_part,
        "DeleteDocumentationVersion": documentation.delete_version,
        "DeleteVpcLink": lookups.vpc_link_of,
        "FlushStageCache": stage.flush_cache,
        "GetVpcLink": lookups.vpc_link_of,
        "GetDocumentationPart": documentation.get_part,
        "GetDocumentationParts": documentation.list_parts,
        "GetDocumentationVersion": documentation.get_version,
        "GetDocumentationVersions": documentation.list_versions,
        "GetGatewayResponse": gateway_responses.get_gateway_response,
        "GetTags": tags.get_tags,
        "TagResource": tags.tag_resource,
        "UntagResource": tags.untag_resource,
        "UpdateAccount": account.update_account,
        "UpdateApiKey": update_api_key,
        "UpdateAuthorizer": authorizers.update_authorizer,
        "UpdateDocumentationPart": documentation.update_part,
        "UpdateDocumentationVersion": documentation.update_version,
        "UpdateGatewayResponse": gateway_responses.update_gateway_response,
        "UpdateIntegration": update_integration,
        "UpdateIntegrationResponse": update_integration_response,
        "UpdateMethod": update_method,
        "UpdateModel": models.update_model,
        "UpdateVpcLink": lookups.vpc_link_of,
        "UpdateMethodResponse": update_method_response,
        "UpdateRequestValidator": validators.update_request_validator,
        "UpdateResource": update_resource,
        "UpdateRestApi": update_rest_api,
        "UpdateStage": stage.update_stage,
        "UpdateUsagePlan": update_usage_plan,
    },
    amendments={
        **_AMENDMENTS,
        **{name: omissions.then(_AMENDMENTS.get(name), name) for name in omissions.OMITTED},
    },
)
