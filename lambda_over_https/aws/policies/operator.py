"""The IAM policy that ``loh policy`` prints: what this program needs, for one deployment or a name prefix.

``CALLS`` is the one table that says which permission each call needs, and on which resource. A test records
every call of a run, a change, an undo, a teardown, a recovery and an examination, and checks that the table
has each of them and no other. What a teardown needs only where somebody else has changed something
(DetachRolePolicy, UpdateTable) is left out on purpose: such a teardown names the permission that is missing.

What the policy protects against, and what not:

- It names the role, function, table and log group, so its holder cannot touch those of other deployments. -
It does not protect the account from its holder. Whoever may write the role's policy (PutRolePolicy), pass the
role to Lambda and invoke the function can do everything in the account. With a role made beforehand
(``role_arn``) the holder can do what that role may do, and no more. - The ids of REST APIs are random, so no
prefix can name them. Calls that change an API are limited to those with our tag and the deployment's name,
which everything inside an API inherits. But setting tags cannot be limited, because a new API has none yet: a
holder can tag somebody else's API first. The condition prevents mistakes, not malice.

Sources: the Service Authorization Reference, "Actions, resources, and condition keys"; API Gateway developer
guide, "Using tags to control access to API Gateway REST API resources" and "API Gateway resources that can be
tagged" (inheritance).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from lambda_over_https.aws.place import Place
from lambda_over_https.names import DEFAULT_DEPLOYMENT, TAG_NAME, Names, names_for

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Need:
    """One permission: an action on a resource, named by its key in ``_resources``."""

    action: str
    resource: str


Calls = Mapping[str, tuple[Need, ...]]
"""The permissions that each call needs, by the call's ``service:Operation``."""


def needs(resource: str, *actions: str) -> tuple[Need, ...]:
    """These actions on that resource."""
    return tuple(Need(action, resource) for action in actions)


CALLS: Calls = {
    "sts:GetCallerIdentity": (),  # allowed to everybody
    "iam:GetRole": needs("role", "iam:GetRole"),
    "iam:CreateRole": needs("role", "iam:CreateRole", "iam:TagRole"),
    "iam:DeleteRole": needs("role", "iam:DeleteRole"),
    "iam:GetRolePolicy": needs("role", "iam:GetRolePolicy"),
    "iam:PutRolePolicy": needs("role", "iam:PutRolePolicy"),
    "iam:DeleteRolePolicy": needs("role", "iam:DeleteRolePolicy"),
    "iam:ListRolePolicies": needs("role", "iam:ListRolePolicies"),
    "iam:ListAttachedRolePolicies": needs("role", "iam:ListAttachedRolePolicies"),
    # GetFunction answers with the tags only to those who may list them.
    "lambda:GetFunction": needs("function", "lambda:GetFunction", "lambda:ListTags"),
    "lambda:GetFunctionConfiguration": needs("function", "lambda:GetFunctionConfiguration"),
    "lambda:CreateFunction": (
        *needs("function", "lambda:CreateFunction", "lambda:TagResource"),
        *needs("passed role", "iam:PassRole"),
    ),
    "lambda:UpdateFunctionCode": needs("function", "lambda:UpdateFunctionCode"),
    "lambda:UpdateFunctionConfiguration": (
        *needs("function", "lambda:UpdateFunctionConfiguration"),
        *needs("passed role", "iam:PassRole"),
    ),
    "lambda:DeleteFunction": needs("function", "lambda:DeleteFunction"),
    "lambda:GetPolicy": needs("function", "lambda:GetPolicy"),
    "lambda:AddPermission": needs("function", "lambda:AddPermission"),
    "lambda:RemovePermission": needs("function", "lambda:RemovePermission"),
    "lambda:ListEventSourceMappings": needs("everything", "lambda:ListEventSourceMappings"),
    "lambda:Invoke": needs("function", "lambda:InvokeFunction"),
    "dynamodb:DescribeTable": needs("table", "dynamodb:DescribeTable"),
    "dynamodb:CreateTable": needs("table", "dynamodb:CreateTable", "dynamodb:TagResource"),
    "dynamodb:ListTagsOfResource": needs("table", "dynamodb:ListTagsOfResource"),
    "dynamodb:DeleteTable": needs("table", "dynamodb:DeleteTable"),
    "dynamodb:Scan": needs("table", "dynamodb:Scan"),
    "logs:DescribeLogGroups": needs("log groups", "logs:DescribeLogGroups"),
    "logs:CreateLogGroup": needs("log group", "logs:CreateLogGroup", "logs:TagResource"),
    "logs:ListTagsForResource": needs("log group", "logs:ListTagsForResource"),
    "logs:TagResource": needs("log group", "logs:TagResource"),
    "logs:FilterLogEvents": needs("log group", "logs:FilterLogEvents"),
    "logs:PutRetentionPolicy": needs("log group", "logs:PutRetentionPolicy"),
    "logs:DeleteLogGroup": needs("log group", "logs:DeleteLogGroup"),
    "apigateway:GetRestApis": needs("apis", "apigateway:GET"),
    "apigateway:CreateRestApi": (*needs("new api", "apigateway:POST"), *needs("tags", "apigateway:PUT")),
    "apigateway:GetRestApi": needs("api", "apigateway:GET"),
    "apigateway:GetResources": needs("api", "apigateway:GET"),
    "apigateway:GetDeployments": needs("api", "apigateway:GET"),
    "apigateway:GetDeployment": needs("api", "apigateway:GET"),
    "apigateway:GetStages": needs("api", "apigateway:GET"),
    "apigateway:GetStage": needs("api", "apigateway:GET"),
    "apigateway:DeleteRestApi": needs("own api", "apigateway:DELETE"),
    "apigateway:DeleteResource": needs("own api", "apigateway:DELETE"),
    "apigateway:DeleteMethod": needs("own api", "apigateway:DELETE"),
    "apigateway:DeleteIntegration": needs("own api", "apigateway:DELETE"),
    "apigateway:DeleteMethodResponse": needs("own api", "apigateway:DELETE"),
    "apigateway:DeleteIntegrationResponse": needs("own api", "apigateway:DELETE"),
    "apigateway:DeleteStage": needs("own api", "apigateway:DELETE"),
    "apigateway:DeleteDeployment": needs("own api", "apigateway:DELETE"),
    "apigateway:CreateResource": needs("resource", "apigateway:POST"),
    "apigateway:TestInvokeMethod": needs("resource", "apigateway:POST"),
    "apigateway:PutMethod": needs("method", "apigateway:PUT"),
    "apigateway:PutIntegration": needs("method", "apigateway:PUT"),
    "apigateway:PutMethodResponse": needs("method", "apigateway:PUT"),
    "apigateway:PutIntegrationResponse": needs("method", "apigateway:PUT"),
    "apigateway:UpdateMethod": needs("method", "apigateway:PATCH"),
    "apigateway:CreateDeployment": needs("deployments", "apigateway:POST"),
    "tag:GetResources": needs("everything", "tag:GetResources"),
}
"""The permissions that each call needs."""

_TAGGED = frozenset(
    {
        *("own api", "api itself", "resource", "method", "deployments", "stage", "gateway response"),
        *("usage plan", "api key"),
    }
)
"""What may be used only with our tag: in an API, all inherits the API's."""

_NEW = frozenset({"new api", "new usage plan", "new api key"})
"""What may be made only with our tag."""

API_ID = 10
"""Characters of the id of a REST API."""

_OWN_ROLES = frozenset({"role", "schedule role"})

_SIDS = {"everything": "FindByTag", "log groups": "ListLogGroups"}


def operator_policy(
    name: str, prefix: str | None, place: Place, role_arn: str = "", more: Calls | None = None
) -> Document:
    """The policy for deployment ``name``, or for all whose names begin with ``prefix``.

    With ``role_arn`` it does not allow creating or changing roles. ``more`` are the calls of chapters.
    """
    names = names_for(name) if prefix is None else _for_prefix(prefix)
    resources = _resources(names, place, role_arn)
    conditions = _conditions(name if prefix is None else f"{prefix}*")
    needed = {need for each in (*CALLS.values(), *(more or {}).values()) for need in each}
    if role_arn:
        needed = {each for each in needed if each.resource not in _OWN_ROLES} | {Need("iam:GetRole", "role")}
    statements = [_statement(key, resources[key], needed, conditions.get(key)) for key in resources]
    return {"Version": "2012-10-17", "Statement": [each for each in statements if each["Action"]]}


def _conditions(deployment: str) -> dict[str, Document]:
    """The condition for each resource that has one; ``deployment`` may end in ``*``."""
    return {
        "passed role": {"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}},
        "passed schedule role": {"StringEquals": {"iam:PassedToService": "scheduler.amazonaws.com"}},
        **{key: {"StringLike": {f"aws:RequestTag/{TAG_NAME}": deployment}} for key in _NEW},
        **{key: {"StringLike": {f"aws:ResourceTag/{TAG_NAME}": deployment}} for key in _TAGGED},
    }


def _statement(
    key: str, resource: str | list[str], needs: Iterable[Need], condition: Document | None
) -> Document:
    statement = {
        "Sid": _SIDS.get(key, "".join(word.capitalize() for word in key.split())),
        "Effect": "Allow",
        "Action": sorted(need.action for need in needs if need.resource == key),
        "Resource": resource,
    }
    return {**statement, "Condition": condition} if condition else statement


def _for_prefix(prefix: str) -> Names:
    """The tutorial's names with the prefix and ``*``, which stands for the rest of the deployment's name.

    Raises UsageError if no deployment's name can begin with the prefix.
    """
    if prefix:
        names_for(prefix)
    plain = names_for(DEFAULT_DEPLOYMENT)
    return replace(
        plain,
        role=f"{prefix}*{plain.role}",
        function=f"{prefix}*{plain.function}",
        table=f"{prefix}*{plain.table}",
        prefix=f"{prefix}*",
    )


def _resources(names: Names, place: Place, role_arn: str) -> dict[str, str | list[str]]:
    partition, account, region = place.partition, place.account, place.region
    role = role_arn or f"arn:{partition}:iam::{account}:role/{names.role}"
    schedule_role = f"arn:{partition}:iam::{account}:role/{names.schedule_role}"
    schedules = f"arn:{partition}:scheduler:{region}:{account}"
    waf = f"arn:{partition}:wafv2:{region}:{account}:regional"
    gateway = f"arn:{partition}:apigateway:{region}::"
    apis, plans, keys = f"{gateway}/restapis", f"{gateway}/usageplans", f"{gateway}/apikeys"
    log_groups = f"arn:{partition}:logs:{region}:{account}:log-group:"
    group = f"{log_groups}{names.log_group}"
    return {
        "role": role,
        "passed role": role,
        "schedule role": schedule_role,
        "passed schedule role": role_arn or schedule_role,
        "schedule group": f"{schedules}:schedule-group/{names.schedule_group}",
        "schedule": f"{schedules}:schedule/{names.schedule_group}/*",
        "function": f"arn:{partition}:lambda:{region}:{account}:function:{names.function}",
        "table": f"arn:{partition}:dynamodb:{region}:{account}:table/{names.table}",
        "log group": [group, f"{group}:*"],
        "log groups": f"{log_groups}*",
        "apis": apis,
        "new api": apis,
        "tags": f"{gateway}/tags/*",
        "api": f"{apis}/*",  # with all below it: the wildcard takes slashes too
        "own api": f"{apis}/*",
        "api itself": f"{apis}/{'?' * API_ID}",  # without what is below it
        "resource": f"{apis}/*/resources/*",
        "method": f"{apis}/*/resources/*/methods/*",
        "deployments": f"{apis}/*/deployments",
        "stage": f"{apis}/*/stages/*",
        "guarded stage": f"{apis}/*/stages/*",  # AWS WAF asks about it, and tells no tags
        "gateway response": f"{apis}/*/gatewayresponses/*",
        "usage plans": plans,
        "new usage plan": plans,
        "usage plan": f"{plans}/*",
        "api keys": keys,
        "new api key": keys,
        "api key": f"{keys}/*",
        "ip set": f"{waf}/ipset/{names.blocked_addresses}/*",
        "web acl": f"{waf}/webacl/{names.firewall}/*",
        "firewall": [f"{waf}/ipset/{names.blocked_addresses}/*", f"{waf}/webacl/{names.firewall}/*"],
        "everything": "*",
    }
