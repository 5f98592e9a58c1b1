"""The faults an instructor switches on: what the class sees, and that it ends."""

import http.client
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lambda_over_https.errors import LohError
from lambda_over_https.sandbox.client import daemon, faults
from lambda_over_https.sandbox.client.record import Sandbox
from tests.kit.sandbox.control import Clients, client_of, create_function, permission, refused


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    home = tmp_path_factory.mktemp("faults")
    yield home
    daemon.stop(home)


@pytest.fixture(scope="module")
def sandbox(home: Path) -> Sandbox:
    """A sandbox of our own: a fault would hit other tests."""
    return daemon.start(home, port=0)


@pytest.fixture(autouse=True)
def _all_off(home: Path, sandbox: Sandbox) -> Iterator[None]:
    yield
    for name in faults.NAMES:
        daemon.set_fault(home, name, on=False)


@pytest.fixture(scope="module")
def aws(sandbox: Sandbox) -> Clients:
    return lambda service, **options: client_of(sandbox, service, **options)


def test_every_fault_says_what_it_is_what_is_seen_and_where_to_look(home: Path) -> None:
    listed = daemon.faults(home)
    assert [fault["name"] for fault in listed] == list(faults.NAMES)
    for fault in listed:
        assert fault["summary"]
        assert fault["symptom"]
        assert fault["search"]
        assert fault["on"] is False


def test_an_unknown_fault_is_refused_with_the_known_ones(home: Path) -> None:
    with pytest.raises(LohError, match="no fault 'none', only: role-never-assumable"):
        daemon.set_fault(home, "none", on=True)


def test_a_switch_needs_a_name_and_a_position(sandbox: Sandbox) -> None:
    for body in ("", "[]", '{"name": "slow-function"}'):
        status, said = post_faults(sandbox, body)
        assert (status, said) == (400, "The request's body must be a JSON document with name and on")


def post_faults(sandbox: Sandbox, body: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection(sandbox.endpoint_url.removeprefix("http://"))
    try:
        connection.request("POST", "/_sandbox/faults", body, {"Authorization": f"Bearer {sandbox.secret}"})
        response = connection.getresponse()
        return response.status, json.loads(response.read())["message"]
    finally:
        connection.close()


def test_a_fault_can_be_on_from_the_start(tmp_path: Path) -> None:
    daemon.start(tmp_path, port=0, faults=[faults.SLOW])
    try:
        assert {fault["name"] for fault in daemon.faults(tmp_path) if fault["on"]} == {faults.SLOW}
    finally:
        daemon.stop(tmp_path)


def test_a_role_that_can_never_be_assumed(home: Path, aws: Clients, unique: str, role: str) -> None:
    daemon.set_fault(home, faults.ROLE, on=True)
    assert refused(create_function, client=aws("lambda"), name=unique, role=role) == (
        400,
        "InvalidParameterValueException",
        "The role defined for the function cannot be assumed by Lambda.",
    )
    daemon.set_fault(home, faults.ROLE, on=False)
    create_function(aws("lambda"), unique, role)


def test_creates_that_are_throttled(home: Path, aws: Clients, unique: str) -> None:
    client = aws("apigateway")
    daemon.set_fault(home, faults.CREATES, on=True)
    assert refused(client.create_rest_api, name=unique) == (
        429,
        "TooManyRequestsException",
        "Too Many Requests",
    )
    assert refused(client.import_rest_api, body=b"{}")[1] == "TooManyRequestsException"
    assert "items" in client.get_rest_apis()
    daemon.set_fault(home, faults.CREATES, on=False)
    client.create_rest_api(name=unique)


def test_a_token_that_has_expired(home: Path, aws: Clients) -> None:
    daemon.set_fault(home, faults.TOKEN, on=True)
    expired = "The security token included in the request is expired"
    assert refused(aws("sts").get_caller_identity) == (403, "ExpiredToken", expired)
    assert refused(aws("lambda").list_functions) == (403, "ExpiredTokenException", expired)
    assert refused(aws("dynamodb").list_tables) == (400, "ExpiredTokenException", expired)
    daemon.set_fault(home, faults.TOKEN, on=False)
    aws("sts").get_caller_identity()


class TestWrongSourceArn:
    def test_what_is_there_goes_wrong_and_right_again(self, home: Path, aws: Clients, function: str) -> None:
        client = aws("lambda")
        client.add_permission(**permission(function))
        right = source_of(client, function)
        daemon.set_fault(home, faults.SOURCE_ARN, on=True)
        assert source_of(client, function) == right.replace("DynamoDBManager", "dynamodbmanager")
        daemon.set_fault(home, faults.SOURCE_ARN, on=False)
        assert source_of(client, function) == right

    def test_the_class_can_repair_it(self, home: Path, aws: Clients, function: str) -> None:
        client = aws("lambda")
        daemon.set_fault(home, faults.SOURCE_ARN, on=True)
        client.add_permission(**permission(function))
        assert source_of(client, function).endswith("/dynamodbmanager")
        client.remove_permission(FunctionName=function, StatementId="apigateway-test-2")
        client.add_permission(**permission(function))
        assert source_of(client, function).endswith("/DynamoDBManager")


class TestFunctions:
    def test_a_function_with_a_bug(self, home: Path, aws: Clients, function: str) -> None:
        assert invoked(aws, function) == (None, {"x": 1})
        daemon.set_fault(home, faults.ERROR, on=True)
        error, said = invoked(aws, function)
        assert (error, said["errorType"]) == ("Unhandled", "KeyError")
        daemon.set_fault(home, faults.ERROR, on=False)
        assert invoked(aws, function) == (None, {"x": 1})

    def test_a_function_that_is_too_slow(self, home: Path, aws: Clients, function: str) -> None:
        aws("lambda").update_function_configuration(FunctionName=function, Timeout=1)
        daemon.set_fault(home, faults.SLOW, on=True)
        error, said = invoked(aws, function)
        assert error == "Unhandled"
        assert "Task timed out after 1.00 seconds" in said["errorMessage"]
        daemon.set_fault(home, faults.SLOW, on=False)
        assert invoked(aws, function) == (None, {"x": 1})


def source_of(client: Any, function: str) -> str:
    document = json.loads(client.get_policy(FunctionName=function)["Policy"])
    source: str = document["Statement"][0]["Condition"]["ArnLike"]["AWS:SourceArn"]
    return source


def invoked(aws: Clients, function: str) -> tuple[str | None, Any]:
    answer = aws("lambda").invoke(FunctionName=function, Payload=b'{"x": 1}')
    return answer.get("FunctionError"), json.loads(answer["Payload"].read())
