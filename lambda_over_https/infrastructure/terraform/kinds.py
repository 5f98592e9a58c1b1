"""What each kind of resource is in a Terraform configuration: blocks of the provider hashicorp/aws."""

from collections.abc import Mapping
from typing import Any

from lambda_over_https.infrastructure import notes
from lambda_over_https.infrastructure.terraform.hcl import Block, Expression, Function
from lambda_over_https.infrastructure.terraform.shape import Shape, snake, snakes
from lambda_over_https.kinds import Kind


def _document(name: str) -> Any:
    """JSON is written as data, and encoded by Terraform."""
    return lambda value: {name: Function(value, "jsonencode")}


def _method_settings(members: Mapping[str, Any]) -> Mapping[str, Any]:
    of_method = ("restApiId", "stageName", "path", "verb")
    settings = snakes({name: value for name, value in members.items() if name not in of_method})
    return {
        "restApiId": members["restApiId"],
        "stageName": members["stageName"],
        "methodPath": f"{members['path'].lstrip('/')}/{members['verb']}",
        "settings": Block(settings),
    }


def _web_acl(members: Mapping[str, Any]) -> Mapping[str, Any]:
    """Everything in a web ACL but its names and numbers is a block; a rule is one each."""
    said = {name: value for name, value in members.items() if name != "Rules"}
    rules = [_nested(rule) for rule in members["Rules"]]
    return {**_nested(said).value, "rule": rules}


_WAF_WORDS = {
    "ARN": "arn",
    "CloudWatchMetricsEnabled": "cloudwatch_metrics_enabled",
    "IPSetReferenceStatement": "ip_set_reference_statement",
}
"""Members whose names do not become Terraform's by the rule."""


def _nested(members: Mapping[str, Any]) -> Block:
    return Block(
        {
            _WAF_WORDS.get(name) or snake(name): _nested(value) if isinstance(value, Mapping) else value
            for name, value in members.items()
        }
    )


def _blocks(members: Mapping[str, Any]) -> dict[str, Any]:
    """The same, where a member that has members is a block."""
    return {
        name: Block(snakes(value)) if isinstance(value, Mapping) else value
        for name, value in snakes(members).items()
    }


ARCHIVE = "data.archive_file.handler"

_ARCHIVE = Shape(
    type="archive_file",
    data=True,
    only=True,
    also={
        "type": "zip",
        "source_dir": Expression(f'"${{path.module}}/{notes.SOURCE}"'),
        "output_path": Expression('"${path.module}/build/handler.zip"'),
        "output_file_mode": "0644",  # Lambda must be allowed to read it, whatever the umask
    },
    step=notes.PACKAGE_STEP,
    note=notes.PACKAGE,
)

_DEPLOYMENT = Shape(
    type="aws_api_gateway_deployment",
    only=True,
    members={"restApiId": "rest_api_id"},
    also={
        "triggers": {"redeployment": Expression("sha1(aws_api_gateway_rest_api.LOCAL.body)")},
        "lifecycle": Block({"create_before_destroy": True}),
    },
    known_as="{restApiId}/{deployment_id}",
    note=notes.REDEPLOYED,
)

SHAPES: Mapping[str, tuple[Shape, ...]] = {
    Kind.ROLE: (
        Shape(
            type="aws_iam_role",
            attributes={"name": "${SELF.name}", "arn": "${SELF.arn}"},
            members={
                "RoleName": "name",
                "Description": "description",
                "AssumeRolePolicyDocument": _document("assume_role_policy"),
                "PermissionsBoundary": "permissions_boundary",
            },
            known_as="{RoleName}",
        ),
    ),
    Kind.ROLE_POLICY: (
        Shape(
            type="aws_iam_role_policy",
            members={"PolicyName": "name", "RoleName": "role", "PolicyDocument": _document("policy")},
            known_as="{RoleName}:{PolicyName}",
        ),
    ),
    Kind.LOG_GROUP: (
        Shape(
            type="aws_cloudwatch_log_group",
            attributes={"name": "${SELF.name}", "arn": "${SELF.arn}", "streams": "${SELF.arn}:*"},
            members={"logGroupName": "name"},
            known_as="{logGroupName}",
        ),
    ),
    Kind.FUNCTION: (
        _ARCHIVE,
        Shape(
            type="aws_lambda_function",
            attributes={
                "name": "${SELF.function_name}",
                "arn": "${SELF.arn}",
                "invoke_arn": "${SELF.invoke_arn}",
            },
            members={
                "FunctionName": "function_name",
                "Description": "description",
                "Code": lambda _: {
                    "filename": Expression(f"{ARCHIVE}.output_path"),
                    "source_code_hash": Expression(f"{ARCHIVE}.output_base64sha256"),
                },
                "Handler": "handler",
                "Environment": lambda value: {"environment": Block({"variables": value["Variables"]})},
            },
            after=(Kind.LOG_GROUP, Kind.ROLE_POLICY),
            known_as="{FunctionName}",
        ),
    ),
    Kind.TABLE: (
        Shape(
            type="aws_dynamodb_table",
            attributes={"name": "${SELF.name}", "arn": "${SELF.arn}"},
            members={
                "TableName": "name",
                "BillingMode": "billing_mode",
                "KeySchema": lambda value: {"hash_key": value[0]["AttributeName"]},
                "AttributeDefinitions": lambda value: {
                    "attribute": [
                        Block({"name": each["AttributeName"], "type": each["AttributeType"]})
                        for each in value
                    ]
                },
            },
            known_as="{TableName}",
        ),
    ),
    Kind.REST_API: (
        Shape(
            type="aws_api_gateway_rest_api",
            attributes={"name": "${SELF.name}", "id": "${SELF.id}", "execution_arn": "${SELF.execution_arn}"},
            members={
                "name": "name",
                "description": "description",
                "body": _document("body"),
                "endpointConfiguration": lambda value: {
                    "endpoint_configuration": Block({"types": value["types"]})
                },
            },
            known_as="{id}",
            called="{name}",
        ),
    ),
    Kind.STAGE: (
        _DEPLOYMENT,
        Shape(
            type="aws_api_gateway_stage",
            attributes={
                "name": "${SELF.stage_name}",
                "arn": "${SELF.arn}",
                "execution_arn": "${SELF.execution_arn}",
                "invoke_url": "${SELF.invoke_url}",
            },
            members={"restApiId": "rest_api_id", "stageName": "stage_name"},
            also={
                "deployment_id": Expression("aws_api_gateway_deployment.LOCAL.id"),
                "cache_cluster_enabled": False,
            },
            known_as="{restApiId}/{stageName}",
            called="{stageName}",
        ),
    ),
    Kind.METHOD_SETTINGS: (
        Shape(
            type="aws_api_gateway_method_settings",
            arrange=_method_settings,
            known_as="{restApiId}/{stageName}{path}/{verb}",
        ),
    ),
    Kind.USAGE_PLAN: (
        Shape(
            type="aws_api_gateway_usage_plan",
            attributes={"id": "${SELF.id}"},
            members={
                "name": "name",
                "description": "description",
                "apiStages": lambda stages: {"api_stages": [Block(snakes(each)) for each in stages]},
                "throttle": lambda limits: {"throttle_settings": Block(snakes(limits))},
                "quota": lambda limits: {"quota_settings": Block(snakes(limits))},
            },
            known_as="{id}",
            called="{name}",
        ),
    ),
    Kind.API_KEY: (
        Shape(
            type="aws_api_gateway_api_key",
            attributes={"id": "${SELF.id}"},
            known_as="{id}",
            called="{name}",
            note=notes.IN_THE_STATE,
        ),
    ),
    Kind.USAGE_PLAN_KEY: (Shape(type="aws_api_gateway_usage_plan_key", known_as="{usagePlanId}/{keyId}"),),
    Kind.SCHEDULE_GROUP: (
        Shape(
            type="aws_scheduler_schedule_group",
            attributes={"name": "${SELF.name}", "arn": "${SELF.arn}"},
            known_as="{Name}",
        ),
    ),
    Kind.SCHEDULE: (
        Shape(
            type="aws_scheduler_schedule",
            members={
                "Name": "name",
                "FlexibleTimeWindow": lambda window: {"flexible_time_window": Block(snakes(window))},
                "Target": lambda target: {"target": Block(_blocks(target))},
            },
            after=(Kind.ROLE_POLICY,),
            known_as="{GroupName}/{Name}",
        ),
    ),
    Kind.IP_SET: (
        Shape(
            type="aws_wafv2_ip_set",
            attributes={"arn": "${SELF.arn}"},
            members={
                "Name": "name",
                "Scope": "scope",
                "Description": "description",
                "IPAddressVersion": "ip_address_version",
                "Addresses": "addresses",
            },
            known_as="{id}/{Name}/{Scope}",
            called="{Name}",
        ),
    ),
    Kind.WEB_ACL: (
        Shape(
            type="aws_wafv2_web_acl",
            attributes={"arn": "${SELF.arn}"},
            arrange=_web_acl,
            known_as="{id}/{Name}/{Scope}",
            called="{Name}",
        ),
    ),
    Kind.WEB_ACL_ASSOCIATION: (
        Shape(
            type="aws_wafv2_web_acl_association",
            members={"WebACLArn": "web_acl_arn", "ResourceArn": "resource_arn"},
            known_as="{WebACLArn},{ResourceArn}",
        ),
    ),
    Kind.PERMISSION: (
        Shape(
            type="aws_lambda_permission",
            members={"StatementId": "statement_id"},
            known_as="{FunctionName}/{StatementId}",
        ),
    ),
}
"""By kind of resource; a kind may need several blocks, of which the last is the resource itself."""
