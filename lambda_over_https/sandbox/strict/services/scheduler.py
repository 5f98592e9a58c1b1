"""EventBridge Scheduler: expressions, groups, targets and roles, where moto accepts anything.

Codes and messages are AWS's, as recorded. AWS's words for a wrong time window, a wrong date, an input
that is no JSON and the default group have not been recorded.
"""

import datetime
import json
import re
from typing import Any

from lambda_over_https.sandbox.control.aws_calls import AwsCall
from lambda_over_https.sandbox.control.layer import AwsResponse
from lambda_over_https.sandbox.control.moto_state import find_role, scheduler_backend
from lambda_over_https.sandbox.model.errors import AwsError
from lambda_over_https.sandbox.model.wording import SCHEDULER_CANNOT_ASSUME
from lambda_over_https.sandbox.schedule.delivery import group_arn, scheduler_may_assume
from lambda_over_https.sandbox.schedule.expressions import UTC, Once, of_schedule, time_zone
from lambda_over_https.sandbox.strict import constraints, tag_limits
from lambda_over_https.sandbox.strict.rules import Rules

DEFAULT_GROUP = "default"

_EARLIEST_START = datetime.timedelta(minutes=5)
_SUMMARY = ("Arn", "CreationDate", "GroupName", "LastModificationDate", "Name", "State", "Target")


def invalid(message: str) -> AwsError:
    """Scheduler's 400."""
    return AwsError("ValidationException", message)


def not_found(message: str) -> AwsError:
    """Scheduler's 404."""
    return AwsError("ResourceNotFoundException", message, 404)


def _group_name(call: AwsCall) -> str:
    return call.parameters.get("GroupName") or DEFAULT_GROUP


def _find_group(call: AwsCall, name: str) -> Any:
    group = scheduler_backend(call.region).schedule_groups.get(name)
    if group is None:
        raise not_found(f"Schedule group {name} does not exist.")
    return group


def _group_of_schedule(call: AwsCall) -> None:
    _find_group(call, _group_name(call))


def _listed_group(call: AwsCall) -> None:
    if call.parameters.get("GroupName"):
        _group_of_schedule(call)


def _new_group(call: AwsCall) -> None:
    name = call.parameters["Name"]
    if name in scheduler_backend(call.region).schedule_groups:
        raise AwsError("ConflictException", f"Schedule group {name} already exists.", 409)


def _known_group(call: AwsCall) -> None:
    _find_group(call, call.parameters["Name"])


def _no_default_group(call: AwsCall) -> None:
    if call.parameters["Name"] == DEFAULT_GROUP:
        raise invalid("The default schedule group cannot be deleted.")


def _tagged_group(call: AwsCall) -> None:
    _find_group(call, call.parameters["ResourceArn"].removeprefix(group_arn(call.region, "")))


def _new_schedule(call: AwsCall) -> None:
    name = call.parameters["Name"]
    if name in _find_group(call, _group_name(call)).schedules:
        raise AwsError("ConflictException", f"Schedule {name} already exists.", 409)


def _expression(call: AwsCall) -> None:
    timezone, text = call.parameters.get("ScheduleExpressionTimezone"), call.parameters["ScheduleExpression"]
    try:
        time_zone(timezone or "UTC")
    except ValueError:
        raise invalid(f"Invalid Schedule Expression Timezone {timezone}.") from None
    try:
        expression = of_schedule(text, timezone or "UTC")
    except (ValueError, OverflowError):
        raise invalid(f"Invalid Schedule Expression {text}.") from None
    if isinstance(expression, Once) and expression.moment <= datetime.datetime.now(UTC):
        raise invalid(f"Invalid Schedule Expression {text}.")


def _window(call: AwsCall) -> None:
    window = call.parameters["FlexibleTimeWindow"]
    if (window["Mode"] == "FLEXIBLE") is not ("MaximumWindowInMinutes" in window):
        raise invalid(
            "MaximumWindowInMinutes must be given if the mode of the flexible time window is FLEXIBLE, and "
            "only then."
        )


def _dates(call: AwsCall) -> None:
    start, end = _date(call, "StartDate"), _date(call, "EndDate")
    now = datetime.datetime.now(UTC)
    if start and start < now - _EARLIEST_START:
        raise invalid("The StartDate you specify cannot be earlier than 5 minutes ago.")
    if end and end <= max(start or now, now):
        raise invalid("The EndDate you specify must be in the future, and after the StartDate.")


def _date(call: AwsCall, name: str) -> datetime.datetime | None:
    value = call.parameters.get(name)
    if isinstance(value, datetime.datetime):
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    return datetime.datetime.fromtimestamp(float(value), UTC) if value is not None else None


def _target(call: AwsCall) -> None:
    """A target must have an ARN, and JSON as input. The refusal names a target that is not a function."""
    target = call.parameters["Target"]
    if not re.fullmatch(r"arn:aws[a-z-]*:[^:]+:[^:]*:[^:]*:.+", target["Arn"]):
        raise invalid(f"Provided Arn {target['Arn']} is not in correct format.")
    if not re.match(r"arn:[^:]+:lambda:[^:]+:\d{12}:function:", target["Arn"]):
        raise NotImplementedError(f"targets other than Lambda functions ({target['Arn']})")
    try:
        json.loads(target.get("Input") or "{}")
    except (ValueError, RecursionError):
        raise invalid("The Input of a Lambda target must be well-formed JSON.") from None


def _role(call: AwsCall) -> None:
    role = find_role(call.parameters["Target"]["RoleArn"])
    if role is None or not scheduler_may_assume(role, group_arn(call.region, _group_name(call))):
        raise invalid(SCHEDULER_CANNOT_ASSUME)


def _forget_tags(call: AwsCall, _: AwsResponse) -> None:
    """Forget the group's tags, which moto would give to the next group of that name."""
    arn = group_arn(call.region, call.parameters["Name"])
    scheduler_backend(call.region).tagger.delete_all_tags_for_resource(arn)


def _keep_completion(call: AwsCall, _: AwsResponse) -> None:
    """Keep ActionAfterCompletion, with its default: moto forgets what UpdateSchedule says of it."""
    schedule = scheduler_backend(call.region).get_schedule(_group_name(call), call.parameters["Name"])
    schedule.action_after_completion = call.parameters.get("ActionAfterCompletion") or "NONE"
    schedule.state = schedule.state or "ENABLED"


def _said(_: AwsCall, response: AwsResponse) -> None:
    """Leave members without a value out of the response."""
    response.document = {name: value for name, value in response.document.items() if value is not None}


def _groups_said(_: AwsCall, response: AwsResponse) -> None:
    document = response.document
    document["ScheduleGroups"] = [
        {name: value for name, value in group.items() if value is not None}
        for group in document["ScheduleGroups"]
    ]
    response.document = document


def _summaries(_: AwsCall, response: AwsResponse) -> None:
    document = response.document
    document["Schedules"] = [
        {name: schedule[name] for name in _SUMMARY} for schedule in document["Schedules"]
    ]
    response.document = document


_SCHEDULE = [_target, _expression, _window, _dates, _role]

RULES = Rules(
    every=[constraints.check],
    checks={
        "CreateScheduleGroup": [_new_group, tag_limits.check],
        "GetScheduleGroup": [_known_group],
        "DeleteScheduleGroup": [_known_group, _no_default_group],
        "CreateSchedule": [_group_of_schedule, _new_schedule, *_SCHEDULE],
        "UpdateSchedule": [_group_of_schedule, *_SCHEDULE],
        "GetSchedule": [_group_of_schedule],
        "DeleteSchedule": [_group_of_schedule],
        "ListSchedules": [_listed_group],
        "TagResource": [_tagged_group, tag_limits.beside(scheduler_backend, "ResourceArn")],
        "UntagResource": [_tagged_group],
        "ListTagsForResource": [_tagged_group],
    },
    amendments={
        "DeleteScheduleGroup": _forget_tags,
        "CreateSchedule": _keep_completion,
        "UpdateSchedule": _keep_completion,
        "GetSchedule": _said,
        "GetScheduleGroup": _said,
        "ListSchedules": _summaries,
        "ListScheduleGroups": _groups_said,
    },
)
