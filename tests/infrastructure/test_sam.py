"""A SAM template stands AWS's own tools; test_made.py shows that what it makes works."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from lambda_over_https.infrastructure.sam import template
from tests.kit.exports.cloudformation import transformed
from tests.kit.exports.templates import CHOICES, described


@pytest.fixture(scope="module")
def linted(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """What cfn-lint says of each template, by its file's name; it loads its rules once for all."""
    folder = tmp_path_factory.mktemp("templates")
    files = [folder / f"{number}.yaml" for number in range(len(CHOICES))]
    for file, choices in zip(files, CHOICES, strict=True):
        file.write_text(template.template(described("alice", **choices)))
    command = [str(Path(sys.executable).with_name("cfn-lint")), "--include-checks", "I", "--format", "json"]
    ran = subprocess.run([*command, "--", *map(str, files)], capture_output=True, text=True, check=False)
    assert ran.stderr == ""
    found = json.loads(ran.stdout)
    assert (ran.returncode == 0) is (found == [])
    return {file.name: [each["Message"] for each in found if each["Filename"] == str(file)] for file in files}


@pytest.mark.processes
@pytest.mark.parametrize("number", range(len(CHOICES)))
def test_cfn_lint_finds_nothing_not_even_a_hint(number: int, linted: dict[str, list[str]]) -> None:
    assert linted[f"{number}.yaml"] == []


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


def test_a_stage_gets_a_new_snapshot_even_if_only_a_parameter_changes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    text, found = template.template(described()), set()
    for moment in (1.0, 2.0):
        monkeypatch.setattr("time.time", lambda moment=moment: moment)
        resources = transformed(text)["Resources"]
        found |= {name for name, each in resources.items() if each["Type"] == "AWS::ApiGateway::Deployment"}
    assert len(found) == 2
