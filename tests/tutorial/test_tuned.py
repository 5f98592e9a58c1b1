"""What is set otherwise and does no harm is kept and mentioned; what breaks the tutorial is corrected."""

import json
from typing import Any

import pytest

from lambda_over_https.aws.policies.documents import trust_policy
from lambda_over_https.names import names_for
from lambda_over_https.words import counted
from tests.kit.program.support import Account, loh


@pytest.fixture
def deployed(account: Account, name: str) -> Any:
    assert loh("run", "--no-pause", "--name", name, "--to", "2.3").code == 0
    yield name
    assert loh("teardown", "--yes", "--name", name).code == 0


def planned(name: str, step: str) -> dict[str, Any]:
    steps = loh("plan", "--name", name, "--json").json["steps"]
    return next(each for each in steps if each["number"] == step)


def run(name: str) -> str:
    ran = loh("run", "--no-pause", "--name", name, "--to", "2.3")
    assert ran.code == 0, ran.err
    return ran.err


@pytest.mark.parametrize("days", [1, 365])
def test_another_retention_is_kept_and_mentioned(account: Account, deployed: str, days: int) -> None:
    logs, group = account.client("logs"), names_for(deployed).log_group
    logs.put_retention_policy(logGroupName=group, retentionInDays=days)
    assert (
        f"log lines are kept {counted(days, 'day')} (in the tutorial 7 days)"
        in planned(deployed, "2.3")["reason"]
    )
    assert planned(deployed, "2.3")["action"] == "keep"
    assert f"kept as it is: log lines are kept {counted(days, 'day')}" in run(deployed)
    [found] = logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"]
    assert found["retentionInDays"] == days


def test_lines_that_somebody_wants_to_keep_for_ever_are_kept(account: Account, deployed: str) -> None:
    logs, group = account.client("logs"), names_for(deployed).log_group
    logs.delete_retention_policy(logGroupName=group)
    assert "log lines are kept for ever" in run(deployed)
    [found] = logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"]
    assert "retentionInDays" not in found


def test_memory_timeout_and_variables_of_somebodys_own_are_kept(account: Account, deployed: str) -> None:
    lambda_, function = account.client("lambda"), names_for(deployed).function
    found = lambda_.get_function_configuration(FunctionName=function)
    variables = {**found["Environment"]["Variables"], "API_TOKEN": "very-secret"}
    lambda_.update_function_configuration(
        FunctionName=function,
        MemorySize=256,
        Timeout=30,
        Environment={"Variables": variables},
        LoggingConfig={"LogGroup": "/somebodys"},
    )
    said = run(deployed)
    told = (
        "kept as it is: Timeout 30 (the tutorial's is 10), MemorySize 256 (the tutorial's is 128), "
        f"the log group /somebodys (the tutorial's is {names_for(deployed).log_group}), "
        "the environment variable API_TOKEN"
    )
    assert told in said
    assert "very-secret" not in said
    kept = lambda_.get_function_configuration(FunctionName=function)
    assert (kept["MemorySize"], kept["Timeout"]) == (256, 30)
    assert kept["Environment"]["Variables"] == variables


def test_a_variable_that_the_function_needs_is_corrected_and_the_others_are_kept(
    account: Account, deployed: str
) -> None:
    lambda_, function = account.client("lambda"), names_for(deployed).function
    lambda_.update_function_configuration(
        FunctionName=function, MemorySize=256, Environment={"Variables": {"COLOUR": "red"}}
    )
    assert planned(deployed, "2.3")["action"] == "update"
    run(deployed)
    found = lambda_.get_function_configuration(FunctionName=function)
    assert found["Environment"]["Variables"] == {"COLOUR": "red", "TABLE_NAME": names_for(deployed).table}
    assert found["MemorySize"] == 256


def trust(account: Account, name: str, *statements: dict[str, Any]) -> None:
    document = {"Version": "2012-10-17", "Statement": list(statements)}
    account.client("iam").update_assume_role_policy(
        RoleName=names_for(name).role, PolicyDocument=json.dumps(document)
    )


ALLOW = trust_policy()["Statement"][0]


@pytest.mark.parametrize(
    ("statements", "reason"),
    [
        ([ALLOW, {**ALLOW, "Effect": "Deny"}], "denies Lambda"),
        ([ALLOW, {**ALLOW, "Effect": "Deny", "Principal": "*"}], "denies Lambda"),
        ([{**ALLOW, "Principal": {"Service": "ec2.amazonaws.com"}}], "does not let Lambda"),
        ([{**ALLOW, "Condition": {"StringEquals": {"aws:SourceAccount": "1"}}}], "does not let Lambda"),
    ],
)
def test_a_trust_policy_that_keeps_lambda_out_is_corrected(
    account: Account, deployed: str, statements: list[dict[str, Any]], reason: str
) -> None:
    trust(account, deployed, *statements)
    assert reason in planned(deployed, "2.2")["reason"]
    assert planned(deployed, "2.2")["calls"] == ["iam:UpdateAssumeRolePolicy"]
    run(deployed)
    role = account.client("iam").get_role(RoleName=names_for(deployed).role)["Role"]
    assert role["AssumeRolePolicyDocument"] == trust_policy()


def test_a_trust_policy_that_lets_others_in_too_is_kept(account: Account, deployed: str) -> None:
    both = {**ALLOW, "Principal": {"Service": ["lambda.amazonaws.com", "scheduler.amazonaws.com"]}}
    others = {**ALLOW, "Principal": {"Service": "ec2.amazonaws.com"}}
    trust(account, deployed, both, others)
    assert "its trust policy, which has 1 more" in run(deployed)
    role = account.client("iam").get_role(RoleName=names_for(deployed).role)["Role"]
    assert role["AssumeRolePolicyDocument"]["Statement"] == [both, others]


def test_a_function_that_somebody_has_stopped_stays_stopped_and_fails_the_run(
    account: Account, name: str
) -> None:
    assert loh("run", "--no-pause", "--name", name).code == 0
    lambda_, function = account.client("lambda"), names_for(name).function
    lambda_.put_function_concurrency(FunctionName=function, ReservedConcurrentExecutions=0)
    ran = loh("run", "--no-pause", "--name", name)
    assert ran.code == 1
    assert "kept as it is: its reserved concurrency is 0, so it never runs" in ran.err
    assert "checks failed" in ran.err
    assert f"`loh doctor --name {name}` looks for the cause" in ran.err
    assert lambda_.get_function_concurrency(FunctionName=function)["ReservedConcurrentExecutions"] == 0
    lambda_.delete_function_concurrency(FunctionName=function)
    assert loh("run", "--no-pause", "--name", name).code == 0
    assert loh("teardown", "--yes", "--name", name).code == 0
