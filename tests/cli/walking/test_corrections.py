"""What a learner has made wrong: the hints give the calls that correct it, and s corrects it."""

import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from lambda_over_https.cli.walking import aws_prompt
from lambda_over_https.hints import meaning
from lambda_over_https.settings import Settings
from tests.kit.account.loaded_aws import LoadedAws
from tests.kit.program.learner import ByHand, Line, Typing
from tests.kit.program.support import Account, Ran, done, loh

ENTER = ""
Walk = Callable[[str, Iterable[Line]], Ran]


@pytest.fixture
def walk(loaded_aws: LoadedAws, monkeypatch: pytest.MonkeyPatch) -> Walk:
    """Go on with a walk in which the learner types these lines."""
    monkeypatch.setenv("PATH", f"{loaded_aws.folder}{os.pathsep}{os.environ['PATH']}")

    def go_on(name: str, lines: Iterable[Line]) -> Ran:
        monkeypatch.setattr(sys, "stdin", Typing(lines))
        return loh("run", "--yourself", "--name", name)

    return go_on


def _hints(ran: Ran) -> list[str]:
    return ran.err.split("Hint ")[1:]


def test_hints_for_a_wrong_role_and_handler_name_the_calls_that_correct_them(
    account: Account, name: str, walk: Walk
) -> None:
    done("run", "--no-pause", "--to", "2.1", "--name", name)
    hand = ByHand(account, name)
    wrong = str(next(hand.role())).replace("lambda.amazonaws.com", "ec2.amazonaws.com")
    operation, parameters, whole = _hints(walk(name, [wrong, "h", "h", "h", "q"]))
    assert "UpdateAssumeRolePolicy: `aws iam update-assume-role-policy`" in operation
    assert "UpdateAssumeRolePolicy needs RoleName, PolicyDocument" in parameters
    assert "aws iam update-assume-role-policy" in whole
    assert not any(each in operation + parameters + whole for each in ("Boundary", "CreateRole"))
    account.client("iam").delete_role(RoleName=hand.names.role)
    done("run", "--no-pause", "--to", "2.2", "--name", name)
    lines = [*hand.log_group(), hand.function(handler="index.handler"), "h", "h", "h", "s", "y", "y", "q"]
    ran = walk(name, lines)
    operation, _, whole = _hints(ran)
    assert "UpdateFunctionConfiguration: `aws lambda update-function-configuration`" in operation
    assert "--handler LambdaFunctionOverHttps.handler" in whole
    assert "create-function" not in operation
    assert "We have just called the function for you" not in ran.err  # the program has made it
    assert "which is not right, and make it again for you?" in " ".join(ran.err.split())
    assert loh("teardown", "--yes", "--name", name).code == 0


def test_a_wrong_statement_is_removed_before_it_is_added_again_by_hint_and_by_s(
    account: Account, name: str, walk: Walk
) -> None:
    done("run", "--no-pause", "--to", "3.5", "--name", name)
    hand = ByHand(account, name)

    def wrong() -> str:
        line = next(hand.permissions())
        return (line if isinstance(line, str) else line()).replace("/POST/", "/GET/")

    ran = walk(name, [wrong, "h", "h", "h", "s", ENTER, "q"])
    whole = _hints(ran)[2]
    removed, added = whole.index("aws lambda remove-permission"), whole.index("aws lambda add-permission")
    assert removed < added
    calls = done("history", "--name", name, "--json").json["calls"]
    assert not [each for each in calls if each["error"] and each["operation"] == "AddPermission"]
    assert {each["action"] for each in done("plan", "--name", name, "--json").json["steps"][:-1]} == {"keep"}
    assert loh("teardown", "--yes", "--name", name).code == 0


def test_the_last_hint_sets_all_that_the_program_sets_but_tags(
    account: Account, name: str, walk: Walk
) -> None:
    done("run", "--no-pause", "--to", "2.1", "--name", name)
    _, parameters, whole = _hints(walk(name, ["h", "h", "h", "q"]))
    assert "--description" in whole
    assert "--tags" not in whole
    assert "Description" not in parameters
    assert loh("teardown", "--yes", "--name", name).code == 0


def test_the_page_says_where_to_type_and_that_the_command_is_missing(
    account: Account, name: str, walk: Walk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    done("run", "--no-pause", "--to", "2.1", "--name", name)
    said = walk(name, ["q"]).err
    assert "Press a to type aws commands here." in said
    assert f'eval "$(loh sandbox env --name {name})"' in " ".join(said.split())
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    said = walk(name, ["a", "q"]).err
    assert "Press a to type" not in said
    assert said.count("The aws command is not installed.") == 2
    (tmp_path / "aws").touch(mode=0o700)
    monkeypatch.setenv("PATH", "/nowhere")
    assert aws_prompt.program(os.environ) == str(tmp_path / "aws")  # as where .venv/bin/loh was started
    assert loh("teardown", "--yes", "--name", name).code == 0


def test_commands_by_hand_go_to_the_deployments_region(account: Account, name: str) -> None:
    done("run", "--no-pause", "--to", "2.1", "--name", name, "--region", "eu-west-1")
    at_the_prompt = aws_prompt.environment_for(Settings(name=name), "eu-west-1")
    elsewhere = loh("sandbox", "env", "--json", "--name", name).json
    for variable in ("AWS_REGION", "AWS_DEFAULT_REGION"):
        assert at_the_prompt[variable] == elsewhere[variable] == "eu-west-1"
    assert "API_URL" not in elsewhere
    assert loh("teardown", "--yes", "--name", name, "--region", "eu-west-1").code == 0


def test_another_terminal_gets_what_makes_it_mean_the_same_place() -> None:
    assert aws_prompt.other_terminal(Settings(target="sandbox"))[1] == 'eval "$(loh sandbox env)"'
    with meaning({"--name": "big", "--region": "eu-west-1"}):
        prepares = aws_prompt.other_terminal(Settings(target="sandbox"))[1]
    assert prepares == 'eval "$(loh sandbox env --name big)"'
    said, prepares = aws_prompt.other_terminal(Settings(target="aws", profile="my class", region="eu-west-1"))
    assert "the same credentials" in said
    assert prepares == "export 'AWS_PROFILE=my class' AWS_REGION=eu-west-1"
    assert aws_prompt.other_terminal(Settings(target="aws"))[1] == ""
