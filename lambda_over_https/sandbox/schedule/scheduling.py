"""EventBridge's part of the sandbox: keeps the clock up to date with the control plane, and fires on request.

Its modules are loaded when the first rule or schedule is created: few users have one, and all wait for the
start.
"""

import asyncio
import contextlib
import datetime
import re
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Any

from lambda_over_https.sandbox.control.aws_calls import AwsCall
from lambda_over_https.sandbox.control.layer import AwsResponse, Layer
from lambda_over_https.sandbox.control.moto_state import scheduler_backend
from lambda_over_https.sandbox.model.errors import AwsError

if TYPE_CHECKING:
    from lambda_over_https.sandbox.schedule.clock import Clock
    from lambda_over_https.sandbox.schedule.delivery import Delivery, Invoke, Policies
    from lambda_over_https.sandbox.schedule.triggers import Trigger

_READS = re.compile("Get|List|Describe|Test")


class Scheduling(Layer):
    """The layer that updates the clock. Create it on the event loop.

    ``invoke`` starts an asynchronous invocation; ``submit`` hands a job to the control thread.
    """

    services = frozenset({"events", "scheduler"})

    def __init__(
        self, policies: "Policies", invoke: "Invoke", submit: Callable[[Callable[[], object]], None]
    ) -> None:
        self._loop = asyncio.get_running_loop()
        self._policies = policies
        self._invoke = invoke
        self._submit = submit

    def after(self, call: AwsCall, response: AwsResponse) -> None:
        """Update the clock if a rule or a schedule may have changed."""
        del response
        if not _READS.match(call.operation):
            self._loop.call_soon_threadsafe(self._look)

    def close(self) -> None:
        """Stop the clock."""
        if "_clock" in vars(self):
            self._clock.close()

    def listed(self) -> list[dict[str, Any]]:
        """All rules by schedule and all schedules, described: whether each is enabled, when it fires next."""
        return [
            {**_shown(trigger), "enabled": enabled, "next": self._next(trigger)}
            for trigger, enabled in _everything()
        ]

    def _next(self, trigger: "Trigger") -> str | None:
        """When it fires next (ISO, UTC); None if it does not."""
        due = self._clock.due(trigger.arn) if "_clock" in vars(self) else None
        return due.isoformat() if due else None

    def fire_now(self, name: str) -> dict[str, Any]:
        """Fire the rule or schedule of that name, ``GROUP/NAME`` or ARN, and describe it.

        AwsError if there is none, if there are several, or if it is disabled.
        """
        named = [item for item in _everything() if name in _names(item[0])]
        if not named:
            raise AwsError("NotFound", f"There is no schedule and no rule {name!r}", 404)
        if len(named) > 1:
            arns = ", ".join(trigger.arn for trigger, _ in named)
            raise AwsError("Ambiguous", f"{name!r} may be any of {arns}", 409)
        trigger, enabled = named[0]
        if not enabled:
            raise AwsError(
                "Disabled", f"The {trigger.kind} {trigger.name} is disabled: it does not fire", 409
            )
        self._delivery.fire(trigger, datetime.datetime.now(datetime.UTC))
        return _shown(trigger)

    def _look(self) -> None:
        self._clock.look()

    @cached_property
    def _delivery(self) -> "Delivery":
        from lambda_over_https.sandbox.schedule.delivery import Delivery

        return Delivery(self._policies, self._invoke)

    @cached_property
    def _clock(self) -> "Clock":
        from lambda_over_https.sandbox.schedule.clock import Clock
        from lambda_over_https.sandbox.schedule.triggers import enabled

        return Clock(enabled, self._delivery.fire, self._complete)

    def _complete(self, trigger: "Trigger") -> None:
        if trigger.leaves:
            self._submit(lambda: _delete(trigger))


def _everything() -> "Iterator[tuple[Trigger, bool]]":
    from lambda_over_https.sandbox.schedule.triggers import everything

    return everything()


def _delete(trigger: "Trigger") -> None:
    groups = scheduler_backend(trigger.region).schedule_groups
    with contextlib.suppress(KeyError):  # another client has deleted it
        schedule = groups[trigger.group].schedules[trigger.name]
        if trigger.version[0] is schedule:
            del groups[trigger.group].schedules[trigger.name]


def _names(trigger: "Trigger") -> set[str]:
    return {trigger.name, trigger.arn} | ({f"{trigger.group}/{trigger.name}"} if trigger.group else set())


def _shown(trigger: "Trigger") -> dict[str, Any]:
    members = ("kind", "name", "group", "region", "arn")
    shown = {member: getattr(trigger, member) for member in members}
    return {**shown, "targets": [target.arn for target in trigger.targets]}
