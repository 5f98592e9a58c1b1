"""AWS's timing of EventBridge Scheduler: roles too new to be assumed, and groups that are being deleted.

A group's schedules are deleted at once here. On AWS they may still fire while the group is DELETING (API
reference, DeleteScheduleGroup).
"""

from typing import Any

from lambda_over_https.sandbox.control.aws_calls import AwsCall
from lambda_over_https.sandbox.control.layer import AwsResponse, Inner, Layer
from lambda_over_https.sandbox.control.moto_state import find_role, scheduler_backend
from lambda_over_https.sandbox.layers.timing import Timing
from lambda_over_https.sandbox.model.errors import AwsError
from lambda_over_https.sandbox.model.wording import SCHEDULER_CANNOT_ASSUME


class SchedulerTiming(Layer):
    """Makes Scheduler's callers wait as ``timing`` says."""

    services = frozenset({"scheduler"})

    def __init__(self, timing: Timing) -> None:
        self._timing = timing
        self._ending: dict[tuple[str, str], dict[str, Any]] = {}

    def before(self, call: AwsCall) -> None:
        """Refuse a role that is too new, and schedules for a group that is being deleted."""
        if not self._timing.factor:
            return
        role = find_role((call.parameters.get("Target") or {}).get("RoleArn", ""))
        if role is not None and self._timing.under_way("role", role.id):
            raise AwsError("ValidationException", SCHEDULER_CANNOT_ASSUME)
        created = {"CreateSchedule": "GroupName", "CreateScheduleGroup": "Name"}.get(call.operation)
        if created and self._ends(call.region, call.parameters.get(created)):
            message = f"Schedule group {call.parameters[created]} is being deleted."
            raise AwsError("ConflictException", message, 409)

    def instead(self, call: AwsCall, inner: Inner) -> AwsResponse | None:
        """Describe a group that is being deleted, and remember one whose deletion begins."""
        if not self._timing.factor:
            return None
        if call.operation == "DeleteScheduleGroup":
            return self._delete(call, inner)
        if call.operation == "GetScheduleGroup" and self._ends(call.region, call.parameters["Name"]):
            return AwsResponse.json(200, self._ending[call.region, call.parameters["Name"]])
        return None

    def after(self, call: AwsCall, response: AwsResponse) -> None:
        """Add the groups that are being deleted to listings."""
        if call.operation == "ListScheduleGroups":
            document, prefix = response.document, call.parameters.get("NamePrefix") or ""
            document["ScheduleGroups"] += [
                group
                for (region, name), group in list(self._ending.items())
                if region == call.region and name.startswith(prefix) and self._ends(region, name)
            ]
            response.document = document

    def _delete(self, call: AwsCall, inner: Inner) -> AwsResponse:
        name = call.parameters["Name"]
        if self._ends(call.region, name):
            return AwsResponse.json(200, {})
        group = scheduler_backend(call.region).schedule_groups.get(name)
        response = inner(call)
        if response.status < 300 and group is not None:
            self._timing.begin("group_deletion", call.region, name)
            self._ending[call.region, name] = {**group.to_dict(), "State": "DELETING"}
        return response

    def _ends(self, region: str, name: object) -> bool:
        key = (region, str(name))
        if key in self._ending and not self._timing.under_way("group_deletion", *key):
            del self._ending[key]
        return key in self._ending
