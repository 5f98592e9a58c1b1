"""TestInvokeMethod: what it answers, and the log that explains it."""

import asyncio
import json
import re
from dataclasses import replace
from typing import Any

import pytest

from lambda_over_https.sandbox.model.apis import IntegrationResponse, Resource, Throttle, UsagePlan
from lambda_over_https.sandbox.web.http import Request
from tests.kit.sandbox.gateway import (
    ACCOUNT,
    API,
    FUNCTION,
    PATH,
    REGION,
    FunctionError,
    World,
    allow,
    api,
    header,
    lambda_method,
    mock_method,
    said,
)

BODY = '{"operation":"echo","payload":{"somekey1":"somevalue1"}}'
URL = f"https://lambda.{REGION}.amazonaws.com/2015-03-31/functions/{FUNCTION}/invocations"
TIMED = re.compile(r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun) [A-Z][a-z]{2} \d\d \d\d:\d\d:\d\d UTC \d{4} : ")


def lines(answer: dict[str, Any]) -> list[str]:
    """The log without its times; every line but the first has one."""
    first, *rest, last = answer["log"].split("\n")
    assert last == ""
    assert all(TIMED.match(line) for line in rest)
    return [first, *(TIMED.sub("", line) for line in rest)]


def test_a_method_runs_for_real_and_the_answer_says_how() -> None:
    """API reference, TestInvokeMethod: status, body, headers, multiValueHeaders, log, latency."""
    world = World(api(lambda_method()))
    answer = world.test(pathWithQueryString="", body=BODY)
    assert world.events == [json.loads(BODY)]
    assert (answer["http"], answer["status"], answer["body"]) == (200, 200, json.dumps(json.loads(BODY)))
    assert answer["headers"]["Content-Type"] == "application/json"
    assert answer["headers"]["X-Amzn-Trace-Id"].startswith("Root=1-")
    assert answer["multiValueHeaders"] == {name: [value] for name, value in answer["headers"].items()}
    assert isinstance(answer["latency"], int)


def test_the_log_tells_each_step_in_awss_words() -> None:
    """Developer guide, "Use the API Gateway console to test a REST API method": the execution log."""
    answer = World(api(lambda_method())).test(pathWithQueryString="?a=1", body=BODY, headers={"x-From": "me"})
    log = lines(answer)
    request_id = log[0].removeprefix("Execution log for request ")
    result = json.dumps(json.loads(BODY))
    assert re.fullmatch(r"[0-9a-f-]{36}", request_id)
    assert log[1:8] == [
        f"Starting execution for request: {request_id}",
        f"HTTP Method: POST, Resource Path: {PATH}",
        "Method request path: {}",
        "Method request query string: {a=1}",
        "Method request headers: {x-From=me}",
        f"Method request body before transformations: {BODY}",
        f"Endpoint request URI: {URL}",
    ]
    source = f"arn:aws:execute-api:{REGION}:{ACCOUNT}:{API}/test-invoke-stage/POST/DynamoDBManager"
    assert log[8].startswith("Endpoint request headers: {")
    assert f"X-Amz-Source-Arn={source}" in log[8]
    assert f"x-amzn-lambda-integration-tag={request_id}" in log[8]
    assert log[9:11] == [f"Endpoint request body after transformations: {BODY}", f"Sending request to {URL}"]
    assert re.fullmatch(r"Received response. Status: 200, Integration latency: \d+ ms", log[11])
    assert log[12].startswith("Endpoint response headers: {Date=")
    assert log[13:15] == [
        f"Endpoint response body before transformations: {result}",
        f"Method response body after transformations: {result}",
    ]
    assert log[15].startswith("Method response headers: {X-Amzn-Trace-Id=Root=1-")
    assert log[16:] == ["Successfully completed execution", "Method completed with status: 200"]


def test_the_log_names_the_missing_permission() -> None:
    """Knowledge Center, "Invalid permissions on Lambda function": found by testing the method."""
    answer = World(api(lambda_method()), statements=[]).test(body=BODY)
    assert (answer["status"], answer["body"]) == (500, '{"message": "Internal server error"}')
    assert answer["headers"] == {"x-amzn-ErrorType": "InternalServerErrorException"}
    assert lines(answer)[-3:] == [
        f"Sending request to {URL}",
        "Execution failed due to configuration error: Invalid permissions on Lambda function",
        "Method completed with status: 500",
    ]


@pytest.mark.parametrize(
    ("source", "status"),
    [
        ("/*/POST/DynamoDBManager", 200),
        ("/test-invoke-stage/POST/DynamoDBManager", 200),
        ("/prod/POST/DynamoDBManager", 500),
    ],
)
def test_it_acts_as_the_stage_test_invoke_stage(source: str, status: int) -> None:
    """The tutorial's two statements: ``/*/`` is for the test, ``/prod/`` for the deployed stage."""
    assert World(api(lambda_method()), statements=[allow(source)]).test(body=BODY)["status"] == status


def test_it_needs_no_deployment_and_ignores_throttles_and_keys() -> None:
    """Developer guide, "Use the API Gateway console to test a REST API method"."""
    method = replace(lambda_method(), api_key_required=True)
    world = World(api(method)).with_stage(throttles={"*/*": Throttle(0, 0)}, usage_plans=(UsagePlan("p"),))
    assert world.test(body=BODY)["status"] == 200
    world.stages.clear()
    assert world.test(body=BODY)["status"] == 200


def test_a_function_error_is_in_the_log() -> None:
    """A 200 with an error object is still "Successfully completed" to API Gateway."""

    def fail(event: object) -> None:
        raise FunctionError("boom")

    world = World(api(lambda_method()), handler=fail)
    answer = world.test(body=BODY)
    assert answer["status"] == 200
    assert "X-Amz-Function-Error=Unhandled" in answer["log"]
    assert "Successfully completed execution" in lines(answer)


def test_path_and_query_parameters_come_from_path_with_query_string() -> None:
    """API reference, TestInvokeMethod.pathWithQueryString."""
    template = {"application/json": '{"id": "$input.params(\'id\')", "q": "$input.params(\'q\')"}'}
    method = mock_method(responses=(IntegrationResponse("200", response_templates=template),))
    world = World(api(resources=[Resource("res1", "/pets/{id}", {"GET": method})]))
    answer = world.test("GET", pathWithQueryString="/pets/7?q=x%20y")
    assert json.loads(answer["body"]) == {"id": "7", "q": "x y"}
    assert lines(answer)[2:5] == [
        "HTTP Method: GET, Resource Path: /pets/7",
        "Method request path: {id=7}",
        "Method request query string: {q=x y}",
    ]
    bare = world.test("GET")
    assert json.loads(bare["body"])["id"] == "{id}"
    elsewhere = world.test("GET", pathWithQueryString="/random/test")
    assert (elsewhere["status"], lines(elsewhere)[3]) == (200, "Method request path: {}")


def test_stage_variables_and_headers_of_the_test_are_used() -> None:
    """API reference, TestInvokeMethod.stageVariables, headers, multiValueHeaders."""
    template = '{"v": "$stageVariables.v", "h": "$input.params(\'X-H\')", "m": "$input.params(\'X-M\')"}'
    world = World(api(lambda_method(request_templates={"application/json": template})))
    world.test(stageVariables={"v": "1"}, headers={"X-H": "2"}, multiValueHeaders={"X-M": ["3", "4"]})
    assert world.events == [{"v": "1", "h": "2", "m": "4"}]


def test_the_content_type_of_a_test_is_always_json() -> None:
    """Developer guide, "Amazon API Gateway important notes": other content types are ignored in a test."""
    templates = {"application/json": '{"t": 1}'}
    world = World(api(lambda_method(request_templates=templates, passthrough_behavior="NEVER")))
    assert world.test(headers={"Content-Type": "text/xml"}, body="<a/>")["status"] == 200


def test_the_event_of_a_proxy_integration_shows_that_it_is_a_test() -> None:
    """Developer guide, "Use the API Gateway console to test a REST API method": the event it logs."""
    world = World(api(lambda_method(type="AWS_PROXY")), handler=lambda event: {"statusCode": 200})
    assert world.test(body="hi")["status"] == 200
    (event,) = world.events
    assert (event["headers"], event["multiValueHeaders"], event["path"]) == (None, None, PATH)
    context = event["requestContext"]
    assert {name: context[name] for name in ("stage", "path", "domainPrefix", "domainName")} == {
        "stage": "test-invoke-stage",
        "path": PATH,
        "domainPrefix": "testPrefix",
        "domainName": "testPrefix.testDomainName",
    }
    assert {name: value for name, value in context["identity"].items() if value is not None} == {
        "sourceIp": "test-invoke-source-ip",
        "apiKey": "test-invoke-api-key",
        "apiKeyId": "test-invoke-api-key-id",
    }


def test_any_serves_a_verb_of_the_test() -> None:
    """A method ANY is tested by one verb."""
    world = World(api(lambda_method("ANY")))
    assert lines(world.test("PUT", body=BODY))[2] == f"HTTP Method: PUT, Resource Path: {PATH}"


def test_long_values_are_cut() -> None:
    """Developer guide, "Amazon API Gateway important notes": log events are limited to 1024 bytes."""
    answer = World(api(lambda_method())).test(body=json.dumps("x" * 5000))
    assert all(len(line) < 1200 for line in lines(answer))
    assert "[TRUNCATED]" in answer["log"]
    assert len(answer["body"]) > 5000


@pytest.mark.parametrize(
    ("resource", "verb", "message"),
    [
        ("nope", "POST", "Invalid Resource identifier specified"),
        ("res1", "GET", "Invalid Method identifier specified"),
    ],
)
def test_what_does_not_exist_is_404(resource: str, verb: str, message: str) -> None:
    """API reference, TestInvokeMethod, NotFoundException."""
    answer = World(api(lambda_method())).test(verb, resource)
    assert (answer["http"], answer["message"]) == (404, message)


@pytest.mark.parametrize(
    ("api_id", "body", "status", "code", "message"),
    [
        ("gone", b"{}", 404, "NotFoundException", f"Invalid API identifier specified {ACCOUNT}:gone"),
        (API, b"[]", 400, "SerializationException", "The request body is not a JSON object"),
        (API, b"{", 400, "SerializationException", "The request body is not a JSON object"),
    ],
)
def test_an_unknown_api_and_a_bad_request_are_errors_of_the_call(
    api_id: str, body: bytes, status: int, code: str, message: str
) -> None:
    """API reference, TestInvokeMethod, NotFoundException; the SDK reads the code from a header."""
    gateway = World(api(lambda_method())).gateway
    request = Request("POST", "/", "", {}, body)
    response = asyncio.run(gateway.test_invoke(request, REGION, api_id, "res1", "POST"))
    member = "Message" if code == "SerializationException" else "message"
    assert (response.status, said(response)) == (status, {member: message})
    assert header(response, "x-amzn-ErrorType") == code
