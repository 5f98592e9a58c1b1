"""What calls ask of IAM: each is denied to a user without rights, in the name of one action and resource."""

import json
from typing import Any

import pytest

from tests.kit.sandbox.control import ACCOUNT, REGION, BareApi, Clients, keys_bound_to, policy, refused

ID = "00000000-0000-0000-0000-000000000000"
RULE = f"arn:aws:events:{REGION}:{ACCOUNT}:rule/r"
SCHEDULER, WAF = f"arn:aws:scheduler:{REGION}:{ACCOUNT}", f"arn:aws:wafv2:{REGION}:{ACCOUNT}:regional"
GATEWAY = f"arn:aws:apigateway:{REGION}::"
STAGE = f"{GATEWAY}/restapis/api/stages/prod"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/r"
SCHEDULE = {
    "Name": "s",
    "GroupName": "g",
    "ScheduleExpression": "rate(1 day)",
    "FlexibleTimeWindow": {"Mode": "OFF"},
    "Target": {"Arn": f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:f", "RoleArn": ROLE},
}
VISIBLE = {"SampledRequestsEnabled": False, "CloudWatchMetricsEnabled": False, "MetricName": "m"}
WEB_ACL = {
    "Name": "w",
    "Scope": "REGIONAL",
    "DefaultAction": {"Allow": {}},
    "VisibilityConfig": VISIBLE,
}
NAMED = {"Name": "w", "Scope": "REGIONAL", "Id": ID}
PLAN = {"usagePlanId": "p", "keyId": "k"}
TARGETS = [{"Id": "1", "Arn": f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:f"}]
TAGS = [{"Key": "a", "Value": "b"}]

METHOD = {"restApiId": "a", "resourceId": "r", "httpMethod": "POST"}
INTEGRATION = {**METHOD, "type": "AWS", "integrationHttpMethod": "POST", "credentials": ROLE}

STREAM = f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/t/stream/2026-01-01T00:00:00.000"

BUS, GROUP = f"arn:aws:events:{REGION}:{ACCOUNT}:event-bus", f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group"
EVENT = {"Source": "my.app", "DetailType": "made", "Detail": "{}"}
QUERY = {"logGroupNames": ["g"], "startTime": 0, "endTime": 1, "queryString": "fields @message"}

Case = tuple[str, str, dict[str, Any], str, str]

CASES: list[Case] = [
    ("dynamodbstreams", "describe_stream", {"StreamArn": STREAM}, "dynamodb:DescribeStream", STREAM),
    ("dynamodbstreams", "get_records", {"ShardIterator": f"{STREAM}|1|x"}, "dynamodb:GetRecords", STREAM),
    ("dynamodbstreams", "list_streams", {}, "dynamodb:ListStreams", "*"),
    ("events", "put_rule", {"Name": "r", "ScheduleExpression": "rate(1 day)"}, "events:PutRule", RULE),
    ("events", "put_targets", {"Rule": "r", "Targets": TARGETS}, "events:PutTargets", RULE),
    ("events", "tag_resource", {"ResourceARN": RULE, "Tags": TAGS}, "events:TagResource", RULE),
    ("events", "list_rules", {}, "events:ListRules", "*"),
    ("events", "put_events", {"Entries": [EVENT]}, "events:PutEvents", f"{BUS}/default"),
    (
        "events",
        "put_events",
        {"Entries": [{**EVENT, "EventBusName": "b"}]},
        "events:PutEvents",
        f"{BUS}/b",
    ),
    (
        "lambda",
        "create_event_source_mapping",
        {"FunctionName": "f", "EventSourceArn": STREAM, "StartingPosition": "LATEST"},
        "lambda:CreateEventSourceMapping",
        "*",
    ),
    (
        "lambda",
        "get_event_source_mapping",
        {"UUID": ID},
        "lambda:GetEventSourceMapping",
        f"arn:aws:lambda:{REGION}:{ACCOUNT}:event-source-mapping:{ID}",
    ),
    ("logs", "start_query", QUERY, "logs:StartQuery", f"{GROUP}:g:log-stream:"),
    (
        "logs",
        "filter_log_events",
        {"logGroupIdentifier": f"{GROUP}:g"},
        "logs:FilterLogEvents",
        f"{GROUP}:g:log-stream:",
    ),
    ("logs", "get_query_results", {"queryId": ID}, "logs:GetQueryResults", "*"),
    ("iam", "list_roles", {}, "iam:ListRoles", f"arn:aws:iam::{ACCOUNT}:role/"),
    ("iam", "list_users", {"PathPrefix": "/a/"}, "iam:ListUsers", f"arn:aws:iam::{ACCOUNT}:user/a/"),
    ("scheduler", "create_schedule", SCHEDULE, "scheduler:CreateSchedule", f"{SCHEDULER}:schedule/g/s"),
    ("scheduler", "get_schedule", {"Name": "s"}, "scheduler:GetSchedule", f"{SCHEDULER}:schedule/default/s"),
    (
        "scheduler",
        "create_schedule_group",
        {"Name": "g"},
        "scheduler:CreateScheduleGroup",
        f"{SCHEDULER}:schedule-group/g",
    ),
    ("scheduler", "list_schedules", {}, "scheduler:ListSchedules", "*"),
    ("wafv2", "create_web_acl", WEB_ACL, "wafv2:CreateWebACL", f"{WAF}/webacl/w/*"),
    ("wafv2", "get_web_acl", NAMED, "wafv2:GetWebACL", f"{WAF}/webacl/w/{ID}"),
    ("wafv2", "delete_ip_set", {**NAMED, "LockToken": ID}, "wafv2:DeleteIPSet", f"{WAF}/ipset/w/{ID}"),
    (
        "wafv2",
        "associate_web_acl",
        {"WebACLArn": f"{WAF}/webacl/w/{ID}", "ResourceArn": STAGE},
        "wafv2:AssociateWebACL",
        f"{WAF}/webacl/w/{ID}",
    ),
    ("wafv2", "disassociate_web_acl", {"ResourceArn": STAGE}, "wafv2:DisassociateWebACL", STAGE),
    ("wafv2", "list_web_acls", {"Scope": "REGIONAL"}, "wafv2:ListWebACLs", "*"),
    (
        "apigateway",
        "flush_stage_cache",
        {"restApiId": "api", "stageName": "prod"},
        "apigateway:DELETE",
        f"{STAGE}/cache/data",
    ),
    (
        "apigateway",
        "get_usage",
        {"usagePlanId": "p", "startDate": "2026-11-26", "endDate": "2026-11-26"},
        "apigateway:GET",
        f"{GATEWAY}/usageplans/p/usage",
    ),
    ("apigateway", "update_usage", PLAN, "apigateway:PATCH", f"{GATEWAY}/usageplans/p/keys/k/usage"),
]


@pytest.mark.parametrize(("service", "call", "arguments", "action", "resource"), CASES)
def test_a_call_asks_for_its_action_on_its_resource(
    aws: Clients, unique: str, service: str, call: str, arguments: dict[str, Any], action: str, resource: str
) -> None:
    keys = keys_bound_to(aws("iam"), unique, policy("sts:GetCallerIdentity"))
    _, code, message = refused(getattr(aws(service, **keys), call), **arguments)
    assert code == ("AccessDenied" if service == "iam" else "AccessDeniedException")
    assert f"is not authorized to perform: {action} on resource: {resource} because" in message


@pytest.mark.parametrize(
    ("service", "call", "arguments", "allowed", "also"),
    [
        ("scheduler", "create_schedule", SCHEDULE, "scheduler:CreateSchedule", "iam:PassRole"),
        ("apigateway", "put_integration", INTEGRATION, "apigateway:PUT", "iam:PassRole"),
        (
            "apigateway",
            "update_integration",
            {**METHOD, "patchOperations": [{"op": "replace", "path": "/credentials", "value": ROLE}]},
            "apigateway:PATCH",
            "iam:PassRole",
        ),
        (
            "apigateway",
            "create_authorizer",
            {"restApiId": "a", "name": "n", "type": "TOKEN", "authorizerCredentials": ROLE},
            "apigateway:POST",
            "iam:PassRole",
        ),
        (
            "resourcegroupstaggingapi",
            "tag_resources",
            {"ResourceARNList": [RULE], "Tags": {"a": "b"}},
            "tag:TagResources",
            "events:TagResource",
        ),
        (
            "resourcegroupstaggingapi",
            "untag_resources",
            {"ResourceARNList": [f"{GATEWAY}/restapis/api"], "TagKeys": ["a"]},
            "tag:UntagResources",
            "apigateway:DELETE",
        ),
        (
            "scheduler",
            "create_schedule_group",
            {"Name": "g", "Tags": TAGS},
            "scheduler:CreateScheduleGroup",
            "scheduler:TagResource",
        ),
        (
            "scheduler",
            "delete_schedule_group",
            {"Name": "g"},
            "scheduler:DeleteScheduleGroup",
            "scheduler:DeleteSchedule",
        ),
        ("wafv2", "create_web_acl", {**WEB_ACL, "Tags": TAGS}, "wafv2:CreateWebACL", "wafv2:TagResource"),
        (
            "wafv2",
            "disassociate_web_acl",
            {"ResourceArn": STAGE},
            "wafv2:DisassociateWebACL",
            "apigateway:SetWebACL",
        ),
        (
            "apigateway",
            "create_rest_api",
            {"name": "a", "policy": "{}"},
            "apigateway:POST",
            "apigateway:UpdateRestApiPolicy",
        ),
    ],
)
def test_some_calls_ask_for_more_than_one_action(
    aws: Clients, unique: str, service: str, call: str, arguments: dict[str, Any], allowed: str, also: str
) -> None:
    keys = keys_bound_to(aws("iam"), unique, policy(allowed))
    _, code, message = refused(getattr(aws(service, **keys), call), **arguments)
    assert (code, f"is not authorized to perform: {also} on" in message) == ("AccessDeniedException", True)


def test_an_apis_policy_needs_a_right_of_its_own(aws: Clients, unique: str) -> None:
    api = BareApi(aws("apigateway"), unique)
    bound = aws("apigateway", **keys_bound_to(aws("iam"), unique, policy("apigateway:P*")))
    patch = [{"op": "replace", "path": "/policy", "value": ""}]
    document = json.dumps(
        {
            "openapi": "3.0.1",
            "info": {"title": "t", "version": "1"},
            "paths": {},
            "x-amazon-apigateway-policy": {},
        }
    )
    for call, arguments in (
        (bound.update_rest_api, {"restApiId": api.id, "patchOperations": patch}),
        (bound.put_rest_api, {"restApiId": api.id, "body": document}),
        (bound.import_rest_api, {"body": document}),
    ):
        assert "apigateway:UpdateRestApiPolicy" in refused(call, **arguments)[2]
    named = [{"op": "replace", "path": "/description", "value": "mine"}]
    bound.update_rest_api(restApiId=api.id, patchOperations=named)


def test_a_call_that_names_no_user_is_about_the_callers_own(aws: Clients, unique: str) -> None:
    own = policy("iam:*", resource=f"arn:aws:iam::{ACCOUNT}:user/${{aws:username}}")
    iam = aws("iam", **keys_bound_to(aws("iam"), unique, own))
    assert iam.get_user()["User"]["UserName"] == unique
    assert iam.list_access_keys()["AccessKeyMetadata"][0]["UserName"] == unique
    assert refused(iam.get_user, UserName="none")[1] == "AccessDenied"
