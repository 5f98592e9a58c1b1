"""The last look, for anything in the account that still carries this deployment's tag."""

from collections.abc import Iterator

from lambda_over_https.aws import arns
from lambda_over_https.aws.looks.existence import exists
from lambda_over_https.deployment.stack import Stack
from lambda_over_https.names import TAG_DEPLOYMENT


def strays(stack: Stack) -> Iterator[str]:
    """ARNs that carry our tag and that no step has looked at by itself.

    The tagging API goes on listing what was deleted for up to an hour (aws/aws-cli#4173). The function,
    table, log group and REST APIs of this deployment were each confirmed by their own service: their ghosts
    are passed over. Of all others their service is asked, where the program makes such things.
    """
    pages = stack.cloud.tagging.get_paginator("get_resources").paginate(
        TagFilters=[{"Key": TAG_DEPLOYMENT, "Values": [stack.journal.deployment.id]}]
    )
    looked_at = {
        stack.function_arn,
        stack.table_arn,
        stack.log_group_arn,
        arns.log_streams(stack.log_group_arn),
    }
    for page in pages:
        for item in page["ResourceTagMappingList"]:
            arn = item["ResourceARN"]
            if arn not in looked_at and _is_there(stack, arn):
                yield arn


def _is_there(stack: Stack, arn: str) -> bool:
    """Whether it exists; of REST APIs and what is in them only an API of another name was not looked at."""
    if ":/restapis/" not in arn:
        return exists(stack.cloud, arn)
    _, _, path = arn.partition(":/restapis/")
    apigateway = stack.cloud.apigateway
    try:
        return "/" not in path and apigateway.get_rest_api(restApiId=path)["name"] != stack.names.api
    except apigateway.exceptions.NotFoundException:
        return False
