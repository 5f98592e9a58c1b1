"""A function that logs its events, and what fires it by the clock."""

import functools
from pathlib import Path
from typing import Any

import pytest

from lambda_over_https.sandbox.client import daemon
from lambda_over_https.sandbox.client.record import Sandbox
from tests.kit.sandbox.control import Clients
from tests.kit.sandbox.schedules import Fire, Listener, Schedule, make_scheduler_role


@pytest.fixture
def scheduler_role(aws: Clients, unique: str) -> str:
    """A role that Scheduler may assume, for the group named ``unique`` or any; it may invoke functions."""
    return make_scheduler_role(aws, f"{unique}-scheduler")


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
