"""What each kind of resource is in a SAM template."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lambda_over_https.aws import arns
from lambda_over_https.aws.place import Place
from lambda_over_https.infrastructure import notes
from lambda_over_https.infrastructure.description import Noted
from lambda_over_https.infrastructure.renaming import Renames
from lambda_over_https.kinds import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """How to write one kind of resource.

    ``type``
        CloudFormation's or SAM's type; empty for what is written inside another resource.
    ``noun``
        What its logical id ends with.
    ``attributes``
        How a ``!Sub`` says each attribute that others refer to; ``ID`` stands for the logical id.
    ``members``
        What becomes of the members of the call that makes it; the others only get a capital letter.
    ``also``
        Properties that it has besides, unless a call says otherwise.
    ``beside``
        What stands beside its properties.
    ``after``
        Kinds of resources that must be there before, without being referred to.
    ``unknown``
        Members that CloudFormation cannot set.
    ``inside``, ``list``
        The kind of the resource in whose properties it is written, and the list there, if it is one of many.
    """

    type: str = ""
    noun: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)
    members: Renames = field(default_factory=dict)
    also: Mapping[str, Any] = field(default_factory=dict)
    beside: Mapping[str, Any] = field(default_factory=dict)
    after: tuple[Kind, ...] = ()
    unknown: tuple[str, ...] = ()
    inside: Kind | None = None
    list: str = ""


def capital(name: str) -> str:
    """A member's name as CloudFormation writes names."""
    return name[:1].upper() + name[1:]


def capitals(members: Mapping[str, Any]) -> dict[str, Any]:
    """The same for members of a member."""
    return {capital(name): value for name, value in members.items()}


def _rule(members: Any) -> Any:
    """A rule of a web ACL as CloudFormation spells it: Arn, where WAF's own API has ARN."""
    if not isinstance(members, Mapping):
        return members
    return {"Arn" if name == "ARN" else name: _rule(value) for name, value in members.items()}


_GOES_WITH_THE_STACK = {"DeletionPolicy": "Delete", "UpdateReplacePolicy": "Delete"}

_HERE = Place("", "${AWS::AccountId}", "${AWS::Region}", "${AWS::Partition}", "")
"""Where the stack is: CloudFormation's pseudo parameters."""

SHAPES: Mapping[str, Shape] = {
    Kind.ROLE: Shape(
        type="AWS::IAM::Role",
        noun="Role",
        attributes={"name": "${ID}", "arn": "${ID.Arn}"},
        # CloudFormation gives it a name; one of our own would ask for CAPABILITY_NAMED_IAM.
        members={
            "RoleName": None,
            "Description": "Description",
            "PermissionsBoundary": "PermissionsBoundary",
        },
    ),
    Kind.ROLE_POLICY: Shape(inside=Kind.ROLE, list="Policies", members={"RoleName": None}),
    Kind.LOG_GROUP: Shape(
        type="AWS::Logs::LogGroup",
        noun="LogGroup",
        attributes={
            "name": "${ID}",
            "arn": arns.log_group(_HERE, "${ID}"),
            "streams": "${ID.Arn}",  # CloudFormation's own ends with :*
        },
        beside=_GOES_WITH_THE_STACK,
    ),
    Kind.FUNCTION: Shape(
        type="AWS::Serverless::Function",
        noun="Function",
        attributes={
            "name": "${ID}",
            "arn": "${ID.Arn}",
            "invoke_arn": arns.invocations(_HERE, "${ID.Arn}"),
        },
        members={
            "FunctionName": "FunctionName",
            "Description": "Description",
            "Code": lambda _: {"CodeUri": Noted(f"{notes.SOURCE}/", notes.PACKAGE_STEP, notes.PACKAGE)},
            "Handler": "Handler",
        },
        after=(Kind.LOG_GROUP,),
    ),
    Kind.TABLE: Shape(
        type="AWS::DynamoDB::Table",
        noun="Table",
        attributes={"name": "${ID}", "arn": "${ID.Arn}"},
        beside=_GOES_WITH_THE_STACK,
        members={"TableName": "TableName", "BillingMode": "BillingMode"},
    ),
    Kind.REST_API: Shape(
        type="AWS::Serverless::Api",
        noun="Api",
        attributes={
            "name": "${ID}",
            "id": "${ID}",
            "execution_arn": arns.execute_api(_HERE, "${ID}"),
        },
        members={
            "name": "Name",
            "description": "Description",
            "endpointConfiguration": lambda value: {"EndpointConfiguration": {"Type": value["types"][0]}},
            "body": lambda value: {
                "OpenApiVersion": Noted(value["openapi"], notes.API_STEP, notes.ONE_STAGE),
                "DefinitionBody": value,
            },
        },
    ),
    Kind.STAGE: Shape(
        inside=Kind.REST_API,
        attributes={
            "name": "${ID.Stage}",
            "arn": arns.stage(_HERE, "${ID}", "${ID.Stage}"),
            "execution_arn": arns.execute_stage(_HERE, "${ID}", "${StageName}"),
            "invoke_url": "https://${ID}.execute-api.${AWS::Region}.${AWS::URLSuffix}/${StageName}",
        },
        members={"restApiId": None},
        also={
            "CacheClusterEnabled": False,
            "AlwaysDeploy": Noted(True, notes.DEPLOYMENT_STEP, notes.ALWAYS_DEPLOYED),
        },
    ),
    Kind.METHOD_SETTINGS: Shape(
        inside=Kind.REST_API,
        list="MethodSettings",
        members={
            "restApiId": None,
            "stageName": None,
            "path": lambda value: {"ResourcePath": f"/{value.replace('/', '~1')}"},
            "verb": "HttpMethod",
        },
        unknown=("requireAuthorizationForCacheControl", "unauthorizedCacheControlHeaderStrategy"),
    ),
    Kind.USAGE_PLAN: Shape(
        type="AWS::ApiGateway::UsagePlan",
        noun="UsagePlan",
        attributes={"id": "${ID}"},
        members={
            "name": "UsagePlanName",
            "description": "Description",
            "apiStages": lambda stages: {"ApiStages": [capitals(each) for each in stages]},
            "throttle": lambda limits: {"Throttle": capitals(limits)},
            "quota": lambda limits: {"Quota": capitals(limits)},
        },
    ),
    Kind.API_KEY: Shape(type="AWS::ApiGateway::ApiKey", noun="ApiKey", attributes={"id": "${ID}"}),
    Kind.USAGE_PLAN_KEY: Shape(type="AWS::ApiGateway::UsagePlanKey", noun="UsagePlanKey"),
    Kind.SCHEDULE_GROUP: Shape(
        type="AWS::Scheduler::ScheduleGroup",
        noun="ScheduleGroup",
        attributes={"name": "${ID}", "arn": "${ID.Arn}"},
    ),
    Kind.SCHEDULE: Shape(type="AWS::Scheduler::Schedule", noun="Schedule", members={"Name": "Name"}),
    Kind.IP_SET: Shape(
        type="AWS::WAFv2::IPSet",
        noun="Addresses",
        attributes={"arn": "${ID.Arn}"},
        members={"Name": "Name", "IPAddressVersion": "IPAddressVersion"},
    ),
    Kind.WEB_ACL: Shape(
        type="AWS::WAFv2::WebACL",
        noun="Firewall",
        attributes={"arn": "${ID.Arn}"},
        members={"Name": "Name", "Rules": lambda rules: {"Rules": [_rule(each) for each in rules]}},
    ),
    Kind.WEB_ACL_ASSOCIATION: Shape(type="AWS::WAFv2::WebACLAssociation", noun="Association"),
    Kind.PERMISSION: Shape(type="AWS::Lambda::Permission", noun="Permission", members={"StatementId": None}),
}
