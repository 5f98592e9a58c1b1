"""Condition keys that tell of the request itself: what it asks for, where it comes from.

Source: Service Authorization Reference, the condition keys of each service; IAM guide, "AWS global condition
context keys".
"""

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from lambda_over_https.sandbox.control.aws_calls import AwsCall
from lambda_over_https.sandbox.control.moto_state import function_arn, lambda_backend
from lambda_over_https.sandbox.iam.requests.item_access import item_context

_MEMBERS: Mapping[str, Mapping[str, str]] = {
    "dynamodb": {
        "dynamodb:select": "Select",
        "dynamodb:returnvalues": "ReturnValues",
        "dynamodb:returnconsumedcapacity": "ReturnConsumedCapacity",
    },
    "iam": {"iam:policyarn": "PolicyArn", "iam:awsservicename": "AWSServiceName"},
    "lambda": {
        "lambda:layer": "Layers",
        "lambda:principal": "Principal",
        "lambda:functionurlauthtype": "FunctionUrlAuthType",
    },
    "sts": {"sts:rolesessionname": "RoleSessionName"},
}
"""By service: the keys whose value is that of a member of the call."""


def request_keys(call: AwsCall) -> Mapping[str, Any]:
    """The keys, in lower case, and their values."""
    tags = tags_of(call)
    context: dict[str, Any] = {
        **global_keys(call),
        **{f"aws:requesttag/{key.lower()}": value for key, value in tags.items()},
    }
    if tags:
        context["aws:tagkeys"] = list(tags)
    for key, member in _MEMBERS.get(call.service, {}).items():
        if value := call.parameters.get(member):
            context[key] = value
    own = _OWN.get(call.service)
    return {**context, **own(call)} if own else context


def global_keys(call: AwsCall) -> dict[str, str]:
    """The keys that the requests of all services have."""
    return {
        "aws:requestedregion": call.region,
        "aws:sourceip": call.request.client,
        # SDKs call AWS over TLS. Here they use plain HTTP on loopback, which nobody can overhear.
        "aws:securetransport": "true",
        "aws:useragent": call.request.headers.get("user-agent", ""),
    }


def tags_of(call: AwsCall) -> dict[str, str]:
    """The tags that a call sets, whatever form its service has for them."""
    tags = call.parameters.get("Tags") or call.parameters.get("tags") or {}
    if isinstance(tags, Mapping):
        return dict(tags)
    return {item.get("Key", ""): item.get("Value", "") for item in tags}


def _lambda(call: AwsCall) -> Mapping[str, Any]:
    """The function of an event source mapping; AuthType is what calls on a function URL say of it."""
    if call.operation.endswith("EventSourceMapping"):
        arn = _mapped_function(call)
        return {"lambda:functionarn": arn} if arn else {}
    auth_type = call.parameters.get("AuthType")
    return {"lambda:functionurlauthtype": auth_type} if auth_type else {}


def _mapped_function(call: AwsCall) -> str:
    """The ARN of the function that the event source mapping runs, or is to run; empty if it is not known."""
    mapping = lambda_backend(call.region).get_event_source_mapping(call.parameters.get("UUID", ""))
    name = str(mapping.function_arn if mapping else call.parameters.get("FunctionName", ""))
    return function_arn(call.region, name) if name and not name.startswith("arn:") else name


def _apigateway(call: AwsCall) -> Mapping[str, Any]:
    name = _new_api_name(call)
    return {"apigateway:request/apiname": name} if name else {}


def _new_api_name(call: AwsCall) -> str:
    """The name that the call gives a REST API; empty if it gives none."""
    if call.operation == "CreateRestApi":
        return str(call.parameters.get("name", ""))
    patches = call.parameters.get("patchOperations") or [] if call.operation == "UpdateRestApi" else []
    return next((str(each.get("value", "")) for each in patches if each.get("path") == "/name"), "")


def _events(call: AwsCall) -> Mapping[str, Any]:
    """Whose events they are and of what kind, as they are put or as a rule's pattern asks; and targets."""
    pattern = _pattern(call.parameters.get("EventPattern"))
    entries = call.parameters.get("Entries") or []
    targets = call.parameters.get("Targets") or []
    found = {
        "events:source": [*_said(entries, "Source"), *_listed(pattern.get("source"))],
        "events:detail-type": [*_said(entries, "DetailType"), *_listed(pattern.get("detail-type"))],
        "events:targetarn": _said(targets, "Arn"),
    }
    return {key: values for key, values in found.items() if values}


def _said(parts: Iterable[Mapping[str, Any]], member: str) -> list[str]:
    return [part[member] for part in parts if part.get(member)]


def _listed(values: object) -> list[str]:
    return [value for value in values if isinstance(value, str)] if isinstance(values, list) else []


def _pattern(text: str | None) -> Mapping[str, Any]:
    try:
        pattern = json.loads(text or "{}")
    except (ValueError, RecursionError):
        return {}
    return pattern if isinstance(pattern, Mapping) else {}


_OWN: Mapping[str, Callable[[AwsCall], Mapping[str, Any]]] = {
    "apigateway": _apigateway,
    "dynamodb": item_context,
    "events": _events,
    "lambda": _lambda,
}
