"""Condition keys that tell of the resource that is called: its tags, an API's name, a role's boundary.

Source: Service Authorization Reference, the condition keys of Amazon API Gateway Management, Amazon
CloudWatch Logs, Amazon EventBridge and its Scheduler, AWS IAM and AWS Lambda.
"""

from collections.abc import Callable, Iterable, Mapping

from lambda_over_https.sandbox.control.aws_calls import AwsCall
from lambda_over_https.sandbox.control.moto_state import (
    apigateway_backend,
    events_backend,
    find_api,
    find_function,
    find_role_named,
    iam_backend,
    logs_backend,
    scheduler_backend,
)


def resource_keys(call: AwsCall) -> dict[str, str]:
    """The keys, in lower case, and their values."""
    read = _TAGS.get(call.service)
    tags = read(call) if read else {}
    prefixes = ("aws", "iam") if call.service == "iam" else ("aws",)
    keys = {f"{who}:resourcetag/{key.lower()}": value for key, value in tags.items() for who in prefixes}
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


def _apigateway(call: AwsCall) -> Mapping[str, str]:
    """What is in an API or a plan inherits its tags (API Gateway developer guide, "Tagging")."""
    backend, parameters = apigateway_backend(call.region), call.parameters
    named = (
        find_api(parameters.get("restApiId", "")),
        backend.usage_plans.get(parameters.get("usagePlanId")),
        backend.keys.get(parameters.get("apiKey")),
    )
    return next((dict(each.tags or {}) for each in named if each), {})


def _scheduler(call: AwsCall) -> Mapping[str, str]:
    """A schedule has the tags of its group."""
    parameters, backend = call.parameters, scheduler_backend(call.region)
    name = parameters.get("GroupName") or parameters.get("Name" if "Group" in call.operation else "")
    group = backend.schedule_groups.get(name or "default")
    return dict(backend.tagger.get_tag_dict_for_resource(group.arn)) if group else {}


def _events(call: AwsCall) -> Mapping[str, str]:
    backend, name = events_backend(call.region), call.parameters.get("Name") or call.parameters.get("Rule")
    rule = backend.event_buses["default"].rules.get(name)
    arn = rule.arn if rule else call.parameters.get("ResourceARN", "")
    return dict(backend.tagger.get_tag_dict_for_resource(arn))


def _iam(call: AwsCall) -> Mapping[str, str]:
    role = find_role_named(call.parameters.get("RoleName", ""))
    if role is not None:
        return _as_mapping(role.tags)
    user = iam_backend().users.get(call.parameters.get("UserName"))
    return _as_mapping(iam_backend().tagger.list_tags_for_resource(user.arn)["Tags"]) if user else {}


def _as_mapping(tags: Iterable[Mapping[str, str]]) -> Mapping[str, str]:
    return {tag["Key"]: tag["Value"] for tag in tags}


def _lambda(call: AwsCall) -> Mapping[str, str]:
    name = call.parameters.get("FunctionName") or call.parameters.get("Resource")
    function = find_function(call.region, name) if name else None
    return dict(function.tags or {}) if function else {}


def _logs(call: AwsCall) -> Mapping[str, str]:
    """A group's tags, which are kept under its ARN with ``:*`` or without."""
    said = call.parameters.get("logGroupName") or call.parameters.get("logGroupIdentifier")
    named = str(said or call.parameters.get("resourceArn") or "")
    group = logs_backend(call.region).groups.get(named.rpartition(":log-group:")[2].removesuffix(":*"))
    if group is None:
        return {}
    arn, tags_of = group.arn.removesuffix(":*"), logs_backend(call.region).tagger.get_tag_dict_for_resource
    return {**tags_of(arn), **tags_of(f"{arn}:*")}


_TAGS: Mapping[str, Callable[[AwsCall], Mapping[str, str]]] = {
    "apigateway": _apigateway,
    "events": _events,
    "iam": _iam,
    "lambda": _lambda,
    "logs": _logs,
    "scheduler": _scheduler,
}
"""By service: the tags of what is called. DynamoDB's count only in accounts that ask for it."""
