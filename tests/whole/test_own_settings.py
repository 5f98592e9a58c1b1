"""The user's machine is not ours: the sandbox works whatever is set there for AWS, and nothing leaves it."""

import json
import os
import shlex
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from lambda_over_https.sandbox.client import daemon
from lambda_over_https.sandbox.client.proxies import without_proxy
from tests.kit.program.forks import Zygote
from tests.kit.program.support import Account, loh, use_keys

pytestmark = pytest.mark.processes

ELSEWHERE = {
    "a proxy": {"HTTP_PROXY": "", "HTTPS_PROXY": "", "http_proxy": "", "https_proxy": "", "ALL_PROXY": ""},
    "an endpoint": {"AWS_ENDPOINT_URL": "", "AWS_ENDPOINT_URL_LAMBDA": "", "AWS_ENDPOINT_URL_STS": ""},
}
"""Variables that would lead a request to another address, which the test fills in."""


@pytest.fixture
def elsewhere() -> Iterator[tuple[str, list[bytes]]]:
    """An address that nothing may be sent to, and what was."""
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def listen() -> None:
            while True:
                try:
                    caller, _ = server.accept()
                except OSError:
                    return
                with caller:
                    heard.append(caller.recv(200))

        thread = threading.Thread(target=listen, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}", heard
        server.shutdown(socket.SHUT_RDWR)
    thread.join(5)


@pytest.mark.parametrize("setting", ELSEWHERE)
def test_nothing_is_sent_anywhere_else(
    setting: str, zygote: Zygote, name: str, elsewhere: tuple[str, list[bytes]]
) -> None:
    url, heard = elsewhere
    environment = dict.fromkeys(ELSEWHERE[setting], url)
    for command in ("run --no-pause", "explain 2.3", "verify", "call ping", "doctor", "teardown --yes"):
        ran = zygote.loh(*command.split(), "--name", name, **environment)
        assert ran.code == 0, f"{command}: {ran.err}"
    assert heard == []


def test_a_started_sandbox_reads_no_settings_and_still_knows_the_proxy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "nope")
    monkeypatch.setenv("BOTO_CONFIG", "nope")
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    running = daemon.start(tmp_path / "own", port=0)
    try:
        told = Path(f"/proc/{running.pid}/environ").read_text().split("\0")
        variables = dict(each.split("=", 1) for each in told if each)
    finally:
        daemon.stop(tmp_path / "own")
    of_aws = {key: value for key, value in variables.items() if key.startswith(("AWS_", "BOTO"))}
    assert of_aws == {"AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull}
    assert variables["HTTPS_PROXY"] == "http://127.0.0.1:9"
    assert variables["NO_PROXY"] == "127.0.0.1,localhost"


def test_what_no_proxy_names_already_stays() -> None:
    named = without_proxy({"NO_PROXY": "intra.example, 127.0.0.1", "no_proxy": "other.example"})
    assert named == dict.fromkeys(("NO_PROXY", "no_proxy"), "intra.example,127.0.0.1,other.example,localhost")


SHELL = """
import boto3, json
for service in ("sts", "lambda", "dynamodb"):
    client = boto3.client(service)
    assert client.meta.endpoint_url == {url!r}, client.meta.endpoint_url
print(json.dumps(boto3.client("sts").get_caller_identity()["Account"]))
"""


def test_a_shell_that_takes_the_sandboxs_settings_reaches_it_whatever_was_set_before(
    account: Account, elsewhere: tuple[str, list[bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    url, heard = elsewhere
    before = {
        "AWS_PROFILE": "nope",
        "AWS_SESSION_TOKEN": "x",
        "AWS_ENDPOINT_URL_LAMBDA": url,
        "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true",
        "HTTP_PROXY": url,
    }
    for key, value in before.items():
        monkeypatch.setenv(key, value)
    program = SHELL.format(url=account.sandbox.endpoint_url)
    script = f"{loh('sandbox', 'env').out}\n{shlex.join([sys.executable, '-c', program])}\n"
    done = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout) == account.sandbox.account
    assert heard == []


@pytest.mark.parametrize("region", ["cn-north-1", "us-gov-west-1"])
def test_a_region_of_another_partition_is_refused_before_anything_is_made(
    account: Account, name: str, region: str
) -> None:
    ran = loh("run", "--no-pause", "--name", name, "--region", region)
    assert ran.code == 1
    assert f"no Region {region}" in ran.err
    assert loh("teardown", "--yes", "--name", name, "--region", region).code == 1
    assert account.of(name) == set()


def test_a_region_that_cannot_be_one_is_wrong_usage(account: Account, name: str) -> None:
    ran = loh("run", "--no-pause", "--name", name, "--region", "nowhere")
    assert (ran.code, "--region" in ran.err) == (2, True)


def test_an_endpoint_from_the_users_settings_is_named_before_the_question(
    account: Account, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", account.sandbox.endpoint_url)
    use_keys(monkeypatch, account.sandbox)
    ran = loh("run", "--no-pause", "--name", name, "--target", "aws", "--region", "us-east-1")
    assert ran.code == 2, "nobody can be asked"
    before = ran.err.partition("There is nobody to ask")[0]
    assert f"go to {account.sandbox.endpoint_url}, not to AWS" in before
    assert "AWS_ENDPOINT_URL" in before
