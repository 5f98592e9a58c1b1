"""The calls of a whole deployment as data: the tutorial, and the chapters keys, schedule and protect."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from lambda_over_https.aws.recording import HIDDEN
from lambda_over_https.deployment.choices import Choices
from lambda_over_https.deployment.recorded.call import Call
from lambda_over_https.deployment.stack import Stack
from lambda_over_https.transcript.script import Script, build
from lambda_over_https.transcript.selection import effective
from lambda_over_https.tutorial.course import steps_of
from tests.kit.in_memory.memory import Desk

SOURCE = "def handler(event, context):\n    return event\n"
CHAPTERS = ("keys", "schedule", "protect")


@dataclass(frozen=True)
class Run:
    """Where calls were made, and what the ids end with that were answered there."""

    account: str = "123456789012"
    region: str = "us-east-1"
    ids: str = "a1"

    def arn(self, service: str, rest: str) -> str:
        """An ARN of this account and region."""
        return f"arn:aws:{service}:{self.region}:{self.account}:{rest}"

    def calls(self) -> list[Call]:
        """What a script must make again, in the order of the steps."""
        return [*self._tutorial(), *self._keys(), *self._schedule(), *self._protect()]

    def history(self) -> list[Call]:
        """The calls as they were recorded: out of order, with what was looked at, refused, undone."""
        made = self.calls()
        api = made.index(next(each for each in made if each.operation == "CreateRestApi"))
        old = replace(made[api], answer={"id": f"old{self.ids}", "rootResourceId": "r"})
        gone = _call("4", "apigateway", "DeleteRestApi", {"restApiId": f"old{self.ids}"})
        table = next(each for each in made if each.operation == "CreateTable")
        refused = replace(table, error="LimitExceededException")
        code = _call("2.3", "lambda", "UpdateFunctionCode", {"FunctionName": "f", "ZipFile": "<9 bytes>"})
        tried = _call("3.7", "lambda", "Invoke", {"FunctionName": "f", "Payload": b"{}"})
        looked = _call("2.2", "iam", "GetRole", {"RoleName": "r"})
        apis, others = made[api:], made[:api]
        return [looked, refused, old, gone, *others, code, *apis, tried]

    def _tutorial(self) -> Iterator[Call]:
        role, function = f"arn:aws:iam::{self.account}:role/alice-role", self.arn("lambda", "function:alice")
        trust = json.dumps({"Version": "2012-10-17", "Statement": [{"Principal": {"Service": "lambda"}}]})
        policy = json.dumps({"Statement": [{"Effect": "Allow", "Resource": self.arn("dynamodb", "table/t")}]})
        tags = [{"Key": "lambda-over-https:name", "Value": "alice"}]
        event = json.dumps({"operation": "echo", "payload": {"somekey1": "somevalue1"}})
        role_name = {"RoleName": "alice-role"}
        yield _call(
            *("2.2", "iam", "CreateRole"),
            role_name | {"AssumeRolePolicyDocument": trust, "Description": "It's ours!", "Tags": tags},
            {"Role": {"RoleName": "alice-role", "Arn": role, "RoleId": f"AROA{self.ids}"}},
        )
        yield _call(
            *("2.2", "iam", "PutRolePolicy"), role_name | {"PolicyName": "p", "PolicyDocument": policy}
        )
        yield _call("2.3", "logs", "CreateLogGroup", {"logGroupName": "/aws/lambda/alice"})
        retention = {"logGroupName": "/aws/lambda/alice", "retentionInDays": 7}
        yield _call("2.3", "logs", "PutRetentionPolicy", retention)
        function_name = {"FunctionName": "alice"}
        yield _call(
            *("2.3", "lambda", "CreateFunction"),
            function_name
            | {
                "Code": {"ZipFile": "<6233 bytes>"},
                "Role": role,
                "Timeout": 10,
                "Publish": False,
                "Layers": [self.arn("lambda", "layer:one"), self.arn("lambda", "layer:two")],
                "Environment": {"Variables": {"TABLE_NAME": "t", "MINE": HIDDEN}},
            },
            {"FunctionArn": function, "Role": role},
        )
        yield _call("2.3", "lambda", "UpdateFunctionConfiguration", function_name | {"MemorySize": 256})
        yield _call("2.3", "lambda", "Invoke", function_name | {"Payload": event.encode()})
        key = {"AttributeName": "Id", "KeyType": "HASH"}
        yield _call("2.4", "dynamodb", "CreateTable", {"TableName": "t", "KeySchema": [key], "Tags": tags})
        api, resource = f"api{self.ids}", f"res{self.ids}"
        answer = {"id": api, "rootResourceId": f"root{self.ids}"}
        yield _call("3.1", "apigateway", "CreateRestApi", {"name": "api", "tags": {"a": "{b} $c"}}, answer)
        below = {"restApiId": api, "parentId": f"root{self.ids}", "pathPart": "DynamoDBManager"}
        yield _call("3.2", "apigateway", "CreateResource", below, {"id": resource})
        method = {"restApiId": api, "resourceId": resource, "httpMethod": "POST"}
        yield _call("3.3", "apigateway", "PutMethod", method | {"apiKeyRequired": True})
        uri = f"arn:aws:apigateway:{self.region}:lambda:path/2015-03-31/functions/{function}/invocations"
        yield _call("3.4", "apigateway", "PutIntegration", method | {"type": "AWS", "uri": uri})
        template = {"application/json": "{\"message\": $input.json('$.errorMessage')}"}
        yield _call(
            *("3.4", "apigateway", "PutIntegrationResponse"),
            method
            | {"statusCode": "400", "responseTemplates": template, "selectionPattern": r"\[Bad\][\s]*"},
        )
        deploy = {"restApiId": api, "stageName": "prod", "description": f"{api} in {self.region}"}
        yield _call("3.5", "apigateway", "CreateDeployment", deploy, {"id": f"dep{self.ids}"})
        source = self.arn("execute-api", f"{api}/*/POST/DynamoDBManager")
        yield _call(
            *("3.6", "lambda", "AddPermission"), function_name | {"StatementId": "s", "SourceArn": source}
        )
        yield _call("3.7", "apigateway", "TestInvokeMethod", method | {"body": event})

    def _keys(self) -> Iterator[Call]:
        stage = {"apiId": f"api{self.ids}", "stage": "prod"}
        plan = {"name": "plan", "apiStages": [stage], "throttle": {"rateLimit": 5.0}}
        yield _call("keys", "apigateway", "CreateUsagePlan", plan, {"id": f"plan{self.ids}"})
        for n in (1, 2):
            key = {"name": f"key-{n}", "enabled": True, "value": HIDDEN}
            yield _call("keys", "apigateway", "CreateApiKey", key, {"id": f"key{n}{self.ids}"})
        for n in (1, 2):
            key = {"usagePlanId": f"plan{self.ids}", "keyId": f"key{n}{self.ids}", "keyType": "API_KEY"}
            yield _call("keys", "apigateway", "CreateUsagePlanKey", key, {"id": f"key{n}{self.ids}"})

    def _schedule(self) -> Iterator[Call]:
        role = f"arn:aws:iam::{self.account}:role/alice-schedule-{self.ids}"
        group = {"ScheduleGroupArn": self.arn("scheduler", "schedule-group/g")}
        yield _call("schedule", "scheduler", "CreateScheduleGroup", {"Name": "g"}, group)
        name = {"RoleName": "alice-schedule", "AssumeRolePolicyDocument": "{}"}
        yield _call("schedule", "iam", "CreateRole", name, {"Role": {"Arn": role}})
        policy = {"RoleName": "alice-schedule", "PolicyName": "q", "PolicyDocument": "{}"}
        yield _call("schedule", "iam", "PutRolePolicy", policy)
        target = {"Arn": self.arn("lambda", "function:alice"), "RoleArn": role, "Input": '{"a": 1}'}
        made = {"Name": "every-minute", "GroupName": "g", "Target": target}
        yield _call("schedule", "scheduler", "CreateSchedule", made)

    def _protect(self) -> Iterator[Call]:
        own = {"Name": "w", "Scope": "REGIONAL"}
        ip_set, acl = self._summary("set"), self._summary("acl")
        yield _call(
            "protect", "wafv2", "CreateIPSet", own | {"Addresses": ["10.0.0.0/8"]}, {"Summary": ip_set}
        )
        rule = {"Statement": {"IPSetReferenceStatement": {"ARN": ip_set["ARN"]}}}
        yield _call("protect", "wafv2", "CreateWebACL", own | {"Rules": [rule]}, {"Summary": acl})
        stage = f"arn:aws:apigateway:{self.region}::/restapis/api{self.ids}/stages/prod"
        both = {"WebACLArn": acl["ARN"], "ResourceArn": stage}
        yield _call("protect", "wafv2", "AssociateWebACL", both)

    def _summary(self, kind: str) -> dict[str, str]:
        return {
            "Id": f"{kind}{self.ids}",
            "ARN": self.arn("wafv2", f"regional/{kind}/{kind}{self.ids}"),
            "LockToken": f"{kind}lock{self.ids}",
        }

    def teardown(self) -> list[tuple[str, dict[str, Any]]]:
        """What a teardown must delete, in order: last made first, and what others use after those."""
        role, schedule = {"RoleName": "alice-role"}, {"RoleName": "alice-schedule"}
        own = {"Name": "w", "Scope": "REGIONAL"}
        stage = f"arn:aws:apigateway:{self.region}::/restapis/api{self.ids}/stages/prod"
        acl, ip_set = (
            own | {"Id": f"{kind}{self.ids}", "LockToken": f"{kind}lock{self.ids}"} for kind in ("acl", "set")
        )
        return [
            ("disassociate_web_acl", {"ResourceArn": stage}),
            ("delete_web_acl", acl),
            ("delete_ip_set", ip_set),
            ("delete_schedule", {"Name": "every-minute", "GroupName": "g"}),
            ("delete_role_policy", schedule | {"PolicyName": "q"}),
            ("delete_role", schedule),
            ("delete_schedule_group", {"Name": "g"}),
            ("delete_rest_api", {"restApiId": f"api{self.ids}"}),
            ("delete_usage_plan", {"usagePlanId": f"plan{self.ids}"}),
            ("delete_api_key", {"apiKey": f"key2{self.ids}"}),
            ("delete_api_key", {"apiKey": f"key1{self.ids}"}),
            ("delete_table", {"TableName": "t"}),
            ("delete_function", {"FunctionName": "alice"}),
            ("delete_role_policy", role | {"PolicyName": "p"}),
            ("delete_role", role),
            ("delete_log_group", {"logGroupName": "/aws/lambda/alice"}),
        ]


def _call(
    step: str,
    service: str,
    operation: str,
    parameters: dict[str, Any],
    answer: dict[str, Any] | None = None,
) -> Call:
    return Call("2026-11-26T10:00:00", "run", step, service, operation, parameters, answer or {})


def stack_of(folder: Path) -> Stack:
    """A stack with these chapters on, without a cloud."""
    return replace(Desk(folder).stack(), choices=Choices(chapters=CHAPTERS))


def script_of(history: list[Call], folder: Path) -> Script:
    """The script of a history."""
    stack = stack_of(folder)
    deployment = stack.journal.deployment
    steps = steps_of(stack)
    made = effective(history, [step.number for step in steps])
    return build(made, steps, stack, deployment, "handler.py", SOURCE)
