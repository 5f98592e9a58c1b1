"""Condition keys that tell of the resource that is called: its tags, an API's name, a role's boundary.

Source: Service Authorization Reference, the condition keys of Amazon API Gateway Management, Amazon
EventBridge Scheduler and AWS IAM.
"""

from lambda_over_https.sandbox.control.aws_calls import AwsCall
from lambda_over_https.sandbox.control.moto_state import (
    apigateway_backend,
    find_api,
    find_role_named,
    iam_backend,
    scheduler_backend,
)


def resource_keys(call: AwsCall) -> dict[str, str]:
    """The keys, in lower case, and their values."""
    keys = {f"aws:resourcetag/{key.lower()}": value for key, value in _tags(call).items()}
    if call.service == "apigateway" and call.operation in ("UpdateRestApi", "DeleteRestApi"):
        keys |= _api_name(call)  # AWS tells it in no other call
    if call.service == "iam":
        keys |= _boundary(call)
    return keys


def _api_name(call: AwsCall) -> dict[str, str]:
    api = find_api(call.parameters.get("restApiId", ""))
    return {"apigateway:resource/apiname": api.name} if api is not None else {}


def _boundary(call: AwsCall) -> dict[str, str]:
    """The boundary that a role or user is to have, or else the one that it has."""
    role = find_role_named(call.parameters.get("RoleName", ""))
    holder = role or iam_backend().users.get(call.parameters.get("UserName"))
    arn = call.parameters.get("PermissionsBoundary") or getattr(holder, "permissions_boundary_arn", None)
    return {"iam:permissionsboundary": arn} if arn else {}


def _tags(call: AwsCall) -> dict[str, str]:
    """The tags of the REST API, usage plan, API key or schedule group that is called.

    What is in an API, a plan or a group inherits its tags (API Gateway developer guide, "Tagging"; Service
    Authorization Reference, EventBridge Scheduler).
    """
    parameters = call.parameters
    if call.service == "apigateway":
        return _tags_of_gateway(call)
    if call.service == "scheduler":
        name = parameters.get("GroupName") or parameters.get("Name" if "Group" in call.operation else "")
        backend = scheduler_backend(call.region)
        group = backend.schedule_groups.get(name or "default")
        return dict(backend.tagger.get_tag_dict_for_resource(group.arn)) if group else {}
    return {}


def _tags_of_gateway(call: AwsCall) -> dict[str, str]:
    backend, parameters = apigateway_backend(call.region), call.parameters
    named = (
        find_api(parameters.get("restApiId", "")),
        backend.usage_plans.get(parameters.get("usagePlanId")),
        backend.keys.get(parameters.get("apiKey")),
    )
    return next((dict(each.tags or {}) for each in named if each), {})
