"""Which permissions each call of the tutorial needs, and on which resource: the one table of it.

A test records every call of a run, a change, an undo, a teardown, a recovery and an examination, and checks
that the table has each of them and no other. What a teardown needs only where somebody else has changed
something (DetachRolePolicy, UpdateTable) is left out on purpose: such a teardown names the permission that is
missing.

Source: the Service Authorization Reference, "Actions, resources, and condition keys".
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Need:
    """One permission: an action on a resource, named by its key in ``resources``."""

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
    "iam:ListRoles": needs("all roles", "iam:ListRoles"),
    "iam:CreateRole": (*needs("bounded role", "iam:CreateRole"), *needs("tagged role", "iam:TagRole")),
    "iam:DeleteRole": needs("role", "iam:DeleteRole"),
    "iam:GetRolePolicy": needs("role", "iam:GetRolePolicy"),
    "iam:PutRolePolicy": needs("bounded role", "iam:PutRolePolicy"),
    "iam:PutRolePermissionsBoundary": needs("bounded role", "iam:PutRolePermissionsBoundary"),
    "iam:DeleteRolePolicy": needs("role", "iam:DeleteRolePolicy"),
    "iam:ListRolePolicies": needs("role", "iam:ListRolePolicies"),
    "iam:ListAttachedRolePolicies": needs("role", "iam:ListAttachedRolePolicies"),
    "iam:ListInstanceProfilesForRole": needs("role", "iam:ListInstanceProfilesForRole"),
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
    "lambda:ListVersionsByFunction": needs("function", "lambda:ListVersionsByFunction"),
    "lambda:ListAliases": needs("function", "lambda:ListAliases"),
    "lambda:GetFunctionUrlConfig": needs("function", "lambda:GetFunctionUrlConfig"),
    "lambda:ListEventSourceMappings": needs("everything", "lambda:ListEventSourceMappings"),
    "lambda:Invoke": needs("function", "lambda:InvokeFunction"),
    "dynamodb:DescribeTable": needs("table", "dynamodb:DescribeTable"),
    "dynamodb:CreateTable": needs("table", "dynamodb:CreateTable", "dynamodb:TagResource"),
    "dynamodb:ListTagsOfResource": needs("table", "dynamodb:ListTagsOfResource"),
    "dynamodb:DeleteTable": needs("table", "dynamodb:DeleteTable"),
    "dynamodb:Scan": needs("table", "dynamodb:Scan"),
    "dynamodb:ListBackups": needs("everything", "dynamodb:ListBackups"),
    "logs:DescribeLogGroups": needs("log groups", "logs:DescribeLogGroups"),
    "logs:CreateLogGroup": needs("log group", "logs:CreateLogGroup", "logs:TagResource"),
    "logs:ListTagsForResource": needs("log group", "logs:ListTagsForResource"),
    "logs:DescribeSubscriptionFilters": needs("log group", "logs:DescribeSubscriptionFilters"),
    "logs:DescribeMetricFilters": needs("log group", "logs:DescribeMetricFilters"),
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
    "apigateway:GetAuthorizers": needs("api", "apigateway:GET"),
    "apigateway:GetModels": needs("api", "apigateway:GET"),
    "apigateway:GetRequestValidators": needs("api", "apigateway:GET"),
    "apigateway:GetGatewayResponses": needs("api", "apigateway:GET"),
    "apigateway:GetUsagePlans": needs("usage plans", "apigateway:GET"),
    "apigateway:DeleteRestApi": needs("own api", "apigateway:DELETE"),
    "apigateway:DeleteResource": needs("resource", "apigateway:DELETE"),
    "apigateway:DeleteMethod": needs("resource", "apigateway:DELETE"),
    "apigateway:DeleteIntegration": needs("resource", "apigateway:DELETE"),
    "apigateway:DeleteMethodResponse": needs("resource", "apigateway:DELETE"),
    "apigateway:DeleteIntegrationResponse": needs("resource", "apigateway:DELETE"),
    "apigateway:DeleteStage": needs("stage", "apigateway:DELETE"),
    "apigateway:DeleteDeployment": needs("deployment", "apigateway:DELETE"),
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
