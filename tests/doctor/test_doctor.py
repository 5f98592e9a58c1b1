"""The doctor names the one thing that is wrong, and only it, with the command that mends it."""

import json
import os
import shlex
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest

from lambda_over_https.aws.policies.documents import trust_policy
from lambda_over_https.doctor.before import taken_port, usual_port
from lambda_over_https.doctor.ports import owner
from lambda_over_https.names import names_for
from lambda_over_https.sandbox.client.record import Sandbox
from tests.kit.account import decoys
from tests.kit.account.between import Answer, Between, Call, Forward
from tests.kit.account.census import census, difference
from tests.kit.program.forks import Zygote
from tests.kit.program.support import Account, loh, use_keys
from tests.kit.program.ward import Ward


@pytest.fixture(scope="module")
def patient(zygote: Zygote, whole_account: Account) -> Iterator[str]:
    """The name of a deployment that the tests of this module spoil and mend, one after the other."""
    name = "patient"
    made = zygote.loh("run", "--no-pause", "--yes", "--name", name)
    assert made.code == 0, made.err
    assert zygote.loh("doctor", "--name", name).code == 0
    yield name
    assert zygote.loh("teardown", "--yes", "--force", "--name", name).code == 0


def _doctor(name: str, code: int) -> list[dict[str, Any]]:
    done = loh("doctor", "--json", "--name", name)
    assert done.code == code, (done.out, done.err)
    assert done.json["healthy"] is (code == 0)
    return [each for each in done.json["findings"] if not each["ok"]]


FAULTS: dict[str, tuple[Callable[[Ward], None], str, str]] = {
    "permission": (Ward.permission_for_another_api, "lambda:permission", "SourceArn"),
    "principal": (
        Ward.permission_for_another_service,
        "lambda:permission",
        'its Principal is {"Service": "events.amazonaws.com"}',
    ),
    "integration": (
        Ward.integration_of_a_missing_function,
        "apigateway:integration",
        "calls another function",
    ),
    "method": (Ward.method_changed_after_the_deployment, "apigateway:method", "after the last deployment"),
    "policy": (Ward.role_without_policy, "iam:role-policy", "missing"),
    "role-anew": (Ward.role_created_anew, "the role's identity", "again"),
    "trust": (Ward.role_that_trusts_somebody_else, "iam:role", "does not let Lambda assume it"),
    "role": (Ward.no_role, "iam:role ", "missing"),
    "table": (Ward.no_table, "dynamodb:table", "missing"),
    "function": (Ward.no_function, "lambda:function", "missing"),
    "api": (Ward.no_api, "apigateway:restapi", "missing"),
    "stage": (Ward.no_stage, "apigateway:stage", "missing"),
    "handler": (Ward.wrong_handler, "lambda:function", "Handler"),
    "runtime": (Ward.deprecated_runtime, "runtime", "deprecated"),
    "throttle": (Ward.throttle_of_nothing, "throttle", "429"),
    "throttle-method": (Ward.throttle_of_nothing_for_the_method, "throttle", "429"),
    "endpoint": (Ward.disabled_endpoint, "endpoint", "403"),
    "concurrency": (Ward.no_concurrency, "concurrency", "never runs"),
    "boundary": (
        Ward.boundary_without_the_table,
        "permissions boundary of",
        "CloudWatchLogsFullAccess, which does not allow dynamodb:DeleteItem, dynamodb:GetItem and 4 more",
    ),
    "deny": (Ward.policy_that_denies, "other policies of", "the inline policy guard, which somebody put"),
    "log-group": (Ward.another_log_group, "log group", "somebody gave the function the log group /somebodys"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_named_and_nothing_else_and_its_command_mends_it(
    account: Account, patient: str, fault: str
) -> None:
    plant, name, what = FAULTS[fault]
    plant(Ward(account, patient))
    spoilt = census(account)
    wrong = _doctor(patient, 1)
    assert {each["name"].split()[0] if " " not in name else name.strip() for each in wrong} == {name.strip()}
    assert all(each["name"].startswith(name.strip()) for each in wrong), wrong
    assert what in wrong[0]["what"]
    assert ("after the last deployment" in wrong[0]["what"]) == (fault == "method"), "the one not deployed"
    assert difference(spoilt, census(account)) == [], "the doctor only looks"
    _mend(account, patient, wrong[0]["fix"])
    assert _doctor(patient, 0) == []


def _mend(account: Account, name: str, command: str) -> None:
    """Type the command that the doctor gave."""
    if command.startswith("loh "):
        arguments = command.split()[1:]
        assert arguments == ["run", "--name", name]
        done = loh(*arguments, "--no-pause", "--yes")
        assert done.code == 0, done.err
        return
    _aws(account, shlex.split(command))


def _aws(account: Account, words: list[str]) -> None:
    """An ``aws`` command line, made with boto3: service, operation, --option values."""
    assert words[0] == "aws"
    options: dict[str, Any] = {}
    for word in words[3:]:
        if word.startswith("--"):
            options[word[2:]] = []
            key = word[2:]
        else:
            options[key].append(word)
    client = account.client(words[1])
    operation = getattr(client, words[2].replace("-", "_"))
    operation(**{_member(key): _value(key, value) for key, value in options.items()})


def _member(option: str) -> str:
    known = {
        "function-name": "FunctionName",
        "role-name": "RoleName",
        "policy-document": "PolicyDocument",
        "rest-api-id": "restApiId",
        "stage-name": "stageName",
        "patch-operations": "patchOperations",
        "policy-name": "PolicyName",
        "logging-config": "LoggingConfig",
    }
    return known[option]


def _value(option: str, words: list[str]) -> Any:
    if option == "patch-operations":
        return [dict(pair.split("=", 1) for pair in each.split(",")) for each in words]
    return dict([words[0].split("=")]) if option == "logging-config" else words[0]


def test_before_anything_all_is_well_and_no_trace_is_left(account: Account, name: str, world: Path) -> None:
    assert _doctor(name, 0) == []
    assert not (world / "deployments" / "sandbox" / name).exists()


def test_a_name_that_is_taken_is_found_before_anything_is_made(account: Account, name: str) -> None:
    table = names_for(name).table
    decoys.plant(account, "table", table, {})
    [wrong] = _doctor(name, 1)
    assert wrong["name"] == f"name {table}"
    assert "--name" in wrong["fix"]
    decoys.remove(account, "table", table)


@pytest.mark.parametrize("minutes", [30, -30])
def test_a_clock_that_is_wrong_is_found_by_awss_own(
    account: Account, name: str, monkeypatch: pytest.MonkeyPatch, minutes: int
) -> None:
    use_keys(monkeypatch, account.sandbox)

    def shift(call: Call, forward: Forward) -> Answer:
        answer = forward()
        theirs = format_datetime(datetime.now(UTC) + timedelta(minutes=minutes), usegmt=True)
        headers = {key: value for key, value in answer.headers.items() if key.lower() != "date"}
        return Answer(answer.status, headers | {"date": theirs}, answer.body)

    with Between(account.sandbox.endpoint_url, shift) as between:
        where = ("--name", name, "--region", "us-east-1", "--endpoint-url", between.url)
        done = loh("doctor", "--json", *where)
    wrong = [each for each in done.json["findings"] if not each["ok"]]
    assert [each["name"] for each in wrong] == ["clock"]
    assert ("behind" if minutes > 0 else "ahead") in wrong[0]["what"]


def test_credentials_that_end_soon_are_found(
    account: Account, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    soon = datetime.now(UTC) + timedelta(minutes=5)
    monkeypatch.setenv("AWS_CREDENTIAL_EXPIRATION", soon.isoformat())
    assert loh("doctor", "--name", name).code == 0, "the sandbox has keys of its own"
    use_keys(monkeypatch, account.sandbox)
    where = ("--region", "us-east-1", "--endpoint-url", account.sandbox.endpoint_url)
    done = loh("doctor", "--json", "--name", name, *where)
    [wrong] = [each for each in done.json["findings"] if not each["ok"]]
    assert (done.code, wrong["name"]) == (1, "credentials")
    assert "minutes" in wrong["what"]


def test_a_missing_node_is_found_when_it_is_wanted(
    account: Account, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    done = loh("doctor", "--json", "--name", name, "--runtime", "nodejs")
    assert [each["name"] for each in done.json["findings"] if not each["ok"]] == ["Node.js"]


def test_who_has_the_sandboxs_usualusual_port_is_said_and_nothing_is_wrong(sandbox: Sandbox) -> None:
    """Another process holds the usual port, so that the sandbox took another."""
    ours = int(sandbox.endpoint_url.rpartition(":")[2])
    program = "import socket, time; s = socket.create_server(('127.0.0.1', 0)); "
    program += "print(s.getsockname()[1], flush=True); time.sleep(600)"
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout
        taken = int(other.stdout.readline())
        said = usual_port(ours, taken)
        other.kill()
    assert f"{taken} is taken by process {other.pid}" in said
    assert "loh sandbox stop" in said
    assert f"{taken} is taken" not in usual_port(ours, taken)
    assert usual_port(ours, ours) == f"{ours}, as usual"


def test_nobody_is_told_to_end_the_process_of_another_user() -> None:
    theirs = taken_port(9000, 8471, "another process", os.getuid() + 1)
    assert "9000, because another user (" in theirs
    assert "end that" not in theirs
    assert "end that, then" in taken_port(9000, 8471, "process 12 (python)", os.getuid())
    assert "end that if it is yours" in taken_port(9000, 8471, "another process", None)


def test_the_user_of_a_listening_process_is_known() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        told = os.getuid() if Path("/proc/net/tcp").exists() else None
        assert owner(listening.getsockname()[1]) == told


def test_theusual_port_is_looked_at_on_the_sandbox(account: Account, name: str) -> None:
    done = loh("doctor", "--json", "--name", name)
    assert "port" in {each["name"] for each in done.json["findings"] if each["ok"]}


def test_nobody_is_told_so_with_the_exit_code_for_credentials(
    account: Account, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = ("--name", name, "--region", "us-east-1", "--endpoint-url", account.sandbox.endpoint_url)
    assert loh("doctor", *where).code == 5


def test_the_trust_policy_of_a_lent_role_is_named_with_a_command_for_its_owner(
    account: Account, name: str
) -> None:
    """No step may correct a role that is only lent, so ``loh run`` would not help."""
    iam, role = account.client("iam"), f"{name}-lent"
    trust = {"Version": "2012-10-17", "Statement": trust_policy()["Statement"]}
    arn = iam.create_role(RoleName=role, AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
    assert loh("run", "--no-pause", "--name", name, "--role-arn", arn, "--to", "2.3").code == 0
    denied = {**trust, "Statement": [*trust["Statement"], {**trust["Statement"][0], "Effect": "Deny"}]}
    iam.update_assume_role_policy(RoleName=role, PolicyDocument=json.dumps(denied))
    [wrong] = [each for each in _doctor(name, 1) if each["name"] == "trust"]
    assert "denies Lambda" in wrong["what"]
    assert wrong["fix"].startswith(f"aws iam update-assume-role-policy --role-name {role}")
    assert loh("teardown", "--yes", "--name", name).code == 0
    iam.delete_role(RoleName=role)


def _api(account: Account, name: str) -> str:
    apis = account.client("apigateway").get_rest_apis(limit=500)["items"]
    return next(str(each["id"]) for each in apis if each["name"] == names_for(name).api)


def test_callers_kept_out_by_a_resource_policy_are_explained_with_the_way_out(
    account: Account, name: str
) -> None:
    assert loh("run", "--no-pause", "--name", name).code == 0
    client = account.client("apigateway")
    api = _api(account, name)
    deny = {"Effect": "Deny", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [deny]})
    client.update_rest_api(
        restApiId=api, patchOperations=[{"op": "replace", "path": "/policy", "value": policy}]
    )
    client.create_deployment(restApiId=api, stageName="prod", description="somebody's")
    assert loh("run", "--no-pause", "--name", name).code == 1, "it deploys, and its test fails"
    wrong = {each["name"]: each for each in _doctor(name, 1)}
    assert "explicit deny" in wrong["answer via https"]["what"]
    assert "path=/policy" in wrong["answer via https"]["fix"]
    assert loh("teardown", "--yes", "--name", name).code == 0


def test_what_is_wrong_is_the_last_on_the_screen_and_what_is_well_takes_a_line(
    account: Account, name: str
) -> None:
    table = names_for(name).table
    decoys.plant(account, "table", table, {})
    lines = loh("doctor", "--name", name).out.splitlines()
    decoys.remove(account, "table", table)
    assert lines[0].startswith("ok    identity: ")
    assert lines[1].startswith("ok    ")
    assert f"WRONG name {table}" in lines[-2]
    assert lines[-1].startswith("      fix: ")
    everything = loh("doctor", "--all", "--name", name).out.splitlines()
    assert len([line for line in everything if line.startswith("ok    ")]) > len(lines)


def test_a_throttle_that_somebody_set_is_mentioned_and_is_not_wrong(account: Account, name: str) -> None:
    assert loh("run", "--no-pause", "--name", name).code == 0
    client = account.client("apigateway")
    api = _api(account, name)
    operations = [
        {"op": "replace", "path": "/*/*/throttling/rateLimit", "value": "500"},
        {"op": "replace", "path": "/*/*/throttling/burstLimit", "value": "400"},
    ]
    client.update_stage(restApiId=api, stageName="prod", patchOperations=operations)
    said = loh("doctor", "--name", name)
    assert said.code == 0
    assert "throttle: every method is limited to 500 requests a second, burst 400" in said.out
    assert loh("teardown", "--yes", "--name", name).code == 0
