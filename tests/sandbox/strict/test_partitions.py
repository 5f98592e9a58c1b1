"""What is in another partition than AWS's own is in no account of the sandbox: no call takes its ARN."""

import json
from typing import Any

import pytest

from tests.kit.sandbox.control import ACCOUNT, URI, Clients, package, policy, refused


def cn(service: str, resource: str) -> str:
    """An ARN in China's partition; IAM's has no Region."""
    return f"arn:aws-cn:{service}:{'' if service == 'iam' else 'us-east-1'}:{ACCOUNT}:{resource}"


FUNCTION, ROLE, TABLE = cn("lambda", "function:f"), cn("iam", "role/r"), cn("dynamodb", "table/t")
STAGE = "arn:aws-cn:apigateway:us-east-1::/restapis/a/stages/s"
CREATED = {"FunctionName": "f", "Runtime": "python3.13", "Handler": "m.h", "Code": {"ZipFile": package()}}
TARGET = {"Arn": FUNCTION, "RoleArn": f"arn:aws:iam::{ACCOUNT}:role/r"}
TAGS, TAG_LIST = {"a": "b"}, [{"Key": "a", "Value": "b"}]
METHOD = {"restApiId": "a", "resourceId": "r", "httpMethod": "POST"}
INTEGRATION = {**METHOD, "type": "AWS", "integrationHttpMethod": "POST"}
LOG_ROLE = [{"op": "replace", "path": "/cloudwatchRoleArn", "value": ROLE}]


@pytest.mark.parametrize(
    ("service", "operation", "arguments", "code"),
    [
        ("lambda", "create_function", {**CREATED, "Role": ROLE}, "InvalidParameterValueException"),
        ("lambda", "get_function", {"FunctionName": FUNCTION}, "InvalidParameterValueException"),
        ("lambda", "invoke", {"FunctionName": FUNCTION}, "InvalidParameterValueException"),
        ("lambda", "tag_resource", {"Resource": FUNCTION, "Tags": TAGS}, "InvalidParameterValueException"),
        (
            "lambda",
            "update_function_configuration",
            {"FunctionName": "f", "Layers": [cn("lambda", "layer:l:1")]},
            "InvalidParameterValueException",
        ),
        (
            "lambda",
            "create_event_source_mapping",
            {"FunctionName": "f", "EventSourceArn": f"{TABLE}/stream/2026-01-01T00:00:00.000"},
            "InvalidParameterValueException",
        ),
        (
            "lambda",
            "put_function_event_invoke_config",
            {"FunctionName": "f", "DestinationConfig": {"OnFailure": {"Destination": FUNCTION}}},
            "InvalidParameterValueException",
        ),
        (
            "apigateway",
            "put_integration",
            {**INTEGRATION, "uri": URI.replace("aws:lambda", "aws-cn:lambda")},
            "",
        ),
        ("apigateway", "put_integration", {**INTEGRATION, "uri": URI, "credentials": ROLE}, ""),
        ("apigateway", "update_account", {"patchOperations": LOG_ROLE}, ""),
        ("apigateway", "tag_resource", {"resourceArn": STAGE, "tags": TAGS}, ""),
        ("dynamodb", "tag_resource", {"ResourceArn": TABLE, "Tags": TAG_LIST}, "ValidationException"),
        (
            "events",
            "put_targets",
            {"Rule": "r", "Targets": [{"Id": "1", "Arn": FUNCTION}]},
            "ValidationException",
        ),
        (
            "scheduler",
            "create_schedule",
            {
                "Name": "s",
                "ScheduleExpression": "rate(1 hour)",
                "FlexibleTimeWindow": {"Mode": "OFF"},
                "Target": TARGET,
            },
            "ValidationException",
        ),
        (
            "logs",
            "filter_log_events",
            {"logGroupIdentifier": cn("logs", "log-group:g")},
            "InvalidParameterException",
        ),
        (
            "wafv2",
            "get_web_acl_for_resource",
            {"ResourceArn": STAGE},
            "WAFInvalidParameterException",
        ),
        (
            "resourcegroupstaggingapi",
            "tag_resources",
            {"ResourceARNList": [FUNCTION], "Tags": TAGS},
            "InvalidParameterException",
        ),
        (
            "iam",
            "attach_role_policy",
            {"RoleName": "r", "PolicyArn": cn("iam", "policy/p")},
            "ValidationError",
        ),
        ("sts", "assume_role", {"RoleArn": ROLE, "RoleSessionName": "session"}, "ValidationError"),
    ],
)
def test_an_arn_of_another_partition_is_refused(
    aws: Clients, service: str, operation: str, arguments: dict[str, Any], code: str
) -> None:
    status, said, message = refused(getattr(aws(service), operation), **arguments)
    told = {
        "apigateway": "Invalid ARN specified in the request",
        "iam": "Invalid ARN partition",
        "sts": "Invalid ARN partition",
    }
    assert (status, said) == (400, code or "BadRequestException")
    assert told.get(service, 'Partition "aws-cn" is not valid for') in message


def test_no_policy_of_iam_is_about_another_partition(aws: Clients, role: str) -> None:
    """Users in China report these words."""
    name = role.rpartition("/")[2]
    document = policy("logs:*", resource="arn:aws-cn:logs:*:*:*")
    message = 'Partition "aws-cn" is not valid for resource "arn:aws-cn:logs:*:*:*".'
    assert refused(aws("iam").put_role_policy, RoleName=name, PolicyName="p", PolicyDocument=document) == (
        400,
        "MalformedPolicyDocument",
        message,
    )


def test_nobody_in_another_partition_is_trusted(aws: Clients, unique: str) -> None:
    who = f"arn:aws-cn:iam::{ACCOUNT}:root"
    statement = {"Effect": "Allow", "Principal": {"AWS": who}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    assert refused(aws("iam").create_role, RoleName=unique, AssumeRolePolicyDocument=document) == (
        400,
        "MalformedPolicyDocument",
        f'Invalid principal in policy: "AWS":"{who}"',
    )


def test_what_is_no_arn_for_aws_may_be_one_of_another_partition(aws: Clients, function: str) -> None:
    variables = {"ARN": FUNCTION}
    made = aws("lambda").update_function_configuration(
        FunctionName=function, Environment={"Variables": variables}, Description=FUNCTION
    )
    assert (made["Environment"]["Variables"], made["Description"]) == (variables, FUNCTION)
