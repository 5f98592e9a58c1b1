"""The group that the schedule is in: it carries our tag, and goes with all that is in it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lambda_over_https.aws import arns
from lambda_over_https.deployment.journal.state import Record
from lambda_over_https.deployment.stack import Stack
from lambda_over_https.errors import LohError
from lambda_over_https.kinds import Kind
from lambda_over_https.tutorial.parts.part import ABSENT, Listing, Part, Product, Sighting, Standing, Turn

NAME = "schedule"

SCHEDULE_NAME = "every-minute"

GONE_WITHIN = 300.0
"""Seconds within which AWS deletes a schedule group."""

DELETING = "DELETING"


def group_arn(stack: Stack) -> str:
    """The ARN of the schedule group, known before it exists."""
    return arns.schedule_group(stack.place, stack.names.schedule_group)


class ScheduleGroup(Part):
    """The schedule group: it carries our tag, because a schedule cannot."""

    def name(self, stack: Stack) -> str:
        return stack.names.schedule_group

    def look(self, stack: Stack) -> Sighting:
        found, tags = _group(stack), _tags_of_group(stack)
        if found is None or (tags is None and not _is_ending(stack, found)):
            return ABSENT
        name, arn, tags = stack.names.schedule_group, found["Arn"], tags or {}
        if found["State"] == DELETING and (stack.owns(tags) or not tags):
            detail = {"state": DELETING}
            return Sighting(Standing.PARTIAL, "it is still being deleted", name, arn, detail, tags)
        if not stack.owns(tags):
            return Sighting(Standing.FOREIGN, "a schedule group of this name exists", name, arn, tags=tags)
        return Sighting(Standing.OURS, id=name, arn=arn, tags=tags)

    def make(self, stack: Stack, seen: Sighting) -> Product:
        scheduler = stack.cloud.scheduler
        if seen.detail:
            _wait_until_gone(stack)
        made = scheduler.create_schedule_group(Name=stack.names.schedule_group, Tags=stack.tag_list)
        return Product(stack.names.schedule_group, made["ScheduleGroupArn"])

    def remove(self, stack: Stack, record: Record, *, force: bool) -> bool:
        scheduler = stack.cloud.scheduler
        try:
            scheduler.delete_schedule_group(Name=stack.names.schedule_group)
        except scheduler.exceptions.ResourceNotFoundException:
            return False
        except scheduler.exceptions.ConflictException:
            pass  # it is being deleted already
        _wait_until_gone(stack)
        return True

    def additions(self) -> Sequence[Listing]:
        return (_further_schedules,)


def _further_schedules(stack: Stack) -> Iterator[str]:
    """Schedules that somebody else has put into the group: they go with it."""
    pages = stack.cloud.scheduler.get_paginator("list_schedules").paginate(
        GroupName=stack.names.schedule_group
    )
    names = [each["Name"] for page in pages for each in page["Schedules"]]
    return (f"the schedule {name} of the group" for name in names if name != SCHEDULE_NAME)


def _is_ending(stack: Stack, group: Any) -> bool:
    """Whether it is a group of ours on its way out, which may have lost its tags already."""
    return group["State"] == DELETING and stack.had(Kind.SCHEDULE_GROUP)


def _group(stack: Stack) -> Any:
    scheduler = stack.cloud.scheduler
    try:
        return scheduler.get_schedule_group(Name=stack.names.schedule_group)
    except scheduler.exceptions.ResourceNotFoundException:
        return None


def _tags_of_group(stack: Stack) -> Mapping[str, str] | None:
    scheduler = stack.cloud.scheduler
    try:
        tags = scheduler.list_tags_for_resource(ResourceArn=group_arn(stack)).get("Tags", [])
    except scheduler.exceptions.ResourceNotFoundException:
        return None
    return {tag["Key"]: tag["Value"] for tag in tags}


def _wait_until_gone(stack: Stack) -> None:
    reason = "EventBridge Scheduler is deleting the schedule group"
    if not stack.run.wait_until(lambda: _group(stack) is None, reason, GONE_WITHIN):
        raise LohError("The schedule group is still being deleted.", "Run the same command again.")


GROUP = ScheduleGroup(
    kind=Kind.SCHEDULE_GROUP,
    creates=("scheduler:CreateScheduleGroup",),
    removes=("scheduler:DeleteScheduleGroup",),
    turn=Turn.FIRST,
    after=(Kind.SCHEDULE,),
    chapter=NAME,
)
