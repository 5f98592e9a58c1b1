"""Whether what an ARN names is still there, asked of its own service: the tagging API may be an hour late."""

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from lambda_over_https.aws.cloud import Cloud

GONE = frozenset({"NotFoundException", "ResourceNotFoundException", "WAFNonexistentItemException"})
"""What a service answers about a resource that is gone."""

REFUSED = "AccessDeniedException"

_READ_BY_TAG = re.compile(r":/(usageplans|apikeys)/")
"""The operator's policy lets us read those that carry our tag: one that is refused to us is gone."""

Ask = Callable[["Cloud", str], object]
"""Asks the service about the resource with the rest of the ARN; a false answer means that it is gone."""


def exists(cloud: "Cloud", arn: str) -> bool:
    """Whether the resource exists.

    Of a kind that we do not make, and of what we may not look at, the tagging API's word counts.
    """
    for pattern, ask in _ASK.items():
        if found := pattern.search(arn):
            try:
                return bool(ask(cloud, found.group(1)))
            except ClientError as error:
                return _remains(arn, error)
    return True


def _remains(arn: str, error: ClientError) -> bool:
    code = error.response["Error"]["Code"]
    if code == REFUSED:
        return not _READ_BY_TAG.search(arn)
    if code in GONE:
        return False
    raise error


def _log_group(cloud: "Cloud", name: str) -> Any:
    return cloud.logs.describe_log_groups(logGroupNamePrefix=name)["logGroups"]


def _firewall(cloud: "Cloud", path: str) -> object:
    kind, name, identity = path.split("/")
    ask = cloud.wafv2.get_web_acl if kind == "webacl" else cloud.wafv2.get_ip_set
    return ask(Name=name, Scope="REGIONAL", Id=identity)


_ASK: Mapping[re.Pattern[str], Ask] = {
    re.compile(r":lambda:[^:]*:\d+:function:([^:]+)"): lambda cloud, name: cloud.lambda_.get_function(
        FunctionName=name
    ),
    re.compile(r":table/([^/]+)$"): lambda cloud, name: cloud.dynamodb.describe_table(TableName=name),
    re.compile(r":log-group:([^:*]+)"): _log_group,
    re.compile(r":/usageplans/([^/]+)$"): lambda cloud, plan: cloud.apigateway.get_usage_plan(
        usagePlanId=plan
    ),
    re.compile(r":/apikeys/([^/]+)$"): lambda cloud, key: cloud.apigateway.get_api_key(apiKey=key),
    re.compile(r":schedule-group/([^/]+)$"): lambda cloud, name: cloud.scheduler.get_schedule_group(
        Name=name
    ),
    re.compile(r":regional/((?:webacl|ipset)/.+)$"): _firewall,
}
