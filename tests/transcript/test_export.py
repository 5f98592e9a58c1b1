"""An exported script does the whole tutorial again, elsewhere and later, and takes it away."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from lambda_over_https.deployment.sources import bundled_source
from lambda_over_https.tutorial.checks import run_checks
from lambda_over_https.tutorial.steps import STEPS
from tests.kit.lesson import finished, somebody_elses
from tests.kit.support import Account, loh


def _environment(account: Account, tmp_path: Path, *path: Path) -> dict[str, str]:
    """What a user's shell has who points the SDK at the sandbox."""
    return {
        "PATH": os.pathsep.join([*map(str, path), os.environ["PATH"]]),
        "HOME": str(tmp_path),
        "AWS_ENDPOINT_URL": account.sandbox.endpoint_url,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_REGION": "us-east-1",
    }


def _run(command: list[str], environment: dict[str, str], folder: Path) -> str:
    ran = subprocess.run(command, env=environment, cwd=folder, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


def _exported(name: str, form: str, file: Path) -> Path:
    """The script of a deployment that is gone again: nothing of its names is left."""
    finished(name)
    assert loh("export", "--name", name, "--format", form, "--output", str(file)).code == 0
    assert loh("teardown", "--yes", "--name", name).code == 0
    return file


def _all_checks_pass(name: str, account: Account) -> bool:
    with somebody_elses(name, account) as stack:
        checks = list(run_checks(stack))
    return len(checks) == 18 and all(check.ok for check in checks)


def test_the_shell_script_builds_a_stack_that_works_and_removes_it(
    account: Account, name: str, tmp_path: Path, aws_cli: Path
) -> None:
    before = account.holdings()
    script = _exported(name, "aws-cli", tmp_path / "tutorial.sh")
    environment = _environment(account, tmp_path, aws_cli.parent)
    _run(["bash", "-c", f"{script} > said 2>&1"], environment, tmp_path)
    said = (tmp_path / "said").read_text().splitlines()
    assert said[0] == "2.1 Create a deployment package"
    assert said.count('{"somekey1": "somevalue1", "somekey2": "somevalue2"}') == 2
    assert said[-1] == '{"somekey1": "somevalue1", "somekey2": "somevalue2"}'
    assert _all_checks_pass(name, account)
    _run([str(script), "teardown"], environment, tmp_path)
    assert account.holdings() == before
    assert {path.name for path in tmp_path.iterdir()} <= {"tutorial.sh", "said", "home", "user", ".aws"}


def test_the_python_script_builds_a_stack_that_works_and_removes_it(
    account: Account, name: str, tmp_path: Path
) -> None:
    before = account.holdings()
    script = _exported(name, "boto3", tmp_path / "tutorial.py")
    environment = _environment(account, tmp_path)
    assert "200 {" in _run([sys.executable, "-I", str(script)], environment, tmp_path)
    assert _all_checks_pass(name, account)
    _run([sys.executable, "-I", str(script), "teardown"], environment, tmp_path)
    assert account.holdings() == before
    assert not list(tmp_path.glob("*.zip"))
    assert not list(tmp_path.glob("*.json"))


@pytest.mark.skipif(shutil.which("node") is None, reason="there is no node on this machine")
def test_the_scripts_of_a_function_in_javascript_carry_it(
    account: Account, name: str, tmp_path: Path
) -> None:
    """Python's is run; of the shell's, which differs in how it writes the file, that part and its syntax."""
    before = account.holdings()
    assert loh("run", "--no-pause", "--name", name, "--runtime", "nodejs").code == 0
    shell = tmp_path / "tutorial.sh"
    assert loh("export", "--name", name, "--output", str(shell)).code == 0
    script = _exported(name, "boto3", tmp_path / "tutorial.py")
    environment = _environment(account, tmp_path)
    assert "200 {" in _run([sys.executable, "-I", str(script)], environment, tmp_path)
    assert _all_checks_pass(name, account)
    _run([sys.executable, "-I", str(script), "teardown"], environment, tmp_path)
    assert account.holdings() == before
    _run(["bash", "-n", str(shell)], environment, tmp_path)
    text = shell.read_text()
    written = text.partition("cat > LambdaFunctionOverHttps.js <<'END_OF_SOURCE'\n")[2]
    assert written.partition("END_OF_SOURCE\n")[0] == bundled_source("nodejs").read_text()
    assert "--runtime nodejs24.x" in text


def test_the_teardown_of_a_script_that_ended_half_way_leaves_nothing(
    account: Account, name: str, tmp_path: Path
) -> None:
    before = account.holdings()
    script = _exported(name, "boto3", tmp_path / "tutorial.py")
    environment = _environment(account, tmp_path)
    command = [sys.executable, "-I", str(script)]
    source = script.read_text()
    for step in ("2.2", "2.4", "3.4"):
        script.write_text(source.replace(f"    # {step} ", f"    sys.exit()\n    # {step} "))
        _run(command, environment, tmp_path)
        _run([*command, "teardown"], environment, tmp_path)
        assert account.holdings() == before


def test_a_script_does_each_thing_once_though_it_was_undone_and_done_again(
    account: Account, name: str
) -> None:
    finished(name)
    for _ in range(4):
        loh("undo", "--name", name)
    loh("run", "--no-pause", "--name", name)
    script = loh("export", "--name", name).out
    for operation in ("create-role", "create-rest-api", "create-deployment", "create-function"):
        assert script.count(f" {operation} ") == 1
    assert script.count(" add-permission ") == 2
    assert script.count(" put-integration ") == 1
    assert loh("teardown", "--yes", "--name", name).code == 0


def test_no_id_of_the_recorded_run_is_left_in_a_script(account: Account) -> None:
    name = finished()
    report = loh("status", "--name", name, "--json").json
    ids = {
        each["id"]
        for each in report["resources"]
        if each["kind"] in ("apigateway:restapi", "apigateway:resource")
    }
    for form in ("aws-cli", "boto3", "markdown"):
        script = loh("export", "--name", name, "--format", form).out
        assert not any(each in script.split("Answered")[0] for each in ids)
        calls = [line for line in script.splitlines() if "arn:" in line and "nswered" not in line]
        assert not any("123456789012" in line for line in calls)


def test_the_lesson_tells_every_step_with_its_reason_and_its_calls(account: Account) -> None:
    lesson = loh("export", "--name", finished(), "--format", "markdown").out
    for step in STEPS:
        assert f"## {step.number} {step.title}" in lesson
        assert step.lesson.why in lesson
    assert "apigateway.put_integration(" in lesson
    assert "aws apigateway put-integration " in lesson


def test_a_history_that_lacks_a_call_is_not_exported_as_if_it_were_whole(
    account: Account, name: str, world: Path
) -> None:
    finished(name)
    (path,) = world.glob(f"deployments/*/{name}/history.jsonl")
    lines = [line for line in path.read_text().splitlines(keepends=True) if '"CreateRestApi"' not in line]
    path.write_text("".join(lines))
    ran = loh("export", "--name", name)
    assert ran.code == 1
    assert "history lacks the call" in ran.err
    assert loh("teardown", "--yes", "--name", name).code == 0


def test_as_json_a_script_comes_with_what_it_is(account: Account, tmp_path: Path) -> None:
    name, file = finished(), tmp_path / "it.py"
    ran = loh("export", "--name", name, "--format", "boto3", "--json")
    assert ran.json["format"] == "boto3"
    assert ran.json["file"] is None
    assert ran.json["text"] == loh("export", "--name", name, "--format", "boto3").out
    ran = loh("export", "--name", name, "--format", "boto3", "--output", str(file), "--json")
    assert ran.json["file"] == str(file)
    assert ran.json["text"] == file.read_text()


def test_of_what_is_gone_there_is_nothing_to_export(account: Account, name: str) -> None:
    finished(name)
    assert loh("teardown", "--yes", "--name", name).code == 0
    ran = loh("export", "--name", name)
    assert ran.code == 1
    assert "Nothing is there that could be made again." in ran.err


@pytest.mark.parametrize("form", ["xml", "table"])
def test_an_unknown_format_is_wrong_usage(form: str) -> None:
    assert loh("export", "--format", form).code == 2
