"""Condition keys that tell of a request: a policy that asks for their value lets it in, no other."""

from typing import Any

import pytest

from tests.kit.sandbox.control import ACCOUNT, REGION, Clients, keys_bound_to, policy, refused

LAYER = f"arn:aws:lambda:{REGION}:{ACCOUNT}:layer:l:1"
FUNCTION = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:f"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/none"
MANAGED = f"arn:aws:iam::{ACCOUNT}:policy/none"
NEW = {
    "FunctionName": "f",
    "Role": ROLE,
    "Code": {"ZipFile": b"x"},
    "Handler": "m.h",
    "Runtime": "python3.13",
}
PERMISSION = {"FunctionName": "f", "StatementId": "s", "Action": "lambda:InvokeFunction"}
EVENT = {"Source": "my.app", "DetailType": "made", "Detail": "{}"}
TABLE = {"TableName": "none"}
KEY = {**TABLE, "Key": {"Id": {"S": "a"}}}
PATTERN = '{"source": ["my.app"], "detail-type": ["made"]}'
TARGET = {"Id": "1", "Arn": FUNCTION}
WRITE = {"TransactItems": [{"Delete": KEY}]}
SOURCE = f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/t/stream/2026-01-01T00:00:00.000"

Case = tuple[str, str, dict[str, Any], str, str]

CASES: list[Case] = [
    ("dynamodb", "list_tables", {}, "aws:ViaAWSService", "false"),
    ("dynamodb", "list_tables", {}, "aws:PrincipalIsAWSService", "false"),
    ("dynamodb", "list_tables", {}, "aws:ResourceAccount", ACCOUNT),
    ("dynamodb", "list_tables", {}, "aws:PrincipalAccount", ACCOUNT),
    ("dynamodb", "list_tables", {}, "aws:SecureTransport", "true"),
    ("dynamodb", "list_tables", {}, "aws:RequestedRegion", REGION),
    ("dynamodb", "list_tables", {}, "aws:SourceIp", "127.0.0.1"),
    ("dynamodb", "query", {**TABLE, "Select": "COUNT"}, "dynamodb:Select", "COUNT"),
    ("dynamodb", "delete_item", {**KEY, "ReturnValues": "ALL_OLD"}, "dynamodb:ReturnValues", "ALL_OLD"),
    (
        "dynamodb",
        "get_item",
        {**KEY, "ReturnConsumedCapacity": "TOTAL"},
        "dynamodb:ReturnConsumedCapacity",
        "TOTAL",
    ),
    ("dynamodb", "transact_write_items", WRITE, "dynamodb:EnclosingOperation", "TransactWriteItems"),
    ("lambda", "create_function", {**NEW, "Layers": [LAYER]}, "lambda:Layer", LAYER),
    (
        "lambda",
        "update_function_configuration",
        {"FunctionName": "f", "Layers": [LAYER]},
        "lambda:Layer",
        LAYER,
    ),
    ("lambda", "create_function", NEW, "iam:PassedToService", "lambda.amazonaws.com"),
    (
        "lambda",
        "create_function_url_config",
        {"FunctionName": "f", "AuthType": "AWS_IAM"},
        "lambda:FunctionUrlAuthType",
        "AWS_IAM",
    ),
    (
        "lambda",
        "add_permission",
        {**PERMISSION, "Principal": "events.amazonaws.com"},
        "lambda:Principal",
        "events.amazonaws.com",
    ),
    (
        "lambda",
        "add_permission",
        {**PERMISSION, "Principal": "*", "FunctionUrlAuthType": "NONE"},
        "lambda:FunctionUrlAuthType",
        "NONE",
    ),
    (
        "lambda",
        "create_event_source_mapping",
        {"FunctionName": "f", "EventSourceArn": SOURCE, "StartingPosition": "LATEST"},
        "lambda:FunctionArn",
        FUNCTION,
    ),
    ("iam", "attach_role_policy", {"RoleName": "none", "PolicyArn": MANAGED}, "iam:PolicyARN", MANAGED),
    ("iam", "detach_user_policy", {"UserName": "none", "PolicyArn": MANAGED}, "iam:PolicyARN", MANAGED),
    ("iam", "attach_group_policy", {"GroupName": "none", "PolicyArn": MANAGED}, "iam:PolicyARN", MANAGED),
    (
        "iam",
        "create_service_linked_role",
        {"AWSServiceName": "lamda.amazonaws.com"},
        "iam:AWSServiceName",
        "lamda.amazonaws.com",
    ),
    ("events", "put_events", {"Entries": [EVENT]}, "events:source", "my.app"),
    ("events", "put_events", {"Entries": [EVENT]}, "events:detail-type", "made"),
    ("events", "put_rule", {"Name": "r", "EventPattern": PATTERN}, "events:source", "my.app"),
    ("events", "put_targets", {"Rule": "none", "Targets": [TARGET]}, "events:TargetArn", FUNCTION),
]
ACTIONS = {
    "iam:PassedToService": ("iam:PassRole", "lambda:*"),
    "lambda:Layer": ("lambda:*", "iam:PassRole"),
}
"""Keys that not all actions of the call have: those that have it, and those that have not."""


def refused_or_not(aws: Clients, case: Case, user: str, wanted: str) -> str:
    """The code with which the call is refused to a user who may do all, if the key has that value."""
    service, call, arguments, key, _ = case
    guarded, free = ACTIONS.get(key, ("*", "tag:GetResources"))
    bound = keys_bound_to(aws("iam"), user, policy(guarded, condition={"StringEquals": {key: wanted}}))
    aws("iam").put_user_policy(UserName=user, PolicyName="other", PolicyDocument=policy(free))
    try:
        getattr(aws(service, **bound), call)(**arguments)
    except aws(service).exceptions.ClientError as error:
        return str(error.response["Error"]["Code"])
    return ""


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case[1]} {case[3]}")
def test_a_policy_can_ask_what_a_request_is_about(aws: Clients, unique: str, case: Case) -> None:
    assert not refused_or_not(aws, case, f"{unique}-a", case[4]).startswith("AccessDenied")
    assert refused_or_not(aws, case, f"{unique}-b", f"{case[4]}x").startswith("AccessDenied")


def test_a_policy_can_ask_with_which_program_a_request_was_made(aws: Clients, unique: str) -> None:
    for pattern, let_in in (("*Boto3*", True), ("*curl*", False)):
        condition = {"StringLike": {"aws:UserAgent": pattern}}
        bound = keys_bound_to(aws("iam"), f"{unique}{let_in}", policy("dynamodb:*", condition=condition))
        client = aws("dynamodb", **bound)
        if let_in:
            assert "TableNames" in client.list_tables()
        else:
            assert refused(client.list_tables)[1] == "AccessDeniedException"


@pytest.mark.parametrize(
    ("call", "name", "value"),
    [
        ("query", "Select", "ALL_ATTRIBUTES"),
        ("scan", "Select", "ALL_ATTRIBUTES"),
        ("put_item", "ReturnValues", "ALL_OLD"),
    ],
)
def test_what_a_call_does_not_say_is_not_asked(
    aws: Clients, unique: str, table: str, call: str, name: str, value: str
) -> None:
    """DynamoDB guide, "Using IAM policy conditions for fine-grained access control": with ...IfExists."""
    condition = {"StringEqualsIfExists": {f"dynamodb:{name}": ["SPECIFIC_ATTRIBUTES", "NONE"]}}
    client = aws("dynamodb", **keys_bound_to(aws("iam"), unique, policy("dynamodb:*", condition=condition)))
    asked: dict[str, Any] = {"TableName": table}
    if call == "put_item":
        asked["Item"] = {"Id": {"S": "a"}}
    if call == "query":
        asked |= {"KeyConditionExpression": "Id = :v", "ExpressionAttributeValues": {":v": {"S": "a"}}}
    getattr(client, call)(**asked)
    assert refused(getattr(client, call), **asked, **{name: value})[1] == "AccessDeniedException"


@pytest.mark.parametrize("key", ["aws:RequestTag/team", "aws:ResourceTag/team", "aws:TagKeys"])
def test_to_pass_a_role_no_tags_count(aws: Clients, unique: str, function: str, role: str, key: str) -> None:
    """Service Authorization Reference, iam:PassRole: it has no keys for tags."""
    aws("lambda").tag_resource(
        Resource=f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{function}", Tags={"team": "team"}
    )
    bound = keys_bound_to(
        aws("iam"), unique, policy("iam:PassRole", condition={"StringEquals": {key: "team"}})
    )
    aws("iam").put_user_policy(UserName=unique, PolicyName="other", PolicyDocument=policy("lambda:*"))
    client = aws("lambda", **bound)
    for refusal in (
        refused(client.create_function, **{**NEW, "Role": role}, Tags={"team": "team"}),
        refused(client.update_function_configuration, FunctionName=function, Role=role),
    ):
        assert f"not authorized to perform: iam:PassRole on resource: {role}" in refusal[2]


def test_a_policy_can_ask_for_the_tags_of_what_is_called(aws: Clients, unique: str, function: str) -> None:
    """Each of the things is called twice: without the tag, and with it."""
    condition = {"StringEquals": {"aws:ResourceTag/owner": unique}}
    bound = keys_bound_to(aws("iam"), unique, policy("*", condition=condition))
    operator = {name: aws(name) for name in ("lambda", "logs", "iam", "events")}
    operator["logs"].create_log_group(logGroupName=unique)
    rule = operator["events"].put_rule(Name=unique, ScheduleExpression="rate(1 day)", State="DISABLED")
    arn = operator["lambda"].get_function_configuration(FunctionName=function)["FunctionArn"]
    group = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{unique}"
    tags = [{"Key": "owner", "Value": unique}]
    calls: list[tuple[str, str, dict[str, Any], str, dict[str, Any]]] = [
        ("lambda", "get_function_concurrency", {"FunctionName": function}, "tag_resource", {"Resource": arn}),
        ("logs", "describe_log_streams", {"logGroupName": unique}, "tag_resource", {"resourceArn": group}),
        ("iam", "get_role", {"RoleName": f"{unique}-role"}, "tag_role", {"RoleName": f"{unique}-role"}),
        ("events", "describe_rule", {"Name": unique}, "tag_resource", {"ResourceARN": rule["RuleArn"]}),
    ]
    for service, call, asked, tag, what in calls:
        called = getattr(aws(service, **bound), call)
        assert refused(called, **asked)[1] in ("AccessDenied", "AccessDeniedException")
        plain = {"owner": unique}
        given = {"lambda": {"Tags": plain}, "logs": {"tags": plain}}.get(service, {"Tags": tags})
        getattr(operator[service], tag)(**what, **given)
        assert called(**asked)["ResponseMetadata"]["HTTPStatusCode"] == 200
