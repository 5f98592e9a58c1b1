"""The tests' ready workers do what those do that the program starts, and nothing else begins ready."""

import base64
import json
import os
import re
import signal
from pathlib import Path
from typing import Any

import pytest

from lambda_over_https.deployment.handler.sources import build_archive
from tests.kit.program.support import Account, done
from tests.kit.sandbox.lambda_lab import eventually
from tests.kit.sandbox.ready_server import READY, SOURCE
from tests.kit.sandbox.workers import workers

pytestmark = pytest.mark.skipif(not Path("/proc/self/comm").exists(), reason="only Linux shows the processes")

NO_MATTER, FOR_PYTHON = {"ANY": "1"}, {"PYTHONHASHSEED": "0"}
"""Variables with which a worker of the tutorial's function begins ready, and with which it is started."""

EVENTS: list[dict[str, Any]] = [
    {"operation": "ping"},
    {"operation": "echo", "payload": {"a": [1.5, "ä", None]}},
    {"operation": "create", "payload": {"Item": {"Id": "1", "n": 2}}},
    {"operation": "read", "payload": {"Key": {"Id": "1"}}},
    {"operation": "list", "payload": {}},
    {"operation": "create", "payload": {"Item": {"n": 2}}},
    {"operation": "fly"},
]

DIFFERS = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|[\d.]+ (ms|MB)|\d{4}-\d\d-\d\dT\S+")
"""What differs from one invocation to the next: ids, durations, memory and times."""


@pytest.fixture
def function(account: Account, name: str) -> str:
    """The tutorial's function."""
    done("run", "--no-pause", "--name", name)
    return f"{name}-LambdaFunctionOverHttps"


def _with(account: Account, function: str, variables: dict[str, str]) -> None:
    account.client("lambda").update_function_configuration(
        FunctionName=function, Environment={"Variables": variables}
    )


def _said(account: Account, function: str, event: dict[str, Any]) -> tuple[str, str]:
    """The answer to an event, and its log."""
    asked = {"tableName": function.replace("FunctionOverHttps", "Table"), **event}
    ran = account.client("lambda").invoke(FunctionName=function, Payload=json.dumps(asked), LogType="Tail")
    said = ran["Payload"].read().decode(), base64.b64decode(ran["LogResult"]).decode()
    answer, log = (DIFFERS.sub("…", each) for each in said)
    return answer, log


def _worker(account: Account, function: str) -> tuple[int, str]:
    """The only worker, and the command that it was started with."""
    [pid] = workers(account.sandbox.pid, function)
    return pid, Path(f"/proc/{pid}/cmdline").read_text()


def test_a_ready_worker_answers_and_logs_as_a_started_one_does(account: Account, function: str) -> None:
    said = []
    for variables, began in ((NO_MATTER, READY.name), (FOR_PYTHON, "bootstrap/python.py")):
        _with(account, function, variables)
        said.append([_said(account, function, event) for event in EVENTS])
        assert eventually(lambda: len(workers(account.sandbox.pid, function)) == 1), (
            "the one before has ended"
        )
        assert began in _worker(account, function)[1]
    assert said[0] == said[1]


def test_only_the_tutorials_own_code_begins_ready(account: Account, function: str) -> None:
    source = SOURCE.read_bytes() + b"\n"
    account.client("lambda").update_function_code(
        FunctionName=function, ZipFile=build_archive(source, "python")
    )
    _said(account, function, EVENTS[0])
    assert eventually(lambda: len(workers(account.sandbox.pid, function)) == 1)
    assert READY.name not in _worker(account, function)[1]


def test_a_ready_worker_that_is_killed_is_gone_and_the_next_one_answers(
    account: Account, function: str
) -> None:
    pid, command = _worker(account, function)
    assert READY.name in command
    os.kill(pid, signal.SIGKILL)
    assert eventually(lambda: not workers(account.sandbox.pid, function))
    answer, _ = _said(account, function, EVENTS[0])
    assert answer == '"pong"'
    assert _worker(account, function)[0] != pid


def test_no_ready_worker_outlives_its_function(account: Account, function: str) -> None:
    assert _worker(account, function)
    done("teardown", "--yes", "--name", function.partition("-")[0])
    assert eventually(lambda: not workers(account.sandbox.pid, function))
