"""The AWS (non-proxy) Lambda integration: what the function gets, and what the client gets."""

import asyncio
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lambda_over_https.sandbox.model.apis import DeployedStage, IntegrationResponse, Method
from lambda_over_https.sandbox.model.errors import AwsError
from lambda_over_https.sandbox.model.functions import InvocationResult
from tests.kit.sandbox.gateway import (
    FORM,
    FUNCTION,
    JSON,
    URI,
    FunctionError,
    World,
    answers,
    api,
    header,
    lambda_method,
    said,
)

ECHO = '{"operation": "echo", "payload": {"somekey1": "somevalue1"}}'
XML = {"Content-Type": "text/xml"}
OTHER_TEMPLATE = {"application/json": '{"from": "template"}'}
DEFAULT = IntegrationResponse("200")


def tutorial(**integration: Any) -> World:
    """The tutorial's API, with changes to its integration."""
    return World(api(lambda_method(**integration)))


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param(JSON, id="application/json"),
        pytest.param(FORM, id="what curl -d sends"),
        pytest.param({}, id="no content type"),
        pytest.param({"Content-Type": "application/json; charset=utf-8"}, id="with a parameter"),
    ],
)
def test_the_event_is_the_body(headers: dict[str, str]) -> None:
    """Developer guide, "Integration passthrough behaviors": without a template, the payload unchanged."""
    world = tutorial()
    response = world.call(ECHO, headers=headers)
    assert world.events == [json.loads(ECHO)]
    assert (response.status, said(response)) == (200, json.loads(ECHO))


@pytest.mark.parametrize(
    ("body", "event"),
    [
        ("", {}),
        ("{}", {}),
        ("[1, 2]", [1, 2]),
        ('"text"', "text"),
        ("12345678901234567890.5", 12345678901234567890.5),
        ("null", None),
        ('{"é": "日本"}', {"é": "日本"}),
    ],
)
def test_any_json_value_is_an_event_and_no_body_is_an_empty_one(body: str, event: object) -> None:
    """Lambda API reference, Invoke: the payload is any JSON; without one the function gets ``{}``."""
    world = tutorial()
    assert world.call(body, headers=JSON).status == 200
    assert world.events == [event]


@pytest.mark.parametrize(
    "body",
    [
        '{"operation":',
        "operation=echo",
        "{'a': 1}",
        "NaN",
        '{"a": Infinity}',
        " ",
        "[" * 100_000,
        b"\xff\xfe",
    ],
)
def test_a_malformed_body_is_a_400_and_the_function_does_not_run(body: str | bytes) -> None:
    """Lambda API reference, Invoke, InvalidRequestContentException: a body that is no JSON."""
    world = tutorial()
    response = world.call(body)
    assert response.status == 400
    assert said(response)["message"].startswith("Could not parse request body into json: ")
    assert header(response, "x-amzn-ErrorType") == "BadRequestException"
    assert world.events == []


def test_numbers_pass_through_untouched_however_long() -> None:
    """Developer guide, "Integration passthrough behaviors": unchanged means byte for byte."""
    document = b'{"n": ' + b"9" * 5000 + b', "f": 1.10}'
    world = World(api(lambda_method()), handler=lambda payload: payload, raw=True)
    assert world.call(document).body == document
    assert world.payloads == [document]


@pytest.mark.parametrize(
    ("behavior", "templates", "headers", "status"),
    [
        ("WHEN_NO_MATCH", {}, XML, 200),
        ("WHEN_NO_MATCH", OTHER_TEMPLATE, XML, 200),
        ("WHEN_NO_TEMPLATES", {}, XML, 200),
        ("WHEN_NO_TEMPLATES", OTHER_TEMPLATE, XML, 415),
        ("NEVER", {}, XML, 415),
        ("NEVER", {}, {}, 415),
        ("NEVER", OTHER_TEMPLATE, XML, 415),
        ("WHEN_NO_TEMPLATES", OTHER_TEMPLATE, FORM, 415),
        ("NEVER", {"$default": ""}, FORM, 200),
    ],
)
def test_passthrough_behavior(
    behavior: str, templates: dict[str, str], headers: dict[str, str], status: int
) -> None:
    """Developer guide, "Integration passthrough behaviors", the table of its examples."""
    world = tutorial(passthrough_behavior=behavior, request_templates=templates)
    response = world.call(ECHO, headers=headers)
    assert response.status == status
    if status == 200:
        assert world.events == [json.loads(ECHO)]
    else:
        assert said(response) == {"message": "Unsupported Media Type"}
        assert header(response, "x-amzn-ErrorType") == "BadRequestException"


@pytest.mark.parametrize("headers", [JSON, {}, {"Content-Type": "Application/JSON; charset=utf-8"}])
@pytest.mark.parametrize("behavior", ["WHEN_NO_MATCH", "WHEN_NO_TEMPLATES", "NEVER"])
def test_a_template_for_the_content_type_makes_the_event(behavior: str, headers: dict[str, str]) -> None:
    """Developer guide, "Integration passthrough behaviors": a matching template counts in all three."""
    world = tutorial(passthrough_behavior=behavior, request_templates=OTHER_TEMPLATE)
    assert world.call(ECHO, headers=headers).status == 200
    assert world.events == [{"from": "template"}]


def test_the_template_under_default_serves_every_other_type() -> None:
    """Developer guide, "Integration passthrough behaviors": ``$default`` is for all other types."""
    world = tutorial(
        passthrough_behavior="NEVER", request_templates={**OTHER_TEMPLATE, "$default": '{"from": "default"}'}
    )
    world.call(ECHO, headers=XML)
    world.call(ECHO, headers=JSON)
    assert world.events == [{"from": "default"}, {"from": "template"}]


def test_a_template_that_does_not_give_json_is_a_400() -> None:
    """Lambda refuses the event, as with a malformed body."""
    world = tutorial(request_templates={"application/json": "operation: echo"})
    assert world.call(ECHO).status == 400
    assert world.events == []


@pytest.mark.parametrize(
    ("size", "status"),
    [(6 * 1024 * 1024 - 2, 200), (6 * 1024 * 1024, 413), (10 * 1024 * 1024 + 1, 413)],
)
def test_bodies_over_the_limits_are_413(size: int, status: int) -> None:
    """Developer guide, "Quotas for REST APIs": 10 MB; Lambda developer guide, "Lambda quotas": 6 MB."""
    world = World(api(lambda_method()), handler=lambda event: "ok")
    response = world.call(b'"' + b"x" * size + b'"')
    assert response.status == status
    if status == 413:
        assert said(response) == {"message": "Request Too Long"}
        assert world.events == []


def test_the_result_passes_through_as_json() -> None:
    """Developer guide, "Set up Lambda custom integrations": an empty template passes the result on."""
    responses = (IntegrationResponse("200", response_templates={"application/json": None}),)
    world = World(api(lambda_method(responses=responses)), handler=lambda event: "Success")
    response = world.call(ECHO)
    assert (response.status, response.body) == (200, b'"Success"')
    assert header(response, "Content-Type") == "application/json"


def test_an_answer_has_the_headers_of_a_regional_api() -> None:
    """Developer guide, "Set up a gateway response" and X-Ray's trace header: what every answer carries."""
    response = tutorial().call(ECHO)
    assert header(response, "x-amzn-RequestId")
    assert header(response, "x-amz-apigw-id")
    assert (header(response, "X-Amzn-Trace-Id") or "").startswith("Root=1-")
    assert header(response, "x-amzn-ErrorType") is None


def test_each_request_has_an_id_of_its_own() -> None:
    """Developer guide, ``$context.requestId`` and ``$context.extendedRequestId``."""
    world = tutorial()
    found = {
        (header(r, "x-amzn-RequestId"), header(r, "x-amz-apigw-id")) for r in (world.call() for _ in range(3))
    }
    assert len(found) == 3


# When the function fails


def fail(message: str) -> Any:
    """A handler that fails."""

    def handler(event: object) -> None:
        raise FunctionError(message)

    return handler


def failing(message: str, *responses: IntegrationResponse) -> World:
    """The tutorial's API with these integration responses, and a function that fails."""
    return World(api(lambda_method(responses=responses or (DEFAULT,))), handler=fail(message))


def test_a_function_error_is_a_200_unless_a_pattern_matches() -> None:
    """Developer guide, "Handle Lambda errors in API Gateway": the default is 200 with the error object."""
    response = failing("boom").call(ECHO)
    assert response.status == 200
    assert said(response) == {"errorMessage": "boom", "errorType": "FunctionError"}


PATTERNS = (
    DEFAULT,
    IntegrationResponse("400", selection_pattern=r"\[BadRequest\](.|\n)*"),
    IntegrationResponse("504", selection_pattern="(.|\n)*Task timed out(.|\n)*"),
    IntegrationResponse("500", selection_pattern=r"\[InternalError\].*"),
)


@pytest.mark.parametrize(
    ("message", "status"),
    [
        ("[BadRequest] Unknown operation", 400),
        ("[BadRequest] two\nlines", 400),
        ("2026-11-22T10:00:00.000Z 1-2 Task timed out after 3.00 seconds", 504),
        ("[InternalError] oops", 500),
        ("[InternalError] two\nlines", 200),
        ("say [BadRequest]", 200),
        ("[badrequest] no", 200),
        ("", 200),
    ],
)
def test_a_selection_pattern_must_match_the_whole_error_message(message: str, status: int) -> None:
    """API reference, IntegrationResponse.selectionPattern: Java's patterns; a dot is no newline."""
    assert failing(message, *PATTERNS).call(ECHO).status == status


def test_patterns_are_for_errors_only() -> None:
    """Developer guide, "Handle standard Lambda errors": patterns look at an error's errorMessage."""
    everything = (DEFAULT, IntegrationResponse("500", selection_pattern="(.|\n)*"))
    world = World(
        api(lambda_method(responses=everything)), handler=lambda event: {"errorMessage": "not an error"}
    )
    assert world.call(ECHO).status == 200


def test_of_two_patterns_that_match_the_lower_status_wins() -> None:
    """AWS leaves the order open; ``.*four hundred.*`` for 405 won over ``.+`` for 502 there too."""
    responses = (
        DEFAULT,
        IntegrationResponse("502", selection_pattern=".+"),
        IntegrationResponse("405", selection_pattern=".*four hundred.*"),
    )
    assert failing("Error: four hundred", *responses).call(ECHO).status == 405
    assert failing("Error: five hundred", *responses).call(ECHO).status == 502


def test_without_a_default_an_unmatched_answer_is_a_500(caplog: pytest.LogCaptureFixture) -> None:
    """Developer guide, "Handle Lambda errors": there has to be a default for what no pattern matches."""
    response = failing("boom", IntegrationResponse("400", selection_pattern="other")).call(ECHO)
    assert (response.status, said(response)) == (500, {"message": "Internal server error"})
    assert "No match for output mapping and no default endpoint response configured" in caplog.text


def test_a_status_without_method_response_is_a_500(caplog: pytest.LogCaptureFixture) -> None:
    """API reference, PutIntegrationResponse needs PutMethodResponse of the same status."""
    method = lambda_method()
    bare = Method("POST", integration=method.integration, responses=answers(201))
    response = World(api(bare)).call(ECHO)
    assert (response.status, said(response)) == (500, {"message": "Internal server error"})
    assert header(response, "x-amzn-ErrorType") == "InternalServerErrorException"
    assert "Output mapping refers to an invalid method response: 200" in caplog.text


def test_an_invalid_pattern_is_a_500_that_says_which(caplog: pytest.LogCaptureFixture) -> None:
    """A pattern Java would not compile cannot select anything."""
    response = failing("boom", DEFAULT, IntegrationResponse("400", selection_pattern="(oops")).call(ECHO)
    assert response.status == 500
    assert "'(oops'" in caplog.text


# Calling the function


def test_a_function_slower_than_the_integration_is_a_504_and_runs_on() -> None:
    """Developer guide, "Gateway response types", INTEGRATION_TIMEOUT; "Quotas": 50 ms to 29 s."""
    finished = asyncio.Event()

    async def slow(event: object) -> object:
        await released.wait()
        finished.set()
        return event

    async def scenario() -> None:
        response = await world.send(ECHO)
        assert (response.status, said(response)) == (504, {"message": "Endpoint request timed out"})
        assert header(response, "x-amzn-ErrorType") == "InternalServerErrorException"
        assert not finished.is_set()
        released.set()
        await asyncio.wait_for(finished.wait(), 5)

    released = asyncio.Event()
    world = World(api(lambda_method(timeout_in_millis=50)), handler=slow)
    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (AwsError("TooManyRequestsException", "Rate Exceeded.", 429), 500),
        (AwsError("ResourceNotFoundException", "Function not found", 404), 500),
        (AwsError("RequestEntityTooLargeException", "too large", 413), 413),
        (AwsError("InvalidRequestContentException", "Could not parse request body into json: x", 400), 400),
    ],
)
def test_what_lambda_refuses(error: AwsError, status: int, caplog: pytest.LogCaptureFixture) -> None:
    """Lambda API reference, Invoke, errors; a throttled function is a 500 behind a custom integration."""

    def refuse(event: object) -> None:
        raise error

    response = World(api(lambda_method()), handler=refuse).call(ECHO)
    assert response.status == status
    assert error.code in caplog.text


def test_the_uri_may_name_the_function_by_a_stage_variable() -> None:
    """Developer guide, "Use stage variables": ``${stageVariables.name}`` in the integration's URI."""

    class Recording(World):
        async def invoke(
            self, function_arn: str, payload: bytes, region: str, trace_root: str
        ) -> InvocationResult:
            called.append((function_arn, region))
            return await super().invoke(function_arn, payload, region, trace_root)

    called: list[tuple[str, str]] = []
    method = lambda_method(uri=URI.replace(FUNCTION, FUNCTION + ":${stageVariables.alias}"))
    world = Recording(api(method))
    world.stages["beta"] = DeployedStage("beta", "dep1", world.api, variables={"alias": "BETA"})
    world.statements = [{**world.statements[0], "Resource": FUNCTION + ":*"}]
    assert world.call(ECHO, stage="beta").status == 200
    assert called == [(FUNCTION + ":BETA", "us-east-1")]


@pytest.mark.parametrize(
    ("integration", "named"),
    [
        ({"uri": "arn:aws:apigateway:us-east-1:dynamodb:action/PutItem"}, "dynamodb:action/PutItem"),
        ({"type": "HTTP", "uri": "http://example.com"}, "HTTP"),
        ({"credentials": "arn:aws:iam::123456789012:role/none"}, "role/none"),
        ({"request_parameters": {"integration.request.header.X-Amz-Invocation-Type": "'DryRun'"}}, "DryRun"),
        ({"http_method": "GET"}, "GET"),
        ({"request_parameters": {"integration.request.header.Authorization": "'x'"}}, "Authorization"),
    ],
)
def test_what_cannot_be_served_is_a_500_that_names_it(
    integration: dict[str, Any], named: str, caplog: pytest.LogCaptureFixture
) -> None:
    """The sandbox says plainly what it does not support, instead of doing something else."""
    response = tutorial(**integration).call(ECHO)
    assert (response.status, said(response)) == (500, {"message": "Internal server error"})
    assert named in caplog.text


# Binary and text


def test_a_binary_body_is_converted_to_text_for_a_template() -> None:
    """Developer guide, "Content type conversions": CONVERT_TO_TEXT gives base64 for binary media types."""
    method = lambda_method(
        content_handling="CONVERT_TO_TEXT", request_templates={"image/png": '{"image": "$input.body"}'}
    )
    world = World(api(method, binary_media_types=["image/png"]))
    assert world.call(b"\xff\x00", headers={"Content-Type": "image/png"}).status == 200
    assert world.events == [{"image": "/wA="}]


def test_a_base64_body_is_converted_to_binary() -> None:
    """Developer guide, "Content type conversions": CONVERT_TO_BINARY decodes a text from base64."""
    world = tutorial(content_handling="CONVERT_TO_BINARY")
    assert world.call(b"eyJhIjogMX0=").status == 200
    assert world.events == [{"a": 1}]
    assert world.call("not base64!").status == 400


def test_a_base64_result_is_converted_to_binary() -> None:
    """Developer guide, "Return binary media from a Lambda custom integration"."""
    responses = (IntegrationResponse("200", content_handling="CONVERT_TO_BINARY"),)
    world = World(api(lambda_method(responses=responses)), handler=lambda event: event["give"])
    assert world.call('{"give": "iVBO/w=="}').body == b"\x89PN\xff"
    assert world.call('{"give": "!"}').status == 500


@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats(allow_nan=False, allow_infinity=False)
        | st.text(),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
        max_leaves=20,
    )
)
@settings(deadline=None)
def test_every_json_document_reaches_the_function_and_comes_back(document: object) -> None:
    """Developer guide, "Integration passthrough behaviors": nothing is lost or changed on the way."""
    world = tutorial()
    response = world.call(json.dumps(document), headers=JSON)
    assert world.events == [document]
    assert said(response) == document
