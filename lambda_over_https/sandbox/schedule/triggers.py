"""What fires by the clock: EventBridge rules and Scheduler's schedules, read from moto's state.

Reads happen on the event loop while moto's thread may be changing the state, so each reads a copy.
"""

import datetime
import json
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from lambda_over_https.sandbox.control.moto_state import events_regions, scheduler_regions
from lambda_over_https.sandbox.model.account import ACCOUNT
from lambda_over_https.sandbox.model.times import zulu
from lambda_over_https.sandbox.schedule.expressions import UTC, Expression, of_rule, of_schedule

_A_MOMENT = datetime.timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Target:
    """What is invoked: ``arn`` is a function's, ``role`` the one that Scheduler assumes for it.

    ``input`` is the event as JSON; None stands for the service's own event.
    """

    arn: str
    role: str | None = None
    input: str | None = None


@dataclass(frozen=True, slots=True)
class Trigger:
    """A rule or schedule that is enabled. ``group`` is a schedule's; "" for a rule.

    ``start`` and ``end`` limit it; a rule has no known start, because it counts from when it was put. A start
    may be some minutes before the schedule was ``created``; what would have been due then does not fire.
    ``version`` differs after each change. ``leaves`` says that it is deleted after its last time.
    """

    kind: Literal["rule", "schedule"]
    arn: str
    name: str
    group: str
    region: str
    expression: Expression
    targets: Sequence[Target]
    version: tuple[Any, ...]
    created: datetime.datetime | None = None
    start: datetime.datetime | None = None
    end: datetime.datetime | None = None
    leaves: bool = False

    def first(self, now: datetime.datetime, *, changed: bool) -> datetime.datetime | None:
        """When it first fires, seen now for the first time or ``changed`` since; None if never.

        A rule waits for its first period to pass; a new schedule begins with its start.
        """
        if self.start is None:
            return self.following(now, now)
        before = max(self.start, self.created or self.start) - _A_MOMENT
        return self.following(max(now, before) if changed else before, self.start)

    def following(self, moment: datetime.datetime, start: datetime.datetime) -> datetime.datetime | None:
        """When it fires after ``moment``, counted from ``start``; None if never again."""
        found = self.expression.following(moment, start)
        return None if found and self.end and found > self.end else found

    def event(self, moment: datetime.datetime) -> dict[str, Any]:
        """The event for a target without Input, as recorded on AWS: a schedule's detail is a text."""
        rule = self.kind == "rule"
        return {
            "version": "0",
            "id": str(uuid.uuid4()),
            "detail-type": "Scheduled Event",
            "source": "aws.events" if rule else "aws.scheduler",
            "account": ACCOUNT,
            "time": zulu(moment),
            "region": self.region,
            "resources": [self.arn],
            "detail": {} if rule else json.dumps({}),
        }


def enabled() -> Iterator[Trigger]:
    """All enabled rules by schedule and schedules of every Region."""
    return (trigger for trigger, is_enabled in everything() if is_enabled)


def everything() -> Iterator[tuple[Trigger, bool]]:
    """All rules by schedule and schedules, and whether each is enabled."""
    for backend in events_regions():
        for rule in list(backend.event_buses["default"].rules.values()):
            if rule.scheduled_expression:
                yield _of_rule(rule), rule.state == "ENABLED"
    for backend in scheduler_regions():
        for group in list(backend.schedule_groups.values()):
            for schedule in list(group.schedules.values()):
                yield _of_schedule(backend.region_name, schedule), schedule.state == "ENABLED"


def _of_rule(rule: Any) -> Trigger:
    return Trigger(
        kind="rule",
        arn=rule.arn,
        name=rule.name,
        group="",
        region=rule.region_name,
        expression=of_rule(rule.scheduled_expression),
        targets=[Target(each["Arn"], input=each.get("Input")) for each in list(rule.targets)],
        version=(rule,),
    )


def _of_schedule(region: str, schedule: Any) -> Trigger:
    target = schedule.target
    return Trigger(
        kind="schedule",
        arn=schedule.arn,
        name=schedule.name,
        group=schedule.group_name,
        region=region,
        expression=of_schedule(schedule.schedule_expression, schedule.schedule_expression_timezone),
        targets=[Target(target["Arn"], target["RoleArn"], target.get("Input"))],
        version=(schedule, schedule.last_modified_date),
        created=_moment(schedule.creation_date),
        start=_moment(schedule.start_date) or _moment(schedule.creation_date),
        end=_moment(schedule.end_date),
        leaves=schedule.action_after_completion == "DELETE",
    )


def _moment(seconds: float | None) -> datetime.datetime | None:
    return None if seconds is None else datetime.datetime.fromtimestamp(float(seconds), UTC)
