"""What becomes of an event: a result, or the error document that Lambda makes of each way to fail."""

import itertools
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from lambda_over_https.sandbox.lambda_.workers.setup import Limits
from lambda_over_https.sandbox.lambda_.workers.waiting import kept_waiting
from lambda_over_https.sandbox.model.functions import Function
from tests.kit.sandbox.lambda_fixtures import Opener, lab_fixture, open_lab_fixture  # noqa: F401
from tests.kit.sandbox.lambda_lab import Lab, eventually, gone

UUID = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"


# Results and the handler's own errors


@pytest.mark.parametrize("own", [None, [50, 5, 5]])
def test_garbage_is_collected_as_usual_but_less_often_while_the_handler_is_loaded(
    lab: Lab, own: list[int] | None
) -> None:
    function = lab.python(
        f"import gc\nloading, own = gc.get_threshold()[0], {own}\n"
        "if own:\n    gc.set_threshold(*own)\n"
        "def handler(event, context):\n    return [loading, gc.get_threshold(), gc.isenabled()]\n"
    )
    shown = "import gc, json; print(json.dumps(gc.get_threshold()))"
    usual = json.loads(subprocess.check_output([sys.executable, "-ISc", shown]))
    for _ in range(2):
        loading, handling, enabled = lab.result(function)
        assert (handling, enabled) == (own or usual, True)
        assert loading > 10 * usual[0]


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
    outcome = lab.invoke(lab.python(source, handler=handler))
    error = json.loads(outcome.payload)
    assert (outcome.error, error["errorType"]) == ("Unhandled", kind)
    assert message in error["errorMessage"]
    said = rf"(?:Phase: (\w+)\tStatus: error\tError Type: {kind}\n|(?<!_)(START|REPORT) )"
    phases = ["".join(found) for found in re.findall(said, outcome.log.decode())]
    assert phases == ["init", "invoke", "START", "REPORT"]


def test_a_module_that_may_not_be_read(lab: Lab) -> None:
    function = lab.python("")
    (function.code / "main.py").chmod(0o200)
    error = lab.error(function)
    assert error["errorType"] == "PermissionError"
    assert error["errorMessage"] == "[Errno 13] Permission denied: '/var/task/main.py'"


def test_a_module_that_exits_while_it_is_loaded(lab: Lab) -> None:
    error = lab.error(lab.python("import sys\nsys.exit(4)\n"))
    assert error["errorType"] == "Runtime.ExitError"
    assert re.fullmatch(
        f"RequestId: {UUID} Error: Runtime exited with error: exit status 4", error["errorMessage"]
    )


def test_a_module_that_never_ends_loading(open_lab: Opener) -> None:
    lab = open_lab(limits=Limits(init=0.2))
    error = lab.error(lab.python("while True:\n    pass\n", timeout=1))
    assert error["errorType"] == "Sandbox.Timedout"
    for phase in ("init", "invoke"):
        assert f"Phase: {phase}\tStatus: timeout\n" in lab.state.text


def test_a_module_that_loads_too_slowly_has_the_functions_timeout_for_a_second_attempt(
    open_lab: Opener,
) -> None:
    lab = open_lab(limits=Limits(init=0.06), kept_waiting=lambda _: 2 * time.monotonic())  # ever busier
    function = lab.python(
        "import time\ntime.sleep(0.8)\n"
        "def handler(event, context):\n    return context.get_remaining_time_in_millis()\n",
        timeout=20,
    )
    first, second = lab.result(function), lab.result(function)
    assert first < second <= 20_000
    assert "Phase: init\tStatus: timeout\n" in lab.state.text
    assert "Init Duration" not in lab.state.text.partition("START RequestId")[2]
    assert lab.state.text.count("INIT_START") == 1


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
    assert re.search(r"\tDuration: 1000\.00 ms\tBilled Duration: 1000 ms\t.*\tStatus: timeout\t\n", log)
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


DETACHED = (
    "import os, subprocess, sys\n"
    "def handler(event, context):\n"
    "    sleep = [sys.executable, '-c', 'import time; time.sleep(600)']\n"
    "    child = subprocess.Popen(sleep, start_new_session=True)\n"
    "    return [os.getpid(), child.pid]\n"
)
"""Its child leaves the worker's process group."""


def test_closing_ends_what_a_handler_started_in_a_session_of_its_own(open_lab: Opener) -> None:
    lab = open_lab()
    pids = lab.result(lab.python(DETACHED))
    assert not any(gone(pid) for pid in pids)
    lab.close()
    assert eventually(lambda: all(gone(pid) for pid in pids))


def test_what_one_worker_started_stays_when_another_ends(open_lab: Opener) -> None:
    lab = open_lab()
    function = lab.python(DETACHED)
    pids = lab.result(function)
    lab.error(lab.python("import os\ndef handler(event, context):\n    os._exit(3)\n"))
    assert not any(gone(pid) for pid in pids)
    lab.close()


def test_closing_ends_the_workers_and_what_they_started(open_lab: Opener) -> None:
    lab = open_lab()
    pids = lab.result(lab.python(GRANDCHILD))
    lab.close()
    # A process that was killed is gone a moment later, and nobody can wait for a grandchild.
    assert eventually(lambda: all(gone(pid) for pid in pids))


def test_time_in_which_a_busy_machine_gave_it_no_processor_does_not_count(open_lab: Opener) -> None:
    waited = itertools.count()  # a second at each look, and there are more than one in a second
    lab = open_lab(kept_waiting=lambda _: float(next(waited)))
    slow = lab.python(
        "import time\n\ndef handler(event, context):\n    time.sleep(2)\n    return 'done'\n", timeout=1
    )
    assert lab.result(slow) == "done"


def test_what_a_machine_takes_from_a_process_is_read_from_the_system() -> None:
    ours, nobodys = kept_waiting(os.getpid()), kept_waiting(2**22 + 1)
    assert ours >= nobodys >= 0


def test_a_timeout_ends_what_the_handler_started(lab: Lab, tmp_path: Path) -> None:
    note = tmp_path / "pids"
    lab.error(lab.python(GRANDCHILD, timeout=1), str(note))
    pids = [int(pid) for pid in note.read_text().split()]
    assert eventually(lambda: all(gone(pid) for pid in pids))


@pytest.mark.parametrize(
    "source_",
    [GRANDCHILD, GRANDCHILD.replace("time.sleep(600)'])", "time.sleep(600)'], start_new_session=True)")],
)
def test_no_worker_outlives_a_sandbox_that_is_killed(lab: Lab, tmp_path: Path, source_: str) -> None:
    function = lab.python(source_, timeout=600)
    note = tmp_path / "pids"
    script = tmp_path / "sandbox.py"
    script.write_text(
        "import asyncio, pathlib, sys\n"
        "from tests.kit.sandbox.lambda_lab import Lab, Limits, NOWHERE\n"
        "with asyncio.Runner() as runner:\n"
        "    lab = Lab(pathlib.Path(sys.argv[1]), runner, pathlib.Path(sys.argv[1]), NOWHERE, Limits())\n"
        "    function = lab.python(pathlib.Path(sys.argv[2]).read_text(), timeout=600)\n"
        "    idle = lab.result(function)\n"
        "    print(*idle, flush=True)\n"
        "    lab.invoke(function, sys.argv[3])\n"
    )
    source = str(function.code / "main.py")
    command = [sys.executable, str(script), str(tmp_path), source, str(note)]
    root = Path(__file__).parents[3]
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
