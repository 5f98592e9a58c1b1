"""What a handler is given: environment, context, what it can import, where it may write."""

import json
import re
from pathlib import Path

import pytest

from tests.kit.sandbox.lambda_fixtures import Opener, lab_fixture, open_lab_fixture  # noqa: F401
from tests.kit.sandbox.lambda_lab import PYTHON, Lab


def test_the_environment_is_lambdas_and_the_functions_own(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_PROFILE", "AWS_ENDPOINT_URL_DYNAMODB", "PYTHONPATH", "NODE_OPTIONS", "MY_SECRET"):
        monkeypatch.setenv(name, "leaked")
    function = lab.python(
        "import os\ndef handler(event, context):\n    return dict(os.environ)\n",
        name="env",
        environment={"MINE": "yes", "TZ": "Asia/Tokyo"},
        memory_size=256,
    )
    found = lab.result(function)
    assert re.fullmatch(r"127\.0\.0\.1:\d+/[\w-]{32}", found.pop("AWS_LAMBDA_RUNTIME_API"))
    assert re.fullmatch(r"\d{4}/\d\d/\d\d/\[\$LATEST\]\w{32}", found.pop("AWS_LAMBDA_LOG_STREAM_NAME"))
    assert re.fullmatch(
        r"Root=1-\w{8}-\w{24};Parent=\w{16};Sampled=0;Lineage=1:\w{8}:1", found.pop("_X_AMZN_TRACE_ID")
    )
    assert list(Path(found.pop("HOME")).iterdir()) == []
    found.pop("LC_CTYPE", None)  # Python's own
    assert found == {
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
        "AWS_EXECUTION_ENV": "AWS_Lambda_python3.14",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "256",
        "AWS_LAMBDA_FUNCTION_NAME": "env",
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_LAMBDA_LOG_GROUP_NAME": "/aws/lambda/env",
        "AWS_REGION": "us-east-1",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_SESSION_TOKEN": "token",
        "LAMBDA_RUNTIME_DIR": found["LAMBDA_RUNTIME_DIR"],
        "LAMBDA_TASK_ROOT": str(function.code),
        "LANG": "en_US.UTF-8",
        "NO_PROXY": "127.0.0.1,localhost",
        "MINE": "yes",
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "TZ": "Asia/Tokyo",
        "_HANDLER": "main.handler",
    }
    assert (function.role, function.arn) in lab.state.sessions


def test_the_context_tells_about_the_function_and_the_event(lab: Lab) -> None:
    function = lab.python(
        "def handler(event, context):\n"
        "    return [context.aws_request_id, context.function_name, context.function_version,\n"
        "            context.invoked_function_arn, context.memory_limit_in_mb, context.log_group_name,\n"
        "            context.get_remaining_time_in_millis(), context.client_context.custom['k']]\n",
        name="context",
        timeout=7,
    )
    outcome = lab.invoke(function, client_context='{"custom":{"k":"ü"}}')
    *reported_by_runtime, remaining, custom = json.loads(outcome.payload)
    assert reported_by_runtime == [
        outcome.request_id,
        "context",
        "$LATEST",
        function.arn,
        "128",
        "/aws/lambda/context",
    ]
    assert 6000 < remaining <= 7000
    assert custom == "ü"


def test_only_what_awss_runtime_has_can_be_imported(lab: Lab) -> None:
    function = lab.python(
        "import importlib\n"
        "def handler(event, context):\n"
        "    importlib.import_module(event)\n"
        "    return 'imported'\n"
    )
    for name in ("boto3", "botocore", "urllib3", "simplejson"):
        assert lab.result(function, name) == "imported"
    for name in ("moto", "typer", "pytest", "lambda_over_https"):
        assert lab.error(function, name)["errorType"] == "ModuleNotFoundError"


def test_a_package_may_bring_its_own_version_of_what_the_runtime_has(lab: Lab) -> None:
    files = {
        "main.py": "import six\ndef handler(event, context):\n    return six.mine\n",
        "six.py": "mine = 'mine'\n",
    }
    assert lab.result(lab.write(files, PYTHON)) == "mine"


def test_the_runtime_client_is_the_one_that_runs_on_every_system(lab: Lab) -> None:
    function = lab.python(
        "import runtime_client\ndef handler(event, context):\n    return runtime_client.__file__\n"
    )
    assert lab.result(function).endswith("bootstrap/runtime_client.py")


def test_the_code_folder_is_not_written_to(lab: Lab) -> None:
    function = lab.write(
        {"main.py": "import other\ndef handler(event, context):\n    pass\n", "other.py": ""}, PYTHON
    )
    lab.invoke(function)
    assert sorted(path.name for path in function.code.iterdir()) == ["main.py", "other.py"]


def test_exit_is_there_as_in_any_python(lab: Lab) -> None:
    assert (
        "exit status 3"
        in lab.error(lab.python("def handler(event, context):\n    exit(3)\n"))["errorMessage"]
    )
