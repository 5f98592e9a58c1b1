"""An exported script does the whole tutorial again, elsewhere and later, and takes it away."""

import shutil
from pathlib import Path

import pytest

from lambda_over_https.deployment.handler.sources import bundled_source
from lambda_over_https.tutorial.chapter_lessons import OUTLINES
from lambda_over_https.tutorial.steps import STEPS
from tests.kit.account.loaded_aws import LoadedAws
from tests.kit.exports.scripts import all_checks_pass, environment, executed, exported, python
from tests.kit.program.lesson import finished
from tests.kit.program.support import Account, done, loh


def _exported(name: str, form: str, file: Path) -> Path:
    """The script of a deployment that is gone again: nothing of its names is left."""
    script = exported(finished(name), form, file)
    assert loh("teardown", "--yes", "--name", name).code == 0
    return script


def test_the_shell_script_builds_a_stack_that_works_and_removes_it(
    account: Account, name: str, tmp_path: Path, loaded_aws: LoadedAws
) -> None:
    before = account.holdings()
    script = _exported(name, "aws-cli", tmp_path / "tutorial.sh")
    shell = environment(account, tmp_path, loaded_aws.folder)
    executed(["bash", "-c", f"{script} > said 2>&1"], shell)
    said = (tmp_path / "said").read_text().splitlines()
    assert said[0] == "2.1 Create a deployment package"
    assert said.count('{"somekey1": "somevalue1", "somekey2": "somevalue2"}') == 2
    assert said[-1] == '{"somekey1": "somevalue1", "somekey2": "somevalue2"}'
    assert all_checks_pass(name, account)
    executed([str(script), "teardown"], shell)
    assert account.holdings() == before
    assert {path.name for path in tmp_path.iterdir()} <= {"tutorial.sh", "said", "home", "user", ".aws"}


def test_the_scripts_of_a_deployment_with_chapters_build_and_remove_those_too(
    account: Account, name: str, world: Path, tmp_path: Path, loaded_aws: LoadedAws
) -> None:
    """The shell's request over HTTPS sends a key that the script itself has made.

    The program is exported when the history is lost, as after a recovery on another machine.
    """
    before = account.holdings()
    finished(name)
    for outline in OUTLINES:
        assert loh("chapter", "on", outline.name, "--json", "--name", name).code == 0
    loh("chapter", "off", "cors", "--name", name)
    loh("chapter", "on", "cors", "--json", "--name", name)
    loh("chapter", "try", "keys", "--json", "--name", name)
    script = exported(name, "aws-cli", tmp_path / "tutorial.sh")
    for history in world.glob(f"deployments/*/{name}/history.jsonl"):
        history.unlink()
    program = _exported(name, "boto3", tmp_path / "tutorial.py")
    assert f'delete_schedule, Name="every-minute", GroupName="{name}-lambda-schedules"' in program.read_text()
    shell = environment(account, tmp_path, loaded_aws.folder)
    assert "update-usage" not in script.read_text()
    executed(["bash", "-c", f"{script} > said 2>&1"], shell)
    made = account.holdings() - before
    said = (tmp_path / "said").read_text().splitlines()
    assert said[-1] == '{"somekey1": "somevalue1", "somekey2": "somevalue2"}'
    executed([str(script), "teardown"], shell)
    assert account.holdings() == before
    assert "200 {" in python(program, environment(account, tmp_path))
    assert {each.partition(" ")[0] for each in account.holdings() - before} == {
        each.partition(" ")[0] for each in made
    }
    python(program, environment(account, tmp_path), "teardown")
    assert account.holdings() == before


def test_the_python_script_builds_a_stack_that_works_and_removes_it(
    account: Account, name: str, tmp_path: Path
) -> None:
    before = account.holdings()
    script = _exported(name, "boto3", tmp_path / "tutorial.py")
    assert "200 {" in python(script, environment(account, tmp_path))
    assert all_checks_pass(name, account)
    python(script, environment(account, tmp_path), "teardown")
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
    assert "200 {" in python(script, environment(account, tmp_path))
    assert all_checks_pass(name, account)
    python(script, environment(account, tmp_path), "teardown")
    assert account.holdings() == before
    executed(["bash", "-n", str(shell)], environment(account, tmp_path))
    text = shell.read_text()
    written = text.partition("cat > LambdaFunctionOverHttps.js <<'END_OF_SOURCE'\n")[2]
    assert written.partition("END_OF_SOURCE\n")[0] == bundled_source("nodejs").read_text()
    assert "--runtime nodejs24.x" in text


def test_the_teardown_of_a_script_that_ended_half_way_leaves_nothing(
    account: Account, name: str, tmp_path: Path
) -> None:
    before = account.holdings()
    script = _exported(name, "boto3", tmp_path / "tutorial.py")
    source = script.read_text()
    for step in ("2.2", "2.4", "3.4"):
        script.write_text(source.replace(f"    # {step} ", f"    sys.exit()\n    # {step} "))
        python(script, environment(account, tmp_path))
        python(script, environment(account, tmp_path), "teardown")
        assert account.holdings() == before


def test_a_script_does_each_thing_once_though_it_was_undone_and_done_again(
    account: Account, name: str
) -> None:
    finished(name)
    for _ in range(4):
        done("undo", "--name", name)
    done("run", "--no-pause", "--name", name)
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
    assert "Nothing exists that a script could make again." in ran.err


@pytest.mark.parametrize("form", ["xml", "table"])
def test_an_unknown_format_is_wrong_usage(form: str) -> None:
    assert loh("export", "--format", form).code == 2
