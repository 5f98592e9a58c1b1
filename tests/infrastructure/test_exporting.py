"""``export`` and ``explain`` of infrastructure as code: what is written where, and what is refused."""

import re
import shlex
from pathlib import Path

import pytest
import yaml

from lambda_over_https.deployment.handler.sources import bundled_source
from lambda_over_https.infrastructure.languages import LANGUAGES
from tests.kit.exports.templates import CHOICES, described, exported_folder
from tests.kit.program.lesson import finished
from tests.kit.program.support import Account, loh

FILES = {
    "sam": {".gitignore", "README.md", "template.yaml", "src/LambdaFunctionOverHttps.py"},
    "terraform": {
        *(".gitignore", "README.md", "src/LambdaFunctionOverHttps.py"),
        *("main.tf", "variables.tf", "outputs.tf", "versions.tf"),
    },
}


def written(folder: Path) -> set[str]:
    """The files of a folder but for the manifest."""
    names = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    return names - {".lambda-over-https.json"}


@pytest.mark.parametrize("form", FILES)
def test_the_commands_in_its_readme_mean_the_same_deployment(
    account: Account, tmp_path: Path, form: str
) -> None:
    folder, name = tmp_path / "it", finished()
    more = ("--adopt",) if form == "terraform" else ()
    assert loh("export", "--format", form, "-o", str(folder), *more, "--name", name).code == 0
    text = " ".join((folder / "README.md").read_text().split())
    assert f"`loh teardown --name {name}`" in text
    assert "`loh teardown`" not in text


@pytest.mark.parametrize("form", FILES)
def test_a_folder_has_the_description_the_handler_and_a_readme(
    account: Account, tmp_path: Path, form: str
) -> None:
    folder = exported_folder(finished(), form, tmp_path / "it")
    assert written(folder) == FILES[form]
    source = (folder / "src" / "LambdaFunctionOverHttps.py").read_text()
    assert source == bundled_source("python").read_text()


@pytest.mark.parametrize("form", FILES)
def test_no_account_region_or_id_is_in_a_folder(account: Account, tmp_path: Path, form: str) -> None:
    folder = exported_folder(finished(), form, tmp_path / "it")
    report = loh("status", "--name", finished(), "--json").json
    deployment = report["deployment"]
    secret = {deployment["account"], deployment["region"], deployment["id"]}
    secret |= {
        each["id"] for each in report["resources"] if each["kind"] in ("apigateway:restapi", "iam:role")
    }
    text = "\n".join((folder / name).read_text() for name in written(folder) if not name.startswith("src/"))
    assert not [each for each in secret if each in text]


EVENT = '{"operation": "echo", "payload": {"hello": "world"}}'
STACK = "--stack-name lambda-over-https-alice"
KEPT = "the stack aws-sam-cli-managed-default, of all your SAM projects, stays"
COMMANDS = {
    "sam": {
        "Deploy": f"sam deploy {STACK} --resolve-s3 --capabilities CAPABILITY_IAM",
        "Read outputs": f"output() {{ aws cloudformation describe-stacks {STACK} --query "
        "\"Stacks[0].Outputs[?OutputKey=='$1'].OutputValue\" --output text; }",
        "Try": f"curl -X POST -d '{EVENT}' -w '\\n' \"$(output InvokeUrl)\"",
        f"Delete, with all items of the table ({KEPT})": f"sam delete {STACK}",
    },
    "terraform": {
        "Deploy": "terraform init && terraform apply",
        "Try": f"curl -X POST -d '{EVENT}' -w '\\n' \"$(terraform output -raw invoke_url)\"",
        "Delete, with all items of the table": "terraform destroy",
    },
}
UNTRIED = {
    "sam": "The template was not deployed on AWS.",
    "terraform": "No `terraform apply` was run with this: read the plan before you say yes.",
}


@pytest.mark.parametrize("form", FILES)
def test_the_readme_is_ten_lines_with_a_command_each_to_deploy_try_and_delete(form: str) -> None:
    description = described("alice")
    readme = LANGUAGES[form].files(description, "alice", None)["README.md"]
    assert len(readme.splitlines()) == 10
    items = [line.removeprefix("- ").split(": ", 1) for line in readme.splitlines() if line.startswith("- ")]
    left_out = [text for what, text in items if what == "Not included"]
    assert left_out == LANGUAGES[form].not_included(description)
    assert left_out[0].startswith("The permission apigateway-prod-2 (step 3.6)")
    commands = {what: text.strip("`") for what, text in items if what != "Not included"}
    assert commands == COMMANDS[form]
    prose = " ".join(readme.split())
    assert UNTRIED[form] in prose
    assert "those of the deployment `alice`: run `loh teardown` first" in prose


@pytest.mark.parametrize("form", FILES)
@pytest.mark.parametrize("choices", CHOICES[2:5])
def test_whatever_the_readme_tells_it_stays_short_and_the_shell_understands_it(
    form: str, choices: dict[str, str]
) -> None:
    description = described("alice", **choices)
    readme = LANGUAGES[form].files(description, "alice", None)["README.md"]
    lines = readme.splitlines()
    assert len(lines) <= 10 + len(LANGUAGES[form].not_included(description))
    for command in re.findall(r": `(.+)`$", readme, re.MULTILINE):
        assert shlex.split(command)  # raises ValueError where a quotation mark has no partner
    keyed = "keys" in choices.get("chapters", "")
    assert ('-H "x-api-key: $key"' in readme) == keyed
    assert any("`key=$(aws apigateway get-api-key " in line for line in lines) == keyed


@pytest.mark.parametrize("form", FILES)
def test_without_a_folder_the_description_alone_goes_to_standard_output(account: Account, form: str) -> None:
    ran = loh("export", "--name", finished(), "--format", form)
    assert ran.code == 0
    assert re.search("^(AWSTemplateFormatVersion|resource) ?", ran.out, re.MULTILINE)
    assert ran.err == (
        "Not included: The permission apigateway-prod-2 (step 3.6): apigateway-test-2 includes it.\n"
    )
    assert loh("export", "--name", finished(), "--format", form, "--json").json["text"] == ran.out


def test_as_json_a_folder_comes_with_its_files_and_with_what_it_lacks(
    account: Account, tmp_path: Path
) -> None:
    folder = tmp_path / "it"
    report = loh("export", "--name", finished(), "--format", "sam", "--output", str(folder), "--json").json
    assert report["file"] == str(folder)
    assert set(report["files"]) == FILES["sam"]
    assert "apigateway-prod-2" in report["not_included"][0]


def test_a_folder_is_written_again_and_an_edited_one_is_not(account: Account, tmp_path: Path) -> None:
    folder = exported_folder(finished(), "terraform", tmp_path / "it", "--adopt")
    assert "imports.tf" in written(folder)
    exported_folder(finished(), "terraform", folder)
    assert written(folder) == FILES["terraform"]
    (folder / "main.tf").write_text("mine")
    ran = loh("export", "--name", finished(), "--format", "terraform", "--output", str(folder))
    assert ran.code == 2
    assert "Somebody has changed main.tf" in ran.err
    assert (folder / "main.tf").read_text() == "mine"


def test_adopting_warns_of_the_teardown(account: Account, tmp_path: Path) -> None:
    folder = tmp_path / "it"
    ran = loh("export", "--name", finished(), "--format", "terraform", "--output", str(folder), "--adopt")
    assert f"do not use `loh run --name {finished()}` or `loh teardown" in ran.err
    assert "on the sandbox" in ran.err
    said = {name: _prose(folder / name) for name in ("README.md", "imports.tf")}
    named = f"do not use `loh run --name {finished()}` or `loh teardown --name {finished()}` for it"
    assert all(named in each for each in said.values())
    assert "If it wants to replace or destroy anything else, do not apply it." in said["imports.tf"]
    assert len((folder / "README.md").read_text().splitlines()) <= 11


def _prose(path: Path) -> str:
    """The text of a file, whatever lines it is on."""
    return " ".join(path.read_text().replace("\n#", "").split())


@pytest.mark.parametrize("form", ["sam", "aws-cli", "markdown"])
def test_only_terraform_adopts(account: Account, form: str) -> None:
    ran = loh("export", "--name", finished(), "--format", form, "--adopt")
    assert (ran.code, ran.out) == (2, "")
    assert "--format terraform" in ran.err


def test_a_deployment_that_is_not_finished_is_not_described_as_if_it_were(
    account: Account, name: str
) -> None:
    assert loh("run", "--no-pause", "--name", name, "--to", "3.3").code == 0
    ran = loh("export", "--name", name, "--format", "sam")
    assert (ran.code, ran.out) == (1, "")
    assert "Step 3.4" in ran.err
    assert f"loh run --name {name}" in ran.err
    assert loh("teardown", "--yes", "--name", name).code == 0


def test_of_what_was_never_made_nothing_is_described(account: Account, name: str) -> None:
    ran = loh("export", "--name", name, "--format", "terraform")
    assert ran.code == 1
    assert f"no deployment named {name}" in ran.err


@pytest.mark.parametrize(("step", "sign"), [("2.4", "!Ref TableName"), ("3.6", "AWS::Lambda::Permission")])
def test_a_step_is_explained_with_its_part_of_a_template(account: Account, step: str, sign: str) -> None:
    ran = loh("explain", step, "--name", finished(), "--as", "sam")
    assert "AWS SAM\n" in ran.out
    assert sign in ran.out
    assert sign in loh("explain", step, "--name", finished(), "--as", "sam", "--json").json["as"]["sam"]


def test_a_step_is_explained_as_terraform_before_anything_is_made(account: Account, name: str) -> None:
    ran = loh("explain", "3.5", "--name", name, "--as", "terraform")
    assert "create_before_destroy = true" in ran.out


def test_of_a_step_that_makes_nothing_that_is_said(account: Account) -> None:
    assert "AWS SAM: nothing." in loh("explain", "3.7", "--name", finished(), "--as", "sam").out


def test_an_unknown_language_is_wrong_usage() -> None:
    ran = loh("explain", "3.5", "--as", "pulumi")
    assert ran.code == 2
    assert "sam or terraform" in ran.err


def test_the_template_on_standard_output_is_yaml(account: Account) -> None:
    text = loh("export", "--name", finished(), "--format", "sam").out
    plain = re.sub(r"!(Ref|GetAtt|Sub) ", "", text)
    assert list(yaml.safe_load(plain))[-3:] == ["Parameters", "Resources", "Outputs"]
