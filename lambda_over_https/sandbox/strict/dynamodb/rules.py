"""DynamoDB: which checks and answers each operation has, and moto's refusals in AWS's words."""

from lambda_over_https.sandbox.control.aws_calls import AwsCall
from lambda_over_https.sandbox.control.layer import AwsResponse
from lambda_over_https.sandbox.control.moto_state import dynamodb_backend
from lambda_over_https.sandbox.strict import constraints, tag_limits
from lambda_over_https.sandbox.strict.dynamodb.expressions import check
from lambda_over_https.sandbox.strict.dynamodb.items import (
    batches,
    index_keys,
    keys,
    return_values,
    transactions,
    values,
)
from lambda_over_https.sandbox.strict.dynamodb.items.calls import ON_ITEMS
from lambda_over_https.sandbox.strict.dynamodb.reads import queries
from lambda_over_https.sandbox.strict.dynamodb.tables import (
    descriptions,
    named,
    schemas,
    stream_settings,
    updates,
)
from lambda_over_https.sandbox.strict.rules import Rules


def _unasked(call: AwsCall, response: AwsResponse) -> None:
    """Leave out what the call did not ask for."""
    unasked = [
        name
        for name in ("ConsumedCapacity", "ItemCollectionMetrics")
        if call.parameters.get(f"Return{name}", "NONE") == "NONE" and f'"{name}"'.encode() in response.body
    ]
    if unasked:
        document = response.document
        for name in unasked:
            document.pop(name, None)
        response.document = document


def _transacted(call: AwsCall, response: AwsResponse) -> None:
    _unasked(call, response)
    transactions.remember(call, response)


_ONE_ITEM = (check.check, keys.check_key)
_WRITE = (values.check, return_values.check)


def _room_for_tags(call: AwsCall) -> None:
    table = dynamodb_backend(call.region).tables[call.parameters["ResourceArn"].rpartition("/")[2]]
    tag_limits.check(call, [tag["Key"] for tag in table.tags])


RULES = Rules(
    every=[named.check_given, constraints.check],
    checks={
        "CreateTable": [named.check_new, schemas.check_table, stream_settings.check_new, tag_limits.check],
        "DeleteTable": [named.check_known],
        "PutItem": [check.check, keys.check_filled, *_WRITE, index_keys.check_puts],
        "GetItem": [*_ONE_ITEM],
        "UpdateItem": [*_ONE_ITEM, *_WRITE],
        "DeleteItem": [*_ONE_ITEM, *_WRITE],
        "Query": [check.check, queries.check_query, values.check],
        "Scan": [check.check, queries.check_scan, values.check],
        "BatchWriteItem": [batches.check_requests, batches.check_writes, index_keys.check_puts],
        "BatchGetItem": [batches.check_requests, batches.check_reads, check.check, keys.check_batch],
        "TransactGetItems": [transactions.check_number, keys.check_filled, check.check],
        "TransactWriteItems": [
            transactions.check_number,
            transactions.check_writes,
            keys.check_filled,
            check.check,
            values.check,
            index_keys.check_puts,
        ],
        "UpdateTable": [named.check_known, stream_settings.check_change, updates.check_change],
        "TagResource": [named.check_tagged, _room_for_tags],
        "UntagResource": [named.check_tagged],
        "ListTagsOfResource": [named.check_tagged],
        "DescribeTimeToLive": [named.check_known],
        "UpdateTimeToLive": [named.check_known, named.check_time_to_live],
    },
    answers={
        "DescribeContributorInsights": descriptions.describe_insights,
        "TransactWriteItems": transactions.answered_before,
    },
    amendments={
        "CreateTable": descriptions.changed("CREATING"),
        "DeleteTable": descriptions.changed("DELETING"),
        "DescribeTable": descriptions.described,
        "DescribeTimeToLive": descriptions.described_time_to_live,
        "UpdateTable": descriptions.updated,
        **dict.fromkeys(ON_ITEMS, _unasked),
        "TransactWriteItems": _transacted,
    },
    wordings=[
        (
            "ProvisionedThroughput cannot be specified when BillingMode is PAY_PER_REQUEST",
            "ValidationException",
            (
                "One or more parameter values were invalid: Neither ReadCapacityUnits nor WriteCapacityUnits "
                "can be specified when BillingMode is PAY_PER_REQUEST"
            ),
            400,
        ),
        (
            "1 validation error detected: (One or more parameter values.+)",
            "ValidationException",
            r"\1",
            400,
        ),
        (
            r".*can't be deleted while DeletionProtectionEnabled is set to True",
            "ValidationException",
            (
                "Resource cannot be deleted as it is currently protected against deletion. Disable deletion "
                "protection first."
            ),
            400,
        ),
    ],
)
