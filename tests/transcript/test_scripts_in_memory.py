"""The program made from a history makes the same calls elsewhere, and takes back what it made there."""

import io
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from botocore import xform_name

from lambda_over_https.aws.recording import HIDDEN
from lambda_over_https.deployment.recorded.call import Call
from lambda_over_https.errors import LohError
from lambda_over_https.transcript.script import Statement, remark
from lambda_over_https.transcript.to_python import python_script
from lambda_over_https.transcript.to_shell import shell_script
from tests.kit.exports.imagined_boto3 import ImaginedBoto3
from tests.kit.exports.recorded_calls import SOURCE, Run, script_of

HERE, ELSEWHERE = Run(), Run("999988887777", "eu-north-1", "b2")
READABLE = 0o644
"""What Lambda asks of each file in a package (Lambda developer guide, ".zip file archives")."""
LEFT = "Not everything could be removed. Run the same command again."


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("AWS_REGION", raising=False)
    path = tmp_path / "tutorial.py"
    path.write_text(python_script(script_of(HERE.history(), tmp_path), path.name))
    return path


def _sent(value: Any) -> Any:
    """What a call sends for a recorded value: no secrets, and an archive in place of its size."""
    if isinstance(value, dict):
        return {key: _sent(each) for key, each in value.items() if each != HIDDEN}
    return b"<archive>" if isinstance(value, str) and value.endswith(" bytes>") else value


def _received(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _received(each) for key, each in value.items()}
    if not isinstance(value, bytes) or not value.startswith(b"PK"):
        return value
    with zipfile.ZipFile(io.BytesIO(value)) as archive:
        assert {name: archive.read(name).decode() for name in archive.namelist()} == {"handler.py": SOURCE}
        assert _modes(archive) == {READABLE}
    return b"<archive>"


def _modes(archive: zipfile.ZipFile) -> set[int]:
    return {each.external_attr >> 16 & 0o777 for each in archive.infolist()}


def _expected(calls: list[Call]) -> list[tuple[str, str, dict[str, Any]]]:
    return [(each.service, xform_name(each.operation), _sent(each.parameters)) for each in calls]


def test_the_program_makes_the_calls_of_the_history_with_the_ids_that_it_is_answered(
    program: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    aws = ImaginedBoto3(ELSEWHERE)
    assert aws.start(program, monkeypatch) == 0
    made = [(service, name, _received(given)) for service, name, given in aws.made]
    assert made == _expected(ELSEWHERE.calls())
    assert aws.region == "eu-north-1"
    assert aws.waited == [
        ("function_active_v2", {"FunctionName": "alice"}),
        ("function_updated_v2", {"FunctionName": "alice"}),
        ("table_exists", {"TableName": "t"}),
    ]
    assert aws.slept == []
    said = capsys.readouterr().out.splitlines()
    assert said[:2] == ["2.1 Create a deployment package", "2.2 Create the execution role"]
    assert "invoked" in said
    assert "200 tested" in said


def test_the_teardown_deletes_what_was_made_last_first_and_leaves_no_file(
    program: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ImaginedBoto3(ELSEWHERE).start(program, monkeypatch)
    aws = ImaginedBoto3(ELSEWHERE)
    assert aws.start(program, monkeypatch, "teardown") == 0
    assert [(name, given) for _, name, given in aws.made] == ELSEWHERE.teardown()
    assert aws.waited == [("table_not_exists", {"TableName": "t"})]
    assert [path.name for path in program.parent.iterdir()] == [program.name]


@pytest.mark.parametrize("code", ["NotFoundException", "NoSuchEntity", "ResourceNotFoundException"])
def test_what_is_gone_already_counts_as_removed(
    program: Path, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    ImaginedBoto3(ELSEWHERE).start(program, monkeypatch)
    aws = ImaginedBoto3(ELSEWHERE, refuse=lambda _: code)
    assert aws.start(program, monkeypatch, "teardown") == 0
    assert len(aws.made) == len(ELSEWHERE.teardown())
    assert not (program.parent / "alice.ids.json").exists()


def test_a_delete_that_is_refused_stops_no_other_and_is_said(
    program: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ImaginedBoto3(ELSEWHERE).start(program, monkeypatch)
    aws = ImaginedBoto3(ELSEWHERE, refuse=lambda name: "AccessDenied" * (name == "delete_table"))
    assert aws.start(program, monkeypatch, "teardown") == LEFT
    assert [(name, given) for _, name, given in aws.made] == ELSEWHERE.teardown()
    assert aws.waited == [], "it would wait for ten minutes"
    assert "AccessDenied" in capsys.readouterr().err
    again = ImaginedBoto3(ELSEWHERE)
    assert again.start(program, monkeypatch, "teardown") == 0
    assert again.names() == aws.names()


def test_a_run_that_stopped_early_deletes_nothing_that_has_no_id(
    program: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    aws = ImaginedBoto3(ELSEWHERE)
    assert aws.start(program, monkeypatch, "teardown") == 0
    named = [each for each in ELSEWHERE.teardown() if "b2" not in str(each)]
    assert [(name, given) for _, name, given in aws.made] == named


@pytest.mark.parametrize("method", ["create_function", "create_rest_api", "create_deployment"])
def test_what_is_refused_for_the_moment_is_tried_again(
    program: Path, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    refusals = ["TooManyRequestsException"] * 2
    aws = ImaginedBoto3(ELSEWHERE, refuse=lambda name: refusals.pop() if name == method and refusals else "")
    assert aws.start(program, monkeypatch) == 0
    assert aws.names().count(method) == 3
    assert aws.slept == [5, 5]


def test_an_api_that_answers_500_for_the_moment_is_tested_again(
    program: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    aws = ImaginedBoto3(ELSEWHERE, tested=[{"status": 500, "body": ""}])
    assert aws.start(program, monkeypatch) == 0
    assert aws.names().count("test_invoke_method") == 2
    assert aws.slept == [5]


@pytest.mark.processes
def test_the_package_of_the_shell_script_can_be_read_by_lambda_whatever_the_umask(tmp_path: Path) -> None:
    text = shell_script(script_of(HERE.history(), tmp_path), "tutorial.sh")
    package = text.partition("# --- 2.1")[2].partition("# --- 2.2")[0]
    subprocess.run(["bash", "-c", f"umask 077\n: {package}"], cwd=tmp_path, check=True)
    (made,) = tmp_path.glob("*.zip")
    with zipfile.ZipFile(made) as archive:
        assert _modes(archive) == {READABLE}


# --- the script before it is written in a language ---


def test_a_secret_that_was_not_recorded_is_named_where_it_is_missing(tmp_path: Path) -> None:
    script = script_of(HERE.history(), tmp_path)
    statements = [each for _, made in script.steps for each in made]
    remarks = [(each.call.operation, remark(each)) for each in statements if remark(each)]
    lacks = "# Not recorded, because it is secret: the value of {}. Add it."
    assert remarks == [
        ("CreateFunction", lacks.format("MINE")),
        ("CreateApiKey", lacks.format("value")),
        ("CreateApiKey", lacks.format("value")),
    ]
    assert HIDDEN not in repr([each.call.parameters for each in statements])


def test_a_variable_is_what_later_calls_need_and_only_the_teardown_s_are_kept(tmp_path: Path) -> None:
    script = script_of(HERE.history(), tmp_path)
    taken = [each.variable for _, made in script.steps for one in made for each in one.takes]
    assert taken == [
        *("role_arn", "function_arn", "rest_api_id", "root_resource_id", "resource_id", "usage_plan_id"),
        *("api_key_id", "api_key_id_2", "role_arn_2"),
        *("ip_set_id", "ip_set_arn", "lock_token", "web_acl_id", "web_acl_arn", "lock_token_2"),
    ]
    assert script.variables.names["123456789012"] == "account"
    assert script.variables.names["us-east-1"] == "region"
    assert script.kept == (
        *("api_key_id", "api_key_id_2", "ip_set_id", "lock_token", "lock_token_2"),
        *("rest_api_id", "usage_plan_id", "web_acl_id"),
    )
    assert script.deployment.name == "alice"
    assert (script.source_file, script.source) == ("handler.py", SOURCE)
    calls = HERE.calls()
    assert [each.operation for each in script.calls()] == [
        *(each.operation for each in calls),
        *(each.operation for each in script.teardown),
    ]


def test_a_history_of_which_nothing_exists_any_more_is_refused(tmp_path: Path) -> None:
    tried = [each for each in HERE.calls() if each.tries]
    for history in ([], tried):
        with pytest.raises(LohError) as refused:
            script_of(history, tmp_path)
        assert refused.value.message == "Nothing exists that a script could make again."
        assert refused.value.hint == "`loh run` makes it; `loh history` shows the calls of what is gone."


@pytest.mark.parametrize(
    ("lost", "key", "value", "needs"),
    [
        ("CreateRestApi", "restApiId", "apia1", "CreateResource"),
        ("CreateResource", "resourceId", "resa1", "PutMethod"),
        ("CreateUsagePlan", "usagePlanId", "plana1", "CreateUsagePlanKey"),
        ("CreateApiKey", "keyId", "key1a1", "CreateUsagePlanKey"),
    ],
)
def test_a_history_that_lacks_a_call_that_others_need_is_refused(
    tmp_path: Path, lost: str, key: str, value: str, needs: str
) -> None:
    history = [each for each in HERE.calls() if each.operation != lost]
    with pytest.raises(LohError) as refused:
        script_of(history, tmp_path)
    said = f"The history has no call that made {key} {value}, which {needs} needs."
    assert refused.value.message == said
    assert refused.value.hint == "Run `loh teardown`, then `loh run`: that records all calls."


def test_what_only_an_update_made_has_no_delete_of_its_own(tmp_path: Path) -> None:
    stage = {"restApiId": "apia1", "stageName": "prod", "patchOperations": [{"op": "add", "path": "/x"}]}
    update = replace(HERE.calls()[-1], service="apigateway", operation="UpdateStage", parameters=stage)
    script = script_of([*HERE.history(), update], tmp_path)
    assert [(xform_name(each.operation), each.parameters) for each in script.teardown] == HERE.teardown()


def test_several_secrets_of_a_call_are_named_together() -> None:
    statement = Statement(HERE.calls()[0], left_out=("A", "B"))
    assert remark(statement) == "# Not recorded, because it is secret: the value of A, B. Add it."


USAGE = """usage: {name}             make everything
       {name} teardown    remove everything
"""
ASKED = [(["tear"], 2), (["teardown", "now"], 2), ([""], 2), (["-h"], 0), (["--help"], 0)]


@pytest.mark.processes
@pytest.mark.parametrize(("words", "code"), ASKED)
def test_a_word_that_no_script_knows_makes_nothing_and_a_wish_for_help_is_met(
    words: list[str], code: int, tmp_path: Path
) -> None:
    script = script_of(HERE.history(), tmp_path)
    programs = {"t.sh": ("bash", shell_script), "t.py": (sys.executable, python_script)}
    for name, (language, write) in programs.items():
        (tmp_path / name).write_text(write(script, name))
        told = subprocess.run(
            [language, tmp_path / name, *words], capture_output=True, text=True, check=False
        )
        usage = USAGE.format(name=f"python {name}" if name == "t.py" else name)
        shown = [" ".join(each.split()) for each in (told.stdout, told.stderr)]
        expected = " ".join(usage.split())
        assert (told.returncode, shown) == (code, ["", expected] if code else [expected, ""])


def test_an_id_is_taken_from_the_call_that_made_it_though_an_earlier_step_was_corrected_later(
    tmp_path: Path,
) -> None:
    """The stage was set again when a web ACL guarded it, and the answer named it: here there is none yet."""
    calls = HERE.calls()
    made = next(each for each in calls if each.operation == "CreateWebACL")
    stage = {"restApiId": "apia1", "stageName": "prod", "patchOperations": [{"op": "add", "path": "/x"}]}
    update = replace(made, step="keys", service="apigateway", operation="UpdateStage", parameters=stage)
    script = script_of(
        [*calls, replace(update, answer={"webAclArn": made.answer["Summary"]["ARN"]})], tmp_path
    )
    takes = {one.call.operation: one.takes for _, statements in script.steps for one in statements}
    assert takes["UpdateStage"] == ()
    assert "web_acl_arn" in [each.variable for each in takes["CreateWebACL"]]
