"""The Invoke API: what a call asks for, what it is answered, and what is refused. AWS's recorded answers."""

import asyncio
import base64
import json
from collections.abc import Callable
from typing import Any

import pytest

from lambda_over_https.sandbox.web.http import Response
from tests.kit.sandbox.lambda_fixtures import lab_fixture, open_lab_fixture  # noqa: F401
from tests.kit.sandbox.lambda_lab import REGION, Lab

ACCOUNT, OTHER = "123456789012", "210987654321"
ARN = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:"


@pytest.fixture(scope="module", name="echo")
def _echo(lab: Lab) -> str:
    return lab.python("def handler(event, context):\n    print('said')\n    return event\n", name="echo").name


def headers(response: Response) -> dict[str, str]:
    """The headers, names in lower case."""
    return {name.lower(): value for name, value in response.headers}


def refused(response: Response) -> tuple[int, str, str]:
    """Status, error code and message as botocore reads them."""
    document = json.loads(response.body)
    assert document["Type"] == "User"
    return (
        response.status,
        headers(response)["x-amzn-errortype"],
        document.get("message") or document["Message"],
    )


def eventually(lab: Lab, condition: Callable[[], Any]) -> None:
    """Let the loop run until the condition holds."""

    async def wait() -> None:
        while not condition():
            await asyncio.sleep(0.01)

    lab.do(asyncio.wait_for(wait(), 10))


def test_a_synchronous_call_is_answered_with_the_result(lab: Lab, echo: str) -> None:
    response = lab.post(echo, b'{"a": 1}')
    assert (response.status, response.body) == (200, b'{"a": 1}')
    found = headers(response)
    assert found["x-amz-executed-version"] == "$LATEST"
    assert found["content-type"] == "application/json"
    assert "x-amz-function-error" not in found
    assert "x-amz-log-result" not in found
    assert f"RequestId: {found['x-amzn-requestid']} " in lab.state.text


def test_a_functions_error_is_an_answer_of_status_200(lab: Lab) -> None:
    lab.python("def handler(event, context):\n    raise ValueError('no')\n", name="fails")
    response = lab.post("fails")
    assert response.status == 200
    assert headers(response)["x-amz-function-error"] == "Unhandled"
    assert json.loads(response.body)["errorMessage"] == "no"


def test_the_tail_of_the_log_comes_along_if_asked_for(lab: Lab, echo: str) -> None:
    found = headers(lab.post(echo, b"1", x_amz_log_type="Tail"))
    log = base64.b64decode(found["x-amz-log-result"]).decode()
    assert log.splitlines()[-3:-1] == ["said", f"END RequestId: {found['x-amzn-requestid']}"]


def test_the_client_context_reaches_the_handler(lab: Lab) -> None:
    lab.python("def handler(event, context):\n    return context.client_context.custom\n", name="context")
    context = base64.b64encode(b'{"custom": {"k": "v"}}').decode()
    assert json.loads(lab.post("context", x_amz_client_context=context).body) == {"k": "v"}


@pytest.mark.parametrize(
    "context", ["e30", base64.b64encode(b"[1]").decode(), base64.b64encode(b"{").decode()]
)
def test_a_client_context_that_is_none_is_refused(lab: Lab, echo: str, context: str) -> None:
    assert refused(lab.post(echo, x_amz_client_context=context)) == (
        400,
        "InvalidRequestContentException",
        "Client context must be a valid Base64-encoded JSON object.",
    )


def test_a_client_context_has_a_longest_length(lab: Lab, echo: str) -> None:
    """API reference, Invoke: 3,583 bytes in base64. AWS's words are not known."""
    longest = base64.b64encode(b'{"custom":{"k":"' + b"x" * 2660 + b'"}}').decode()
    assert len(longest) <= 3583 < len(longest) + 24
    assert lab.post(echo, b"1", x_amz_client_context=longest).body == b"1"
    longer = base64.b64encode(b'{"custom":{"k":"' + b"x" * 2680 + b'"}}').decode()
    status, code, _ = refused(lab.post(echo, x_amz_client_context=longer))
    assert (status, code) == (400, "InvalidRequestContentException")


@pytest.mark.parametrize(
    "spelling", ["echo", "echo:$LATEST", "function:echo", "123456789012:function:echo", ARN + "echo"]
)
def test_a_function_can_be_named_in_each_of_awss_ways(lab: Lab, echo: str, spelling: str) -> None:
    assert lab.post(spelling.replace(":", "%3A"), b"5").body == b"5"


def test_a_version_is_called_by_qualifier_or_name(lab: Lab) -> None:
    lab.python("def handler(event, context):\n    return context.function_version\n", name="v:1", version="1")
    for response in (
        lab.post("v", query="Qualifier=1"),
        lab.post("v:1"),
        lab.post("v:1", query="Qualifier=1"),
    ):
        assert json.loads(response.body) == "1"
        assert headers(response)["x-amz-executed-version"] == "1"


def test_two_different_qualifiers_are_refused(lab: Lab, echo: str) -> None:
    assert refused(lab.post("echo:1", query="Qualifier=2")) == (
        400,
        "InvalidParameterValueException",
        "The derived qualifier from the function name does not match the specified qualifier.",
    )


def test_an_unknown_function_is_not_found(lab: Lab) -> None:
    assert refused(lab.post("nobody")) == (
        404,
        "ResourceNotFoundException",
        f"Function not found: {ARN}nobody",
    )


def test_a_function_of_another_region_is_out_of_reach(lab: Lab, echo: str) -> None:
    status, code, message = refused(lab.post(ARN.replace(REGION, "eu-west-1") + "echo"))
    assert (status, code) == (404, "ResourceNotFoundException")
    assert message == "Functions from 'eu-west-1' are not reachable in this region ('us-east-1')"


@pytest.mark.parametrize("spelling", [ARN.replace(ACCOUNT, OTHER), f"{OTHER}:function:", f"{OTHER}:"])
def test_a_function_of_another_account_is_not_ours_to_run(lab: Lab, echo: str, spelling: str) -> None:
    status, code, message = refused(lab.post(spelling.replace(":", "%3A") + echo))
    assert (status, code) == (403, "AccessDeniedException")
    assert f"lambda:InvokeFunction on resource: {ARN.replace(ACCOUNT, OTHER)}{echo} because" in message


@pytest.mark.parametrize("body", [b"{", b"nonsense", b"{} {}", b'{"a": NaN}', b"\xff", b"[" * 100_000])
def test_an_event_that_is_no_json_is_refused(lab: Lab, echo: str, body: bytes) -> None:
    status, code, message = refused(lab.post(echo, body))
    assert (status, code) == (400, "InvalidRequestContentException")
    assert message.startswith("Could not parse request body into json: Could not parse payload into json: ")


@pytest.mark.parametrize(("kind", "limit"), [("RequestResponse", 6_291_456), ("Event", 1_048_576)])
def test_an_event_over_the_limit_is_refused(lab: Lab, echo: str, kind: str, limit: int) -> None:
    fits = b'"' + b"x" * (limit - 2) + b'"'
    assert lab.post(echo, fits, x_amz_invocation_type=kind).status in (200, 202)
    assert refused(lab.post(echo, fits + b" ", x_amz_invocation_type=kind)) == (
        413,
        "RequestEntityTooLargeException",
        f"Request must be smaller than {limit} bytes for the InvokeFunction operation",
    )


def test_an_unknown_kind_of_invocation_is_refused(lab: Lab, echo: str) -> None:
    assert refused(lab.post(echo, x_amz_invocation_type="Later"))[1] == "ValidationException"


def test_a_log_type_is_none_or_tail(lab: Lab, echo: str) -> None:
    status, code, message = refused(lab.post(echo, x_amz_log_type="Foo"))
    assert (status, code) == (400, "ValidationException")
    assert message.endswith(
        "Value 'Foo' at 'logType' failed to satisfy constraint: "
        "Member must satisfy enum value set: [None, Tail]"
    )
    assert lab.post(echo, x_amz_log_type="None").status == 200


def test_a_dry_run_checks_and_runs_nothing(lab: Lab) -> None:
    lab.python("def handler(event, context):\n    print('ran dry')\n", name="dry")
    response = lab.post("dry", x_amz_invocation_type="DryRun")
    assert (response.status, response.body) == (204, b"")
    assert lab.post("nobody", x_amz_invocation_type="DryRun").status == 404
    assert "ran dry" not in lab.state.text


def test_a_throttled_call_says_so(lab: Lab, echo: str) -> None:
    lab.change(lab.state.functions[echo], reserved_concurrency=0)
    try:
        response = lab.post(echo, b"1")
    finally:
        lab.change(lab.state.functions[echo], reserved_concurrency=None)
    assert refused(response) == (429, "TooManyRequestsException", "Rate Exceeded.")
    assert json.loads(response.body)["Reason"] == "ReservedFunctionConcurrentInvocationLimitExceeded"


# Events that nobody waits for


@pytest.mark.parametrize(
    "path", ["/2015-03-31/functions/later/invocations", "/2014-11-13/functions/later/invoke-async/"]
)
def test_an_event_is_accepted_and_runs_afterwards(lab: Lab, path: str) -> None:
    lab.python("def handler(event, context):\n    print('ran', event)\n", name="later")
    mark = f'"{path}"'
    response = lab.post(path, mark.encode(), x_amz_invocation_type="Event")
    assert (response.status, response.body) == (202, b"")
    eventually(lab, lambda: f"ran {path}\n" in lab.state.text)


def test_a_failing_event_is_tried_three_times_under_one_request_id(lab: Lab) -> None:
    lab.python("def handler(event, context):\n    raise ValueError('again')\n", name="again")
    request_id = headers(lab.post("again", x_amz_invocation_type="Event"))["x-amzn-requestid"]
    eventually(lab, lambda: lab.state.text.count(f"END RequestId: {request_id}") == 3)
    lab.do(asyncio.sleep(0.05))
    assert lab.state.text.count(f"END RequestId: {request_id}") == 3


def test_an_event_that_is_no_json_is_refused_at_once(lab: Lab, echo: str) -> None:
    assert refused(lab.post(echo, b"{", x_amz_invocation_type="Event"))[0] == 400
