"""A Terraform configuration stands Terraform's own core; test_made.py shows that what it makes works."""

import json
from pathlib import Path

import pytest

from lambda_over_https.infrastructure.languages import LANGUAGES
from lambda_over_https.names import names_for
from tests.kit.exports.templates import CHOICES, described, exported_folder
from tests.kit.exports.terraform import Configuration, core, expression
from tests.kit.program.lesson import finished
from tests.kit.program.support import Account, loh


@pytest.mark.processes
@pytest.mark.parametrize("choices", CHOICES)
def test_terraform_would_format_nothing_and_the_provider_knows_all(
    tmp_path: Path, choices: dict[str, str]
) -> None:
    for name, text in LANGUAGES["terraform"].files(described("alice", **choices), "alice", None).items():
        (tmp_path / name).write_text(text)
    assert core("fmt", tmp_path) == ""
    assert list(Configuration(tmp_path).faults()) == []


def test_lambda_may_read_the_handler_that_terraform_packs() -> None:
    """Lambda asks for 644, and without a mode the archive has that of the file."""
    files = LANGUAGES["terraform"].files(described("alice"), "alice", None)
    assert 'output_file_mode = "0644"' in files["main.tf"]


def test_the_schema_tells_what_the_provider_does_not_know(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(
        """
        resource "aws_lambda_function" "x" {
          function_name = aws_dynamodb_table.y.name
          memory        = 128
          tracing {}
          environment {
            variable = {}
          }
        }
        resource "aws_dynamodb_table" "z" {
          name = aws_lambda_function.x.url
        }
        """
    )
    assert sorted(Configuration(tmp_path).faults()) == [
        "aws_lambda_function.x has no argument memory",
        "aws_lambda_function.x has no block tracing",
        "aws_lambda_function.x has no url",
        "aws_lambda_function.x lacks role",
        "aws_lambda_function.x.environment has no argument variable",
        "there is no aws_dynamodb_table.y",
    ]


@pytest.mark.processes
def test_what_is_adopted_is_what_the_deployment_made(account: Account, tmp_path: Path) -> None:
    folder = exported_folder(finished(), "terraform", tmp_path / "terraform", "--adopt")
    configuration = Configuration(folder)
    blocks = configuration.plain("import")
    adopted = {expression(each["to"]): json.loads(expression(each["id"])) for each in blocks}
    assert set(adopted) == {".".join(key) for key in configuration.named("resource")}
    assert core("fmt", folder) == ""
    report = loh("status", "--name", finished(), "--json").json
    ids = {each["kind"]: each["id"] for each in report["resources"]}
    names = names_for(finished())
    api, stage = adopted["aws_api_gateway_stage.manager"].split("/")
    assert (api, stage) == (ids["apigateway:restapi"], "prod")
    deployments = account.client("apigateway").get_deployments(restApiId=api)["items"]
    assert adopted["aws_api_gateway_deployment.manager"] in {f"{api}/{each['id']}" for each in deployments}
    assert adopted["aws_lambda_permission.post"] == f"{names.function}/apigateway-test-2"
    assert adopted["aws_iam_role_policy.manager"] == f"{names.role}:{names.policy}"
    assert adopted["aws_cloudwatch_log_group.manager"] == names.log_group
    by_name = ("aws_iam_role.manager", "aws_lambda_function.manager", "aws_dynamodb_table.items")
    assert [adopted[each] for each in by_name] == [names.role, names.function, names.table]
