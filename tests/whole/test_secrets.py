"""What others keep in the function's environment, or send to it, is in no file of this program."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.kit.program.support import Account, loh
from tests.kit.sandbox.control import readable

SECRET = "S3CR3T"
ENVIRONMENT = {"Variables": {"TABLE_NAME": "LambdaTable", "DB_PASSWORD": f"{SECRET}-environment"}}
SHOWN_BY = (
    "history --all --json",
    "history --all",
    "history --format boto3",
    "history --format aws-cli",
    "explain 2.3 --json",
    "export",
    "export --format boto3",
    "export --format markdown",
    "status --json",
)


def _kept(world: Path, name: str) -> list[str]:
    """The files of the deployment that hold a secret."""
    files = [path for path in world.glob(f"deployments/*/{name}/*") if path.is_file()]
    assert files
    return [path.name for path in files if SECRET.encode() in path.read_bytes()]


@pytest.fixture
def lesson(account: Account, name: str) -> str:
    assert loh("run", "--no-pause", "--name", name).code == 0
    return name


def test_what_is_sent_and_what_the_function_is_given_is_kept_nowhere(
    account: Account, lesson: str, world: Path
) -> None:
    function = f"{lesson}-LambdaFunctionOverHttps"
    account.client("lambda").update_function_configuration(FunctionName=function, Environment=ENVIRONMENT)
    event = json.dumps({"operation": "echo", "payload": {"password": f"{SECRET}-sent"}})
    for way in ("https", "invoke", "test-invoke-method"):
        called = loh("call", "--event", event, "--via", way, "--name", lesson)
        assert SECRET in called.out, "who sent it sees the answer"
    for command in ("verify", "doctor", "plan", "run --no-pause", "logs"):
        loh(*command.split(), "--name", lesson)
    assert _kept(world, lesson) == []
    for command in SHOWN_BY:
        shown = loh(*command.split(), "--name", lesson)
        assert shown.code == 0, shown.err
        assert SECRET not in shown.out + shown.err, command


def _function(client: Any, role: str, name: str) -> None:
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as archive:
        archive.writestr(readable("m.py"), "def h(event, context):\n    return event\n")
    client.create_function(
        FunctionName=name,
        Role=role,
        Runtime="python3.13",
        Handler="m.h",
        Code={"ZipFile": package.getvalue()},
        Environment=ENVIRONMENT,
    )


def test_the_environment_of_somebody_elses_function_of_the_same_name_is_kept_nowhere(
    account: Account, lesson: str, world: Path
) -> None:
    function, client = f"{lesson}-LambdaFunctionOverHttps", account.client("lambda")
    role = client.get_function(FunctionName=function)["Configuration"]["Role"]
    client.delete_function(FunctionName=function)
    _function(client, role, function)
    for command in ("run --no-pause", "plan", "doctor", "call echo", "logs", "teardown --yes"):
        loh(*command.split(), "--name", lesson)
    assert _kept(world, lesson) == []
