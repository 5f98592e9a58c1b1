"""What becomes of asynchronous events: settings and destinations. Answers are AWS's, as recorded."""

from typing import Any

import pytest

from tests.kit.sandbox.control import Clients, create_function, package, policy, refused
from tests.kit.sandbox.schedules import Listener


@pytest.fixture
def lambda_(aws: Clients) -> Any:
    return aws("lambda")


@pytest.fixture
def sender(aws: Clients, unique: str, role: str) -> str:
    """A function that returns its event, or raises it; its role may invoke functions."""
    aws("iam").put_role_policy(
        RoleName=f"{unique}-role", PolicyName="invoke", PolicyDocument=policy("lambda:InvokeFunction")
    )
    source = "def handler(event, context):\n    assert event != 'wrong', 'wrong'\n    return event\n"
    create_function(aws("lambda"), unique, role, Code={"ZipFile": package(source)})
    return unique


def test_settings_are_put_changed_and_deleted(lambda_: Any, function: str) -> None:
    named = {"FunctionName": function}
    put = lambda_.put_function_event_invoke_config(**named, MaximumRetryAttempts=0)
    assert put["FunctionArn"].endswith(f"{function}:$LATEST")
    assert put["DestinationConfig"] == {"OnSuccess": {}, "OnFailure": {}}
    assert put["MaximumRetryAttempts"] == 0
    again = lambda_.put_function_event_invoke_config(**named, MaximumEventAgeInSeconds=60)
    assert "MaximumRetryAttempts" not in again
    lambda_.update_function_event_invoke_config(**named, MaximumRetryAttempts=1)
    got = lambda_.get_function_event_invoke_config(**named)
    assert (got["MaximumRetryAttempts"], got["MaximumEventAgeInSeconds"]) == (1, 60)
    assert len(lambda_.list_function_event_invoke_configs(**named)["FunctionEventInvokeConfigs"]) == 1
    lambda_.delete_function_event_invoke_config(**named)
    status, code, message = refused(lambda_.get_function_event_invoke_config, **named)
    assert (status, code) == (404, "ResourceNotFoundException")
    assert message.endswith(f"{function}:$LATEST doesn't have an EventInvokeConfig")


def test_what_no_setting_can_be(lambda_: Any, sender: str, listener: Listener) -> None:
    put, own = lambda_.put_function_event_invoke_config, listener.arn.replace("-listener", "")

    def said(destination: str) -> str:
        config = {"OnSuccess": {"Destination": destination}}
        return refused(put, FunctionName=sender, DestinationConfig=config)[2]

    assert refused(put, FunctionName="none", MaximumRetryAttempts=0) == (
        404,
        "ResourceNotFoundException",
        "The function doesn't exist.",
    )
    assert refused(put, FunctionName=sender)[2] == (
        "You must specify at least one of error handling or destination setting."
    )
    assert said(f"{own}-none") == f"The destination ARN {own}-none is invalid."
    assert said(own) == "You can't specify the function as a destination for itself."
    assert said(own.replace(":lambda:", ":iam:")).startswith("The provided destination config Destination")
    assert "destinations other than functions" in said("arn:aws:sqs:us-east-1:123456789012:queue")


def test_a_destination_needs_the_roles_permission(lambda_: Any, function: str, listener: Listener) -> None:
    config = {"OnSuccess": {"Destination": listener.arn}}
    status, code, message = refused(
        lambda_.put_function_event_invoke_config, FunctionName=function, DestinationConfig=config
    )
    assert (status, code) == (400, "InvalidParameterValueException")
    assert message.endswith(f"permissions to call InvokeFunction on {listener.arn}")


@pytest.mark.parametrize(
    ("payload", "outcome", "condition"),
    [(b'"right"', "OnSuccess", "Success"), (b'"wrong"', "OnFailure", "RetriesExhausted")],
)
def test_a_destination_gets_a_record(
    lambda_: Any, sender: str, listener: Listener, payload: bytes, outcome: str, condition: str
) -> None:
    lambda_.put_function_event_invoke_config(
        FunctionName=sender,
        MaximumRetryAttempts=0,
        DestinationConfig={outcome: {"Destination": listener.arn}},
    )
    lambda_.invoke(FunctionName=sender, InvocationType="Event", Payload=payload)
    [record] = listener.events(1)
    assert record["version"] == "1.0"
    assert record["requestContext"]["condition"] == condition
    assert record["requestContext"]["approximateInvokeCount"] == 1
    assert record["requestContext"]["functionArn"].endswith(f":{sender}:$LATEST")
    assert record["requestPayload"] == payload.decode().strip('"')
    assert record["responseContext"]["executedVersion"] == "$LATEST"
    if outcome == "OnSuccess":
        assert record["responsePayload"] == "right"
    else:
        assert record["responseContext"]["functionError"] == "Unhandled"
        assert record["responsePayload"]["errorMessage"] == "wrong"


def test_an_event_for_a_function_that_may_not_run_fails_at_once(
    lambda_: Any, sender: str, listener: Listener
) -> None:
    lambda_.put_function_concurrency(FunctionName=sender, ReservedConcurrentExecutions=0)
    destination = {"OnFailure": {"Destination": listener.arn}}
    lambda_.put_function_event_invoke_config(FunctionName=sender, DestinationConfig=destination)
    lambda_.invoke(FunctionName=sender, InvocationType="Event", Payload=b"1")
    [record] = listener.events(1)
    assert record["requestContext"]["condition"] == "ZeroReservedConcurrency"
    assert record["requestContext"]["approximateInvokeCount"] == 0
    assert "responseContext" not in record


@pytest.mark.parametrize(("returned", "told"), [("b'bytes'", "bytes"), ("float('nan')", "NaN")])
def test_a_result_that_is_no_json_is_told_as_text(
    lambda_: Any, sender: str, listener: Listener, returned: str, told: str
) -> None:
    """What AWS tells of it is not known."""
    code = package(f"def handler(event, context):\n    return {returned}\n")
    lambda_.update_function_code(FunctionName=sender, ZipFile=code)
    lambda_.get_waiter("function_updated_v2").wait(FunctionName=sender)
    destination = {"OnSuccess": {"Destination": listener.arn}}
    lambda_.put_function_event_invoke_config(FunctionName=sender, DestinationConfig=destination)
    lambda_.invoke(FunctionName=sender, InvocationType="Event", Payload=b"1")
    [record] = listener.events(1)
    assert (record["requestContext"]["condition"], record["responsePayload"]) == ("Success", told)
