"""Things of other people, as like ours as they can be."""

import io
import json
import zipfile
from typing import Any

from lambda_over_https.names import TAG_DEPLOYMENT, TAG_NAME, Names
from tests.kit.program.support import Account
from tests.kit.sandbox.control import readable

TRUST = {
    "Version": "2012-10-17",
    "Statement": {
        "Effect": "Allow",
        "Principal": {"Service": "lambda.amazonaws.com"},
        "Action": "sts:AssumeRole",
    },
}
A_POLICY = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": {"Effect": "Allow", "Action": "sqs:ListQueues", "Resource": "*"},
    }
)
KINDS = ("role", "function", "table", "api", "log group")


def like_ours(deployment: str) -> dict[str, str]:
    """The tags of another deployment of the same name: the same keys, another id."""
    return {TAG_DEPLOYMENT: f"{deployment}-0000000000000000", TAG_NAME: deployment}


def plant(account: Account, kind: str, name: str, tags: dict[str, str]) -> None:
    """Make a thing of ``kind`` as somebody else would."""
    {
        "role": _role,
        "function": _function,
        "table": _table,
        "api": _api,
        "log group": _log_group,
    }[kind](account, name, tags)


def plant_all(account: Account, names: Names, tags: dict[str, str]) -> int:
    """A thing of every kind under exactly these names; how many there are."""
    for kind, name in named(names).items():
        plant(account, kind, name, tags)
    return len(KINDS)


def plant_neighbours(account: Account, names: Names) -> int:
    """Things whose names begin, end or differ like ours; with no tags, other tags, and tags like ours."""
    count = 0
    for number, tags in enumerate(({}, {"owner": "somebody else"}, like_ours(names.deployment))):
        for kind, name in named(names).items():
            plant(account, kind, f"{name}{number}", tags)
            head, _, tail = name.rpartition("/")
            plant(account, kind, f"{head}/x{number}{tail}" if head else f"x{number}{tail}", tags)
            count += 2
    return count


def named(names: Names) -> dict[str, str]:
    """What each kind is called in a deployment."""
    return dict(
        zip(KINDS, (names.role, names.function, names.table, names.api, names.log_group), strict=True)
    )


def remove(account: Account, kind: str, name: str) -> None:
    """Delete a thing, as somebody would in the console."""
    if kind == "role":
        _remove_role(account.client("iam"), name)
    elif kind == "function":
        account.client("lambda").delete_function(FunctionName=name)
    elif kind == "table":
        account.client("dynamodb").delete_table(TableName=name)
    elif kind == "log group":
        account.client("logs").delete_log_group(logGroupName=name)


def remove_all(account: Account) -> None:
    """Take every decoy, and whatever else there is, out of the account."""
    iam, lambda_, dynamodb = (account.client(each) for each in ("iam", "lambda", "dynamodb"))
    apigateway, logs = account.client("apigateway"), account.client("logs")
    for function in account.listed("lambda", "list_functions", "Functions"):
        lambda_.delete_function(FunctionName=function["FunctionName"])
    for role in account.listed("iam", "list_roles", "Roles"):
        _remove_role(iam, role["RoleName"])
    _remove_people(account)
    for policy in account.listed("iam", "list_policies", "Policies", Scope="Local"):
        _remove_policy(iam, policy["Arn"])
    for name in account.listed("dynamodb", "list_tables", "TableNames"):
        dynamodb.update_table(TableName=name, DeletionProtectionEnabled=False)
        dynamodb.delete_table(TableName=name)
    for api in account.listed("apigateway", "get_rest_apis", "items"):
        apigateway.delete_rest_api(restApiId=api["id"])
    _remove_what_chapters_make(account)
    _remove_schedules_and_rules(account)
    for group in account.listed("logs", "describe_log_groups", "logGroups"):
        logs.delete_log_group(logGroupName=group["logGroupName"])


def _remove_people(account: Account) -> None:
    """Users with their keys, groups with their members, and what is attached to either."""
    iam = account.client("iam")
    for group in account.listed("iam", "list_groups", "Groups"):
        name = group["GroupName"]
        for user in iam.get_group(GroupName=name)["Users"]:
            iam.remove_user_from_group(GroupName=name, UserName=user["UserName"])
        for inline in iam.list_group_policies(GroupName=name)["PolicyNames"]:
            iam.delete_group_policy(GroupName=name, PolicyName=inline)
        for attached in iam.list_attached_group_policies(GroupName=name)["AttachedPolicies"]:
            iam.detach_group_policy(GroupName=name, PolicyArn=attached["PolicyArn"])
        iam.delete_group(GroupName=name)
    for user in account.listed("iam", "list_users", "Users"):
        _remove_user(iam, user["UserName"])


def _remove_user(iam: Any, name: str) -> None:
    for key in iam.list_access_keys(UserName=name)["AccessKeyMetadata"]:
        iam.delete_access_key(UserName=name, AccessKeyId=key["AccessKeyId"])
    for inline in iam.list_user_policies(UserName=name)["PolicyNames"]:
        iam.delete_user_policy(UserName=name, PolicyName=inline)
    for attached in iam.list_attached_user_policies(UserName=name)["AttachedPolicies"]:
        iam.detach_user_policy(UserName=name, PolicyArn=attached["PolicyArn"])
    iam.delete_user(UserName=name)


def _remove_policy(iam: Any, arn: str) -> None:
    for version in iam.list_policy_versions(PolicyArn=arn)["Versions"]:
        if not version["IsDefaultVersion"]:
            iam.delete_policy_version(PolicyArn=arn, VersionId=version["VersionId"])
    iam.delete_policy(PolicyArn=arn)


def _remove_what_chapters_make(account: Account) -> None:
    apigateway, scheduler = account.client("apigateway"), account.client("scheduler")
    for plan in account.listed("apigateway", "get_usage_plans", "items"):
        apigateway.delete_usage_plan(usagePlanId=plan["id"])
    for key in account.listed("apigateway", "get_api_keys", "items"):
        apigateway.delete_api_key(apiKey=key["id"])
    for group in account.listed("scheduler", "list_schedule_groups", "ScheduleGroups"):
        if group["Name"] != "default":
            scheduler.delete_schedule_group(Name=group["Name"])
    _remove_the_firewall(account)


def _remove_the_firewall(account: Account) -> None:
    waf = account.client("wafv2")
    for each in waf.list_web_acls(Scope="REGIONAL")["WebACLs"]:
        for stage in waf.list_resources_for_web_acl(WebACLArn=each["ARN"], ResourceType="API_GATEWAY")[
            "ResourceArns"
        ]:
            waf.disassociate_web_acl(ResourceArn=stage)
        waf.delete_web_acl(Name=each["Name"], Scope="REGIONAL", Id=each["Id"], LockToken=each["LockToken"])
    for each in waf.list_ip_sets(Scope="REGIONAL")["IPSets"]:
        waf.delete_ip_set(Name=each["Name"], Scope="REGIONAL", Id=each["Id"], LockToken=each["LockToken"])


def _remove_schedules_and_rules(account: Account) -> None:
    scheduler, events = account.client("scheduler"), account.client("events")
    for each in account.listed("scheduler", "list_schedules", "Schedules"):
        scheduler.delete_schedule(Name=each["Name"], GroupName=each["GroupName"])
    for rule in account.listed("events", "list_rules", "Rules"):
        targets = events.list_targets_by_rule(Rule=rule["Name"])["Targets"]
        if targets:
            events.remove_targets(Rule=rule["Name"], Ids=[each["Id"] for each in targets])
        events.delete_rule(Name=rule["Name"])


def _remove_role(iam: Any, name: str) -> None:
    for policy in iam.list_role_policies(RoleName=name)["PolicyNames"]:
        iam.delete_role_policy(RoleName=name, PolicyName=policy)
    for policy in iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"]:
        iam.detach_role_policy(RoleName=name, PolicyArn=policy["PolicyArn"])
    iam.delete_role(RoleName=name)


def _listed(tags: dict[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def _role(account: Account, name: str, tags: dict[str, str]) -> None:
    iam = account.client("iam")
    iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(TRUST), Tags=_listed(tags))
    iam.put_role_policy(RoleName=name, PolicyName=name, PolicyDocument=A_POLICY)


def _function(account: Account, name: str, tags: dict[str, str]) -> None:
    iam = account.client("iam")
    roles = {role["RoleName"] for role in account.listed("iam", "list_roles", "Roles")}
    if "decoys" not in roles:
        _role(account, "decoys", {})
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(readable("decoy.py"), "def handler(event, context): return 'not ours'")
    lambda_ = account.client("lambda")
    lambda_.create_function(
        FunctionName=name,
        Role=iam.get_role(RoleName="decoys")["Role"]["Arn"],
        Runtime="python3.13",
        Handler="decoy.handler",
        Code={"ZipFile": buffer.getvalue()},
        Tags=tags,
    )
    lambda_.add_permission(
        FunctionName=name,
        StatementId="apigateway-prod-2",
        Action="lambda:InvokeFunction",
        Principal="apigateway.amazonaws.com",
        SourceArn="arn:aws:execute-api:us-east-1:123456789012:decoy/prod/POST/DynamoDBManager",
    )


def _table(account: Account, name: str, tags: dict[str, str]) -> None:
    dynamodb = account.client("dynamodb")
    dynamodb.create_table(
        TableName=name,
        KeySchema=[{"AttributeName": "Id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "Id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
        Tags=_listed(tags),
    )
    dynamodb.put_item(TableName=name, Item={"Id": {"S": "decoy"}})


def _api(account: Account, name: str, tags: dict[str, str]) -> None:
    apigateway = account.client("apigateway")
    api = apigateway.create_rest_api(name=name, tags=tags)
    apigateway.create_resource(
        restApiId=api["id"], parentId=api["rootResourceId"], pathPart="DynamoDBManager"
    )


def _log_group(account: Account, name: str, tags: dict[str, str]) -> None:
    logs = account.client("logs")
    logs.create_log_group(logGroupName=name, **({"tags": tags} if tags else {}))
    logs.create_log_stream(logGroupName=name, logStreamName="decoy")
