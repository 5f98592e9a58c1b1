"""Step 2.4: the DynamoDB table."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from lambda_over_https.deployment.journal.state import Record
from lambda_over_https.deployment.stack import Stack
from lambda_over_https.errors import LohError
from lambda_over_https.kinds import Kind
from lambda_over_https.names import TABLE_KEY
from lambda_over_https.tutorial.lessons import lesson
from lambda_over_https.tutorial.parts import additions
from lambda_over_https.tutorial.parts.part import (
    ABSENT,
    IDENTITY,
    PROTECTED,
    Listing,
    Orphan,
    Part,
    Product,
    Sighting,
    Standing,
    Turn,
)
from lambda_over_https.tutorial.parts.step import Step
from lambda_over_https.words import counted

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import TableDescriptionTypeDef

# States that pass, and what they mean for who looks.
DELETING = "DELETING"
_BUSY = {"CREATING": "it is still being created", DELETING: "it is still being deleted"}

_COUNTED = 1000
"""Items that are counted before a teardown; to count more would only cost."""


class Table(Part):
    """The table: on demand, partition key ``Id`` (a string)."""

    def name(self, stack: Stack) -> str:
        return stack.names.table

    def look(self, stack: Stack) -> Sighting:
        dynamodb, table = stack.cloud.dynamodb, _described(stack)
        if table is None:
            return ABSENT
        name, arn, status = stack.names.table, table["TableArn"], table["TableStatus"]
        try:
            listed = dynamodb.list_tags_of_resource(ResourceArn=arn).get("Tags", [])
        except dynamodb.exceptions.ResourceNotFoundException:
            # A table on its way out may have lost its tags already. One that we had is waited for.
            going = status == DELETING and stack.had(Kind.TABLE)
            return _busy(name, arn, status, {}) if going else ABSENT
        tags = {tag["Key"]: tag["Value"] for tag in listed}
        identity = {IDENTITY: table["CreationDateTime"].isoformat()}
        if not stack.owns(tags):
            return Sighting(Standing.FOREIGN, "a table of this name exists", name, arn, identity, tags)
        if status in _BUSY:
            return _busy(name, arn, status, tags)
        return Sighting(Standing.OURS, "", name, arn, identity, tags)

    def make(self, stack: Stack, seen: Sighting) -> Product:
        if seen.detail.get("status") == DELETING:
            _wait_for(stack, "", "DynamoDB is deleting the old table")
        if seen.standing is Standing.ABSENT or _described(stack) is None:
            return _create(stack)
        return Product(stack.names.table, stack.table_arn)

    def adopt(self, stack: Stack, seen: Sighting) -> Product:
        stack.cloud.dynamodb.tag_resource(ResourceArn=seen.arn, Tags=stack.tag_list)
        return Product(seen.id, seen.arn, seen.detail)

    def remove(self, stack: Stack, record: Record, *, force: bool) -> bool:
        dynamodb = stack.cloud.dynamodb
        if force:
            _unprotect(stack)
        try:
            dynamodb.delete_table(TableName=stack.names.table)
        except dynamodb.exceptions.ResourceNotFoundException:
            return False
        except dynamodb.exceptions.ClientError as error:
            if not re.search("protected against deletion|DeletionProtection", str(error)):
                raise
            raise LohError("Somebody has set deletion protection on it.", PROTECTED) from error
        _wait_for(stack, "", "DynamoDB is deleting the table")
        return True

    def additions(self) -> Sequence[Listing]:
        return _hung_on, _items

    def orphans(self, stack: Stack) -> Iterator[Orphan]:
        return additions.backups(stack)


def _hung_on(stack: Stack) -> Iterator[str]:
    """What somebody added to the table: DynamoDB deletes it with the table."""
    table: Any = _described(stack) or {}
    for index in (*table.get("GlobalSecondaryIndexes", ()), *table.get("LocalSecondaryIndexes", ())):
        yield f"the index {index['IndexName']} of the table"
    if table.get("StreamSpecification", {}).get("StreamEnabled"):
        yield "the stream of the table"
    for replica in table.get("Replicas", ()):
        yield f"the replica of the table in {replica['RegionName']}"


def _items(stack: Stack) -> Iterator[str]:
    """How many items it holds."""
    scan = stack.cloud.dynamodb.scan(TableName=stack.names.table, Select="COUNT", Limit=_COUNTED)
    if scan["Count"]:
        more = "more than " if "LastEvaluatedKey" in scan else ""
        yield f"{more}{counted(scan['Count'], 'item')} in the table {stack.names.table}"


def _busy(name: str, arn: str, status: str, tags: Mapping[str, str]) -> Sighting:
    return Sighting(Standing.PARTIAL, _BUSY[status], name, arn, {"status": status}, tags)


def _create(stack: Stack) -> Product:
    table = stack.cloud.dynamodb.create_table(
        TableName=stack.names.table,
        KeySchema=[{"AttributeName": TABLE_KEY, "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": TABLE_KEY, "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
        Tags=stack.tag_list,
    )["TableDescription"]
    return Product(stack.names.table, table["TableArn"], {IDENTITY: table["CreationDateTime"].isoformat()})


def _unprotect(stack: Stack) -> None:
    table = _described(stack)
    if table and table.get("DeletionProtectionEnabled"):
        stack.cloud.dynamodb.update_table(TableName=stack.names.table, DeletionProtectionEnabled=False)


def _described(stack: Stack) -> "TableDescriptionTypeDef | None":
    """The table as DynamoDB describes it; None if there is no table."""
    dynamodb = stack.cloud.dynamodb
    try:
        return dynamodb.describe_table(TableName=stack.names.table)["Table"]
    except dynamodb.exceptions.ResourceNotFoundException:
        return None


KNOWN_WITHIN = 15.0
"""Seconds within which a new table is known (DynamoDB API reference, DescribeTable: "a few seconds")."""

DELETED = "Somebody has deleted it, perhaps a sweep of the class that is under way. `loh run` makes it again."


def _status(stack: Stack) -> str:
    """The table's status; empty if there is no table."""
    table = _described(stack)
    return table["TableStatus"] if table else ""


def _wait_for(stack: Stack, status: str, reason: str) -> None:
    known = stack.run.clock()

    def is_so() -> bool:
        nonlocal known
        found = _status(stack)
        if found:
            known = stack.run.clock()
        elif status and stack.run.clock() - known > KNOWN_WITHIN:
            raise LohError(f"There is no table {stack.names.table} any more.", DELETED)
        return found == status

    if not stack.run.wait_until(is_so, reason, stack.cloud.patience):
        raise LohError(
            f"{reason}, and it is not done yet.", "Run the same command again: it continues to wait."
        )


def wait_until_active(stack: Stack) -> None:
    """Wait until the table can be used; LohError if that takes too long, or it is deleted meanwhile."""
    _wait_for(stack, "ACTIVE", "DynamoDB is creating the table")


TABLE = Table(kind=Kind.TABLE, creates=("dynamodb:CreateTable",), turn=Turn.FIRST)

STEP = Step(lesson("2.4"), needs=("1",), parts=lambda _: (TABLE,), act=wait_until_active, late=True)
