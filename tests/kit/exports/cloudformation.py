"""A small CloudFormation: a SAM template is transformed by AWS's own code, its resources are made by boto3.

Every type and every property must be known here: what a template has and this does not know is an error.
"""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.kit.exports.made import Made, camel
from tests.kit.sandbox.control import ACCOUNT, REGION

PSEUDO = {
    "AWS::Partition": "aws",
    "AWS::Region": REGION,
    "AWS::AccountId": ACCOUNT,
    "AWS::URLSuffix": "amazonaws.com",
}


class Resource(NamedTuple):
    """What ``Ref`` gives for a resource, and ``GetAtt``."""

    ref: str
    attributes: Mapping[str, str] = {}


class _NoPolicies:
    """The translator asks for managed policies by name; a template of ours names none."""

    def load(self) -> dict[str, str]:
        """None."""
        return {}


def transformed(template: str) -> dict[str, Any]:
    """The template as CloudFormation gets it, after ``sam package`` has put the code somewhere."""
    # Loaded here: it takes a second, and most of the tests' processes have no use for it.
    from samtranslator.translator.transform import transform
    from samtranslator.yaml_helper import yaml_parse

    document = yaml_parse(template)
    for resource in document["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            assert resource["Properties"]["CodeUri"] == "src/"
            resource["Properties"]["CodeUri"] = {"Bucket": "code", "Key": "src"}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_DEFAULT_REGION", REGION)
        result: dict[str, Any] = transform(document, {}, _NoPolicies())
    return result


class Stack:
    """A stack of a folder with a SAM template.

    ``names`` are those that CloudFormation gives to what the template does not name, by logical id.
    """

    def __init__(self, folder: Path, made: Made, names: Mapping[str, str], **parameters: str) -> None:
        template = transformed((folder / "template.yaml").read_text())
        self._made, self._names = made, names
        self._parameters = {
            name: parameters[name] if name in parameters else each["Default"]
            for name, each in template.get("Parameters", {}).items()
        }
        self._templates = template["Resources"]
        self._resources: dict[str, Resource] = {}
        for name in self._templates:
            self._resource(name)
        self.outputs = {name: self._value(each["Value"]) for name, each in template["Outputs"].items()}

    def _resource(self, name: str) -> Resource:
        if name not in self._resources:
            template = self._templates[name]
            before = template.get("DependsOn", [])
            for each in [before] if isinstance(before, str) else before:
                self._resource(each)
            properties = self._value(template["Properties"])
            self._resources[name] = MAKERS[template["Type"]](
                self._made, self._names.get(name, name), properties
            )
            assert not properties, f"{name} has properties that are not known here: {properties}"
        return self._resources[name]

    def _value(self, value: Any) -> Any:
        match value:
            case {"Ref": name}:
                return self._ref(name)
            case {"Fn::GetAtt": [name, attribute]}:
                return self._resource(name).attributes[attribute]
            case {"Fn::Sub": str(text)}:
                return re.sub(r"\$\{([^!}]+)\}", lambda found: str(self._named(found[1])), text).replace(
                    "${!", "${"
                )
            case dict():
                return {key: self._value(each) for key, each in value.items()}
            case list():
                return [self._value(each) for each in value]
        return value

    def _named(self, name: str) -> Any:
        resource, _, attribute = name.partition(".")
        return self._resource(resource).attributes[attribute] if attribute else self._ref(name)

    def _ref(self, name: str) -> Any:
        if name in self._parameters:
            return self._parameters[name]
        return PSEUDO[name] if name in PSEUDO else self._resource(name).ref


def _role(made: Made, name: str, properties: Any) -> Resource:
    arn = made.role(name, properties.pop("AssumeRolePolicyDocument"), properties.pop("Description"))
    for policy in properties.pop("Policies"):
        made.role_policy(name, policy["PolicyName"], policy["PolicyDocument"])
    return Resource(name, {"Arn": arn})


def _log_group(made: Made, name: str, properties: Any) -> Resource:
    group = properties.pop("LogGroupName")
    made.log_group(group, properties.pop("RetentionInDays"))
    return Resource(group, {"Arn": f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{group}:*"})


def _function(made: Made, name: str, properties: Any) -> Resource:
    assert properties.pop("Code") == {"S3Bucket": "code", "S3Key": "src"}
    tags = {each["Key"]: each["Value"] for each in properties.pop("Tags")}
    function = properties["FunctionName"]
    most = properties.pop("ReservedConcurrentExecutions", None)
    arn = made.function(**properties, Tags=tags)
    if most is not None:
        made.concurrency(function, most)
    properties.clear()
    return Resource(function, {"Arn": arn})


def _table(made: Made, name: str, properties: Any) -> Resource:
    table = properties["TableName"]
    arn = made.table(**properties)
    properties.clear()
    return Resource(table, {"Arn": arn})


def _rest_api(made: Made, name: str, properties: Any) -> Resource:
    body, kind = properties.pop("Body"), properties.pop("Parameters")["endpointConfigurationTypes"]
    assert properties.pop("EndpointConfiguration") == {"Types": [kind]}
    assert properties.pop("Name") == body["info"]["title"]
    del properties["Description"]
    return Resource(made.rest_api(body, kind))


def _deployment(made: Made, name: str, properties: Any) -> Resource:
    del properties["Description"]
    return Resource(made.deployment(properties.pop("RestApiId")))


def _stage(made: Made, name: str, properties: Any) -> Resource:
    api, deployment = properties.pop("RestApiId"), properties.pop("DeploymentId")
    stage, of_methods = properties.pop("StageName"), properties.pop("MethodSettings", [])
    made.stage(api, stage, deployment, **camel(properties))
    properties.clear()
    for each in of_methods:
        where = f"{each.pop('ResourcePath')}/{each.pop('HttpMethod')}"
        made.method_settings(api, stage, where, camel(each))
    return Resource(stage)


def _permission(made: Made, name: str, properties: Any) -> Resource:
    made.permission(name, **properties)
    properties.clear()
    return Resource(name)


def _usage_plan(made: Made, name: str, properties: Any) -> Resource:
    plan = made.usage_plan(
        name=properties.pop("UsagePlanName"),
        description=properties.pop("Description"),
        apiStages=[camel(each) for each in properties.pop("ApiStages")],
        throttle=camel(properties.pop("Throttle")),
        quota=camel(properties.pop("Quota")),
    )
    return Resource(plan)


def _api_key(made: Made, name: str, properties: Any) -> Resource:
    key = made.api_key(**camel(properties))
    properties.clear()
    return Resource(key)


def _usage_plan_key(made: Made, name: str, properties: Any) -> Resource:
    made.usage_plan_key(**camel(properties))
    properties.clear()
    return Resource(name)


def _schedule_group(made: Made, name: str, properties: Any) -> Resource:
    group = properties.pop("Name")
    return Resource(group, {"Arn": made.schedule_group(group)})


def _schedule(made: Made, name: str, properties: Any) -> Resource:
    made.schedule(**properties)
    properties.clear()
    return Resource(name)


def _ip_set(made: Made, name: str, properties: Any) -> Resource:
    arn = made.ip_set(**properties)
    properties.clear()
    return Resource(arn, {"Arn": arn})


def _as_waf_spells(rule: Any) -> Any:
    if not isinstance(rule, dict):
        return rule
    return {"ARN" if name == "Arn" else name: _as_waf_spells(value) for name, value in rule.items()}


def _web_acl(made: Made, name: str, properties: Any) -> Resource:
    properties["Rules"] = [_as_waf_spells(each) for each in properties["Rules"]]
    arn = made.web_acl(**properties)
    properties.clear()
    return Resource(arn, {"Arn": arn})


def _association(made: Made, name: str, properties: Any) -> Resource:
    made.association(properties.pop("WebACLArn"), properties.pop("ResourceArn"))
    return Resource(name)


MAKERS: Mapping[str, Callable[[Made, str, Any], Resource]] = {
    "AWS::IAM::Role": _role,
    "AWS::Logs::LogGroup": _log_group,
    "AWS::Lambda::Function": _function,
    "AWS::DynamoDB::Table": _table,
    "AWS::ApiGateway::RestApi": _rest_api,
    "AWS::ApiGateway::Deployment": _deployment,
    "AWS::ApiGateway::Stage": _stage,
    "AWS::ApiGateway::UsagePlan": _usage_plan,
    "AWS::ApiGateway::ApiKey": _api_key,
    "AWS::ApiGateway::UsagePlanKey": _usage_plan_key,
    "AWS::Scheduler::ScheduleGroup": _schedule_group,
    "AWS::Scheduler::Schedule": _schedule,
    "AWS::WAFv2::IPSet": _ip_set,
    "AWS::WAFv2::WebACL": _web_acl,
    "AWS::WAFv2::WebACLAssociation": _association,
    "AWS::Lambda::Permission": _permission,
}
