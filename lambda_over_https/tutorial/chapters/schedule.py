"""Schedule: EventBridge Scheduler calls the function every minute, with a role of its own."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lambda_over_https.aws import arns
from lambda_over_https.aws.policies.documents import Document, invoke_policy, scheduler_trust_policy
from lambda_over_https.aws.policies.permissions import needs
from lambda_over_https.deployment.journal import Record
from lambda_over_https.deployment.stack import Stack
from lambda_over_https.errors import LohError
from lambda_over_https.kinds import Kind
from lambda_over_https.tutorial.chapter_lessons import outline
from lambda_over_https.tutorial.parts.chapter import Chapter
from lambda_over_https.tutorial.parts.part import (
    ABSENT,
    Listing,
    Part,
    Product,
    Sighting,
    Standing,
    Turn,
    deleted,
)
from lambda_over_https.tutorial.steps.role.lent import LentRole
from lambda_over_https.tutorial.steps.role.policy import InlinePolicy
from lambda_over_https.tutorial.steps.role.role import Role
from lambda_over_https.tutorial.steps.role.trust import trusting

NAME = "schedule"
SCHEDULER = "scheduler.amazonaws.com"
SCHEDULE_NAME = "every-minute"
EXPRESSION = "rate(1 minute)"

INPUT = json.dumps({"operation": "ping"})
"""The event: without it the function gets Scheduler's own, which its handler cannot read."""

RETRIES = {"MaximumEventAgeInSeconds": 60, "MaximumRetryAttempts": 2}
"""For the delivery alone: what would come later than the next run is of no use."""

GONE_WITHIN = 300.0
"""Seconds within which AWS deletes a schedule group."""

DELETING = "DELETING"


def group_arn(stack: Stack) -> str:
    """The ARN of the schedule group, known before it exists."""
    return arns.schedule_group(stack.place, stack.names.schedule_group)


def schedule_arn(stack: Stack) -> str:
    """The ARN of the schedule, known before it exists."""
    return arns.schedule(stack.place, stack.names.schedule_group, SCHEDULE_NAME)


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


class ScheduleRole(Role):
    """The role that Scheduler assumes: for the schedules of our group alone."""

    description = "Lets a schedule call the tutorial's function (lambda-over-https)"

    def name(self, stack: Stack) -> str:
        return stack.names.schedule_role

    def policy(self, stack: Stack) -> str:
        return stack.names.schedule_policy

    def trust(self, stack: Stack) -> Document:
        return scheduler_trust_policy(group_arn(stack), stack.place.account)

    def judge(self, stack: Stack, document: Any) -> tuple[Standing, str, tuple[str, ...]]:
        if document != self.trust(stack):
            return Standing.PARTIAL, "its trust policy differs from ours", ()
        return Standing.OURS, "", ()


class ScheduleRolePolicy(InlinePolicy):
    """What a schedule may do: call the function."""

    def name(self, stack: Stack) -> str:
        return stack.names.schedule_policy

    def role(self, stack: Stack) -> str:
        return stack.names.schedule_role

    def document(self, stack: Stack) -> Document:
        return invoke_policy(stack.function_arn)


class LentScheduleRole(LentRole):
    """The role lent with ``--role-arn``, if Scheduler may assume it."""

    def check(self, stack: Stack, role: Any) -> None:
        allowed = trusting(role["AssumeRolePolicyDocument"], SCHEDULER)
        if not allowed or any(each["Effect"] == "Deny" for each in allowed):
            raise LohError(
                f"The role {self.name(stack)} does not let EventBridge Scheduler assume it.",
                f"What is missing: its trust policy must allow sts:AssumeRole to the service {SCHEDULER}, "
                "and its permissions lambda:InvokeFunction. If you may not change it, switch this chapter on "
                "in a deployment that has a role of its own.",
            )


class Schedule(Part):
    """The schedule itself."""

    def name(self, stack: Stack) -> str:
        return SCHEDULE_NAME

    def look(self, stack: Stack) -> Sighting:
        scheduler = stack.cloud.scheduler
        try:
            found: Any = scheduler.get_schedule(GroupName=stack.names.schedule_group, Name=SCHEDULE_NAME)
        except scheduler.exceptions.ResourceNotFoundException:
            return ABSENT
        different = ", ".join(_differences(definition(stack), found))
        standing = Standing.PARTIAL if different else Standing.OURS
        reason = f"another {different} than ours" if different else ""
        return Sighting(standing, reason, SCHEDULE_NAME, schedule_arn(stack))

    def make(self, stack: Stack, seen: Sighting) -> Product:
        scheduler, name = stack.cloud.scheduler, stack.names.schedule_group
        put = scheduler.create_schedule if seen.standing is Standing.ABSENT else scheduler.update_schedule
        put(GroupName=name, Name=SCHEDULE_NAME, **definition(stack))
        return Product(SCHEDULE_NAME, schedule_arn(stack))

    def remove(self, stack: Stack, record: Record, *, force: bool) -> bool:
        scheduler = stack.cloud.scheduler
        return deleted(
            lambda: scheduler.delete_schedule(GroupName=stack.names.schedule_group, Name=SCHEDULE_NAME),
            scheduler.exceptions.ResourceNotFoundException,
        )


def definition(stack: Stack) -> Any:
    """What the schedule is: when it calls what, as whom, with which event."""
    own_role = arns.role(stack.place, stack.names.schedule_role)
    return {
        "ScheduleExpression": EXPRESSION,
        "FlexibleTimeWindow": {"Mode": "OFF"},
        "State": "ENABLED",
        "Target": {
            "Arn": stack.function_arn,
            "RoleArn": stack.choices.role_arn or own_role,
            "Input": INPUT,
            "RetryPolicy": RETRIES,
        },
    }


def _differences(wanted: Mapping[str, Any], found: Mapping[str, Any]) -> Iterator[str]:
    """The members that are others than wanted; what is there besides, somebody has decided on purpose."""
    for name, value in wanted.items():
        if isinstance(value, dict) and isinstance(found.get(name), dict):
            yield from _differences(value, found[name])
        elif found.get(name) != value:
            yield name


GROUP = ScheduleGroup(
    kind=Kind.SCHEDULE_GROUP,
    creates=("scheduler:CreateScheduleGroup",),
    removes=("scheduler:DeleteScheduleGroup",),
    turn=Turn.FIRST,
    after=(Kind.SCHEDULE,),
    chapter=NAME,
)
ROLE = ScheduleRole(
    kind=Kind.SCHEDULE_ROLE,
    creates=("iam:CreateRole",),
    updates=("iam:UpdateAssumeRolePolicy", "iam:PutRolePermissionsBoundary"),
    removes=("iam:DeleteRole",),
    after=(Kind.SCHEDULE, Kind.SCHEDULE_ROLE_POLICY),
    chapter=NAME,
)
ROLE_POLICY = ScheduleRolePolicy(
    kind=Kind.SCHEDULE_ROLE_POLICY,
    owner=Kind.SCHEDULE_ROLE,
    creates=("iam:PutRolePolicy",),
    updates=("iam:PutRolePolicy",),
    removes=("iam:DeleteRolePolicy",),
    after=(Kind.SCHEDULE,),
    rests_on=(Kind.SCHEDULE_ROLE,),
    chapter=NAME,
)
LENT_ROLE = LentScheduleRole(kind=Kind.SCHEDULE_ROLE, adopted=True, chapter=NAME)
SCHEDULE = Schedule(
    kind=Kind.SCHEDULE,
    owner=Kind.SCHEDULE_GROUP,
    creates=("scheduler:CreateSchedule",),
    updates=("scheduler:UpdateSchedule",),
    removes=("scheduler:DeleteSchedule",),
    turn=Turn.FIRST,
    rests_on=(Kind.SCHEDULE_GROUP, Kind.SCHEDULE_ROLE, Kind.FUNCTION),
    chapter=NAME,
)


def _parts(stack: Stack) -> tuple[Part, ...]:
    if stack.choices.role_arn:
        return (GROUP, LENT_ROLE, SCHEDULE)
    return (GROUP, ROLE, ROLE_POLICY, SCHEDULE)


CHAPTER = Chapter(
    outline=outline(NAME),
    parts=_parts,
    also=(ROLE, ROLE_POLICY),
    calls={
        "iam:GetRole": needs("schedule role", "iam:GetRole"),
        "iam:CreateRole": (
            *needs("bounded schedule role", "iam:CreateRole"),
            *needs("tagged schedule role", "iam:TagRole"),
        ),
        "iam:DeleteRole": needs("schedule role", "iam:DeleteRole"),
        "iam:GetRolePolicy": needs("schedule role", "iam:GetRolePolicy"),
        "iam:PutRolePolicy": needs("bounded schedule role", "iam:PutRolePolicy"),
        "iam:DeleteRolePolicy": needs("schedule role", "iam:DeleteRolePolicy"),
        "iam:ListRolePolicies": needs("schedule role", "iam:ListRolePolicies"),
        "iam:ListAttachedRolePolicies": needs("schedule role", "iam:ListAttachedRolePolicies"),
        "iam:ListInstanceProfilesForRole": needs("schedule role", "iam:ListInstanceProfilesForRole"),
        "scheduler:GetScheduleGroup": needs("schedule group", "scheduler:GetScheduleGroup"),
        "scheduler:ListTagsForResource": needs("schedule group", "scheduler:ListTagsForResource"),
        "scheduler:ListSchedules": needs("everything", "scheduler:ListSchedules"),
        "scheduler:CreateScheduleGroup": needs(
            "schedule group", "scheduler:CreateScheduleGroup", "scheduler:TagResource"
        ),
        "scheduler:DeleteScheduleGroup": needs("schedule group", "scheduler:DeleteScheduleGroup"),
        "scheduler:GetSchedule": needs("schedule", "scheduler:GetSchedule"),
        "scheduler:CreateSchedule": (
            *needs("schedule", "scheduler:CreateSchedule"),
            *needs("passed schedule role", "iam:PassRole"),
        ),
        "scheduler:UpdateSchedule": (
            *needs("schedule", "scheduler:UpdateSchedule"),
            *needs("passed schedule role", "iam:PassRole"),
        ),
        "scheduler:DeleteSchedule": needs("schedule", "scheduler:DeleteSchedule"),
    },
)
