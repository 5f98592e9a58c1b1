"""What the checks send, by each of the three ways, and what becomes of the answer."""

import base64
import io
import time
import uuid
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from lambda_over_https.aws.http import Answer
from lambda_over_https.deployment.journal.state import Record
from lambda_over_https.deployment.stack import Stack
from lambda_over_https.events import Requested
from lambda_over_https.kinds import Kind
from lambda_over_https.states import RecordState
from lambda_over_https.tutorial.checks import OPERATIONS
from lambda_over_https.tutorial.ways import LONGEST_TOLD, ask, client_headers, key_header, way
from tests.kit.in_memory.memory import Desk

EVENT = '{"operation": "echo"}'


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def on(desk: Desk, **clients: Any) -> Stack:
    """The stack with these clients, after its API and its resource were made."""
    for kind in (Kind.REST_API, Kind.RESOURCE):
        desk.stack().journal.made(Record(kind, kind, "3.1", RecordState.MADE, f"id of {kind}"))
    stack = desk.stack()
    cloud: Any = SimpleNamespace(run=stack.run, **clients)
    return replace(stack, cloud=cloud)


# --- the payloads ---

KEY = {"Key": {"Id": "x"}}
BOB = {"Id": "x", "name": "Bob", "number": 5, "price": 1.5}
TO_SIX = {
    "UpdateExpression": "SET #number = :number",
    "ExpressionAttributeNames": {"#number": "number"},
    "ExpressionAttributeValues": {":number": 6},
    "ReturnValues": "ALL_NEW",
}


def test_the_payloads_are_those_that_dynamodb_knows() -> None:
    assert {each.name: each.payload("x") for each in OPERATIONS} == {
        "echo": {"somekey1": "somevalue1", "somekey2": "somevalue2"},
        "create": {"Item": BOB},
        "read": {**KEY, "ConsistentRead": True},
        "update": {**KEY, **TO_SIX},
        "list": {"ConsistentRead": True},
        "delete": {**KEY, "ReturnValues": "ALL_OLD"},
    }


# --- to Lambda ---


@pytest.mark.parametrize(
    ("more", "failed", "log"),
    [
        ({}, False, ""),
        ({"FunctionError": "Unhandled"}, True, ""),
        ({"LogResult": base64.b64encode(b"START \xff END").decode()}, False, "START \ufffd END"),
    ],
)
def test_lambda_is_asked_for_the_end_of_its_log_too(
    desk: Desk, more: Mapping[str, str], failed: bool, log: str
) -> None:
    calls: list[Any] = []

    def invoke(**call: Any) -> Any:
        calls.append(call)
        return {"StatusCode": 200, "Payload": io.BytesIO('"é"'.encode()), **more}

    stack, began = on(desk, lambda_=SimpleNamespace(invoke=invoke)), time.monotonic()
    with way(stack, "invoke") as chosen:
        reply = chosen.send(EVENT)
    assert calls == [{"FunctionName": stack.names.function, "Payload": EVENT.encode(), "LogType": "Tail"}]
    assert (reply.status, reply.body, reply.failed, reply.headers, reply.log) == (200, '"é"', failed, {}, log)
    assert reply.ok is not failed
    assert 0 <= reply.seconds <= time.monotonic() - began


# --- through API Gateway's test ---


def test_api_gateways_test_calls_the_method_itself_and_gives_its_log(desk: Desk) -> None:
    calls: list[Any] = []

    def test(**call: Any) -> Any:
        calls.append(call)
        return {"status": 418, "body": "tea", "headers": {"a": "b"}, "log": "Execution log"}

    stack, began = on(desk, apigateway=SimpleNamespace(test_invoke_method=test)), time.monotonic()
    with way(stack, "test-invoke-method") as chosen:
        reply = chosen.send(EVENT)
    assert calls == [
        {
            "restApiId": f"id of {Kind.REST_API}",
            "resourceId": f"id of {Kind.RESOURCE}",
            "httpMethod": "POST",
            "pathWithQueryString": "",
            "body": EVENT,
        }
    ]
    assert (reply.status, reply.body, reply.failed) == (418, "tea", False)
    assert (reply.headers, reply.log) == ({"a": "b"}, "Execution log")
    assert 0 <= reply.seconds <= time.monotonic() - began


# --- over HTTPS ---


class Server:
    """An HTTP client whose every request is answered with ``answer``."""

    def __init__(self, answer: Answer) -> None:
        self.answer, self.asked = answer, list[Any]()

    def ask(self, verb: str, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        self.asked.append((verb, url, dict(headers), body))
        return self.answer


def test_the_deployed_method_is_asked_as_any_client_would(desk: Desk) -> None:
    server = Server(Answer(201, {"X-Amzn-RequestId": "r1"}, b"caf\xe9", 0.0123456))
    stack = on(desk, http=server)
    with way(stack, "https") as chosen:
        reply = chosen.send(EVENT)
    assert server.asked == [("POST", stack.invoke_url, {"Content-Type": "application/json"}, EVENT.encode())]
    assert (reply.status, reply.body, reply.seconds, reply.failed) == (201, "caf\ufffd", 0.0123456, False)
    assert (reply.headers, reply.log) == ({"X-Amzn-RequestId": "r1"}, "")
    [told] = [event for event in desk.events if isinstance(event, Requested)]
    assert (told.id, told.verb, told.url, told.body) == ("r1", "POST", stack.invoke_url, EVENT)
    assert (told.status, told.answer, told.ms) == (201, "caf\ufffd", 12.3)


def test_a_long_request_and_a_long_answer_are_told_in_part(desk: Desk) -> None:
    stack = on(desk, http=Server(Answer(200, {}, b"a" * (LONGEST_TOLD + 1), 0.0)))
    assert len(ask(stack, "POST", "/more", {}, "b" * (LONGEST_TOLD + 1)).body) == LONGEST_TOLD + 1
    [told] = [event for event in desk.events if isinstance(event, Requested)]
    assert (told.body, told.answer) == ("b" * LONGEST_TOLD, "a" * LONGEST_TOLD)
    assert told.url == f"{stack.invoke_url}/more"


def test_an_answer_without_an_id_gets_one_of_its_own(desk: Desk) -> None:
    stack = on(desk, http=Server(Answer(200, {}, b"", 0.0)))
    for _ in range(2):
        ask(stack, "GET", "", {}, "")
    ids = {uuid.UUID(event.id) for event in desk.events if isinstance(event, Requested)}
    assert len(ids) == 2


def test_the_sandbox_tells_of_its_requests_itself(desk: Desk) -> None:
    stack = on(desk, http=Server(Answer(200, {}, b"", 0.0)))
    ask(replace(stack, place=replace(stack.place, boot_id="boot")), "GET", "", {}, "")
    assert desk.events == []


# --- with an API key ---


@pytest.mark.parametrize(
    ("number", "id_", "found", "header"),
    [
        (1, "k1", {"value": "secret"}, {"x-api-key": "secret"}),
        (1, "k1", {}, {"x-api-key": ""}),
        (1, "", {"value": "secret"}, {}),
        (0, "k1", {"value": "secret"}, {}),
        (None, "", {}, {}),
    ],
)
def test_the_deployments_second_key_is_sent_where_there_is_one(
    desk: Desk, number: int | None, id_: str, found: Mapping[str, str], header: Mapping[str, str]
) -> None:
    asked: list[Any] = []

    def get_api_key(**call: Any) -> Mapping[str, str]:
        asked.append(call)
        return found

    stack = on(desk, apigateway=SimpleNamespace(get_api_key=get_api_key))
    if number is not None:
        stack.journal.made(Record(Kind.API_KEY, stack.names.api_keys[number], "8.1", RecordState.MADE, id_))
    assert client_headers(stack) == {"Content-Type": "application/json", **header}
    assert asked == ([{"apiKey": "k1", "includeValue": True}] if header else [])
    assert key_header(stack, stack.names.api_keys[1]) == header
