"""What becomes of an event: a result, or the error document that Lambda makes of each way to fail."""

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from lambda_over_https.sandbox.model import Function
from lambda_over_https.sandbox.workers import Limits
from tests.sandbox.lambda_fixtures import Opener, lab_fixture, open_lab_fixture  # noqa: F401
from tests.sandbox.lambda_kit import PYTHON, Lab, eventually, gone

UUID = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"


# Results and the handler's own errors


@pytest.mark.parametrize("event", [{"a": [1, None, "ü"]}, [1, 2], "text", 1.5, True, None, {}])
def test_a_result_is_the_handlers_return_value(lab: Lab, echo: Function, event: object) -> None:
    assert lab.result(echo, event) == event


def test_no_event_at_all_counts_as_an_empty_object(lab: Lab, echo: Function) -> None:
    assert lab.do(lab.functions.invoke(echo, b"")).payload == b"{}"


def test_an_exception_is_told_with_its_type_message_and_stack(lab: Lab) -> None:
    function = lab.python('def handler(event, context):\n    raise KeyError("operation")\n')
    outcome = lab.invoke(function)
    assert outcome.error == "Unhandled"
    document = json.loads(outcome.payload)
    assert list(document) == ["errorMessage", "errorType", "requestId", "stackTrace"]
    assert (document["errorMessage"], document["errorType"]) == ("'operation'", "KeyError")
    assert document["requestId"] == outcome.request_id
    assert 'main.py", line 2, in handler' in document["stackTrace"][0]


def test_a_result_that_is_no_json_is_a_marshal_error(lab: Lab) -> None:
    error = lab.error(lab.python("def handler(event, context):\n    return {1, 2}\n"))
    assert error["errorType"] == "Runtime.MarshalError"
    assert error["errorMessage"] == (
        "Unable to marshal response: Object of type set is not JSON serializable"
    )


def test_decimals_become_plain_numbers(lab: Lab) -> None:
    function = lab.python(
        "from decimal import Decimal\n"
        "def handler(event, context):\n    return Decimal('1.10000000000000000000001')\n"
    )
    assert lab.invoke(function).payload == b"1.10000000000000000000001"


def test_a_result_over_the_limit_is_an_error_and_the_next_event_is_served(lab: Lab) -> None:
    function = lab.python("def handler(event, context):\n    return 'x' * event\n")
    assert len(lab.result(function, 6_291_556 - 2)) == 6_291_556 - 2
    assert lab.error(function, 6_291_556) == {
        "errorType": "Function.ResponseSizeTooLarge",
        "errorMessage": "Response payload size exceeded maximum allowed payload size (6291556 bytes).",
    }
    assert lab.result(function, 1) == "x"


# Handlers that cannot be loaded


@pytest.mark.parametrize(
    ("source", "handler", "kind", "message"),
    [
        (
            "import nothing_like_it\n",
            "main.handler",
            "Runtime.ImportModuleError",
            "No module named 'nothing_like_it'",
        ),
        ("def handler(:\n", "main.handler", "Runtime.UserCodeSyntaxError", "Syntax error in module 'main'"),
        ("x = 1\n", "main.handler", "Runtime.HandlerNotFound", "Handler 'handler' missing on module 'main'"),
        ("x = 1\n", "other.handler", "Runtime.ImportModuleError", "Unable to import module 'other'"),
        ("x = 1\n", "main", "Runtime.MalformedHandlerName", "Bad handler 'main'"),
        ("raise ValueError('no')\n", "main.handler", "ValueError", "no"),
    ],
)
def test_a_handler_that_cannot_be_loaded(
    lab: Lab, source: str, handler: str, kind: str, message: str
) -> None:
    function = lab.python(source, handler=handler)
    for _ in range(2):
        error = lab.error(function)
        assert error["errorType"] == kind
        assert message in error["errorMessage"]
    assert f"Phase: init\tStatus: error\tError Type: {kind}\n" in lab.memory.text


def test_a_module_that_exits_while_it_is_loaded(lab: Lab) -> None:
    error = lab.error(lab.python("import sys\nsys.exit(4)\n"))
    assert error["errorType"] == "Runtime.ExitError"
    assert re.fullmatch(
        f"RequestId: {UUID} Error: Runtime exited with error: exit status 4", error["errorMessage"]
    )


def test_a_module_that_never_ends_loading(open_lab: Opener) -> None:
    lab = open_lab(limits=Limits(init=0.2))
    error = lab.error(lab.python("while True:\n    pass\n", timeout=3))
    assert error["errorType"] == "Sandbox.Timedout"
    assert "Phase: init\tStatus: timeout\n" in lab.memory.text


def test_a_runtime_the_sandbox_does_not_have(lab: Lab) -> None:
    error = lab.error(lab.write({}, "java21"))
    assert error["errorType"] == "Runtime.InvalidEntrypoint"
    assert "The sandbox runs Python and Node.js functions, not java21" in error["errorMessage"]


# Handlers that end badly


@pytest.mark.parametrize(
    ("deed", "reason"),
    [
        ("os._exit(0)", "Runtime exited without providing a reason"),
        ("sys.exit(1)", "Runtime exited with error: exit status 1"),
        ("os._exit(7)", "Runtime exited with error: exit status 7"),
        ("os.kill(os.getpid(), signal.SIGKILL)", "Runtime exited with error: signal: killed"),
        ("os.kill(os.getpid(), signal.SIGSEGV)", "Runtime exited with error: signal: segmentation fault"),
    ],
)
def test_a_handler_that_exits(lab: Lab, deed: str, reason: str) -> None:
    function = lab.python(
        "import os, signal, sys\n"
        "def handler(event, context):\n"
        "    print('before', flush=True)\n"
        f"    {deed} if event == 'exit' else None\n"
        "    return 'alive'\n"
    )
    outcome = lab.invoke(function, "exit")
    assert json.loads(outcome.payload) == {
        "errorType": "Runtime.ExitError",
        "errorMessage": f"RequestId: {outcome.request_id} Error: {reason}",
    }
    log = outcome.log.decode()
    assert (
        log.index("before\n")
        < log.index(f"Error: {reason}\nRuntime.ExitError\n")
        < log.index("END RequestId")
    )
    assert "Status: error\tError Type: Runtime.ExitError\t\n" in log
    assert lab.result(function, "work") == "alive"


def test_a_handler_that_takes_too_long_is_killed(lab: Lab) -> None:
    function = lab.python(
        "import os\n"
        "def handler(event, context):\n    while event == 'hang':\n        pass\n    return os.getpid()\n",
        timeout=1,
    )
    first = lab.result(function)
    outcome = lab.invoke(function, "hang")
    assert json.loads(outcome.payload) == {
        "errorType": "Sandbox.Timedout",
        "errorMessage": f"RequestId: {outcome.request_id} Error: Task timed out after 1.00 seconds",
    }
    log = outcome.log.decode()
    assert re.search(rf"\n\d{{4}}-\S+Z {outcome.request_id} Task timed out after 1.00 seconds\n", log)
    assert "Status: timeout\t\n" in log
    assert eventually(lambda: gone(first))
    assert lab.result(function) != first


def test_a_handler_that_takes_too_much_memory_is_killed(lab: Lab) -> None:
    function = lab.python(
        "def handler(event, context):\n    kept = []\n"
        "    while True:\n        kept.append(bytearray(1 << 20))\n",
        timeout=20,
    )
    if not sys.platform.startswith("linux"):
        pytest.skip("memory is measured on Linux only")
    outcome = lab.invoke(function)
    assert json.loads(outcome.payload)["errorMessage"].endswith("Runtime exited with error: signal: killed")
    assert "Status: error\tError Type: Runtime.OutOfMemory\t\n" in outcome.log.decode()


def test_a_worker_that_dies_between_two_events_is_not_noticed(lab: Lab) -> None:
    function = lab.python("import os\ndef handler(event, context):\n    return os.getpid()\n")
    first = lab.result(function)
    os.kill(first, signal.SIGKILL)
    assert eventually(lambda: gone(first))
    assert lab.result(function) != first


# Output


def test_the_log_of_a_cold_and_a_warm_start(lab: Lab) -> None:
    function = lab.python(
        "import sys\nprint('loading')\n"
        "def handler(event, context):\n"
        "    print('out')\n    print('err', file=sys.stderr)\n    print('ü', end='')\n"
    )
    cold, warm = lab.invoke(function), lab.invoke(function)
    assert re.fullmatch(
        r"INIT_START Runtime Version: python [\d.]+ of this machine\n"
        "loading\n"
        rf"START RequestId: {cold.request_id} Version: \$LATEST\n"
        "out\nerr\nü"
        f"END RequestId: {cold.request_id}\n"
        rf"REPORT RequestId: {cold.request_id}\tDuration: [\d.]+ ms\tBilled Duration: \d+ ms"
        r"\tMemory Size: 128 MB"
        r"(\tMax Memory Used: \d+ MB)?\tInit Duration: [\d.]+ ms\t\n",
        cold.log.decode(),
    )
    assert re.fullmatch(
        rf"START RequestId: {warm.request_id} Version: \$LATEST\n"
        "out\nerr\nü"
        f"END RequestId: {warm.request_id}\n"
        rf"REPORT RequestId: {warm.request_id}\tDuration: [\d.]+ ms\tBilled Duration: \d+ ms"
        r"\tMemory Size: 128 MB"
        r"(\tMax Memory Used: \d+ MB)?\t\n",
        warm.log.decode(),
    )


def test_output_is_in_the_functions_log_group_when_the_answer_is_there(lab: Lab) -> None:
    function = lab.python("def handler(event, context):\n    print('hello', event)\n", name="speaker")
    lab.invoke(function, 1)
    lab.invoke(function, 2)
    events = [entry for entry in lab.memory.logged if entry[0] == "/aws/lambda/speaker"]
    assert [text for _, _, text, _ in events if text.startswith("hello")] == ["hello 1\n", "hello 2\n"]
    [stream] = {entry[1] for entry in events}
    assert re.fullmatch(r"\d{4}/\d\d/\d\d/\[\$LATEST\][0-9a-f]{32}", stream)
    times = [at for _, _, _, at in events]
    assert times == sorted(times)
    assert abs(times[-1] / 1000 - time.time()) < 60


def test_a_logged_error_of_several_lines_is_one_event(lab: Lab) -> None:
    function = lab.python("def handler(event, context):\n    raise ValueError('bad')\n", name="failing")
    lab.invoke(function)
    [text] = [
        entry[2] for entry in lab.memory.logged if entry[0] == "/aws/lambda/failing" and "[ERROR]" in entry[2]
    ]
    assert text.startswith("[ERROR] ValueError: bad\nTraceback (most recent call last):\n")


def test_a_log_record_of_several_lines_is_one_event(lab: Lab) -> None:
    function = lab.python(
        "import logging\n"
        "def handler(event, context):\n"
        "    try:\n        event['x']\n"
        "    except TypeError:\n        logging.exception('not\\nso')\n"
        "    print('after')\n",
        name="logging",
    )
    outcome = lab.invoke(function)
    events = [entry[2] for entry in lab.memory.logged if entry[0] == "/aws/lambda/logging"]
    [record] = [text for text in events if text.startswith("[ERROR]")]
    assert re.match(rf"\[ERROR\]\t\d{{4}}-\S+Z\t{outcome.request_id}\tnot\nso\n", record)
    assert record.endswith("TypeError: 'NoneType' object is not subscriptable\n")
    assert events[events.index(record) + 1] == "after\n"


def test_the_tail_of_the_log_is_its_last_4_kib(lab: Lab) -> None:
    function = lab.python("def handler(event, context):\n    print('a' * 3000)\n    print('b' * 3000)\n")
    tail = lab.invoke(function).log
    assert len(tail) == 4096
    assert tail.startswith(b"a")
    assert b"REPORT" in tail


def test_a_flood_of_output_is_cut_short_and_harms_nobody(lab: Lab) -> None:
    function = lab.python(
        "def handler(event, context):\n"
        "    for _ in range(20):\n        print('x' * 999_999)\n    return 'done'\n",
        name="flood",
    )
    assert lab.result(function) == "done"
    events = [entry[2] for entry in lab.memory.logged if entry[0] == "/aws/lambda/flood"]
    assert max(len(text.encode()) for text in events) <= 256 * 1024
    assert sum(map(len, events)) < 5_000_000
    assert "The rest of this invocation's output is left out: it is over 4194304 bytes\n" in events
    assert lab.result(function) == "done"


def test_threads_that_outlive_their_event_go_on_writing(lab: Lab) -> None:
    function = lab.python(
        "import threading, time\n"
        "def chatter():\n"
        "    while True:\n"
        "        print('chatter')\n"
        "        time.sleep(0.001)\n"
        "def handler(event, context):\n"
        "    threading.Thread(target=chatter, daemon=True).start()\n"
        "    return event\n",
        name="leaky",
    )
    assert [lab.result(function, number) for number in range(5)] == list(range(5))

    def heard() -> bool:
        lab.do(asyncio.sleep(0.01))
        return any(
            group == "/aws/lambda/leaky" and "chatter" in text for group, _, text, _ in lab.memory.logged
        )

    assert eventually(heard)


# What the handler is given


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
    assert re.fullmatch(r"127\.0\.0\.1:\d+", found.pop("AWS_LAMBDA_RUNTIME_API"))
    assert re.fullmatch(r"\d{4}/\d\d/\d\d/\[\$LATEST\]\w{32}", found.pop("AWS_LAMBDA_LOG_STREAM_NAME"))
    assert re.fullmatch(r"Root=1-\w{8}-\w{24};Parent=\w{16};Sampled=0", found.pop("_X_AMZN_TRACE_ID"))
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
        "MINE": "yes",
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "TZ": "Asia/Tokyo",
        "_HANDLER": "main.handler",
    }
    assert (function.role, "env") in lab.memory.sessions


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
    *told, remaining, custom = json.loads(outcome.payload)
    assert told == [outcome.request_id, "context", "$LATEST", function.arn, "128", "/aws/lambda/context"]
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


# The end


GRANDCHILD = (
    "import os, subprocess, time\n"
    "def handler(event, context):\n"
    "    child = subprocess.Popen(['sleep', '600'])\n"
    "    if isinstance(event, str):\n"
    "        open(event, 'w').write(f'{os.getpid()} {child.pid}')\n"
    "        time.sleep(600)\n"
    "    return [os.getpid(), child.pid]\n"
)


def test_closing_ends_the_workers_and_what_they_started(open_lab: Opener) -> None:
    lab = open_lab()
    pids = lab.result(lab.python(GRANDCHILD))
    lab.close()
    assert all(gone(pid) for pid in pids)


def test_a_timeout_ends_what_the_handler_started(lab: Lab, tmp_path: Path) -> None:
    note = tmp_path / "pids"
    lab.error(lab.python(GRANDCHILD, timeout=1), str(note))
    pids = [int(pid) for pid in note.read_text().split()]
    assert eventually(lambda: all(gone(pid) for pid in pids))


def test_no_worker_outlives_a_sandbox_that_is_killed(lab: Lab, tmp_path: Path) -> None:
    function = lab.python(GRANDCHILD, timeout=600)
    note = tmp_path / "pids"
    script = tmp_path / "sandbox.py"
    script.write_text(
        "import asyncio, pathlib, sys\n"
        "from tests.sandbox.lambda_kit import Lab, Limits, NOWHERE\n"
        "with asyncio.Runner() as runner:\n"
        "    lab = Lab(pathlib.Path(sys.argv[1]), runner, pathlib.Path(sys.argv[1]), NOWHERE, Limits())\n"
        "    function = lab.python(pathlib.Path(sys.argv[2]).read_text(), timeout=600)\n"
        "    idle = lab.result(function)\n"
        "    print(*idle, flush=True)\n"
        "    lab.invoke(function, sys.argv[3])\n"
    )
    source = str(function.code / "main.py")
    command = [sys.executable, str(script), str(tmp_path), source, str(note)]
    root = Path(__file__).parents[2]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": str(root)}
    ) as doomed:
        assert doomed.stdout is not None
        pids = [int(pid) for pid in doomed.stdout.readline().split()]
        assert eventually(lambda: note.exists() and len(note.read_text().split()) == 2)
        pids += [int(pid) for pid in note.read_text().split()]
        assert not any(gone(pid) for pid in pids)
        doomed.kill()
    assert eventually(lambda: all(gone(pid) for pid in pids))


@pytest.fixture(scope="module", name="echo")
def _echo(lab: Lab) -> Function:
    return lab.python("def handler(event, context):\n    return event\n")
