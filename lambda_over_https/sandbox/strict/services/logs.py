"""CloudWatch Logs: retention values, names that are reserved or taken, and tags of missing groups."""

import re

from lambda_over_https.sandbox.control.aws_calls import AwsCall
from lambda_over_https.sandbox.control.layer import AwsResponse
from lambda_over_https.sandbox.control.moto_state import logs_backend
from lambda_over_https.sandbox.model.account import ACCOUNT
from lambda_over_https.sandbox.model.errors import AwsError
from lambda_over_https.sandbox.model.wording import one_of, unsatisfied
from lambda_over_https.sandbox.strict import constraints, tag_limits
from lambda_over_https.sandbox.strict.functions.sources import check_subscription
from lambda_over_https.sandbox.strict.logs import batches, events, groups, searches
from lambda_over_https.sandbox.strict.rules import Rules

RETENTION_DAYS = (
    *(1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731),
    *(1096, 1827, 2192, 2557, 2922, 3288, 3653),
)
"""The values that PutRetentionPolicy accepts (its API reference)."""


def _retention(call: AwsCall) -> None:
    days = call.parameters.get("retentionInDays")
    if days not in RETENTION_DAYS:
        message = unsatisfied(days, "retentionInDays", one_of(RETENTION_DAYS))
        raise AwsError("InvalidParameterException", message)


def _one_choice(call: AwsCall) -> None:
    if {"logGroupNamePrefix", "logGroupNamePattern"} <= call.parameters.keys():
        message = "LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters."
        raise AwsError("InvalidParameterException", message)


def _one_group(call: AwsCall) -> None:
    if {"logGroupName", "logGroupIdentifier"} <= call.parameters.keys():
        message = "LogGroup name and LogGroup ARN are mutually exclusive parameters."
        raise AwsError("ValidationException", message)


def _known_stream(call: AwsCall) -> None:
    """Of a group that exists, it is the stream that is missing."""
    named = call.parameters.get("logGroupName") or call.parameters.get("logGroupIdentifier", "")
    group = logs_backend(call.region).groups.get(re.sub(r"^arn:.+:log-group:|:\*$", "", named))
    if group is not None and call.parameters["logStreamName"] not in group.streams:
        raise AwsError("ResourceNotFoundException", "The specified log stream does not exist.")


def _new_stream(call: AwsCall) -> None:
    group = logs_backend(call.region).groups.get(call.parameters["logGroupName"])
    if group is not None and call.parameters["logStreamName"] in group.streams:
        raise AwsError("ResourceAlreadyExistsException", "The specified log stream already exists")


def _with_classes(_: AwsCall, response: AwsResponse) -> None:
    document = response.document
    for group in document["logGroups"]:
        group["logGroupClass"] = "STANDARD"  # the door lets no other in
    response.document = document


def _reserved_name(call: AwsCall) -> None:
    if call.parameters.get("logGroupName", "").startswith("aws/"):
        raise AwsError("InvalidParameterException", "Log groups starting with AWS/ are reserved for AWS.")


def _group_of_arn(call: AwsCall) -> None:
    arn = call.parameters["resourceArn"].removesuffix(":*")
    name = arn.removeprefix(f"arn:aws:logs:{call.region}:{ACCOUNT}:log-group:")
    if name == arn or name not in logs_backend(call.region).groups:
        raise AwsError("ResourceNotFoundException", "The specified resource does not exist.")


def _forget_tags(call: AwsCall, _: AwsResponse) -> None:
    """A group that is made again under the name begins without tags; moto keeps the old ones."""
    name, tagger = call.parameters.get("logGroupName", ""), logs_backend(call.region).tagger
    for arn in [arn for arn in tagger.tags if re.sub(r":\*$", "", arn).endswith(f":log-group:{name}")]:
        tagger.delete_all_tags_for_resource(arn)


RULES = Rules(
    every=[constraints.check],
    checks={
        "CreateLogGroup": [_reserved_name, tag_limits.check],
        "CreateLogStream": [_new_stream],
        "PutRetentionPolicy": [_retention],
        "DescribeLogGroups": [_one_choice],
        "DescribeLogStreams": [_one_group],
        "GetLogEvents": [_one_group, _known_stream],
        "FilterLogEvents": [_one_group, searches.check_pattern],
        "PutSubscriptionFilter": [searches.check_pattern, check_subscription],
        "StartQuery": [searches.check_query],
        "GetQueryResults": [searches.check_results],
        "ListTagsForResource": [_group_of_arn],
        "TagResource": [_group_of_arn, tag_limits.beside(logs_backend, "resourceArn")],
        "UntagResource": [_group_of_arn],
    },
    answers={
        "StartQuery": searches.start_query,
        "FilterLogEvents": events.filter_events,
        "PutLogEvents": batches.put_log_events,
        "ListLogGroups": groups.list_groups,
    },
    amendments={
        "DescribeLogGroups": _with_classes,
        "GetQueryResults": searches.complete_results,
        "DeleteLogGroup": _forget_tags,
        "ListLogGroups": groups.PAGES,
    },
)
