"""Delivers events to functions: checks what EventBridge and Scheduler need, and builds what they send.

A rule needs the function's permission. A schedule needs a role that Scheduler can assume and that may invoke
the function. Without these nothing runs and no error appears, as on AWS. The invocation is asynchronous:
Lambda accepts the event, and retries a function that fails. Source: EventBridge user guide, "Using
resource-based policies"; EventBridge Scheduler user guide, "Setting up", "Adding context attributes".
"""

import datetime
import json
import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from lambda_over_https.sandbox.control.moto_state import find_role
from lambda_over_https.sandbox.iam.policies.policy import AccessRequest, trusts
from lambda_over_https.sandbox.iam.policies.principals import role_may
from lambda_over_https.sandbox.iam.policies.resource_policy import service_may_invoke
from lambda_over_https.sandbox.model.account import ACCOUNT
from lambda_over_https.sandbox.model.times import zulu
from lambda_over_https.sandbox.schedule.triggers import Target, Trigger

EVENTS, SCHEDULER = "events.amazonaws.com", "scheduler.amazonaws.com"


Invoke = Callable[[str, str, bytes], None]
"""Starts an asynchronous invocation: the Region, the function's ARN, the event as JSON."""


class Policies(Protocol):
    """Where functions keep their resource policies."""

    def function_policy(self, function_arn: str) -> Sequence[Mapping[str, Any]]:
        """Return the statements of the function's resource policy; none if it has no policy."""


class Delivery:
    """Delivers to functions."""

    def __init__(self, policies: Policies, invoke: Invoke) -> None:
        self._policies = policies
        self._invoke = invoke

    def fire(self, trigger: Trigger, moment: datetime.datetime) -> None:
        """Send the event of ``moment`` to each target that may receive it."""
        for target in trigger.targets:
            if self._may(trigger, target):
                self._invoke(trigger.region, target.arn, _payload(trigger, target, moment))

    def _may(self, trigger: Trigger, target: Target) -> bool:
        if target.role is not None:
            return _role_may(trigger, target.role, target.arn)
        statements = self._policies.function_policy(target.arn)
        return service_may_invoke(EVENTS, statements, target.arn, trigger.arn, ACCOUNT)


def _role_may(trigger: Trigger, role_arn: str, function_arn: str) -> bool:
    role = find_role(role_arn)
    return (
        role is not None
        and scheduler_may_assume(role, group_arn(trigger.region, trigger.group))
        and role_may(role, AccessRequest("lambda:InvokeFunction", [function_arn]))
    )


def group_arn(region: str, group: str) -> str:
    """The ARN of a schedule group."""
    return f"arn:aws:scheduler:{region}:{ACCOUNT}:schedule-group/{group}"


def scheduler_may_assume(role: Any, source_arn: str) -> bool:
    """Whether the role trusts Scheduler, for the schedule group of that ARN."""
    context = {"aws:sourcearn": source_arn, "aws:sourceaccount": ACCOUNT}
    return trusts(role.assume_role_policy_document, SCHEDULER, context=context)


def _payload(trigger: Trigger, target: Target, moment: datetime.datetime) -> bytes:
    if target.input is None:
        return json.dumps(trigger.event(moment)).encode()
    if trigger.kind == "rule":
        return target.input.encode()
    attributes = {
        "schedule-arn": trigger.arn,
        "scheduled-time": zulu(moment),
        "execution-id": str(uuid.uuid4()),
        "attempt-number": "1",
    }
    text = target.input
    for name, value in attributes.items():
        text = text.replace(f"<aws.scheduler.{name}>", value)
    return text.encode()
