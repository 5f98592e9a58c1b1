"""A learner does the steps with the real ``aws`` command, with mistakes and hints; all goes at the end."""

import os
import sys
from collections.abc import Iterable

import pytest

from tests.kit.account.loaded_aws import LoadedAws
from tests.kit.program.learner import ByHand, Line, Typing
from tests.kit.program.support import Account, Ran, done, loh

ENTER = ""


@pytest.fixture(autouse=True)
def _aws_is_installed(loaded_aws: LoadedAws, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", f"{loaded_aws.folder}{os.pathsep}{os.environ['PATH']}")


def _walk(monkeypatch: pytest.MonkeyPatch, name: str, lines: Iterable[Line], *more: str) -> Ran:
    monkeypatch.setattr(sys, "stdin", Typing(lines))
    return loh("run", "--yourself", "--name", name, *more)


def _words(ran: Ran) -> str:
    """What the walk said, whatever its width."""
    return " ".join(ran.err.split())


def test_the_whole_tutorial_by_hand_with_two_typical_mistakes(
    account: Account, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, hand = account.holdings(), ByHand(account, name)
    ran = _walk(
        monkeypatch,
        name,
        [
            *(ENTER, ENTER, ENTER, ENTER),  # 1 and 2.1 make nothing at AWS
            *hand.role(),
            *("y", ENTER),
            *hand.log_group(),
            hand.function(handler="index.handler"),
            hand.right_handler(),
            *("y", ENTER),
            hand.table(),
            *("y", ENTER),
            hand.api(endpoint="EDGE"),
            *("r", "y"),
            hand.api(),
            *("y", ENTER),
            hand.resource,
            ENTER,
            hand.method,
            ENTER,
            *hand.integration(),
            ENTER,
            hand.deployment,
            ENTER,
            *hand.permissions(),
            *(ENTER, ENTER),
        ],
    )
    assert ran.code == 0, ran.err
    said = _words(ran)
    assert "Handler: index.handler (should be: LambdaFunctionOverHttps.handler)" in said
    assert "each call would fail with Runtime.ImportModuleError." in said
    assert "endpointConfiguration: EDGE (should be: REGIONAL)" in said
    assert "once in 30 seconds" in said
    assert "package fileb://LambdaFunctionOverHttps.zip fileb:// means the bytes of a file" in said
    kept = "no Description (the tutorial has one), Timeout 3 (AWS's default, the tutorial's is 10)"
    assert f"is kept as it is: {kept}" in said
    assert said.count("We have just called the function for you") == 1  # in 2.3, and not in 2.4
    assert loh("verify", "--name", name).code == 0
    steps = {each["number"]: each["by"] for each in done("status", "--name", name, "--json").json["steps"]}
    told = done("report", "--name", name, "--json").json["steps"]
    mistakes = [each["field"] for step in told for each in step["mistakes"]]
    assert mistakes == ["Handler", "endpointConfiguration"]  # and not what was only not done yet
    by_program = ("1", "2.1", "3.7")
    assert steps == {each: "program" if each in by_program else "hand" for each in steps}
    calls = done("history", "--name", name, "--json").json["calls"]
    assert {each["operation"] for each in calls if each["by_hand"]} >= {"CreateRole", "CreateRestApi"}
    script = done("export", "--format", "boto3", "--name", name).out
    assert script.count(".create_function") == script.count(".create_rest_api") == 1
    assert "EDGE" not in script.replace("EDGE, ", "")
    assert {each["action"] for each in done("plan", "--name", name, "--json").json["steps"]} == {"keep"}
    assert loh("teardown", "--yes", "--name", name).code == 0
    assert account.holdings() == before


def test_hints_come_in_three_stages_and_are_kept(
    account: Account, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = _walk(monkeypatch, name, [*[ENTER] * 4, "h", "h", "h", "q"])
    operation, parameters, whole = ran.err.split("Hint ")[1:]
    assert "aws iam create-role" in operation
    assert name not in operation.split("\n", 1)[1]
    assert "CreateRole needs RoleName, AssumeRolePolicyDocument" in parameters
    assert "iam.create_role(" in whole
    assert f"--role-name {name}-lambda-gateway-execution-role" in whole
    steps = {each["number"]: each for each in done("status", "--name", name, "--json").json["steps"]}
    assert (steps["2.2"]["hints"], steps["2.2"]["by"], steps["2.1"]["hints"]) == (3, None, 0)
    assert "pending, 3 hints" in done("status", "--name", name).out
    assert loh("teardown", "--yes", "--name", name).code == 0


def test_s_does_the_step_and_r_takes_back_what_was_made(
    account: Account, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, hand = account.holdings(), ByHand(account, name)
    lines = [*[ENTER] * 4, next(hand.role()), "r", "n", "r", "y", "s", ENTER, "q"]
    ran = _walk(monkeypatch, name, lines)
    assert f"iam:role {name}-lambda-gateway-execution-role deleted" in ran.err
    assert ran.err.index("so it gets the tag first") < ran.err.index("TagRole")
    steps = {each["number"]: each for each in done("status", "--name", name, "--json").json["steps"]}
    assert (steps["2.2"]["state"], steps["2.2"]["by"]) == ("done", "program")
    assert loh("teardown", "--yes", "--name", name).code == 0
    assert account.holdings() == before


def test_what_was_there_before_the_step_began_stays_somebody_elses(
    account: Account, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    done("run", "--no-pause", "--to", "2.3", "--name", name)
    table = f"{name}-LambdaTable"
    account.client("dynamodb").create_table(
        TableName=table,
        KeySchema=[{"AttributeName": "Id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "Id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    ran = _walk(monkeypatch, name, ["y"])
    assert ran.code == 1
    assert f"dynamodb:table {table}" in ran.err
    assert loh("teardown", "--yes", "--name", name).code == 0
    assert account.client("dynamodb").describe_table(TableName=table)["Table"]["TableStatus"] == "ACTIVE"
    account.client("dynamodb").delete_table(TableName=table)


def test_a_walk_that_goes_on_takes_in_what_was_made_meanwhile(
    account: Account, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    done("run", "--no-pause", "--to", "2.3", "--name", name)
    assert _walk(monkeypatch, name, ["q"]).code == 0
    account.client("dynamodb").create_table(
        TableName=f"{name}-LambdaTable",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    ran = _walk(monkeypatch, name, ["r", "y", ByHand(account, name).table(), "y", "q"])
    assert "KeySchema: id HASH S (should be: Id HASH S)" in _words(ran)
    steps = {each["number"]: each["by"] for each in done("status", "--name", name, "--json").json["steps"]}
    assert steps["2.4"] == "hand"
    assert loh("teardown", "--yes", "--name", name).code == 0


def test_what_was_made_by_hand_is_taken_in_by_a_walk_that_goes_on_without_yourself_too(
    account: Account, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    done("run", "--no-pause", "--to", "2.1", "--name", name)
    role, policy = ByHand(account, name).role()
    assert _walk(monkeypatch, name, [role, "q"]).code == 0
    monkeypatch.setattr(sys, "stdin", Typing([policy, "y", "q"]))
    ran = loh("run", "--pause", "--name", name)
    assert ran.code == 0, ran.err
    assert "You have begun this step by hand, so it goes on by hand" in _words(ran)
    steps = {each["number"]: each["by"] for each in done("status", "--name", name, "--json").json["steps"]}
    assert steps["2.2"] == "hand"
    assert loh("teardown", "--yes", "--name", name).code == 0


def test_what_was_not_taken_in_is_named_at_the_end_and_taken_up_later(
    account: Account, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, (role, policy) = account.holdings(), ByHand(account, name).role()
    ran = _walk(monkeypatch, name, [*[ENTER] * 4, role, policy, "n", "q"])
    made = f"iam:role {name}-lambda-gateway-execution-role"
    assert f"You made {made} by hand in step 2.2, and it is no part of the deployment yet" in _words(ran)
    again = f"`loh run --yourself --name {name}` goes on there"
    assert again in _words(ran)
    torn = loh("teardown", "--yes", "--name", name)
    assert torn.code == 3
    assert f"Still there: {made}: you made it by hand in step 2.2" in _words(torn)
    assert again in _words(torn)
    assert "once more" not in torn.err
    assert again in loh("recover", "--name", name).out
    refused = loh("run", "--no-pause", "--name", name)
    assert refused.code == 1
    assert f"You have begun step 2.2 by hand: {again}" in _words(refused)
    assert _walk(monkeypatch, name, [*[ENTER] * 4, "y", "q"]).code == 0
    steps = {each["number"]: each["by"] for each in done("status", "--name", name, "--json").json["steps"]}
    assert steps["2.2"] == "hand"
    assert loh("teardown", "--yes", "--name", name).code == 0
    assert account.holdings() == before


def test_a_script_does_not_tag_what_was_taken_back(
    account: Account, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    done("run", "--no-pause", "--to", "2.3", "--name", name)
    hand = ByHand(account, name)
    wrong = hand.table().replace("=Id", "=id")
    assert _walk(monkeypatch, name, [wrong, "r", "y", "s", ENTER, hand.api("EDGE"), "r", "y", "q"]).code == 0
    script = done("export", "--name", name).out
    assert script.count("aws dynamodb create-table ") == 1
    assert "tag-resource" not in script
    assert loh("teardown", "--yes", "--name", name).code == 0


def test_a_name_that_is_nearly_right_is_recognised(
    account: Account, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    done("run", "--no-pause", "--to", "2.3", "--name", name)
    wrong = ByHand(account, name).table().replace("LambdaTable", "Lambdatable")
    ran = _walk(monkeypatch, name, [wrong, "q"])
    assert f"There is one named {name}-Lambdatable: the name must be {name}-LambdaTable" in _words(ran)
    account.client("dynamodb").delete_table(TableName=f"{name}-Lambdatable")
    assert loh("teardown", "--yes", "--name", name).code == 0


def test_only_aws_commands_run_and_a_bad_line_is_explained(
    account: Account, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = _walk(monkeypatch, name, [*[ENTER] * 4, "aws iam get-role '", "aws iam nonsense", "q"])
    assert "The line is not complete" in ran.err
    assert "nvalid choice" in ran.err
    assert loh("teardown", "--yes", "--name", name).code == 0


def test_yourself_needs_the_pages(name: str) -> None:
    ran = loh("run", "--yourself", "--json", "--name", name)
    assert ran.code == 2
    assert "--yourself does not go with --json" in ran.err


def test_after_a_hint_at_the_prompt_the_next_line_is_read_there(
    account: Account, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    done("run", "--no-pause", "--to", "2.1", "--name", name)
    role, policy = ByHand(account, name).role()
    ran = _walk(monkeypatch, name, ["a", "h", role, "h", policy, "y", ENTER, "q"])
    assert ran.code == 0, ran.err
    assert ran.err.count("Type aws commands as in a shell") == 1
    assert ran.err.count("Hint ") == 2
    steps = {each["number"]: each["by"] for each in done("status", "--name", name, "--json").json["steps"]}
    assert steps["2.2"] == "hand"
    assert f"Continue with: loh run --yourself --name {name}" in _words(ran)
    assert loh("teardown", "--yes", "--name", name).code == 0
