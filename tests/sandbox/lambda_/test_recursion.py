"""Recursive loops: Lambda stops a function after sixteen runs in one chain of requests."""

import json
from typing import Any

import pytest

from tests.kit.sandbox.control import Clients, create_function, package, policy, refused
from tests.kit.sandbox.lambda_lab import eventually

CALLS_ITSELF = """
import os, boto3, botocore
def handler(event, context):
    trace = os.environ["_X_AMZN_TRACE_ID"]
    if event != "go on":
        return trace
    try:
        answer = boto3.client("lambda").invoke(FunctionName=context.function_name, Payload="1")
    except botocore.exceptions.ClientError as error:
        return error.response["Error"]["Code"]
    return answer["Payload"].read().decode()
"""


@pytest.fixture
def lambda_(aws: Clients) -> Any:
    return aws("lambda")


@pytest.fixture
def caller(aws: Clients, lambda_: Any, unique: str, role: str) -> str:
    """A function that may invoke functions, and invokes itself if the event says so."""
    aws("iam").put_role_policy(
        RoleName=f"{unique}-role",
        PolicyName="all",
        PolicyDocument=policy("lambda:InvokeFunction", "logs:*"),
    )
    create_function(lambda_, unique, role, Code={"ZipFile": package(CALLS_ITSELF)}, Timeout=30)
    return unique


def run(client: Any, function: str, event: str, trace: str) -> Any:
    """The function's result, in the chain of requests that the trace header tells of."""

    def add_header(request: Any, **_: Any) -> None:
        request.headers["X-Amzn-Trace-Id"] = trace

    client.meta.events.register("before-sign.lambda.Invoke", add_header)
    try:
        return json.loads(client.invoke(FunctionName=function, Payload=json.dumps(event))["Payload"].read())
    finally:
        client.meta.events.unregister("before-sign.lambda.Invoke", add_header)


def test_a_handlers_own_call_goes_on_with_its_chain(lambda_: Any, caller: str) -> None:
    root = "Root=1-3152b799-8954dae64eda91bc9a23a7e8"
    first = run(lambda_, caller, "stop", root)
    assert first.startswith(f"{root};Parent=")
    assert first.endswith(":1")
    second = json.loads(run(lambda_, caller, "go on", root))
    assert second.startswith(f"{root};Parent=")
    assert second.endswith(":2")


def test_the_seventeenth_run_is_refused_unless_loops_are_allowed(lambda_: Any, caller: str) -> None:
    lineage = run(lambda_, caller, "stop", "").rpartition("Lineage=")[2]
    fifteen = f"Lineage={lineage.removesuffix('1')}15"
    assert run(lambda_, caller, "go on", fifteen) == "RecursiveInvocationException"
    for setting, result in (("Allow", ":17"), ("Terminate", "RecursiveInvocationException")):
        put = lambda_.put_function_recursion_config(FunctionName=caller, RecursiveLoop=setting)
        got = lambda_.get_function_recursion_config(FunctionName=caller)
        assert put["RecursiveLoop"] == got["RecursiveLoop"] == setting
        assert run(lambda_, caller, "go on", fifteen).strip('"').endswith(result)


def test_a_loop_of_destinations_ends(aws: Clients, lambda_: Any, caller: str, unique: str, role: str) -> None:
    other = f"{unique}-other"
    silent = package("def handler(event, context):\n    return None\n")
    create_function(lambda_, other, role, Code={"ZipFile": silent})
    aws("logs").create_log_group(logGroupName=f"/aws/lambda/{other}")
    for function, destination in ((caller, other), (other, caller)):
        arn = lambda_.get_function_configuration(FunctionName=destination)["FunctionArn"]
        lambda_.put_function_event_invoke_config(
            FunctionName=function, DestinationConfig={"OnSuccess": {"Destination": arn}}
        )

    def runs() -> int:
        events = aws("logs").filter_log_events(logGroupName=f"/aws/lambda/{other}")["events"]
        return sum(each["message"].startswith("START") for each in events)

    lambda_.invoke(FunctionName=other, InvocationType="Event", Payload="1")
    assert eventually(lambda: runs() == 16)
    lambda_.invoke(FunctionName=caller)
    assert runs() == 16


def test_a_function_that_is_not_there_has_no_setting(lambda_: Any) -> None:
    found = refused(lambda_.get_function_recursion_config, FunctionName="none")
    assert found[:2] == (404, "ResourceNotFoundException")
