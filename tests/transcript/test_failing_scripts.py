"""Exported scripts where something goes wrong: what they say, what they leave, and how they end."""

import ast
import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from lambda_over_https.deployment.journal.state import Deployment
from lambda_over_https.deployment.recorded.call import Call
from lambda_over_https.transcript.script import Script, Statement
from lambda_over_https.transcript.to_shell import shell_script
from lambda_over_https.transcript.words import Variables
from lambda_over_https.tutorial.steps import STEPS
from tests.kit.account.between import Answer, Between, Forward, error
from tests.kit.account.between import Call as Sent
from tests.kit.exports.scripts import environment, executed, exported, python
from tests.kit.program.lesson import finished
from tests.kit.program.support import Account, loh

# Stands in for a command: writes down how it is called, and does what ``answers`` says for its first words.
STUB = """#!/usr/bin/env bash
echo "$(basename "$0") $*" >> "{log}"
count=$(grep -cF "$(basename "$0") ${{1:-}} ${{2:-}}" "{log}")
case "$(basename "$0") ${{1:-}} ${{2:-}} $count" in
{cases}
esac
"""
COMMANDS = ("aws", "curl", "sleep")


@dataclass
class Shell:
    """A shell script among commands that stand in for the real ones."""

    script: Path
    folder: Path
    answers: dict[str, str]

    def run(self, *arguments: str, code: int = 0, variables: Mapping[str, str] | None = None) -> str:
        """Run it; all that it said."""
        bin_ = self.folder / "bin"
        bin_.mkdir(exist_ok=True)
        cases = "\n".join(f"  {pattern}) {answer} ;;" for pattern, answer in self.answers.items())
        for command in COMMANDS:
            stub = bin_ / command
            stub.write_text(STUB.format(log=self.folder / "log", cases=cases))
            stub.chmod(stat.S_IRWXU)
        path = {"PATH": f"{bin_}:{os.environ['PATH']}", "HOME": str(self.folder), **(variables or {})}
        return executed([str(self.script), *arguments], path, code)

    def calls(self, *words: str) -> list[str]:
        """The calls that begin with these words, so far."""
        log = (self.folder / "log").read_text().splitlines()
        return [line for line in log if line.startswith(" ".join(words))]


def refuse(message: str) -> str:
    """What a command does that AWS refuses."""
    return f"echo 'An error occurred {message}' >&2; exit 254"


USUAL = {
    "'aws sts get-caller-identity '*": "echo 123456789012",
    "'aws apigateway test-invoke-method '*": "printf '200\\tok\\n'",
    "'aws apigateway create-rest-api '*": "printf 'api1\\troot1\\n'",
    "'aws apigateway create-resource '*": "echo res1",
    "'aws lambda invoke '*": "echo ok > answer.json",
    "'aws iam create-role '*": "echo arn:aws:iam::123456789012:role/r",
}


@pytest.fixture
def shell(account: Account, tmp_path: Path) -> Shell:
    script = exported(finished(), "aws-cli", tmp_path / "tutorial.sh")
    return Shell(script, tmp_path, dict(USUAL))


def test_a_script_that_meets_no_trouble_ends_well_and_keeps_what_the_teardown_needs(shell: Shell) -> None:
    shell.run()
    assert (shell.folder / "lesson.ids").exists()
    shell.run("teardown")
    assert not (shell.folder / "lesson.ids").exists()
    assert shell.calls("sleep") == []


def test_a_refused_create_ends_the_script_there(shell: Shell) -> None:
    shell.answers |= {"'aws dynamodb create-table '*": refuse("(AccessDeniedException) not yours")}
    said = shell.run(code=254)
    assert "AccessDeniedException" in said
    assert shell.calls("aws", "iam", "create-role")
    assert shell.calls("aws", "apigateway", "create-rest-api") == []


def test_what_is_refused_for_the_moment_is_tried_again(shell: Shell) -> None:
    not_yet = refuse("The role defined for the function cannot be assumed by Lambda.")
    shell.answers = {f"'aws lambda create-function '{n}": not_yet for n in (1, 2)} | shell.answers
    shell.run()
    assert len(shell.calls("aws", "lambda", "create-function")) == 3
    assert shell.calls("sleep") == ["sleep 5", "sleep 5"]


def test_what_is_refused_for_ever_ends_the_script_with_aws_s_words(shell: Shell) -> None:
    shell.answers |= {"'aws lambda create-function '*": refuse("(TooManyRequestsException) Rate exceeded")}
    said = shell.run(code=1)
    assert "TooManyRequestsException" in said
    assert len(shell.calls("aws", "lambda", "create-function")) == 30


def test_a_permission_that_has_not_spread_is_waited_for(shell: Shell) -> None:
    test = "'aws apigateway test-invoke-method '"
    shell.answers = {f"{test}{n}": "printf '500\\tno\\n'" for n in (1, 2, 3)} | shell.answers
    said = shell.run()
    assert "500" not in said
    assert "200\tok" in said
    assert len(shell.calls("sleep")) == 3


def test_a_deployed_api_that_does_not_answer_is_a_failure(shell: Shell) -> None:
    shell.answers |= {"'curl '*": "exit 22"}
    shell.run(code=22)


def test_a_teardown_removes_all_that_it_can_and_says_that_something_is_left(shell: Shell) -> None:
    shell.run()
    ids = (shell.folder / "lesson.ids").read_text()
    shell.answers |= {"'aws dynamodb delete-table '*": refuse("(ValidationException) it is protected")}
    said = shell.run("teardown", code=1)
    assert "it is protected" in said
    assert "Not everything could be removed" in said
    removed = {"apigateway delete-rest-api", "lambda delete-function", "logs delete-log-group"}
    removed |= {"iam delete-role-policy", "iam delete-role"}
    assert all(shell.calls("aws", each) for each in removed)
    assert shell.calls("aws", "dynamodb", "wait", "table-not-exists") == [], "it would wait for ten minutes"
    assert (shell.folder / "lesson.ids").read_text() == ids
    del shell.answers["'aws dynamodb delete-table '*"]
    shell.run("teardown")
    assert not (shell.folder / "lesson.ids").exists()


@pytest.mark.parametrize(
    "gone",
    [
        "(NotFoundException) Invalid API identifier specified",
        "(NoSuchEntity) The role cannot be found.",
        "(ResourceNotFoundException) Requested resource not found",
        "The specified log group does not exist.",
    ],
)
def test_what_is_gone_already_is_as_good_as_removed(shell: Shell, gone: str) -> None:
    shell.run()
    shell.answers |= {f"'aws {service} delete'*": refuse(gone) for service in ("apigateway", "iam", "logs")}
    shell.run("teardown")
    assert not (shell.folder / "lesson.ids").exists()


def test_a_teardown_after_a_run_that_made_no_api_asks_for_none(shell: Shell) -> None:
    shell.answers |= {"'aws apigateway create-rest-api '*": refuse("(AccessDenied) no")}
    shell.run(code=1)
    shell.run("teardown")
    assert shell.calls("aws", "apigateway", "delete-rest-api") == []
    assert shell.calls("aws", "lambda", "delete-function")


@pytest.mark.parametrize(
    ("variables", "region"),
    [
        ({}, "us-east-1"),
        ({"AWS_DEFAULT_REGION": "eu-west-1"}, "eu-west-1"),
        ({"AWS_DEFAULT_REGION": "eu-west-1", "AWS_REGION": "eu-north-1"}, "eu-north-1"),
    ],
)
def test_the_region_is_the_shell_s_or_else_the_recorded_one(
    shell: Shell, variables: dict[str, str], region: str
) -> None:
    said = shell.run(variables=variables)
    assert f"https://api1.execute-api.{region}.amazonaws.com/prod/DynamoDBManager" in said


def test_an_endpoint_of_one_s_own_is_called_instead_of_aws(shell: Shell) -> None:
    said = shell.run(variables={"AWS_ENDPOINT_URL": "http://127.0.0.1:1"})
    assert "http://127.0.0.1:1/_aws/execute-api/api1/prod/DynamoDBManager" in said


@pytest.mark.parametrize(
    ("region", "suffix"),
    [
        ("us-east-1", "amazonaws.com/"),
        ("cn-north-1", "amazonaws.com.cn/"),
        ("us-gov-west-1", "amazonaws.com/"),
    ],
)
def test_in_china_the_hosts_have_another_name(region: str, suffix: str) -> None:
    deployment = Deployment("x-1", "x", "aws", "123456789012", region, "", "", "")
    deploy = Call("2026-11-26", "1", "3.5", "apigateway", "CreateDeployment", {"restApiId": "a"}, {})
    steps = tuple((step, (Statement(deploy),) if step.number == "3.5" else ()) for step in STEPS)
    script = Script(deployment, steps, (), Variables({"a": "rest_api_id"}), (), "x.py", "")
    assert f"https://${{rest_api_id}}.execute-api.$region.{suffix}" in shell_script(script, "x.sh")


# --- in Python ---


def test_a_python_teardown_removes_all_that_it_can_and_says_that_something_is_left(
    between: Between, account: Account, name: str, tmp_path: Path
) -> None:
    before = account.holdings()
    script = exported(finished(name), "boto3", tmp_path / "tutorial.py")
    assert loh("teardown", "--yes", "--name", name).code == 0
    there = environment(account, tmp_path) | {"AWS_ENDPOINT_URL": between.url}
    python(script, there)

    def refuse_table(call: Sent, forward: Forward) -> Answer | None:
        if call.name == "dynamodb:DeleteTable":
            return error(call, "AccessDeniedException", "it is protected", 400)
        return forward()

    between.meddle = refuse_table
    said = python(script, there, "teardown", code=1)
    assert "it is protected" in said
    assert "Not everything could be removed" in said
    assert "Traceback" not in said
    assert account.holdings() - before == {f"table {name}-LambdaTable"}
    assert "dynamodb:DescribeTable" not in between.names()[-5:], "it would wait for ten minutes"
    between.meddle = lambda _, forward: forward()
    python(script, there, "teardown")
    assert account.holdings() == before


def test_a_python_script_ends_at_what_is_refused(
    between: Between, account: Account, name: str, tmp_path: Path
) -> None:
    script = exported(finished(), "boto3", tmp_path / "tutorial.py")

    def refuse_role(call: Sent, forward: Forward) -> Answer | None:
        return error(call, "AccessDenied", "not yours", 403) if call.name == "iam:CreateRole" else forward()

    between.meddle = refuse_role
    said = python(script, environment(account, tmp_path) | {"AWS_ENDPOINT_URL": between.url}, code=1)
    assert "not yours" in said
    assert between.names() == ["sts:GetCallerIdentity", "iam:CreateRole"]


@pytest.mark.parametrize(
    "planted",
    [
        "touch owned",
        "rest_api_id=$(touch owned)",
        "rest_api_id=`touch owned`",
        "PATH=/nowhere",
        "left=1; touch owned",
    ],
)
def test_a_file_that_lies_there_is_read_and_never_run(shell: Shell, planted: str) -> None:
    (shell.folder / "lesson.ids").write_text(f"{planted}\nrest_api_id=api1\n")
    shell.run("teardown")
    assert not list(shell.folder.rglob("owned"))
    [deleted] = shell.calls("aws", "apigateway delete-rest-api")
    assert "--rest-api-id api1" in deleted


SOURCES = (
    'x = """\nEND_OF_SOURCE\nEND_OF_SOURCE_\ntouch owned\n"""\n',
    "x = '''\n```\n'''  # \\",
    'x = """\n\x1b[31m\r\n\x07"""\n',
    "# Größe ${x} $(touch owned) `y`\n",
)


@pytest.mark.parametrize("source", SOURCES)
def test_a_source_is_carried_whole_whatever_it_holds(
    account: Account, name: str, tmp_path: Path, source: str
) -> None:
    handler = tmp_path / "handler.py"
    handler.write_text(source, newline="")
    assert loh("run", "--no-pause", "--name", name, "--to", "2.1", "--source", str(handler)).code == 0
    assert loh("run", "--no-pause", "--name", name, "--to", "2.2").code == 0
    script = exported(name, "aws-cli", tmp_path / "tutorial.sh")
    lines = script.read_bytes().decode().split("\n")
    begin = next(i for i, line in enumerate(lines) if line.startswith("cat > LambdaFunctionOverHttps.py <<"))
    end = lines[begin].rpartition("<<")[2].strip("'")
    inside = lines[begin + 1 : lines.index(end, begin + 1)]
    assert "\n".join(inside) == source.rstrip("\n")
    program = exported(name, "boto3", tmp_path / "tutorial.py").read_text()
    found = next(each for each in ast.parse(program).body if isinstance(each, ast.Assign))
    assert ast.literal_eval(found.value) == source
    lesson = exported(name, "markdown", tmp_path / "tutorial.md").read_text()
    fence = lesson.partition("`LambdaFunctionOverHttps.py`:\n\n")[2].partition("python\n")[0]
    assert set(fence) == {"`"}
    assert fence not in source
    assert loh("teardown", "--yes", "--name", name).code == 0
