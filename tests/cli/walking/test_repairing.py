"""A drill whose damage the learner repairs, on a terminal; and steps done by hand there."""

import os
from typing import Any

import pytest

from tests.kit.account.loaded_aws import LoadedAws
from tests.kit.program.lesson import finished
from tests.kit.program.support import Account, done, loh
from tests.kit.program.terminal import Terminal

NAME = "repaired"
STAGES = (("apigateway-test-2", "*"), ("apigateway-prod-2", "prod"))


def _api_id(account: Account) -> str:
    apis = account.client("apigateway").get_rest_apis(limit=500)["items"]
    (found,) = [each["id"] for each in apis if each["name"] == f"{NAME}-DynamoDBOperations"]
    return str(found)


def _permission(account: Account, statement: str, stage: str) -> dict[str, Any]:
    source = f"arn:aws:execute-api:us-east-1:123456789012:{_api_id(account)}/{stage}/POST/DynamoDBManager"
    return {
        "FunctionName": f"{NAME}-LambdaFunctionOverHttps",
        "StatementId": statement,
        "Action": "lambda:InvokeFunction",
        "Principal": "apigateway.amazonaws.com",
        "SourceArn": source,
    }


def test_a_learner_repairs_the_permission_and_the_report_says_so(account: Account) -> None:
    finished(NAME)
    drill = ("drill", "permission", "--predict", "c", "--name", NAME)
    terminal = Terminal(*drill, columns=80, rows=40, NO_COLOR="1")
    terminal.until("What we changed:")
    assert "remove_permission" in terminal.until("HTTP 500")
    terminal.until(" the program")
    terminal.press("x")
    terminal.until("The key x does nothing here.")
    terminal.until(" the program")
    terminal.press("y")
    terminal.until(f'eval "$(loh sandbox env --name {NAME})"')
    terminal.until("3.6 lambda:permission apigateway-prod-2: it is not there")
    terminal.press("h")
    terminal.until(f"get-policy --function-name {NAME}-LambdaFunctionOverHttps")
    terminal.until("do it")
    terminal.press("h")
    terminal.until("lambda:InvokeFunction")
    terminal.until("do it")
    terminal.press("h")
    terminal.until("--statement-id apigateway-prod-2")
    (test, prod), lambda_ = STAGES, account.client("lambda")
    add, remove = lambda_.add_permission, lambda_.remove_permission
    terminal.until("do it")
    add(**_permission(account, test[0], "another"))
    assert "right" not in terminal.until("3.6 lambda:permission apigateway-test-2: its SourceArn is")
    remove(FunctionName=f"{NAME}-LambdaFunctionOverHttps", StatementId=test[0])
    terminal.until("3.6 lambda:permission apigateway-test-2: it is not there")
    add(**_permission(account, *test))
    terminal.until("3.6 lambda:permission apigateway-test-2: right")
    add(**_permission(account, *prod))
    terminal.until("3.6 lambda:permission apigateway-prod-2: right")
    terminal.until("Repaired: requests are answered as before.")
    terminal.until("to be sure that nothing else is left")
    terminal.until("Right! It is c")
    terminal.until("You have repaired it.")
    assert terminal.end() == 0
    *_, repair = done("report", "--name", NAME, "--json").json["repairs"]
    assert (repair["name"], repair["by_hand"], repair["hints"]) == ("permission", True, 3)
    assert "permission: repaired by hand, with 3 hints" in done("report", "--name", NAME).out


def test_errors_are_mapped_again_only_when_that_is_deployed(account: Account) -> None:
    finished(NAME)
    terminal = Terminal("drill", "unmapped", "--predict", "c", "--name", NAME, columns=80, rows=40)
    terminal.until(" the program")
    terminal.press("y")
    terminal.until("3.4 apigateway:integration-response")
    assert loh("plan", "--name", NAME).code == 0  # reading needs no lock
    terminal.press("s")
    terminal.until("Right! It is c")
    assert terminal.end() == 0
    assert done("verify", "--name", NAME).code == 0


def test_a_drill_that_breaks_nothing_repairs_nothing(account: Account) -> None:
    ran = done("drill", "path", "--predict", "b", "--name", finished(NAME))
    assert "Checking" not in ran.err
    assert "Nothing was changed." in ran.err


def test_redeploy_says_what_happened_between_its_requests(account: Account) -> None:
    said = done("drill", "redeploy", "--predict", "b", "--name", finished(NAME)).err
    draft, test, deployed = (
        said.index(each) for each in ("not deployed:", "own test runs the draft:", "Now we deploy")
    )
    assert draft < test < deployed


def test_on_a_terminal_the_walk_looks_by_itself_and_the_prompt_runs_aws(
    account: Account, name: str, loaded_aws: LoadedAws, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", f"{loaded_aws.folder}{os.pathsep}{os.environ['PATH']}")
    done("run", "--no-pause", "--to", "2.3", "--name", name)
    terminal = Terminal("run", "--yourself", "--to", "2.4", "--name", name, columns=80, rows=40)
    terminal.until(" quit")
    account.client("dynamodb").create_table(
        TableName=f"{name}-LambdaTable",
        KeySchema=[{"AttributeName": "Id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "Id", "AttributeType": "S"}],
        ProvisionedThroughput={"ReadCapacityUnits": 1, "WriteCapacityUnits": 1},
    )
    terminal.until("BillingMode: PROVISIONED (should be: PAY_PER_REQUEST)")
    terminal.until(" quit")
    terminal.press("a")
    terminal.until("h for a hint")
    terminal.until("$ ")
    terminal.press("help\n")
    terminal.until("h for a hint")
    terminal.until("$ ")
    terminal.press("r\n")  # a key of the page works at the prompt too
    terminal.until("so that you can make it again?")
    terminal.until(" no")
    terminal.press("n")
    terminal.until(" quit")
    terminal.press("a")
    terminal.until("$ ")
    terminal.press("q\n")
    assert "\x1b[1A\x1b[2K" in terminal.until(" quit")  # the prompt that was left is gone
    terminal.press("a")
    terminal.until("$ ")
    terminal.press(
        "aws dynamodb update-table \\\n"
        f"    --table-name {name}-LambdaTable \\\n"
        "    --billing-mode PAY_PER_REQUEST\n"
    )
    terminal.until(" skip the rest")  # the answer is longer than the window
    terminal.press("q")
    terminal.until("not yet")
    terminal.press("y")
    assert terminal.end() == 0
    steps = {each["number"]: each["by"] for each in done("status", "--name", name, "--json").json["steps"]}
    assert steps["2.4"] == "hand"
    assert loh("teardown", "--yes", "--name", name).code == 0
