"""A SAM template stands AWS's own tools, and what it makes answers as the tutorial's deployment does."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from lambda_over_https.infrastructure.sam import template
from lambda_over_https.names import names_for
from tests.kit.cloudformation import Stack, transformed
from tests.kit.made import Made
from tests.kit.scripts import all_checks_pass
from tests.kit.support import Account, loh
from tests.kit.templates import CHOICES, described, differences, exported_folder, with_chapters

RUNTIMES = [
    "python",
    pytest.param("nodejs", marks=pytest.mark.skipif(shutil.which("node") is None, reason="no Node.js")),
]


@pytest.mark.processes
@pytest.mark.parametrize("choices", CHOICES)
def test_cfn_lint_finds_nothing_not_even_a_hint(tmp_path: Path, choices: dict[str, str]) -> None:
    file = tmp_path / "template.yaml"
    file.write_text(template.template(described("alice", **choices)))
    command = [str(Path(sys.executable).with_name("cfn-lint")), "--include-checks", "I", "--", str(file)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout + ran.stderr) == (0, "")


def test_the_transform_makes_one_stage_and_a_regional_api_without_a_cache() -> None:
    resources = transformed(template.template(described()))["Resources"].values()
    (stage,) = [each["Properties"] for each in resources if each["Type"] == "AWS::ApiGateway::Stage"]
    assert stage["CacheClusterEnabled"] is False
    (api,) = [each["Properties"] for each in resources if each["Type"] == "AWS::ApiGateway::RestApi"]
    assert api["EndpointConfiguration"] == {"Types": ["REGIONAL"]}


def test_a_lent_role_must_be_named_by_whoever_deploys() -> None:
    text = template.template(described(role_arn="arn:aws:iam::999988887777:role/LabRole"))
    assert "Role: !Ref RoleArn" in text
    assert "999988887777" not in text
    assert "AWS::IAM::Role" not in text


@pytest.mark.processes
@pytest.mark.parametrize("runtime", RUNTIMES)
def test_the_stack_of_a_template_answers_every_check(
    account: Account, name: str, tmp_path: Path, runtime: str
) -> None:
    chapters = with_chapters(name, "--runtime", runtime)
    folder = exported_folder(name, "sam", tmp_path / "sam")
    assert loh("teardown", "--yes", "--name", name).code == 0
    before = account.holdings()
    made = Made(account, folder / "src")
    try:
        names = names_for(name)
        stack = Stack(folder, made, {"ManagerRole": names.role, "SchedulerRole": names.schedule_role})
        assert all_checks_pass(name, account, chapters, made.ids)
        assert differences(name, account, chapters, made.ids) == {}
        assert stack.outputs["InvokeUrl"].endswith(".amazonaws.com/prod/DynamoDBManager")
        assert stack.outputs["TableName"] == f"{name}-LambdaTable"
    finally:
        made.remove()
    assert account.holdings() == before
