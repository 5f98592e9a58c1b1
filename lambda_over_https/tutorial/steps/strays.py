"""The last look, for anything in the account that still carries this deployment's tag."""

from collections.abc import Iterator

from lambda_over_https.deployment.stack import Stack
from lambda_over_https.names import TAG_DEPLOYMENT


def strays(stack: Stack) -> Iterator[str]:
    """ARNs that carry our tag and that no step has looked at by itself.

    The tagging API goes on listing what was deleted for up to an hour (aws/aws-cli#4173). The function,
    table, log group and REST APIs of this deployment were each confirmed by their own service: their ghosts
    are passed over.
    """
    pages = stack.cloud.tagging.get_paginator("get_resources").paginate(
        TagFilters=[{"Key": TAG_DEPLOYMENT, "Values": [stack.journal.deployment.id]}]
    )
    looked_at = {stack.function_arn, stack.table_arn, stack.log_group_arn, f"{stack.log_group_arn}:*"}
    for page in pages:
        for item in page["ResourceTagMappingList"]:
            arn = item["ResourceARN"]
            if arn not in looked_at and ":/restapis/" not in arn and _exists(stack, arn):
                yield arn


def _exists(stack: Stack, arn: str) -> bool:
    """Ask the resource's own service, where it is one of ours; for others the tagging API's answer counts."""
    service, name = arn.split(":")[2], arn.rpartition("/" if ":table/" in arn else ":")[2]
    lambda_, dynamodb, logs = stack.cloud.lambda_, stack.cloud.dynamodb, stack.cloud.logs
    try:
        if service == "lambda":
            lambda_.get_function(FunctionName=arn)
        elif service == "dynamodb":
            dynamodb.describe_table(TableName=name)
        elif service == "logs":
            found = logs.describe_log_groups(logGroupNamePrefix=arn.partition(":log-group:")[2].rstrip(":*"))
            return bool(found["logGroups"])
    except (lambda_.exceptions.ResourceNotFoundException, dynamodb.exceptions.ResourceNotFoundException):
        return False
    return True
