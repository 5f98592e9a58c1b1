"""The last look, for anything in the account that still carries this deployment's tag."""

from collections.abc import Iterator

from lambda_over_https.aws.existence import exists
from lambda_over_https.deployment.stack import Stack
from lambda_over_https.names import TAG_DEPLOYMENT


def strays(stack: Stack) -> Iterator[str]:
    """ARNs that carry our tag and that no step has looked at by itself.

    The tagging API goes on listing what was deleted for up to an hour (aws/aws-cli#4173). The function,
    table, log group and REST APIs of this deployment were each confirmed by their own service: their ghosts
    are passed over. Of all others the own service is asked, where the program makes such things.
    """
    pages = stack.cloud.tagging.get_paginator("get_resources").paginate(
        TagFilters=[{"Key": TAG_DEPLOYMENT, "Values": [stack.journal.deployment.id]}]
    )
    looked_at = {stack.function_arn, stack.table_arn, stack.log_group_arn, f"{stack.log_group_arn}:*"}
    for page in pages:
        for item in page["ResourceTagMappingList"]:
            arn = item["ResourceARN"]
            if arn not in looked_at and ":/restapis/" not in arn and exists(stack.cloud, arn):
                yield arn
