"""The schedule itself."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from lambda_over_https.aws import arns
from lambda_over_https.deployment.journal.state import Record
from lambda_over_https.deployment.stack import Stack
from lambda_over_https.kinds import Kind
from lambda_over_https.tutorial.chapters.schedule.group import NAME, SCHEDULE_NAME
from lambda_over_https.tutorial.parts.part import ABSENT, Part, Product, Sighting, Standing, Turn, deleted

EXPRESSION = "rate(1 minute)"

INPUT = json.dumps({"operation": "ping"})
"""The event: without it the function gets Scheduler's own, which its handler cannot read."""

RETRIES = {"MaximumEventAgeInSeconds": 60, "MaximumRetryAttempts": 2}
"""For the delivery alone: what would come later than the next run is of no use."""


def schedule_arn(stack: Stack) -> str:
    """The ARN of the schedule, known before it exists."""
    return arns.schedule(stack.place, stack.names.schedule_group, SCHEDULE_NAME)


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
