"""Logs as JSON objects: what Lambda and the runtimes write, the levels, and a log group of one's own."""

import json
from typing import Any

import pytest

from lambda_over_https.sandbox.model.functions import Function, Logging
from tests.kit.sandbox.lambda_fixtures import lab_fixture, open_lab_fixture, sdk_fixture  # noqa: F401
from tests.kit.sandbox.lambda_lab import NODEJS, Lab, needs_node

LEVELS = ("debug", "info", "warning", "error")
LOGGING = (
    "import logging\n"
    "def handler(event, context):\n"
    f"    for level in {LEVELS}:\n"
    "        getattr(logging.getLogger('mine'), level)('at %s', level)\n"
)
CONSOLE = (
    "exports.handler = async () => {\n"
    "  for (const level of ['trace', 'debug', 'info', 'warn', 'error']) console[level]('at %s', level);\n"
    "};\n"
)


def entries(lab: Lab, function: Function) -> list[Any]:
    """The events of the function's log group, in their order; the text of those that are no JSON."""
    texts = [text for group, _, text, _ in lab.state.logged if group == function.log_group]
    return [json.loads(text) if text.startswith("{") else text for text in texts]


def kinds(lab: Lab, function: Function) -> list[str]:
    """Which events of Lambda's own are logged."""
    return [each["type"].removeprefix("platform.") for each in entries(lab, function) if "type" in each]


def test_lambdas_own_events_are_objects(lab: Lab) -> None:
    function = lab.python("def handler(event, context):\n    return 'ok'\n", logging=Logging(json=True))
    outcome = lab.invoke(function)
    start, report = entries(lab, function)[-2:]
    assert kinds(lab, function) == ["initStart", "start", "report"]
    assert start["record"] == {"requestId": outcome.request_id, "version": "$LATEST"}
    assert report["type"] == "platform.report"
    assert report["record"]["status"] == "success"
    metrics = report["record"]["metrics"]
    assert metrics["memorySizeMB"] == 128
    assert metrics["billedDurationMs"] >= metrics["durationMs"] > 0
    assert metrics["initDurationMs"] > 0
    lab.invoke(function)
    assert "initDurationMs" not in entries(lab, function)[-1]["record"]["metrics"]


@pytest.mark.parametrize(
    ("level", "logged"),
    [
        ("DEBUG", ["initStart", "initRuntimeDone", "initReport", "start", "runtimeDone", "report"]),
        ("INFO", ["initStart", "start", "report"]),
        ("WARN", []),
    ],
)
def test_the_system_level_says_which_of_them_are_logged(lab: Lab, level: str, logged: list[str]) -> None:
    function = lab.python(
        "def handler(event, context):\n    return 'four'\n", logging=Logging(json=True, system_level=level)
    )
    lab.invoke(function)
    assert kinds(lab, function) == logged
    if level == "DEBUG":
        assert entries(lab, function)[-2]["record"]["metrics"]["producedBytes"] == len('"four"')


@pytest.mark.parametrize(
    ("source", "status"),
    [
        ("import os\ndef handler(event, context):\n    os._exit(3)\n", "error"),
        ("import time\ndef handler(event, context):\n    time.sleep(100)\n", "timeout"),
    ],
)
def test_a_failure_is_told_at_the_level_warn(lab: Lab, source: str, status: str) -> None:
    function = lab.python(source, logging=Logging(json=True, system_level="WARN"), timeout=1)
    lab.error(function)
    assert kinds(lab, function) == ["runtimeDone", "report"]
    assert {each["record"]["status"] for each in entries(lab, function) if "type" in each} == {status}


def test_a_handler_that_cannot_be_loaded_is_told_too(lab: Lab) -> None:
    function = lab.python("import nothing_like_it\n", logging=Logging(json=True))
    lab.error(function)
    assert kinds(lab, function) == [
        "initStart",
        "initRuntimeDone",
        "initReport",
        "initRuntimeDone",
        "initReport",
        "start",
        "runtimeDone",
        "report",
    ]
    phases = [each["record"]["phase"] for each in entries(lab, function) if "initReport" in str(each)]
    assert phases == ["init", "invoke"]
    error, _ = [each for each in entries(lab, function) if "errorMessage" in each]
    assert (error["level"], error["errorType"]) == ("ERROR", "Runtime.ImportModuleError")


@pytest.mark.parametrize(
    ("level", "logged"),
    [("DEBUG", LEVELS), ("INFO", LEVELS[1:]), ("WARN", LEVELS[2:]), ("ERROR", LEVELS[3:]), ("FATAL", ())],
)
def test_pythons_log_records_are_objects_of_the_level_and_above(
    lab: Lab, level: str, logged: tuple[str, ...]
) -> None:
    function = lab.python(LOGGING, logging=Logging(json=True, application_level=level))
    outcome = lab.invoke(function)
    records = [each for each in entries(lab, function) if "message" in each]
    assert [each["message"] for each in records] == [f"at {name}" for name in logged]
    assert [each["level"] for each in records] == [name.upper() for name in logged]
    assert {each["requestId"] for each in records} <= {outcome.request_id}


def test_other_output_stays_as_it_is_and_counts_as_info_unless_it_names_a_level(lab: Lab) -> None:
    source = (
        "def handler(event, context):\n"
        "    print('plain')\n"
        '    print(\'{"level": "debug", "x": 1}\')\n'
        '    print(\'{"level": "error", "x": 2}\')\n'
    )
    for level, logged in (
        ("INFO", ["plain\n", {"level": "error", "x": 2}]),
        ("WARN", [{"level": "error", "x": 2}]),
    ):
        function = lab.python(source, logging=Logging(json=True, application_level=level))
        lab.invoke(function)
        assert [each for each in entries(lab, function) if "type" not in each] == logged


def test_text_has_no_levels(lab: Lab) -> None:
    function = lab.python('def handler(event, context):\n    print(\'{"level": "debug"}\')\n')
    lab.invoke(function)
    assert {"level": "debug"} in entries(lab, function)


@needs_node
@pytest.mark.usefixtures("sdk")
class TestNode:
    @pytest.mark.parametrize(
        ("level", "logged"),
        [
            ("TRACE", ["TRACE", "DEBUG", "INFO", "WARN", "ERROR"]),
            ("INFO", ["INFO", "WARN", "ERROR"]),
            ("ERROR", ["ERROR"]),
        ],
    )
    def test_the_consoles_messages_are_objects_of_the_level_and_above(
        self, lab: Lab, level: str, logged: list[str]
    ) -> None:
        function = lab.node(CONSOLE, logging=Logging(json=True, application_level=level))
        outcome = lab.invoke(function)
        messages = [each for each in entries(lab, function) if "message" in each]
        assert [each["level"] for each in messages] == logged
        assert [each["message"] for each in messages] == [f"at {name.lower()}" for name in logged]
        assert {each["requestId"] for each in messages} == {outcome.request_id}

    def test_an_object_stays_one_and_an_error_has_its_type_and_stack(self, lab: Lab) -> None:
        source = (
            "exports.handler = async () => {\n"
            "  console.log({ deep: [1, 'ü'] });\n"
            "  console.warn('it is', new TypeError('bad'));\n"
            "  const circle = {}; circle.self = circle; console.info(circle);\n"
            "  throw new RangeError('worse');\n"
            "};\n"
        )
        function = lab.write({"main.js": source}, NODEJS, logging=Logging(json=True))
        lab.error(function)
        first, second, third, last = [each for each in entries(lab, function) if "message" in each]
        assert first["message"] == {"deep": [1, "ü"]}
        assert (second["errorType"], second["errorMessage"]) == ("TypeError", "bad")
        assert "Circular" in third["message"]
        assert last["level"] == "ERROR"
        assert last["message"]["errorType"] == "RangeError"
        assert "/var/task/main.js:5" in last["message"]["stackTrace"][1]


def test_a_log_group_of_ones_own_has_streams_with_the_functions_name(lab: Lab) -> None:
    function = lab.python(
        "def handler(event, context):\n    return context.log_group_name\n",
        name="shared",
        logging=Logging(group="ours"),
    )
    assert lab.result(function) == "ours"
    assert {stream[11:].partition("[")[0] for group, stream, *_ in lab.state.logged if group == "ours"} == {
        "shared"
    }
