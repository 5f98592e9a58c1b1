"""The tutorial from the first command to the last, as a user types it."""

import json
import shutil
import ssl
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from lambda_over_https.sandbox.client import daemon
from tests.kit.program.support import Account, Ran, done, loh

NUMBERS = ["1", "2.1", "2.2", "2.3", "2.4", "3.1", "3.2", "3.3", "3.4", "3.5", "3.6", "3.7"]


def _run(name: str, *more: str) -> Ran:
    ran = loh("run", "--no-pause", "--name", name, *more)
    assert ran.code == 0, ran.err
    return ran


def _post(status: dict[str, Any], event: Any, path: str = "", **headers: str) -> tuple[int, Any]:
    """POST over HTTPS with nothing but the standard library and the CA file that ``status`` names."""
    request = urllib.request.Request(
        status["invoke_url"] + path, json.dumps(event).encode(), headers, method="POST"
    )
    context = ssl.create_default_context(cafile=status["ca_bundle"])
    try:
        with urllib.request.urlopen(request, context=context) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)


def _status(name: str) -> dict[str, Any]:
    report: dict[str, Any] = loh("status", "--name", name, "--json").json
    return report


def test_one_command_does_every_step_and_one_removes_every_trace(account: Account, name: str) -> None:
    before = account.holdings()
    _run(name)
    report = _status(name)
    assert [step["number"] for step in report["steps"]] == NUMBERS
    assert {step["state"] for step in report["steps"]} == {"done"}
    assert report["deployment"]["account"] == "123456789012"
    assert {each["kind"] for each in report["resources"]} >= {
        "iam:role",
        "iam:role-policy",
        "lambda:function",
        "lambda:permission",
        "dynamodb:table",
        "apigateway:restapi",
        "apigateway:stage",
        "logs:log-group",
    }
    assert {each["state"] for each in report["resources"]} == {"made"}
    removed = loh("teardown", "--name", name, "--yes", "--json")
    assert removed.code == 0
    assert removed.json["left"] == []
    assert removed.json["kept"] == []
    assert account.holdings() == before
    assert loh("status", "--name", name).code == 1


def test_the_tutorials_own_request_creates_bob_and_reading_gives_him_back(
    account: Account, name: str
) -> None:
    _run(name)
    status, table = _status(name), f"{name}-LambdaTable"
    bob = {"operation": "create", "tableName": table, "payload": {"Item": {"Id": "1", "name": "Bob"}}}
    # urllib, like the tutorial's curl line, says application/x-www-form-urlencoded
    assert _post(status, bob)[0] == 200
    read = {"operation": "read", "tableName": table, "payload": {"Key": {"Id": "1"}}}
    answered, body = _post(status, read)
    assert answered == 200
    assert body["Item"] == {"Id": "1", "name": "Bob"}
    items = account.client("dynamodb").scan(TableName=table)["Items"]
    assert items == [{"Id": {"S": "1"}, "name": {"S": "Bob"}}]


def test_verify_makes_every_check_three_ways_and_leaves_no_item(account: Account, name: str) -> None:
    _run(name)
    report = loh("verify", "--name", name, "--json").json
    assert report["passed"] is True
    made = {(check["name"], check["via"]) for check in report["checks"]}
    operations = ("echo", "create", "read", "update", "list", "delete")
    assert made == {(op, via) for op in operations for via in ("invoke", "test-invoke-method", "https")}
    assert all(check["latency_ms"] > 0 and check["status"] == 200 for check in report["checks"])
    assert account.client("dynamodb").scan(TableName=f"{name}-LambdaTable")["Count"] == 0


def test_verify_fails_when_the_function_really_does_not_work(account: Account, name: str) -> None:
    _run(name)
    account.client("dynamodb").delete_table(TableName=f"{name}-LambdaTable")
    ran = loh("verify", "--name", name, "--json")
    assert ran.code == 1
    bad = {check["name"] for check in ran.json["checks"] if not check["ok"]}
    assert bad == {"create", "read", "update", "list", "delete"}
    said = loh("verify", "--name", name)
    assert said.out == "3 of 18 checks passed.\n"
    assert f"Next: `loh doctor --name {name}` finds what is wrong" in said.err


def test_verify_names_the_command_for_what_is_not_done_yet(account: Account, name: str) -> None:
    _run(name, "--to", "2.4")
    said = loh("verify", "--name", name)
    assert (said.code, said.out) == (1, "6 of 8 checks passed.\n")
    assert f"Next: `loh run --name {name}` does the steps from 3.1 on." in said.err


def test_before_the_permission_the_endpoint_answers_500_and_a_wrong_path_403(
    account: Account, name: str
) -> None:
    _run(name, "--to", "3.5")
    status = _status(name)
    assert _post(status, {"operation": "ping"}) == (500, {"message": "Internal server error"})
    assert _post(status, {}, "Wrong") == (403, {"message": "Missing Authentication Token"})
    assert loh("next", "--name", name).code == 0
    assert _post(status, {"operation": "ping"}) == (200, "pong")


def test_faults_of_the_client_are_400_and_a_time_out_is_504(
    account: Account, name: str, tmp_path: Path
) -> None:
    source = tmp_path / "LambdaFunctionOverHttps.py"
    source.write_text(
        "import time\n"
        "def handler(event, context):\n"
        "    if event['operation'] == 'echo': return event['payload']\n"
        "    if event['operation'] == 'hang': time.sleep(60)\n"
        "    if event['operation'] == 'bad': raise ValueError('[BadRequest] no such thing\\nreally')\n"
        "    raise KeyError('secret detail')\n"
    )
    _run(name, "--to", "3.6", "--source", str(source))
    account.client("lambda").update_function_configuration(
        FunctionName=f"{name}-LambdaFunctionOverHttps", Timeout=1
    )
    status = _status(name)
    assert _post(status, {"operation": "bad"}) == (400, {"message": "[BadRequest] no such thing\nreally"})
    answered, body = _post(status, {"operation": "other"})
    assert (answered, list(body)) == (500, ["message"])
    answered, body = _post(status, {"operation": "hang"})
    assert answered == 504
    assert "Task timed out after 1.00 seconds" in body["message"]


def test_a_second_run_changes_nothing_and_makes_no_mutating_call(account: Account, name: str) -> None:
    _run(name)
    before, journal = account.holdings(), _status(name)
    _run(name)
    assert account.holdings() == before
    assert _status(name) == journal


def test_an_edited_source_reaches_the_next_request_after_run(
    account: Account, name: str, tmp_path: Path
) -> None:
    source = tmp_path / "mine.py"
    shutil.copy(Path("function/LambdaFunctionOverHttps.py").absolute(), source)
    _run(name, "--source", str(source))
    plan = loh("plan", "--name", name, "--json").json
    assert {step["action"] for step in plan["steps"]} == {"keep"}
    source.write_text(
        source.read_text() + "\n\n_old = handler\ndef handler(event, context):\n"
        "    return 'edited' if event.get('operation') == 'ping' else _old(event, context)\n"
    )
    actions = {step["number"]: step["action"] for step in loh("plan", "--name", name, "--json").json["steps"]}
    assert actions["2.1"] == "update"
    _run(name)
    assert _post(_status(name), {"operation": "ping"}) == (200, "edited")


def test_steps_can_be_done_one_by_one_and_taken_back(account: Account, name: str) -> None:
    for number in NUMBERS:
        assert loh("next", "--name", name).code == 0
        done = [each["number"] for each in _status(name)["steps"] if each["state"] == "done"]
        assert done[-1] == number
    full = account.of(name)
    for _ in NUMBERS:
        undone = loh("undo", "--name", name)
        assert undone.code == 0, undone.err
    assert account.of(name) == set()
    _run(name)
    assert len(account.of(name)) == len(full)


def test_two_names_live_side_by_side_and_one_teardown_leaves_the_other_working(
    account: Account, name: str
) -> None:
    other = f"{name}-other"
    _run(name)
    _run(other)
    assert loh("teardown", "--name", name, "--yes").code == 0
    assert {each for each in account.of(name) if other not in each} == set()
    assert loh("verify", "--name", other).code == 0
    assert loh("teardown", "--name", other, "--yes").code == 0


def test_a_lent_role_is_used_and_never_deleted(account: Account, name: str) -> None:
    role = f"Lab-{name}"
    trust = {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
        ],
    }
    allow = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    iam = account.client("iam")
    arn = iam.create_role(RoleName=role, AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
    iam.put_role_policy(RoleName=role, PolicyName="all", PolicyDocument=json.dumps(allow))
    before = account.holdings()
    _run(name, "--role-arn", arn)
    report = _status(name)
    assert {each["number"]: each["state"] for each in report["steps"]}["2.2"] == "skipped"
    assert [each["state"] for each in report["resources"] if each["kind"] == "iam:role"] == ["adopted"]
    removed = loh("teardown", "--name", name, "--yes", "--json").json
    assert [each["kind"] for each in removed["kept"]] == ["iam:role"]
    assert account.holdings() == before


def test_the_function_writes_to_its_log_group(account: Account, name: str) -> None:
    _run(name)
    done("call", "ping", "--name", name)
    group = f"/aws/lambda/{name}-LambdaFunctionOverHttps"
    events = account.client("logs").filter_log_events(logGroupName=group)["events"]
    assert any(event["message"].startswith("REPORT RequestId") for event in events)


def test_call_gives_the_answer_and_an_exit_code(account: Account, name: str) -> None:
    _run(name)
    assert loh("call", "ping", "--name", name).out == '"pong"\n'
    assert loh("call", "create", "--item", '{"Id": "7", "n": 1.5}', "--name", name).code == 0
    for via in ("https", "invoke", "test-invoke-method"):
        ran = loh("call", "read", "--key", "7", "--via", via, "--name", name)
        assert json.loads(ran.out)["Item"] == {"Id": "7", "n": 1.5}
    assert loh("call", '{"operation": "echo", "payload": "hello"}', "--name", name).out == '"hello"\n'
    wrong = loh("call", "fly", "--name", name)
    assert wrong.code == 1
    assert "[BadRequest]" in wrong.out


@pytest.mark.processes
def test_a_restarted_sandbox_is_recognised_and_its_old_journal_never_obeyed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    monkeypatch.setenv("LAMBDA_OVER_HTTPS_HOME", str(home))
    try:
        daemon.start(home, port=0)
        _run("alice", "--to", "2.4")
        daemon.stop(home)
        gone = loh("status", "--name", "alice", "--json").json
        assert gone["gone"] is True
        assert gone["resources"] == []
        assert "●" not in loh("status", "--name", "alice").out
        running = daemon.start(home, port=0)
        account = Account(running)
        for command in (("verify",), ("undo",), ("call", "ping")):
            refused = loh(*command, "--name", "alice")
            assert (refused.code, "The sandbox that held this deployment has ended" in refused.err) == (
                1,
                True,
            ), refused.err
        again = _run("alice", "--to", "2.4")
        assert "restarted" in again.err
        assert len([each for each in account.holdings() if each.startswith("role alice")]) == 1
        daemon.stop(home)
        removed = loh("teardown", "--name", "alice", "--yes")
        assert removed.code == 0
        assert "stopped" in removed.err
        assert daemon.find(home) is None
    finally:
        daemon.stop(home)


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["run", "--name", "Not Good", "--no-pause"], 2, "cannot be the name"),
        (["run", "--runtime", "cobol", "--no-pause"], 2, "no runtime"),
        (["run", "--to", "9.9", "--no-pause"], 2, "no step"),
        (["run", "--source", "nowhere.py", "--no-pause"], 2, "cannot be read"),
        (["run", "--role-arn", "LabRole", "--no-pause"], 2, "not the ARN"),
        (["explain", "depoyment"], 2, "Did you mean deployment?"),
        (["run", "--target", "mars"], 2, "no target"),
        (["plan", "--endpoint-url", "localhost:4566"], 2, "cannot be an endpoint"),
        (["status", "--endpoint-url", "http://127.0.0.1:99999"], 2, "cannot be an endpoint"),
        (["run", "--endpoint-url", "https://lambda.eu-west-1.amazonaws.com"], 2, "Add --target aws"),
        (["logs", "--follow", "--json"], 2, "--follow does not go with --json"),
        (["logs", "--follow", "--request", "x"], 2, "--follow does not go with --request"),
        (["class", "status", "--watch", "--json"], 2, "--watch does not go with --json"),
        (["policy", "--prefix", "Not Good"], 2, "cannot be the name"),
        (["status", "--name", "nobody"], 1, "no deployment named nobody"),
        (["verify", "--name", "nobody"], 1, "no deployment named nobody"),
        (["call", "ping", "not json", "--name", "nobody"], 2, "not JSON"),
        (["call", '{"operation":', "--name", "nobody"], 2, "not JSON"),
        (["sandbox", "start", "--port", "65536"], 2, "cannot be the port"),
        (["sandbox", "start", "--port", "65535"], 2, "cannot be the port"),
        (["sandbox", "start", "--port", "-1"], 2, "cannot be the port"),
        (["run", "--target", "aws", "--region", "us-east-1", "--yes", "--no-pause"], 5, "credentials"),
        (["run", "--target", "aws", "--profile", "nobody", "--yes", "--no-pause"], 5, "nobody"),
    ],
)
def test_bad_input_gives_one_clear_error_with_a_next_step(
    account: Account, arguments: list[str], code: int, said: str
) -> None:
    before = account.holdings()
    ran = loh(*arguments)
    assert ran.code == code, ran.err
    assert said in ran.err
    assert "Next:" in ran.err
    assert "Traceback" not in ran.err
    assert account.holdings() == before


def test_the_command_to_type_next_names_the_same_deployment(account: Account, name: str) -> None:
    endpoint = account.sandbox.endpoint_url
    ran = loh("status", "--name", name, "--region", "eu-west-1", "--endpoint-url", endpoint)
    assert f"`loh run --name {name} --region eu-west-1 --endpoint-url {endpoint}`" in ran.err
    assert f"`loh run --name {name}`" in loh("history", "--name", name).err


def test_teardown_asks_and_without_a_terminal_needs_yes(account: Account, name: str) -> None:
    _run(name, "--to", "2.2")
    ran = loh("teardown", "--name", name)
    assert ran.code == 2
    assert "--yes" in ran.err
    assert account.of(name)
    assert loh("teardown", "--name", name, "--yes").code == 0


@pytest.mark.processes
def test_the_module_and_both_commands_are_the_same_program() -> None:
    scripts = Path(sys.executable).parent
    commands = (
        [sys.executable, "-m", "lambda_over_https"],
        [scripts / "loh"],
        [scripts / "lambda-over-https"],
    )
    said = {subprocess.run([*each, "--version"], capture_output=True, check=True).stdout for each in commands}
    assert len(said) == 1


def test_a_run_that_changed_nothing_does_not_claim_to_have_tested(account: Account, name: str) -> None:
    first = loh("run", "--no-pause", "--name", name)
    assert "\nReady. Try it:" in first.err
    again = loh("run", "--no-pause", "--name", name)
    assert "Ready." not in again.err
    assert f"nothing was tested again: `loh verify --name {name}` does" in again.err
    assert loh("teardown", "--yes", "--name", name).code == 0


def test_a_run_that_stops_before_the_test_says_so(account: Account, name: str) -> None:
    ran = loh("run", "--no-pause", "--to", "3.6", "--name", name)
    assert f"not tested yet: `loh run --name {name}` does step 3.7" in ran.err
    assert loh("teardown", "--yes", "--name", name).code == 0


def test_a_teardown_of_what_is_not_there_looks_says_so_and_can_be_repeated(
    account: Account, name: str
) -> None:
    for _ in range(2):
        done = loh("teardown", "--yes", "--name", name)
        assert done.code == 0
        assert f"This machine knows no deployment named {name}" in done.err
        assert done.out == f"Nothing is left of {name}.\n"
    assert loh("status", "--name", name).code == 1
