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


def _needs(resource: str, *actions: str) -> tuple[Need, ...]:
    return tuple(Need(action, resource) for action in actions)


CALLS: Mapping[str, tuple[Need, ...]] = {
    "sts:GetCallerIdentity": (),  # allowed to everybody
    "iam:GetRole": _needs("role", "iam:GetRole"),
    "iam:CreateRole": _needs("role", "iam:CreateRole", "iam:TagRole"),
    "iam:DeleteRole": _needs("role", "iam:DeleteRole"),
    "iam:GetRolePolicy": _needs("role", "iam:GetRolePolicy"),
    "iam:PutRolePolicy": _needs("role", "iam:PutRolePolicy"),
    "iam:DeleteRolePolicy": _needs("role", "iam:DeleteRolePolicy"),
    "iam:ListRolePolicies": _needs("role", "iam:ListRolePolicies"),
    "iam:ListAttachedRolePolicies": _needs("role", "iam:ListAttachedRolePolicies"),
    # GetFunction answers with the tags only to those who may list them.
    "lambda:GetFunction": _needs("function", "lambda:GetFunction", "lambda:ListTags"),
    "lambda:GetFunctionConfiguration": _needs("function", "lambda:GetFunctionConfiguration"),
    "lambda:CreateFunction": (
        *_needs("function", "lambda:CreateFunction", "lambda:TagResource"),
        *_needs("passed role", "iam:PassRole"),
    ),
    "lambda:UpdateFunctionCode": _needs("function", "lambda:UpdateFunctionCode"),
    "lambda:UpdateFunctionConfiguration": (
        *_needs("function", "lambda:UpdateFunctionConfiguration"),
        *_needs("passed role", "iam:PassRole"),
    ),
    "lambda:DeleteFunction": _needs("function", "lambda:DeleteFunction"),
    "lambda:GetPolicy": _needs("function", "lambda:GetPolicy"),
    "lambda:AddPermission": _needs("function", "lambda:AddPermission"),
    "lambda:RemovePermission": _needs("function", "lambda:RemovePermission"),
    "lambda:ListEventSourceMappings": _needs("everything", "lambda:ListEventSourceMappings"),
    "lambda:Invoke": _needs("function", "lambda:InvokeFunction"),
    "dynamodb:DescribeTable": _needs("table", "dynamodb:DescribeTable"),
    "dynamodb:CreateTable": _needs("table", "dynamodb:CreateTable", "dynamodb:TagResource"),
    "dynamodb:ListTagsOfResource": _needs("table", "dynamodb:ListTagsOfResource"),
    "dynamodb:DeleteTable": _needs("table", "dynamodb:DeleteTable"),
    "dynamodb:Scan": _needs("table", "dynamodb:Scan"),
    "logs:DescribeLogGroups": _needs("log groups", "logs:DescribeLogGroups"),
    "logs:CreateLogGroup": _needs("log group", "logs:CreateLogGroup", "logs:TagResource"),
    "logs:ListTagsForResource": _needs("log group", "logs:ListTagsForResource"),
    "logs:TagResource": _needs("log group", "logs:TagResource"),
    "logs:FilterLogEvents": _needs("log group", "logs:FilterLogEvents"),
    "logs:PutRetentionPolicy": _needs("log group", "logs:PutRetentionPolicy"),
    "logs:DeleteLogGroup": _needs("log group", "logs:DeleteLogGroup"),
    "apigateway:GetRestApis": _needs("apis", "apigateway:GET"),
    "apigateway:CreateRestApi": (*_needs("new api", "apigateway:POST"), *_needs("tags", "apigateway:PUT")),
    "apigateway:GetRestApi": _needs("api", "apigateway:GET"),
    "apigateway:GetResources": _needs("api", "apigateway:GET"),
    "apigateway:GetDeployments": _needs("api", "apigateway:GET"),
    "apigateway:GetDeployment": _needs("api", "apigateway:GET"),
    "apigateway:GetGatewayResponses": _needs("api", "apigateway:GET"),
    "apigateway:GetStages": _needs("api", "apigateway:GET"),
    "apigateway:GetStage": _needs("api", "apigateway:GET"),
    "apigateway:DeleteRestApi": _needs("own api", "apigateway:DELETE"),
    "apigateway:DeleteResource": _needs("own api", "apigateway:DELETE"),
    "apigateway:DeleteMethod": _needs("own api", "apigateway:DELETE"),
    "apigateway:DeleteIntegration": _needs("own api", "apigateway:DELETE"),
    "apigateway:DeleteMethodResponse": _needs("own api", "apigateway:DELETE"),
    "apigateway:DeleteIntegrationResponse": _needs("own api", "apigateway:DELETE"),
    "apigateway:DeleteStage": _needs("own api", "apigateway:DELETE"),
    "apigateway:DeleteDeployment": _needs("own api", "apigateway:DELETE"),
    "apigateway:CreateResource": _needs("resource", "apigateway:POST"),
    "apigateway:TestInvokeMethod": _needs("resource", "apigateway:POST"),
    "apigateway:PutMethod": _needs("method", "apigateway:PUT"),
    "apigateway:PutIntegration": _needs("method", "apigateway:PUT"),
    "apigateway:PutMethodResponse": _needs("method", "apigateway:PUT"),
    "apigateway:PutIntegrationResponse": _needs("method", "apigateway:PUT"),
    "apigateway:UpdateMethod": _needs("method", "apigateway:PATCH"),
    "apigateway:CreateDeployment": _needs("deployments", "apigateway:POST"),
    "tag:GetResources": _needs("everything", "tag:GetResources"),
}
"""The permissions that each call needs."""

_IN_AN_API = frozenset({"own api", "resource", "method", "deployments"})

_SIDS = {"everything": "FindByTag", "log groups": "ListLogGroups"}


def operator_policy(name: str, prefix: str | None, place: Place, role_arn: str = "") -> Document:
    """The policy for deployment ``name``, or for all whose names begin with ``prefix``.

    With ``role_arn`` it does not allow creating or changing roles.
    """
    names = names_for(name) if prefix is None else _for_prefix(prefix)
    resources = _resources(names, place, role_arn)
    conditions = _conditions(name if prefix is None else f"{prefix}*")
    needs = {need for needs in CALLS.values() for need in needs}
    if role_arn:
        needs = {each for each in needs if each.resource != "role"} | {Need("iam:GetRole", "role")}
    statements = [_statement(key, resources[key], needs, conditions.get(key)) for key in resources]
    return {"Version": "2012-10-17", "Statement": [each for each in statements if each["Action"]]}


def _conditions(deployment: str) -> dict[str, Document]:
    """The condition for each resource that has one; ``deployment`` may end in ``*``."""
    return {
        "passed role": {"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}},
        "new api": {"StringLike": {f"aws:RequestTag/{TAG_NAME}": deployment}},
        **{key: {"StringLike": {f"aws:ResourceTag/{TAG_NAME}": deployment}} for key in _IN_AN_API},
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
    )


def _resources(names: Names, place: Place, role_arn: str) -> dict[str, str | list[str]]:
    partition, account, region = place.partition, place.account, place.region
    role = role_arn or f"arn:{partition}:iam::{account}:role/{names.role}"
    apis = f"arn:{partition}:apigateway:{region}::/restapis"
    log_groups = f"arn:{partition}:logs:{region}:{account}:log-group:"
    group = f"{log_groups}{names.log_group}"
    return {
        "role": role,
        "passed role": role,
        "function": f"arn:{partition}:lambda:{region}:{account}:function:{names.function}",
        "table": f"arn:{partition}:dynamodb:{region}:{account}:table/{names.table}",
        "log group": [group, f"{group}:*"],
        "log groups": f"{log_groups}*",
        "apis": apis,
        "new api": apis,
        "tags": f"arn:{partition}:apigateway:{region}::/tags/*",
        "api": f"{apis}/*",  # with all below it: the wildcard takes slashes too
        "own api": f"{apis}/*",
        "resource": f"{apis}/*/resources/*",
        "method": f"{apis}/*/resources/*/methods/*",
        "deployments": f"{apis}/*/deployments",
        "everything": "*",
    }
