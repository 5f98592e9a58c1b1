"""Another user of the machine reaches the sandbox's ports, but has neither keys nor the record's secret."""

import json
import os
from dataclasses import asdict
from pathlib import Path

import pytest
from botocore.credentials import Credentials

from lambda_over_https.sandbox.client import daemon
from lambda_over_https.sandbox.client.record import Sandbox
from tests.kit.account.signing import send, signed
from tests.kit.program.support import Account, loh

STRANGER = Credentials("AKIAQNOBODYNOBODY999", "guessed")


@pytest.mark.parametrize(
    ("service", "method", "path", "body", "status", "code"),
    [
        ("iam", "POST", "/", b"Action=CreateRole&Version=2010-05-08&RoleName=r", 403, "InvalidClientTokenId"),
        ("lambda", "POST", "/2015-03-31/functions", b"{}", 403, "UnrecognizedClientException"),
        (
            "lambda",
            "POST",
            "/2015-03-31/functions/f/invocations",
            b"{}",
            403,
            "UnrecognizedClientException",
        ),
        ("apigateway", "DELETE", "/restapis/a", b"", 403, "UnrecognizedClientException"),
        (
            "apigateway",
            "POST",
            "/restapis/a/resources/r/methods/POST",
            b"{}",
            403,
            "UnrecognizedClientException",
        ),
        ("dynamodb", "POST", "/", b"[" * 100_000, 400, "UnrecognizedClientException"),
        ("sqs", "POST", "/", b"{}", 403, "UnrecognizedClientException"),
    ],
)
def test_a_call_with_keys_of_ones_own_is_refused_before_it_is_read(
    sandbox: Sandbox, service: str, method: str, path: str, body: bytes, status: int, code: str
) -> None:
    headers = signed(STRANGER, service, method, sandbox.endpoint_url + path, {}, body)
    answered, text = send(sandbox, method, path, headers, body)
    assert answered == status
    assert code in text
    assert "security token included in the request is invalid" in text


def test_the_operators_key_is_worth_nothing_without_its_secret(sandbox: Sandbox) -> None:
    forged = Credentials(sandbox.access_key_id, "guessed")
    headers = signed(forged, "lambda", "GET", f"{sandbox.endpoint_url}/2015-03-31/functions")
    status, text = send(sandbox, "GET", "/2015-03-31/functions", headers)
    assert status == 403
    assert "InvalidSignatureException" in text


def test_a_call_without_keys_is_refused(sandbox: Sandbox) -> None:
    for method, path in (("GET", "/restapis"), ("POST", "/2015-03-31/functions/f/invocations")):
        assert send(sandbox, method, path, {})[0] == 403
    status, text = send(sandbox, "GET", "/restapis", {"Authorization": "Bearer x"})
    assert status == 403
    assert "Authorization header requires 'Credential' parameter." in text


@pytest.mark.parametrize("secret", [None, "", "guessed", "é"])
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/_sandbox/stop"),
        ("GET", "/_sandbox/faults"),
        ("POST", "/_sandbox/faults"),
        ("GET", "/_sandbox/schedules"),
        ("POST", "/_sandbox/schedules"),
        ("POST", "/_sandbox/status"),
        ("GET", "/_sandbox/none"),
    ],
)
def test_the_sandboxs_own_endpoints_ask_for_the_secret(
    sandbox: Sandbox, world: Path, method: str, path: str, secret: str | None
) -> None:
    headers = {} if secret is None else {"Authorization": f"Bearer {secret}"}
    status, text = send(sandbox, method, path, headers, b'{"name": "slow-function", "on": true}')
    assert status == 403
    assert "needs the secret" in text
    assert not any(fault["on"] for fault in daemon.faults(world))


def test_everybody_may_know_that_it_runs_and_no_more(sandbox: Sandbox) -> None:
    status, text = send(sandbox, "GET", "/_sandbox/status", {})
    assert status == 200
    assert json.loads(text.rpartition("\n")[2]) == {"running": True}


def test_keys_and_secret_are_in_the_record_and_in_env_and_nowhere_else(
    account: Account, sandbox: Sandbox, world: Path
) -> None:
    hidden = (sandbox.secret_access_key, sandbox.secret)
    assert all(len(each) >= 40 for each in hidden)
    answered = send(sandbox, "GET", "/_sandbox/status", {"Authorization": f"Bearer {sandbox.secret}"})[1]
    for text in (
        loh("sandbox", "status", "--json").out,
        loh("sandbox", "status").out,
        answered,
        repr(sandbox),
    ):
        assert not any(each in text for each in hidden)
    found = loh("sandbox", "env", "--json").json
    assert found["AWS_ACCESS_KEY_ID"] == sandbox.access_key_id
    assert found["AWS_SECRET_ACCESS_KEY"] == sandbox.secret_access_key
    files = [path for path in world.rglob("*") if path.is_file() and path.name != "sandbox.json"]
    readable = [path for path in files if os.access(path, os.R_OK)]  # a function's package may have others
    assert not any(each.encode() in path.read_bytes() for path in readable for each in hidden)
    record = json.loads((world / "sandbox" / "sandbox.json").read_text())
    assert {name: record[name] for name in asdict(sandbox)} == asdict(sandbox)
