"""The function's log group."""

from collections.abc import Sequence

from lambda_over_https.deployment.journal.state import Record
from lambda_over_https.deployment.stack import Stack
from lambda_over_https.errors import LohError
from lambda_over_https.kinds import Kind
from lambda_over_https.states import RecordState
from lambda_over_https.tutorial.parts import additions
from lambda_over_https.tutorial.parts.part import (
    ABSENT,
    PROTECTED,
    Listing,
    Part,
    Product,
    Sighting,
    Standing,
)
from lambda_over_https.words import counted

RETENTION_DAYS = 7


class LogGroup(Part):
    """Where Lambda writes what the function prints.

    Lambda would create it at the first invocation, without tags and without an expiry. Made by us, before,
    it carries our tag and its lines expire.
    """

    def name(self, stack: Stack) -> str:
        return stack.names.log_group

    def look(self, stack: Stack) -> Sighting:
        name, logs = stack.names.log_group, stack.cloud.logs
        groups = logs.describe_log_groups(logGroupNamePrefix=name)["logGroups"]
        group = next((each for each in groups if each["logGroupName"] == name), None)
        if group is None:
            return ABSENT
        tags = logs.list_tags_for_resource(resourceArn=stack.log_group_arn).get("tags", {})
        if not tags and stack.had(Kind.FUNCTION):
            # Deleted by somebody and then made again by Lambda, which sets neither tags nor a retention.
            return Sighting(Standing.PARTIAL, "Lambda made it, without our tags", name, stack.log_group_arn)
        if not stack.owns(tags):
            reason = "a log group of this name exists"
            return Sighting(Standing.FOREIGN, reason, name, stack.log_group_arn, tags=tags)
        if "retentionInDays" not in group and not _was_made(stack):
            return Sighting(Standing.PARTIAL, "it has no retention yet", name, stack.log_group_arn, tags=tags)
        kept = _tuned_retention(group.get("retentionInDays"))
        return Sighting(Standing.OURS, id=name, arn=stack.log_group_arn, tags=tags, tuned=kept)

    def make(self, stack: Stack, seen: Sighting) -> Product:
        name, logs = stack.names.log_group, stack.cloud.logs
        if seen.standing is Standing.ABSENT:
            logs.create_log_group(logGroupName=name, tags=stack.tags)
        else:
            logs.tag_resource(resourceArn=stack.log_group_arn, tags=stack.tags)
        logs.put_retention_policy(logGroupName=name, retentionInDays=RETENTION_DAYS)
        return Product(name, stack.log_group_arn)

    def adopt(self, stack: Stack, seen: Sighting) -> Product:
        stack.cloud.logs.tag_resource(resourceArn=stack.log_group_arn, tags=stack.tags)
        return Product(seen.id, seen.arn)

    def remove(self, stack: Stack, record: Record, *, force: bool) -> bool:
        logs, name = stack.cloud.logs, stack.names.log_group
        if force:
            _unprotect(stack)
        try:
            logs.delete_log_group(logGroupName=name)
        except logs.exceptions.ResourceNotFoundException:
            return False
        except logs.exceptions.ClientError as error:
            if "deletion protection" not in str(error).lower():
                raise
            raise LohError("Somebody has set deletion protection on it.", PROTECTED) from error
        return True

    def additions(self) -> Sequence[Listing]:
        return additions.subscription_filters, additions.metric_filters


def _was_made(stack: Stack) -> bool:
    """Whether the group was made to the end: a retention that is missing now was taken off by somebody."""
    record = stack.record(Kind.LOG_GROUP)
    return record is not None and record.state is RecordState.MADE


def _tuned_retention(days: int | None) -> tuple[str, ...]:
    """Another retention is kept, and never shortened: AWS would delete the older lines."""
    if days == RETENTION_DAYS:
        return ()
    kept = "for ever" if days is None else counted(days, "day")
    return (f"log lines are kept {kept} (in the tutorial {RETENTION_DAYS} days)",)


def _unprotect(stack: Stack) -> None:
    logs, name = stack.cloud.logs, stack.names.log_group
    groups = logs.describe_log_groups(logGroupNamePrefix=name)["logGroups"]
    if any(each["logGroupName"] == name and each.get("deletionProtectionEnabled") for each in groups):
        logs.put_log_group_deletion_protection(logGroupIdentifier=name, deletionProtectionEnabled=False)


LOG_GROUP = LogGroup(
    kind=Kind.LOG_GROUP,
    creates=("logs:CreateLogGroup", "logs:PutRetentionPolicy"),
    updates=("logs:TagResource", "logs:PutRetentionPolicy"),
    after=(Kind.FUNCTION, Kind.ROLE),
    seen_after=(Kind.FUNCTION,),
)
