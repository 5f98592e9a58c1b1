"""A function that tells its events, and what calls it by the clock."""

import functools
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from lambda_over_https.sandbox.client import daemon
from lambda_over_https.sandbox.client.record import Sandbox
from tests.kit.control import ACCOUNT, REGION, Clients, create_function, package, policy, trust_policy

SOURCE = "import json\n\n\ndef handler(event, context):\n    print('event', json.dumps(event))\n"
PATIENCE = 30.0
POLL = 0.05


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


@pytest.fixture
def listener(aws: Clients, unique: str, role: str) -> Listener:
    made = create_function(aws("lambda"), unique, role, Code={"ZipFile": package(SOURCE)})
    return Listener(made["FunctionArn"], aws("logs"))


@pytest.fixture
def scheduler_role(aws: Clients, unique: str) -> str:
    """A role that Scheduler may assume, for the group named ``unique`` or any; it may invoke functions."""
    return make_scheduler_role(aws, f"{unique}-scheduler")


def make_scheduler_role(aws: Clients, name: str, trust: str | None = None) -> str:
    iam = aws("iam")
    document = trust or trust_policy("scheduler.amazonaws.com")
    made = iam.create_role(RoleName=name, AssumeRolePolicyDocument=document)
    iam.put_role_policy(RoleName=name, PolicyName="invoke", PolicyDocument=policy("lambda:InvokeFunction"))
    arn: str = made["Role"]["Arn"]
    return arn


Fire = Callable[[str], dict[str, Any]]
Schedule = Callable[..., dict[str, Any]]


@pytest.fixture
def fire(world: Path, sandbox: Sandbox) -> Fire:
    """Fires a schedule or rule of the shared sandbox now."""
    return functools.partial(daemon.fire, world)


@pytest.fixture
def schedule(unique: str, listener: Listener, scheduler_role: str) -> Schedule:
    """Arguments of CreateSchedule: far away in time, unless a test says otherwise; ``target`` adds to it."""

    def arguments(target: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
        return {
            "Name": unique,
            "ScheduleExpression": "cron(0 0 1 1 ? 2199)",
            "FlexibleTimeWindow": {"Mode": "OFF"},
            "Target": {"Arn": listener.arn, "RoleArn": scheduler_role, **(target or {})},
            **changes,
        }

    return arguments


def schedule_arn(name: str, group: str = "default") -> str:
    return f"arn:aws:scheduler:{REGION}:{ACCOUNT}:schedule/{group}/{name}"
