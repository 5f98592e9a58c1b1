"""What the table should be, and why."""

from collections.abc import Sequence

from lambda_over_https.deployment.stack import Stack
from lambda_over_https.names import TABLE_KEY
from lambda_over_https.practice.by_hand.judged import Field
from lambda_over_https.tutorial.parts.part import Part


def table(_: Part, stack: Stack) -> Sequence[Field] | None:
    """The table: its key, and how it is paid for."""
    dynamodb = stack.cloud.dynamodb
    try:
        found = dynamodb.describe_table(TableName=stack.names.table)["Table"]
    except dynamodb.exceptions.ResourceNotFoundException:
        return None
    types = {each["AttributeName"]: each["AttributeType"] for each in found.get("AttributeDefinitions", ())}
    key = ", ".join(
        f"{each['AttributeName']} {each['KeyType']} {types.get(each['AttributeName'])}"
        for each in found["KeySchema"]
    )
    return [
        Field(
            "KeySchema",
            key,
            f"{TABLE_KEY} HASH S",
            "Every request names its item by this key, and upper and lower case differ. A table's key cannot"
            " be changed: press r to remove the table, and make it again.",
        ),
        Field(
            "BillingMode",
            found.get("BillingModeSummary", {}).get("BillingMode", "PROVISIONED"),
            "PAY_PER_REQUEST",
            "Provisioned capacity is paid by the hour, used or not. On demand you pay for each request:"
            " `aws dynamodb update-table --billing-mode PAY_PER_REQUEST` changes it.",
        ),
    ]
