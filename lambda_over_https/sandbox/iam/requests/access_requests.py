"""Everything that must be allowed for a call to pass, as the Service Authorization Reference lists it.

https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

from collections.abc import Iterator
from urllib.parse import quote

from lambda_over_https.sandbox.control.aws_calls import AwsCall
from lambda_over_https.sandbox.iam.policies.policy import AccessRequest
from lambda_over_https.sandbox.iam.policies.principals import LAMBDA
from lambda_over_https.sandbox.iam.requests.request_keys import global_keys, request_keys, tags_of
from lambda_over_https.sandbox.iam.requests.resources import READERS, apigateway_arn

LOG_ROLE = "/cloudwatchRoleArn"
"""The path of UpdateAccount at which API Gateway is given its role for logs."""

PASSING = "iam:PassRole"
"""It has no keys for tags (Service Authorization Reference)."""

_ROLES = frozenset({LOG_ROLE, "/credentials", "/authorizerCredentials"})
"""The paths of patches at which API Gateway is given a role."""

_TAGGING_ON_CREATE = {
    ("iam", "CreateRole"): "iam:TagRole",
    ("lambda", "CreateFunction"): "lambda:TagResource",
    ("dynamodb", "CreateTable"): "dynamodb:TagResource",
    ("logs", "CreateLogGroup"): "logs:TagResource",
    ("events", "PutRule"): "events:TagResource",
    ("scheduler", "CreateScheduleGroup"): "scheduler:TagResource",
    ("wafv2", "CreateIPSet"): "wafv2:TagResource",
    ("wafv2", "CreateWebACL"): "wafv2:TagResource",
}


def requested_access(call: AwsCall) -> Iterator[AccessRequest]:
    """Everything that must be allowed for the call to pass; some calls touch several resources."""
    context = request_keys(call)
    for action, resources in READERS[call.service](call):
        yield AccessRequest(action, resources, context)
        tagging = _TAGGING_ON_CREATE.get((call.service, call.operation))
        if tagging and tags_of(call):
            yield AccessRequest(tagging, resources, context)
    if call.service == "apigateway" and call.operation.startswith("Create") and tags_of(call):
        arn = f"arn:aws:apigateway:{call.region}::/tags/{quote(apigateway_arn(call), safe='')}"
        yield AccessRequest("apigateway:PUT", (arn,), context)
    if call.service == "apigateway" and _sets_policy(call):
        yield AccessRequest("apigateway:UpdateRestApiPolicy", (apigateway_arn(call),), context)
    for role, service in _passed_roles(call):
        yield AccessRequest(PASSING, (role,), {**global_keys(call), "iam:passedtoservice": service})


def _sets_policy(call: AwsCall) -> bool:
    """Whether the call gives an API a resource policy, which needs a right of its own."""
    if call.operation == "CreateRestApi":
        return bool(call.parameters.get("policy"))
    if call.operation == "UpdateRestApi":
        operations = call.parameters.get("patchOperations") or []
        return any(operation.get("path") == "/policy" for operation in operations)
    imported = call.operation in ("ImportRestApi", "PutRestApi")
    return imported and b"x-amazon-apigateway-policy" in call.request.body


def _passed_roles(call: AwsCall) -> Iterator[tuple[str, str]]:
    """The roles that the call hands to a service, and the service."""
    parameters = call.parameters
    if call.service == "lambda" and parameters.get("Role"):
        yield parameters["Role"], LAMBDA
    if call.service == "apigateway":
        patches = parameters.get("patchOperations") or []
        patched = [patch.get("value") for patch in patches if patch.get("path") in _ROLES]
        for role in (parameters.get("credentials"), parameters.get("authorizerCredentials"), *patched):
            if role:
                yield role, "apigateway.amazonaws.com"
    if call.service == "scheduler" and "Target" in parameters:
        yield parameters["Target"].get("RoleArn", ""), "scheduler.amazonaws.com"
