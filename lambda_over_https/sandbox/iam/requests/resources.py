"""Which actions on which resources a service's calls need, as the Service Authorization Reference says.

https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

from collections.abc import Callable, Iterator, Mapping
from urllib.parse import quote

from lambda_over_https.sandbox.control.aws_calls import AwsCall
from lambda_over_https.sandbox.control.functions.layer_versions import layer_arn
from lambda_over_https.sandbox.control.moto_state import find_role_named, function_arn, iam_backend
from lambda_over_https.sandbox.model.account import ACCOUNT

Needed = Iterator[tuple[str, tuple[str, ...]]]
"""Actions, each with its resource: the ARN, then other forms of it that policies may name."""

_TRANSACTION_ACTIONS = {
    "Put": "PutItem",
    "Update": "UpdateItem",
    "Delete": "DeleteItem",
    "Get": "GetItem",
    "ConditionCheck": "ConditionCheckItem",
}

_NO_LOG_GROUP = frozenset({"GetQueryResults", "StopQuery", "DescribeQueries"})
_WAF_ARNS = ("WebACLArn", "WebAclArn", "ARN", "ResourceARN")
OWN_USER = frozenset(
    {"GetUser", "CreateAccessKey", "DeleteAccessKey", "ListAccessKeys", "UpdateAccessKey", "ListMFADevices"}
)
"""Calls on the caller's own user if they name none (IAM API reference)."""

_LISTED = {"ListRoles": "role", "ListUsers": "user", "ListGroups": "group"}


def log_group_resources(region: str, group: str, stream: str = "") -> tuple[str, ...]:
    """How policies name a log group: by its streams (``group:*``), or without them."""
    arn = f"arn:aws:logs:{region}:{ACCOUNT}:log-group:{group}"
    return f"{arn}:log-stream:{stream}", arn


def _dynamodb(call: AwsCall) -> Needed:
    parameters = call.parameters
    action = f"dynamodb:{call.operation}"
    if "TransactItems" in parameters:
        for item in parameters["TransactItems"]:
            for kind, content in item.items():
                yield f"dynamodb:{_TRANSACTION_ACTIONS[kind]}", (_table(call, content["TableName"]),)
    elif "RequestItems" in parameters:
        for name in parameters["RequestItems"]:
            yield action, (_table(call, name),)
    elif call.operation == "ListBackups":
        yield action, ("*",)
    elif name := parameters.get("TableName") or parameters.get("ResourceArn"):
        index = f"/index/{parameters['IndexName']}" if "IndexName" in parameters else ""
        yield action, (_table(call, name) + index,)
    else:
        yield action, ("*",)


def _dynamodb_streams(call: AwsCall) -> Needed:
    arn = call.parameters.get("StreamArn") or call.parameters.get("ShardIterator", "*").partition("|")[0]
    yield f"dynamodb:{call.operation}", (arn,)


def _table(call: AwsCall, name: str) -> str:
    return name if name.startswith("arn:") else f"arn:aws:dynamodb:{call.region}:{ACCOUNT}:table/{name}"


def _logs(call: AwsCall) -> Needed:
    action, parameters = f"logs:{call.operation}", call.parameters
    one = parameters.get("logGroupName") or parameters.get("logGroupIdentifier")
    listed = parameters.get("logGroupNames") or parameters.get("logGroupIdentifiers") or ()
    if arn := parameters.get("resourceArn"):
        yield action, (arn, f"{arn}:*")
    elif call.operation in _NO_LOG_GROUP:
        yield action, ("*",)
    else:
        for name in [one] if one else listed or [""]:
            group = name.partition(":log-group:")[2].removesuffix(":*") if name.startswith("arn:") else name
            yield action, log_group_resources(call.region, group, parameters.get("logStreamName", ""))


def _lambda(call: AwsCall) -> Needed:
    action = "lambda:InvokeFunction" if call.operation == "Invoke" else f"lambda:{call.operation}"
    if resource := call.parameters.get("Resource"):
        yield action, (resource,)
        return
    if layer := call.parameters.get("LayerName") or call.parameters.get("Arn"):
        yield action.replace("ByArn", ""), (_layer(call, layer),)
        return
    for arn in call.parameters.get("Layers") or ():
        yield "lambda:GetLayerVersion", (arn,)
    name = call.parameters.get("FunctionName")
    if mapping := call.parameters.get("UUID"):
        yield action, (f"arn:aws:lambda:{call.region}:{ACCOUNT}:event-source-mapping:{mapping}",)
        return
    if name is None or call.operation.endswith("EventSourceMapping"):  # the key lambda:FunctionArn tells it
        yield action, ("*",)
        return
    arn = name if name.startswith("arn:") else function_arn(call.region, name)
    qualifier = call.parameters.get("Qualifier")
    yield action, (f"{arn}:{qualifier}" if qualifier else arn,)


def _layer(call: AwsCall, name: str) -> str:
    """The ARN of a layer, and of the version that the call names, if it does."""
    arn = name if name.startswith("arn:") else layer_arn(call.region, name)
    number = call.parameters.get("VersionNumber")
    return arn if number is None else f"{arn}:{number}"


def _iam(call: AwsCall) -> Needed:
    action, parameters = f"iam:{call.operation}", call.parameters
    if name := parameters.get("RoleName"):
        role = find_role_named(name)
        path = parameters.get("Path") or "/"
        yield action, (role.arn if role else f"arn:aws:iam::{ACCOUNT}:role{path}{name}",)
    else:
        yield action, (_iam_arn(call),)


def _iam_arn(call: AwsCall) -> str:
    """The group, user or policy that is called; a new one by the name and path that it is to have."""
    parameters, root = call.parameters, f"arn:aws:iam::{ACCOUNT}"
    path = parameters.get("Path") or "/"
    if name := parameters.get("GroupName"):
        group = next((each for each in iam_backend().groups.values() if each.name == name), None)
        return str(group.arn) if group else f"{root}:group{path}{name}"
    if name := parameters.get("UserName"):
        user = iam_backend().users.get(name)
        return str(user.arn) if user else f"{root}:user{path}{name}"
    if call.operation == "CreatePolicy":
        return f"{root}:policy{path}{parameters.get('PolicyName', '')}"
    if call.operation in OWN_USER and (user := iam_backend().get_user_from_access_key_id(call.access_key)):
        return str(user.arn)
    if kind := _LISTED.get(call.operation):
        return f"{root}:{kind}{parameters.get('PathPrefix') or '/'}"
    return str(parameters.get("PolicyArn") or "*")


def _apigateway(call: AwsCall) -> Needed:
    yield f"apigateway:{call.request.method}", (apigateway_arn(call),)


def apigateway_arn(call: AwsCall) -> str:
    """The resource of a call of API Gateway: its path."""
    return f"arn:aws:apigateway:{call.region}::{call.request.path}"


def _events(call: AwsCall) -> Needed:
    root, parameters = f"arn:aws:events:{call.region}:{ACCOUNT}", call.parameters
    name = parameters.get("Name") or parameters.get("Rule")
    if call.operation == "PutEvents":
        buses = {each.get("EventBusName") or "default": None for each in parameters.get("Entries") or ()}
        for bus in buses:
            yield "events:PutEvents", (bus if bus.startswith("arn:") else f"{root}:event-bus/{bus}",)
    elif call.operation == "DescribeEventBus":
        yield "events:DescribeEventBus", (f"{root}:event-bus/{name or 'default'}",)
    else:
        yield (
            f"events:{call.operation}",
            (parameters.get("ResourceARN") or (f"{root}:rule/{name}" if name else "*"),),
        )


def _scheduler(call: AwsCall) -> Needed:
    action, parameters = f"scheduler:{call.operation}", call.parameters
    root = f"arn:aws:scheduler:{call.region}:{ACCOUNT}"
    name = parameters.get("Name")
    if "ResourceArn" in parameters:
        yield action, (parameters["ResourceArn"],)
    elif name and call.operation.endswith("Group"):
        yield action, (f"{root}:schedule-group/{name}",)
        if call.operation == "DeleteScheduleGroup":
            yield "scheduler:DeleteSchedule", (f"{root}:schedule/{name}/*",)
    elif name:
        yield action, (f"{root}:schedule/{parameters.get('GroupName') or 'default'}/{name}",)
    else:
        yield action, ("*",)


def _wafv2(call: AwsCall) -> Needed:
    """Web ACLs and IP sets by their ARNs; associations also ask API Gateway about the stage."""
    action, parameters = f"wafv2:{call.operation}", call.parameters
    arn = next((parameters[name] for name in _WAF_ARNS if name in parameters), None)
    name = parameters.get("Name") or parameters.get("WebACLName")
    if arn:
        yield action, (arn,)
    elif name:
        kind = "ipset" if "IPSet" in call.operation else "webacl"
        item = parameters.get("Id") or parameters.get("WebACLId") or "*"
        yield action, (f"arn:aws:wafv2:{call.region}:{ACCOUNT}:regional/{kind}/{name}/{item}",)
    else:
        yield action, (parameters.get("ResourceArn") or "*",)
    if call.operation in ("AssociateWebACL", "DisassociateWebACL"):
        yield "apigateway:SetWebACL", (parameters["ResourceArn"],)


def _tagging(call: AwsCall) -> Needed:
    """To tag a resource needs the right of its own service too (API reference, TagResources)."""
    yield f"tag:{call.operation}", ("*",)
    if call.operation not in ("TagResources", "UntagResources"):
        return
    for arn in call.parameters.get("ResourceARNList") or ():
        if arn.startswith("arn:aws:apigateway:"):
            verb = "PUT" if call.operation == "TagResources" else "DELETE"
            yield f"apigateway:{verb}", (f"arn:aws:apigateway:{call.region}::/tags/{quote(arn, safe='')}",)
        elif arn.count(":") >= 5:
            yield f"{arn.split(':')[2]}:{call.operation.removesuffix('s')}", (arn,)


def _sts(call: AwsCall) -> Needed:
    """AWS always allows the others (IAM guide, "Permissions for GetSessionToken")."""
    if call.operation == "AssumeRole":
        yield "sts:AssumeRole", (call.parameters["RoleArn"],)
        if call.parameters.get("Tags"):
            yield "sts:TagSession", (call.parameters["RoleArn"],)


READERS: Mapping[str, Callable[[AwsCall], Needed]] = {
    "apigateway": _apigateway,
    "dynamodb": _dynamodb,
    "dynamodbstreams": _dynamodb_streams,
    "events": _events,
    "iam": _iam,
    "lambda": _lambda,
    "logs": _logs,
    "resourcegroupstaggingapi": _tagging,
    "scheduler": _scheduler,
    "sts": _sts,
    "wafv2": _wafv2,
}
"""The reader of each service."""
