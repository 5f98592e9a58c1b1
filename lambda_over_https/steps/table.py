"""Step 2.4: the DynamoDB table."""

from lambda_over_https.errors import LohError
from lambda_over_https.journal import Record
from lambda_over_https.names import TABLE_KEY
from lambda_over_https.stack import Stack
from lambda_over_https.steps.step import ABSENT, Kind, Product, Sighting, Standing, Step


class Table(Kind):
    """The table: on demand, partition key ``Id`` (a string)."""

    def name(self, stack: Stack) -> str:
        return stack.names.table

    def look(self, stack: Stack) -> Sighting:
        dynamodb = stack.cloud.dynamodb
        status = _status(stack)
        if status in ("", "DELETING"):
            return ABSENT
        try:
            listed = dynamodb.list_tags_of_resource(ResourceArn=stack.table_arn).get("Tags", [])
        except dynamodb.exceptions.ResourceNotFoundException:
            return ABSENT
        if not stack.owns({tag["Key"]: tag["Value"] for tag in listed}):
            return Sighting(
                Standing.FOREIGN, "a table of this name exists", stack.names.table, stack.table_arn
            )
        if status == "CREATING":
            return Sighting(Standing.PARTIAL, "it is still being created", stack.names.table, stack.table_arn)
        return Sighting(Standing.OURS, id=stack.names.table, arn=stack.table_arn)

    def make(self, stack: Stack, seen: Sighting) -> Product:
        status = "CREATING"
        if seen.standing is Standing.ABSENT:
            status = stack.cloud.dynamodb.create_table(
                TableName=stack.names.table,
                KeySchema=[{"AttributeName": TABLE_KEY, "KeyType": "HASH"}],
                AttributeDefinitions=[{"AttributeName": TABLE_KEY, "AttributeType": "S"}],
                BillingMode="PAY_PER_REQUEST",
                Tags=[{"Key": key, "Value": value} for key, value in stack.tags.items()],
            )["TableDescription"]["TableStatus"]
        if status != "ACTIVE":
            _wait_for(stack, "ACTIVE", "DynamoDB is creating the table")
        return Product(stack.names.table, stack.table_arn)

    def remove(self, stack: Stack, record: Record) -> bool:
        dynamodb = stack.cloud.dynamodb
        try:
            dynamodb.delete_table(TableName=stack.names.table)
        except dynamodb.exceptions.ResourceNotFoundException:
            return False
        _wait_for(stack, "", "DynamoDB is deleting the table")
        return True


def _status(stack: Stack) -> str:
    """The table's status; empty if there is no table."""
    dynamodb = stack.cloud.dynamodb
    try:
        return dynamodb.describe_table(TableName=stack.names.table)["Table"]["TableStatus"]
    except dynamodb.exceptions.ResourceNotFoundException:
        return ""


def _wait_for(stack: Stack, status: str, reason: str) -> None:
    # DescribeTable may answer "not found" for a moment after CreateTable, and that is no reason to stop.
    if not stack.pauses.until(lambda: _status(stack) == status, reason, stack.cloud.patience):
        raise LohError(
            f"{reason}, and it is not done yet.", "Give the same command again; it goes on waiting."
        )


TABLE = Table(kind="dynamodb:table", owner="dynamodb:table", creates=("dynamodb:CreateTable",))

STEP = Step(
    number="2.4",
    name="table",
    title="Create the table",
    why=(
        "The function keeps its items in DynamoDB, the NoSQL store beside it. A table needs only its "
        "key's name and type; on demand means that it is paid by the request and needs no capacity "
        "planning."
    ),
    costs="Per request (0.625 USD a million writes, 0.125 a million reads); 25 GB of storage are free.",
    needs=("1",),
    parts=lambda _: (TABLE,),
)
