"""What the tests of schedules share: a function that logs its events, and a role for Scheduler."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.kit.sandbox.control import ACCOUNT, REGION, Clients, policy, trust_policy

SOURCE = "import json\n\n\ndef handler(event, context):\n    print('event', json.dumps(event))\n"
PATIENCE = 30.0
POLL = 0.05

Fire = Callable[[str], dict[str, Any]]
Schedule = Callable[..., dict[str, Any]]


@dataclass
class Listener:
    """A function, and how to wait for the events it got."""

    arn: str
    logs: Any

    def events(self, count: int) -> list[Any]:
        """The events, as soon as there are ``count`` of them."""
        deadline = time.monotonic() + PATIENCE
        while len(found := self._found()) < count:
            assert time.monotonic() < deadline, f"{len(found)} events, not {count}"
            time.sleep(POLL)
        return found

    def _found(self) -> list[Any]:
        group = f"/aws/lambda/{self.arn.rpartition(':')[2]}"
        if not self.logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"]:
            return []
        lines = [each["message"] for each in self.logs.filter_log_events(logGroupName=group)["events"]]
        return [json.loads(line.removeprefix("event ")) for line in lines if line.startswith("event ")]


def make_scheduler_role(aws: Clients, name: str, trust: str | None = None) -> str:
    iam = aws("iam")
    document = trust or trust_policy("scheduler.amazonaws.com")
    made = iam.create_role(RoleName=name, AssumeRolePolicyDocument=document)
    iam.put_role_policy(RoleName=name, PolicyName="invoke", PolicyDocument=policy("lambda:InvokeFunction"))
    arn: str = made["Role"]["Arn"]
    return arn


def schedule_arn(name: str, group: str = "default") -> str:
    return f"arn:aws:scheduler:{REGION}:{ACCOUNT}:schedule/{group}/{name}"
