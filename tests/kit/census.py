"""Everything that an account holds, in full: two that are equal differ in nothing a listing could show."""

import json
from collections.abc import Iterator
from typing import Any

from tests.kit.support import Account

Census = dict[str, Any]

# What changes by itself, or is the answer's and not the thing's.
_VOLATILE = frozenset(
    {"ResponseMetadata", "Location", "RevisionId", "storedBytes", "TableSizeBytes", "RoleLastUsed"}
)


def census(account: Account) -> Census:
    """Every thing of every service, by kind and name, with its settings, tags, children and items."""
    found: Census = {}
    for part in (_roles, _policies, _functions, _tables, _apis, _log_groups, _rules, _tagged):
        for key, value in part(account):
            assert key not in found, f"there are two {key}"
            found[key] = _steady(value)
    return found


def difference(before: Census, after: Census) -> list[str]:
    """What appeared, vanished or changed, in words; empty if nothing did."""
    return [
        *(f"appeared: {key}" for key in sorted(after.keys() - before.keys())),
        *(f"vanished: {key}" for key in sorted(before.keys() - after.keys())),
        *(
            f"changed: {key}: {before[key]} -> {after[key]}"
            for key in sorted(before.keys() & after.keys())
            if before[key] != after[key]
        ),
    ]


def _steady(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _steady(each) for key, each in value.items() if key not in _VOLATILE}
    return [_steady(each) for each in value] if isinstance(value, list) else value


def _roles(account: Account) -> Iterator[tuple[str, Any]]:
    iam = account.client("iam")
    for role in account.listed("iam", "list_roles", "Roles"):
        name = role["RoleName"]
        inline = iam.list_role_policies(RoleName=name)["PolicyNames"]
        yield (
            f"role {name}",
            {
                "role": iam.get_role(RoleName=name)["Role"],
                "inline": [iam.get_role_policy(RoleName=name, PolicyName=each) for each in inline],
                "attached": iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"],
            },
        )


def _policies(account: Account) -> Iterator[tuple[str, Any]]:
    for policy in account.listed("iam", "list_policies", "Policies", Scope="Local"):
        yield f"policy {policy['PolicyName']}", policy | {"AttachmentCount": None}


def _functions(account: Account) -> Iterator[tuple[str, Any]]:
    lambda_ = account.client("lambda")
    for function in account.listed("lambda", "list_functions", "Functions"):
        name = function["FunctionName"]
        try:
            policy = json.loads(lambda_.get_policy(FunctionName=name)["Policy"])
        except lambda_.exceptions.ResourceNotFoundException:
            policy = None
        yield (
            f"function {name}",
            {
                "function": lambda_.get_function(FunctionName=name),
                "policy": policy,
                "aliases": lambda_.list_aliases(FunctionName=name)["Aliases"],
            },
        )


def _tables(account: Account) -> Iterator[tuple[str, Any]]:
    dynamodb = account.client("dynamodb")
    for name in account.listed("dynamodb", "list_tables", "TableNames"):
        table = dynamodb.describe_table(TableName=name)["Table"]
        yield (
            f"table {name}",
            {
                "table": table,
                "tags": dynamodb.list_tags_of_resource(ResourceArn=table["TableArn"])["Tags"],
                "items": account.listed("dynamodb", "scan", "Items", TableName=name),
            },
        )


def _apis(account: Account) -> Iterator[tuple[str, Any]]:
    apigateway = account.client("apigateway")
    for api in account.listed("apigateway", "get_rest_apis", "items"):
        api_id = api["id"]
        resources = apigateway.get_resources(restApiId=api_id, limit=500, embed=["methods"])["items"]
        yield (
            f"api {api['name']} {api_id}",
            {
                "api": api,
                "resources": sorted(resources, key=lambda each: str(each["path"])),
                "stages": apigateway.get_stages(restApiId=api_id)["item"],
                "deployments": apigateway.get_deployments(restApiId=api_id, limit=500)["items"],
            },
        )


def _log_groups(account: Account) -> Iterator[tuple[str, Any]]:
    logs = account.client("logs")
    for group in account.listed("logs", "describe_log_groups", "logGroups"):
        name = group["logGroupName"]
        yield (
            f"log group {name}",
            {"group": group, "tags": logs.list_tags_log_group(logGroupName=name)["tags"]},
        )


def _rules(account: Account) -> Iterator[tuple[str, Any]]:
    for rule in account.listed("events", "list_rules", "Rules"):
        yield f"rule {rule['Name']}", rule


def _tagged(account: Account) -> Iterator[tuple[str, Any]]:
    for item in account.listed("resourcegroupstaggingapi", "get_resources", "ResourceTagMappingList"):
        yield f"tagged {item['ResourceARN']}", item
