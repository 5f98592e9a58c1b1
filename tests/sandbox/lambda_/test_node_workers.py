"""Node.js functions: found, called and reported as AWS's runtime does it."""

import json
import re
from pathlib import Path

import pytest

from lambda_over_https.sandbox.model.functions import Function
from tests.kit.sandbox.lambda_fixtures import lab_fixture, open_lab_fixture, sdk_fixture  # noqa: F401
from tests.kit.sandbox.lambda_lab import NODEJS, Lab, eventually, gone, needs_node

pytestmark = [needs_node, pytest.mark.usefixtures("sdk")]

ECHO = "exports.handler = async (event) => event;\n"


@pytest.mark.parametrize("event", [{"a": [1, None, "ü"]}, [1, 2], "text", 1.5, True, None, {}])
def test_a_result_is_what_the_handlers_promise_gives(lab: Lab, echo: Function, event: object) -> None:
    assert lab.result(echo, event) == event


@pytest.fixture(scope="module", name="echo")
def _echo(lab: Lab) -> Function:
    return lab.node(ECHO)


def test_a_handler_need_not_be_asynchronous(lab: Lab) -> None:
    assert lab.result(lab.node("exports.handler = (event) => [event];\n"), 1) == [1]


def test_no_result_is_null(lab: Lab) -> None:
    assert lab.invoke(lab.node("exports.handler = async () => {};\n")).payload == b"null"


# Loading


@pytest.mark.parametrize(
    ("files", "handler"),
    [
        ({"main.js": ECHO}, "main.handler"),
        ({"main.cjs": ECHO}, "main.handler"),
        ({"main.mjs": "export const handler = async (event) => event;\n"}, "main.handler"),
        (
            {"main.js": "export const handler = (e) => e;\n", "package.json": '{"type": "module"}'},
            "main.handler",
        ),
        ({"lib/inner.js": ECHO}, "lib/inner.handler"),
        ({"main.js": "exports.a = {b: {c: (event) => event}};\n"}, "main.a.b.c"),
        ({"node_modules/dep/index.js": ECHO}, "dep.handler"),
    ],
)
def test_a_handler_is_found_by_awss_rules(lab: Lab, files: dict[str, str], handler: str) -> None:
    assert lab.result(lab.write(files, NODEJS, handler=handler), 7) == 7


@pytest.mark.parametrize(
    ("source", "handler", "kind", "message"),
    [
        ("require('nothing-like-it');\n", "main.handler", "Runtime.ImportModuleError", "Cannot find module"),
        (ECHO, "other.handler", "Runtime.ImportModuleError", "Cannot find module"),
        ("exports.handler = (\n", "main.handler", "Runtime.UserCodeSyntaxError", "SyntaxError: "),
        ("export const handler = () => 1;\n", "main.handler", "Runtime.UserCodeSyntaxError", "SyntaxError: "),
        (ECHO, "main.other", "Runtime.HandlerNotFound", "main.other is undefined or not exported"),
        (
            "exports.handler = 5;\n",
            "main.handler",
            "Runtime.HandlerNotFound",
            "main.handler is not a function",
        ),
        (ECHO, "main", "Runtime.MalformedHandlerName", "Bad handler"),
        (ECHO, "../main.handler", "Runtime.MalformedHandlerName", "is not a valid handler name"),
        ("throw new RangeError('no');\n", "main.handler", "RangeError", "no"),
        (
            "exports.handler = awslambda.streamifyResponse(async () => {});\n",
            "main.handler",
            "Runtime.NotImplemented",
            "Not in this sandbox: awslambda.streamifyResponse",
        ),
        (
            "exports.handler = (event, context, callback) => callback(null, event);\n",
            "main.handler",
            "Runtime.CallbackHandlerDeprecated",
            "AWS Lambda has removed support for callback-based function handlers starting with Node.js 24.",
        ),
    ],
)
def test_a_handler_that_cannot_be_loaded(
    lab: Lab, source: str, handler: str, kind: str, message: str
) -> None:
    outcome = lab.invoke(lab.node(source, handler=handler))
    error = json.loads(outcome.payload)
    assert (outcome.error, error["errorType"]) == ("Unhandled", kind)
    assert message in error["errorMessage"]
    assert isinstance(error["trace"], list)
    for phase in ("init", "invoke"):
        assert f"Phase: {phase}\tStatus: error\tError Type: {kind}\n" in lab.state.text


def test_a_module_that_may_not_be_read(lab: Lab) -> None:
    function = lab.node("")
    (function.code / "main.js").chmod(0o200)
    error = lab.error(function)
    assert error["errorMessage"] == "EACCES: permission denied, open '/var/task/main.js'"


def test_a_module_that_exits_while_it_is_loaded(lab: Lab) -> None:
    assert lab.error(lab.node("process.exit(4);\n"))["errorMessage"].endswith("exit status 4")


# What goes wrong


def test_an_exception_is_told_with_its_type_message_and_trace(lab: Lab) -> None:
    outcome = lab.invoke(lab.node("exports.handler = async () => { throw new TypeError('no'); };\n"))
    assert outcome.error == "Unhandled"
    document = json.loads(outcome.payload)
    assert list(document) == ["errorType", "errorMessage", "trace"]
    assert (document["errorType"], document["errorMessage"]) == ("TypeError", "no")
    assert document["trace"][0] == "TypeError: no"
    assert "/var/task/main.js:1:" in document["trace"][1]
    log = outcome.log.decode()
    assert f'{outcome.request_id}\tERROR\tInvoke Error \t{{"errorType":"TypeError"' in log
    for told in (log, str(document["trace"])):
        assert [where in told for where in ("/var/task/main.js:1:", "/var/runtime/nodejs.js:")] == [
            True,
            True,
        ]
        assert "bootstrap" not in told


@pytest.mark.parametrize(
    ("deed", "kind", "message"),
    [
        ("throw 'text'", "string", "text"),
        ("const a = {}; a.a = a; return a", "Error", "Unable to stringify response body"),
        ("return 1n", "Error", "Unable to stringify response body"),
        ("return new Promise(() => {})", "Runtime.NodeJsExit", "Promise that was never settled"),
        (
            "setTimeout(() => { throw new Error('late'); }, 1); await new Promise((r) => setTimeout(r, 900))",
            "Error",
            "late",
        ),
        (
            "Promise.reject(new Error('lost')); await new Promise((r) => setTimeout(r, 3000))",
            "Runtime.UnhandledPromiseRejection",
            "Error: lost",
        ),
        ("process.exit(0)", "Runtime.ExitError", "Runtime exited without providing a reason"),
        ("process.exit(9)", "Runtime.ExitError", "Runtime exited with error: exit status 9"),
        ("return 'x'.repeat(6291555)", "Function.ResponseSizeTooLarge", "Response payload size exceeded"),
    ],
)
def test_a_handler_that_goes_wrong_and_then_well(lab: Lab, deed: str, kind: str, message: str) -> None:
    function = lab.node(
        f"exports.handler = async (event) => {{ if (event) {{ {deed}; }} return 'well'; }};\n"
    )
    error = lab.error(function, 1)
    assert error["errorType"] == kind
    assert message in error["errorMessage"]
    assert lab.result(function, 0) == "well"


def test_a_handler_that_blocks_is_killed_at_its_timeout(lab: Lab) -> None:
    function = lab.node(
        "exports.handler = () => { console.log('pid', process.pid); for (;;); };\n", timeout=1
    )
    outcome = lab.invoke(function)
    assert json.loads(outcome.payload)["errorType"] == "Sandbox.Timedout"
    pid = re.search(r"pid (\d+)", outcome.log.decode())
    assert pid is not None
    assert eventually(lambda: gone(int(pid[1])))


# What the handler is given


def test_a_line_of_the_console_has_time_request_and_level(lab: Lab) -> None:
    function = lab.node(
        "exports.handler = async () => {\n"
        "  console.log('a %d', 1); console.warn({b: 2}); console.error('c\\nd');\n"
        "};\n"
    )
    outcome = lab.invoke(function)
    time = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"
    assert re.search(
        rf"START .*\n"
        rf"{time}\t{outcome.request_id}\tINFO\ta 1\n"
        rf"{time}\t{outcome.request_id}\tWARN\t{{ b: 2 }}\n"
        rf"{time}\t{outcome.request_id}\tERROR\tc\nd\n"
        rf"END ",
        outcome.log.decode(),
    )
    assert any(text.endswith("ERROR\tc\nd\n") for _, _, text, _ in lab.state.logged), "one event"


def test_the_context_tells_about_the_function_and_the_event(lab: Lab) -> None:
    function = lab.node(
        "exports.handler = async (event, context) =>\n"
        "  ({...context, left: context.getRemainingTimeInMillis(), trace: process.env._X_AMZN_TRACE_ID});\n",
        name="context",
        timeout=7,
    )
    outcome = lab.invoke(function, client_context='{"custom":{"k":"ü"}}')
    found = json.loads(outcome.payload)
    assert 6000 < found.pop("left") <= 7000
    assert found.pop("trace").startswith("Root=1-")
    assert found.pop("logStreamName")
    assert found == {
        "callbackWaitsForEmptyEventLoop": True,
        "functionVersion": "$LATEST",
        "functionName": "context",
        "memoryLimitInMB": "128",
        "logGroupName": "/aws/lambda/context",
        "clientContext": {"custom": {"k": "ü"}},
        "invokedFunctionArn": function.arn,
        "awsRequestId": outcome.request_id,
    }


def test_the_users_settings_for_node_do_not_reach_the_handler(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("NODE_OPTIONS", "NODE_EXTRA_CA_CERTS", "AWS_PROFILE"):
        monkeypatch.setenv(name, "leaked")
    function = lab.node("exports.handler = async () => process.env;\n")
    assert "leaked" not in lab.result(function).values()


@pytest.mark.parametrize(
    ("name", "source"),
    [
        (
            "main.js",
            "const { DynamoDBClient } = require('@aws-sdk/client-dynamodb');\nexports.handler = async () => ",
        ),
        (
            "main.mjs",
            "import { DynamoDBClient } from '@aws-sdk/client-dynamodb';\nexport const handler = async () => ",
        ),
    ],
)
def test_the_aws_sdk_is_there_for_both_kinds_of_modules(lab: Lab, name: str, source: str) -> None:
    assert lab.result(lab.write({name: f"{source} DynamoDBClient.name;\n"}, NODEJS)) == "DynamoDBClient"


def test_the_sdk_of_2018_is_not_there(lab: Lab) -> None:
    error = lab.error(lab.node("require('aws-sdk');\n"))
    assert error["errorType"] == "Runtime.ImportModuleError"
    assert "Cannot find module 'aws-sdk'" in error["errorMessage"]


# Node.js 22 and older


@pytest.mark.parametrize(
    ("body", "result"),
    [
        ("(event, context, callback) => callback(null, event)", 7),
        ("(event, context, callback) => setTimeout(() => callback(null, event), 1)", 7),
        ("(event, context) => context.succeed(event)", 7),
        ("(event, context) => context.done(null, event)", 7),
        ("async (event, context, callback) => event", 7),
        ("(event) => event", None),
        ("(event, context, callback) => {}", None),
    ],
)
def test_callbacks_still_work_before_node_24(lab: Lab, body: str, result: object) -> None:
    function = lab.write({"main.js": f"exports.handler = {body};\n"}, "nodejs22.x")
    assert [lab.result(function, 7) for _ in range(2)] == [result, result]


@pytest.mark.parametrize(
    "body", ["(e, c, callback) => callback(new Error('no'))", "(e, c) => c.fail(new Error('no'))"]
)
def test_a_callback_can_fail(lab: Lab, body: str) -> None:
    function = lab.write({"main.js": f"exports.handler = {body};\n"}, "nodejs22.x")
    assert lab.error(function)["errorMessage"] == "no"


def test_no_line_of_ours_is_in_the_functions_folder(lab: Lab, echo: Function) -> None:
    assert [path.name for path in Path(echo.code).iterdir()] == ["main.js"]
