"""The ARNs of AWS's resources, each form once, in every partition of AWS; and whether a text is one.

An ARN is known before its resource exists, where the name is ours: ``where`` says the partition, the Region
and the account. In the place of a name or an id it takes IAM's wildcards as well, and whatever stands for a
name in a template.

Source, where a function names no other: the Service Authorization Reference, "Resource types defined by" each
service.
"""

import re
from typing import Protocol

LAMBDA_API = "2015-03-31"
"""The version of Lambda's API in the ARN of a function's Invoke; it never changes."""


class Where(Protocol):
    """Where resources are; a ``Place`` is one."""

    @property
    def partition(self) -> str:
        """As ``aws``, ``aws-cn`` or ``aws-us-gov``."""

    @property
    def region(self) -> str:
        """The Region."""

    @property
    def account(self) -> str:
        """The account's number."""


def role(where: Where, name: str) -> str:
    """An IAM role with the path /."""
    return _global(where, f"role/{name}")


def managed_policy(where: Where, name: str) -> str:
    """A managed policy of the account, with the path /."""
    return _global(where, f"policy/{name}")


def user(where: Where, name: str) -> str:
    """An IAM user with the path /."""
    return _global(where, f"user/{name}")


def function(where: Where, name: str) -> str:
    """A Lambda function, without a version."""
    return _regional(where, "lambda", f"function:{name}")


def invocations(where: Where, function_arn: str) -> str:
    """The URI of an integration that invokes a function (API Gateway API reference, PutIntegration)."""
    action = f"lambda:path/{LAMBDA_API}/functions/{function_arn}/invocations"
    return f"arn:{where.partition}:apigateway:{where.region}:{action}"


def table(where: Where, name: str) -> str:
    """A DynamoDB table."""
    return _regional(where, "dynamodb", f"table/{name}")


def log_group(where: Where, name: str) -> str:
    """A log group, as ListTagsForResource takes it (CloudWatch Logs API reference, ``LogGroup``)."""
    return _regional(where, "logs", f"log-group:{name}")


def log_streams(log_group_arn: str) -> str:
    """All log streams of a log group, as policies name them; CloudFormation gives this as the group's ARN."""
    return f"{log_group_arn}:*"


def api_gateway(where: Where, path: str) -> str:
    """What API Gateway's own API has at ``path``, such as /restapis: it has no account.

    (API Gateway developer guide, "Amazon Resource Name (ARN) format in API Gateway".)
    """
    return f"arn:{where.partition}:apigateway:{where.region}::{path}"


def rest_api(where: Where, api_id: str) -> str:
    """A REST API, as it is managed."""
    return api_gateway(where, f"/restapis/{api_id}")


def stage(where: Where, api_id: str, name: str) -> str:
    """A stage of a REST API, as it is managed."""
    return f"{rest_api(where, api_id)}/stages/{name}"


def usage_plan(where: Where, plan_id: str) -> str:
    """A usage plan."""
    return api_gateway(where, f"/usageplans/{plan_id}")


def api_key(where: Where, key_id: str) -> str:
    """An API key: by its id, which is no secret."""
    return api_gateway(where, f"/apikeys/{key_id}")


def execute_api(where: Where, api_id: str) -> str:
    """A REST API, as it is called."""
    return _regional(where, "execute-api", api_id)


def execute_stage(where: Where, api_id: str, stage_name: str) -> str:
    """A stage of a REST API, as it is called."""
    return f"{execute_api(where, api_id)}/{stage_name}"


def execute_method(where: Where, api_id: str, stage_name: str, verb: str, path: str) -> str:
    """A method of a stage, as it is called: ``path`` begins with a slash, and its case counts."""
    return f"{execute_stage(where, api_id, stage_name)}/{verb}{path}"


def schedule_group(where: Where, name: str) -> str:
    """A group of EventBridge Scheduler."""
    return _regional(where, "scheduler", f"schedule-group/{name}")


def schedule(where: Where, group: str, name: str) -> str:
    """A schedule in its group."""
    return _regional(where, "scheduler", f"schedule/{group}/{name}")


def ip_set(where: Where, name: str, identity: str) -> str:
    """An IP set of AWS WAF, for what is in a Region."""
    return _regional(where, "wafv2", f"regional/ipset/{name}/{identity}")


def web_acl(where: Where, name: str, identity: str) -> str:
    """A web ACL of AWS WAF, for what is in a Region."""
    return _regional(where, "wafv2", f"regional/webacl/{name}/{identity}")


def is_role(text: str) -> bool:
    """Whether it is the ARN of a role, by the pattern of ``Role`` (Lambda API reference, CreateFunction)."""
    return re.fullmatch(r"arn:(aws[a-zA-Z-]*)?:iam::\d{12}:role/?[a-zA-Z_0-9+=,.@\-_/]+", text) is not None


def is_managed_policy(text: str) -> bool:
    """Whether it is the ARN of a managed policy, of an account or of AWS (IAM user guide, "IAM ARNs")."""
    policy = r"arn:(aws[a-zA-Z-]*)?:iam::(\d{12}|aws):policy/[\w+=,.@/-]+"
    return re.fullmatch(policy, text, re.ASCII) is not None


def _regional(where: Where, service: str, resource: str) -> str:
    return f"arn:{where.partition}:{service}:{where.region}:{where.account}:{resource}"


def _global(where: Where, resource: str) -> str:
    """IAM has no Regions."""
    return f"arn:{where.partition}:iam::{where.account}:{resource}"
