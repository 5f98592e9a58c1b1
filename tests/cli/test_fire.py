"""``loh sandbox fire``: a schedule runs now."""

from typing import Any

import pytest

from tests.kit.program.support import Account, loh
from tests.kit.sandbox.control import create_function, policy, trust_policy


@pytest.fixture
def schedule(account: Account, name: str) -> str:
    """A schedule, enabled, whose time is far away."""
    iam = account.client("iam")
    roles = {}
    for service in ("lambda", "scheduler"):
        made = iam.create_role(
            RoleName=f"{name}-{service}", AssumeRolePolicyDocument=trust_policy(f"{service}.amazonaws.com")
        )
        iam.put_role_policy(
            RoleName=f"{name}-{service}", PolicyName="all", PolicyDocument=policy("logs:*", "lambda:*")
        )
        roles[service] = made["Role"]["Arn"]
    function = create_function(account.client("lambda"), name, roles["lambda"])
    scheduler = account.client("scheduler")
    scheduler.create_schedule_group(Name=name)
    scheduler.create_schedule(**_arguments(name, function["FunctionArn"], roles["scheduler"]))
    return name


def _arguments(name: str, function: str, role: str, **changes: Any) -> dict[str, Any]:
    return {
        "Name": name,
        "GroupName": name,
        "ScheduleExpression": "cron(0 0 1 1 ? 2199)",
        "FlexibleTimeWindow": {"Mode": "OFF"},
        "Target": {"Arn": function, "RoleArn": role},
        **changes,
    }


@pytest.mark.parametrize(
    "form", ["{0}", "{0}/{0}", "arn:aws:scheduler:us-east-1:123456789012:schedule/{0}/{0}"]
)
def test_a_schedule_is_fired_by_its_name_its_group_and_name_or_its_arn(schedule: str, form: str) -> None:
    ran = loh("sandbox", "fire", form.format(schedule))
    assert ran.code == 0
    assert ran.out == f"Fired the schedule {schedule}: its event goes to {schedule}.\n"
    assert "log shows what ran" in ran.err


def test_as_json_it_tells_what_was_fired(schedule: str) -> None:
    fired = loh("sandbox", "fire", schedule, "--json").json
    assert (fired["kind"], fired["name"], fired["group"]) == ("schedule", schedule, schedule)
    assert [arn.rpartition(":")[2] for arn in fired["targets"]] == [schedule]


def test_a_wrong_name_gets_the_nearest_one(schedule: str) -> None:
    ran = loh("sandbox", "fire", f"{schedule}x")
    assert ran.code == 2
    assert f"Did you mean {schedule}?" in ran.err


def test_a_disabled_schedule_does_not_fire(schedule: str, account: Account) -> None:
    scheduler = account.client("scheduler")
    told = scheduler.get_schedule(Name=schedule, GroupName=schedule)
    target = told["Target"]
    scheduler.update_schedule(**_arguments(schedule, target["Arn"], target["RoleArn"], State="DISABLED"))
    ran = loh("sandbox", "fire", schedule)
    assert ran.code == 1
    assert f"The schedule {schedule} is disabled" in ran.err


def test_a_name_that_several_have_must_say_which(schedule: str, account: Account) -> None:
    scheduler = account.client("scheduler")
    target = scheduler.get_schedule(Name=schedule, GroupName=schedule)["Target"]
    twin = _arguments(schedule, target["Arn"], target["RoleArn"], GroupName="default")
    scheduler.create_schedule(**twin)
    ran = loh("sandbox", "fire", schedule)
    assert ran.code == 1
    for group in (schedule, "default"):
        assert f":schedule/{group}/{schedule}" in ran.err
    assert loh("sandbox", "fire", f"default/{schedule}").code == 0
