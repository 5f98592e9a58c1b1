"""The AWS_PROXY integration: the event of payload format 1.0, and the answers API Gateway takes."""

import base64
import json
import re
from typing import Any

import pytest

from lambda_over_https.sandbox.model.apis import Resource
from tests.kit.sandbox.gateway import (
    ACCOUNT,
    API,
    JSON,
    URI,
    FunctionError,
    World,
    api,
    header,
    lambda_method,
    said,
)

OK = {"statusCode": 200, "body": "ok"}


def proxy(answer: Any = OK, path: str = "/{proxy+}", verb: str = "ANY", **members: Any) -> World:
    """A proxy resource whose function answers ``answer``."""
    integration = {"type": "AWS_PROXY", **members.pop("integration", {})}
    resource = Resource("res1", path, {verb: lambda_method(verb, **integration)})
    return World(api(resources=[resource], **members), handler=lambda event: answer)


def test_the_event_describes_the_whole_request() -> None:
    """Developer guide, "Lambda proxy integrations": the input format for the function."""
    world = proxy().with_stage(variables={"colour": "blue"})
    sent = [("tEsT-HEADeR", "aValUE"), ("content-type", "text/plain"), ("Connection", "close")]
    world.call("hi", "//pets//7/", "PUT", headers=sent, query="a=1&a=2&b=x%2By+z&empty=")
    (event,) = world.events
    context = event.pop("requestContext")
    trace = event["headers"].pop("X-Amzn-Trace-Id")
    assert event.pop("multiValueHeaders") == {
        **{name: [value] for name, value in event["headers"].items()},
        "X-Amzn-Trace-Id": [trace],
    }
    assert event == {
        "resource": "/{proxy+}",
        "path": "/pets//7/",
        "httpMethod": "PUT",
        "headers": {
            "Host": f"{API}.execute-api.localhost:8471",
            "Content-Type": "text/plain",
            "tEsT-HEADeR": "aValUE",
            "X-Forwarded-For": "127.0.0.1",
            "X-Forwarded-Port": "8471",
            "X-Forwarded-Proto": "https",
        },
        "queryStringParameters": {"a": "2", "b": "x+y z", "empty": ""},
        "multiValueQueryStringParameters": {"a": ["1", "2"], "b": ["x+y z"], "empty": [""]},
        "pathParameters": {"proxy": "pets//7"},
        "stageVariables": {"colour": "blue"},
        "body": "hi",
        "isBase64Encoded": False,
    }
    assert context.pop("requestId")
    assert context.pop("extendedRequestId")
    assert context.pop("requestTime").endswith(" +0000")
    assert context.pop("requestTimeEpoch") > 1_700_000_000_000
    assert {name for name, value in context.pop("identity").items() if value is not None} == {"sourceIp"}
    assert context == {
        "accountId": ACCOUNT,
        "apiId": API,
        "deploymentId": "dep1",
        "domainName": f"{API}.execute-api.localhost:8471",
        "domainPrefix": API,
        "httpMethod": "PUT",
        "path": "/prod//pets//7/",
        "protocol": "HTTP/1.1",
        "resourceId": "res1",
        "resourcePath": "/{proxy+}",
        "stage": "prod",
    }


def test_what_is_absent_is_null_in_the_event() -> None:
    """Developer guide, "Lambda proxy integrations": absent members of the input are null."""
    world = proxy(path="/it")
    world.call(path="/it", verb="GET")
    (event,) = world.events
    absent = {name for name, value in event.items() if value is None}
    parameters = {"queryStringParameters", "multiValueQueryStringParameters", "pathParameters"}
    assert absent == {*parameters, "stageVariables", "body"}


@pytest.mark.parametrize(
    ("answer", "status", "body"),
    [
        ({"statusCode": 200, "body": "ok"}, 200, b"ok"),
        ({"statusCode": 201}, 201, b""),
        ({"statusCode": "201"}, 201, b""),
        ({}, 200, b""),
        ({"headers": {"a": "b"}}, 200, b""),
        ({"statusCode": 200, "headers": None, "multiValueHeaders": None, "body": None}, 200, b""),
        ({"statusCode": 200, "body": "dGVzdA==", "isBase64Encoded": True}, 200, b"dGVzdA=="),
        ({"statusCode": 200, "body": "dGVzdA==", "isBase64Encoded": False}, 200, b"dGVzdA=="),
        ({"statusCode": 200, "body": "é"}, 200, "é".encode()),
    ],
)
def test_an_answer_in_the_output_format_is_sent(answer: dict[str, Any], status: int, body: bytes) -> None:
    """Developer guide, "Lambda proxy integrations": the output format for the function."""
    response = proxy(answer).call(path="/x", headers=JSON)
    assert (response.status, response.body) == (status, body)
    assert header(response, "Content-Type") == "application/json"


@pytest.mark.parametrize(
    "answer",
    [
        None,
        "text",
        ["list"],
        7,
        {"statusCode": 200, "wrongValue": 1},
        {"statusCode": "test"},
        {"statusCode": True},
        {"statusCode": 99},
        {"statusCode": 1000},
        {"statusCode": 200, "body": {"an": "object"}},
        {"statusCode": 200, "headers": "text"},
        {"statusCode": 200, "headers": {"a": {"b": 1}}},
        {"statusCode": 200, "headers": {"a": "b\r\nc: d"}},
        {"statusCode": 200, "multiValueHeaders": {"a": "not a list"}},
        b"not json",
    ],
)
def test_a_malformed_answer_is_502(answer: Any, caplog: pytest.LogCaptureFixture) -> None:
    """Knowledge Center, "Malformed Lambda proxy response": 502 with the message Internal server error."""
    response = proxy(answer).call(path="/x")
    assert (response.status, said(response)) == (502, {"message": "Internal server error"})
    assert header(response, "x-amzn-ErrorType") == "InternalServerErrorException"
    assert "Execution failed due to configuration error: Malformed Lambda proxy response" in caplog.text


def test_a_function_error_is_502(caplog: pytest.LogCaptureFixture) -> None:
    """Developer guide, "Handle Lambda errors": behind a proxy integration any error is a 502."""

    def fail(event: object) -> None:
        raise FunctionError("boom")

    world = proxy()
    world.handler = fail
    response = world.call(path="/x")
    assert (response.status, said(response)) == (502, {"message": "Internal server error"})
    assert "due to customer function error: boom" in caplog.text


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ({"headers": {"X-A": "1", "X-B": True}}, [("X-A", "1"), ("X-B", "true")]),
        ({"multiValueHeaders": {"X-A": ["1", "2"]}}, [("X-A", "1"), ("X-A", "2")]),
        ({"multiValueHeaders": {"X-A": ["1"]}, "headers": {"X-A": "2"}}, [("X-A", "1"), ("X-A", "2")]),
        ({"multiValueHeaders": {"x-A": ["1"]}, "headers": {"X-a": "2"}}, [("x-A", "1"), ("x-A", "2")]),
        ({"multiValueHeaders": {"X-A": ["1"]}, "headers": {"X-A": "1"}}, [("X-A", "1")]),
        ({"headers": {"Set-Cookie": "a=1"}}, [("Set-Cookie", "a=1")]),
        ({"headers": {"Date": "never"}}, [("x-amzn-Remapped-Date", "never")]),
        ({"headers": {"Transfer-Encoding": "chunked"}}, []),
    ],
)
def test_headers_and_multi_value_headers_are_merged(
    answer: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    """Developer guide, "Lambda proxy integrations": the same key in both lists, all values are sent."""
    own = {"content-type", "x-amzn-requestid", "x-amz-apigw-id", "x-amzn-trace-id"}
    response = proxy(answer).call(path="/x")
    assert [line for line in response.headers if line[0].lower() not in own] == expected


def test_a_content_type_of_the_function_replaces_the_default() -> None:
    """Developer guide, "Amazon API Gateway important notes": application/json unless the answer says."""
    answer = {"headers": {"content-type": "text/html"}, "body": "<p>"}
    assert header(proxy(answer).call(path="/x"), "Content-Type") == "text/html"


@pytest.mark.parametrize(
    ("types", "headers", "decoded"),
    [
        (["image/png"], {"Accept": "image/png"}, True),
        (["image/*"], {"Accept": "image/png, */*"}, True),
        (["*/*"], {}, True),
        (["image/png"], {"Accept": "text/html, image/png"}, False),
        (["image/png"], {}, True),
        ([], {"Accept": "image/png"}, False),
        (["*/png"], {"Accept": "*/png"}, False),
        (["image/*"], {"Accept": "image"}, False),
        (["image/*"], {"Accept": "image/*"}, True),
        (["image/png"], {"Accept": "image/*"}, False),
        (["image/png"], {"Accept": "*/*"}, False),
    ],
)
def test_a_base64_answer_is_decoded_for_binary_media_types(
    types: list[str], headers: dict[str, str], decoded: bool
) -> None:
    """The first type of Accept decides (guide, "Working with binary media types"; recorded on AWS)."""
    content = b"\x89PNG\xff"
    answer = {
        "headers": {"Content-Type": "image/png"},
        "body": base64.b64encode(content).decode(),
        "isBase64Encoded": True,
    }
    response = proxy(answer, binary_media_types=types).call(path="/x", headers=headers)
    assert response.body == (content if decoded else base64.b64encode(content))


def test_a_binary_answer_that_is_no_base64_is_a_500() -> None:
    """As recorded on AWS (test_aws_proxy_binary_response)."""
    answer = {"body": "no base64!", "isBase64Encoded": True}
    response = proxy(answer, binary_media_types=["image/png"]).call(
        path="/x", headers={"Accept": "image/png"}
    )
    assert (response.status, said(response)) == (500, {"message": "Internal server error"})


def test_the_clients_trace_is_completed() -> None:
    """As recorded on AWS (test_invocation_trace_id)."""
    root, parent = "Root=1-3152b799-8954dae64eda91bc9a23a7e8", "Parent=7fa8c0f79203be72"
    whole = f"{root};{parent};Sampled=1"
    found = [
        header(proxy({"body": ""}).call(path="/x", headers={"X-Amzn-Trace-Id": sent}), "X-Amzn-Trace-Id")
        for sent in (whole, root)
    ]
    assert found[0] == whole
    assert re.fullmatch(rf"{root};Parent=[0-9a-f]{{16}};Sampled=0", str(found[1]))


def test_a_binary_body_reaches_the_function_as_base64() -> None:
    """Developer guide, "Working with binary media types": isBase64Encoded is true in the event then."""
    world = proxy(binary_media_types=["application/octet-stream"])
    world.call(b"\xff\x00", "/x", headers={"Content-Type": "application/octet-stream"})
    world.call(b"\xff\x00", "/x", headers={"Content-Type": "text/plain"})
    assert [(event["body"], event["isBase64Encoded"]) for event in world.events] == [
        ("/wA=", True),
        ("\ufffd\x00", False),
    ]


def test_request_parameters_do_not_reach_the_event() -> None:
    """Recorded (``test_lambda_aws_proxy_integration_request_data_mapping``)."""
    parameters = {
        "integration.request.header.X-Mapped": "method.request.querystring.a",
        "integration.request.querystring.mapped": "'value'",
    }
    world = proxy(integration={"request_parameters": parameters})
    world.call(path="/x", query="a=1")
    (event,) = world.events
    assert "X-Mapped" not in event["headers"]
    assert event["queryStringParameters"] == {"a": "1"}


def test_the_permission_names_the_resource_and_the_verb_of_the_request() -> None:
    """Developer guide, "Lambda proxy integrations": SourceArn is API/stage/verb/resource path."""
    world = proxy()
    arn = f"arn:aws:execute-api:us-east-1:{ACCOUNT}:{API}/prod/PUT/{{proxy+}}"
    world.statements = [{**world.statements[0], "Condition": {"StringEquals": {"AWS:SourceArn": arn}}}]
    assert world.call(path="/a/b", verb="PUT").status == 200
    assert world.call(path="/a/b", verb="POST").status == 500


def test_a_proxy_integration_that_is_not_invoked_by_post_is_a_500() -> None:
    """Developer guide, "Set up Lambda proxy integration": the integration's HTTP method must be POST."""
    response = proxy(integration={"http_method": "GET", "uri": URI}).call(path="/x")
    assert (response.status, said(response)) == (500, {"message": "Internal server error"})


def test_the_answer_of_the_function_goes_through_json_as_it_is() -> None:
    """A body is a text to API Gateway, whatever is in it."""
    document = json.dumps({"nested": ["é", 1.5, None]})
    assert proxy({"body": document}).call(path="/x").body.decode() == document
