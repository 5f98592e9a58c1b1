"""Everything that an account holds, in full: two that are equal differ in nothing a listing could show."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.kit.program.support import Account

Census = dict[str, Any]

# What changes by itself, or is the answer's and not the thing's.
_VOLATILE = frozenset(
    {"ResponseMetadata", "Location", "RevisionId", "storedBytes", "TableSizeBytes", "RoleLastUsed"}
)


@dataclass(frozen=True)
class _Look:
    """The account, as far as the listings say ``only`` of a thing."""

    account: Account
    only: str

    def client(self, service: str) -> Any:
        return self.account.client(service)

    def listed(self, service: str, operation: str, key: str, **parameters: Any) -> list[Any]:
        return self.those(self.account.listed(service, operation, key, **parameters))

    def those(self, things: list[Any]) -> list[Any]:
        return [each for each in things if self.only in str(each)]


def census(account: Account, only: str = "") -> Census:
    """Every thing of every service, by kind and name, with its settings, tags, children and items.

    ``only`` is quicker: what the listings of the services do not say it of is left out.
    """
    found: Census = {}
    kinds = (_roles, _policies, _functions, _tables, _apis, _log_groups, _rules, _tagged)
    for part in (*kinds, _usage_plans, _schedules, _web_acls):
        for key, value in part(_Look(account, only)):
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


def _roles(account: _Look) -> Iterator[tuple[str, Any]]:
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


def _policies(account: _Look) -> Iterator[tuple[str, Any]]:
    for policy in account.listed("iam", "list_policies", "Policies", Scope="Local"):
        yield f"policy {policy['PolicyName']}", policy | {"AttachmentCount": None}


def _functions(account: _Look) -> Iterator[tuple[str, Any]]:
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


def _tables(account: _Look) -> Iterator[tuple[str, Any]]:
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


def _apis(account: _Look) -> Iterator[tuple[str, Any]]:
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
                "gateway responses": apigateway.get_gateway_responses(restApiId=api_id)["items"],
            },
        )


def _log_groups(account: _Look) -> Iterator[tuple[str, Any]]:
    logs = account.client("logs")
    for group in account.listed("logs", "describe_log_groups", "logGroups"):
        name = group["logGroupName"]
        yield (
            f"log group {name}",
            {"group": group, "tags": logs.list_tags_log_group(logGroupName=name)["tags"]},
        )


def _usage_plans(account: _Look) -> Iterator[tuple[str, Any]]:
    apigateway = account.client("apigateway")
    for plan in account.listed("apigateway", "get_usage_plans", "items"):
        keys = apigateway.get_usage_plan_keys(usagePlanId=plan["id"])["items"]
        yield f"usage plan {plan['name']} {plan['id']}", {"plan": plan, "keys": keys}
    for key in account.listed("apigateway", "get_api_keys", "items"):
        yield f"api key {key.get('name', '')} {key['id']}", key


def _schedules(account: _Look) -> Iterator[tuple[str, Any]]:
    scheduler = account.client("scheduler")
    for group in account.listed("scheduler", "list_schedule_groups", "ScheduleGroups"):
        if group["Name"] == "default":  # AWS's own: every account has it
            continue
        tags = scheduler.list_tags_for_resource(ResourceArn=group["Arn"])["Tags"]
        yield f"schedule group {group['Name']}", {"group": group, "tags": tags}
    for each in account.listed("scheduler", "list_schedules", "Schedules"):
        found = scheduler.get_schedule(GroupName=each["GroupName"], Name=each["Name"])
        yield f"schedule {each['GroupName']}/{each['Name']}", found


def _web_acls(account: _Look) -> Iterator[tuple[str, Any]]:
    wafv2 = account.client("wafv2")
    for each in account.those(wafv2.list_web_acls(Scope="REGIONAL")["WebACLs"]):
        found = wafv2.get_web_acl(Scope="REGIONAL", Name=each["Name"], Id=each["Id"])["WebACL"]
        yield f"web acl {each['Name']}", found
    for each in account.those(wafv2.list_ip_sets(Scope="REGIONAL")["IPSets"]):
        yield f"ip set {each['Name']}", each


def _rules(account: _Look) -> Iterator[tuple[str, Any]]:
    for rule in account.listed("events", "list_rules", "Rules"):
        yield f"rule {rule['Name']}", rule


def _tagged(account: _Look) -> Iterator[tuple[str, Any]]:
    for item in account.listed("resourcegroupstaggingapi", "get_resources", "ResourceTagMappingList"):
        yield f"tagged {item['ResourceARN']}", item
