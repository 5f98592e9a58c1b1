"""The first items of a DynamoDB table, as plain values."""

from typing import Any

from boto3.dynamodb.types import TypeDeserializer  # noqa: TID251  # a codec makes no session

from lambda_over_https.aws.errors.explanations import explained


def first_items(client: Any, table: str, most: int) -> tuple[int, list[dict[str, Any]]]:
    """How many items a small table has, and the first ``most`` of them. LohError if it cannot be read."""
    with explained():
        first = client.scan(TableName=table, Limit=most)["Items"]
        count = client.scan(TableName=table, Select="COUNT")["Count"]
    deserializer = TypeDeserializer()
    return count, [deserializer.deserialize({"M": item}) for item in first]
