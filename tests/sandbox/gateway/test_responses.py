"""Gateway responses: what the gateway answers itself, and how an API changes that."""

import pytest

from lambda_over_https.sandbox.model.apis import (
    DeployedStage,
    GatewayResponse,
    IntegrationResponse,
    Method,
    Resource,
)
from tests.kit.sandbox.gateway import (
    FUNCTION,
    PATH,
    World,
    allow,
    api,
    header,
    lambda_method,
    mock_method,
    said,
)

MISSING_TOKEN = ({"message": "Missing Authentication Token"}, "MissingAuthenticationTokenException")
FORBIDDEN = ({"message": "Forbidden"}, "ForbiddenException")


@pytest.mark.parametrize(
    ("path", "verb"),
    [
        ("/nope", "POST"),
        (PATH, "GET"),
        ("/dynamodbmanager", "POST"),
        ("/", "POST"),
        (f"{PATH}/more", "POST"),
        ("/%44ynamoDBManager", "POST"),
    ],
)
def test_a_wrong_path_or_method_is_403_missing_authentication_token(path: str, verb: str) -> None:
    """Developer guide, "Gateway response types", MISSING_AUTHENTICATION_TOKEN; paths are case-sensitive."""
    response = World(api(lambda_method())).call("{}", path, verb)
    assert (response.status, said(response), header(response, "x-amzn-ErrorType")) == (403, *MISSING_TOKEN)
    assert header(response, "x-amzn-RequestId")
    assert header(response, "x-amz-apigw-id")
    assert header(response, "Content-Type") == "application/json"
    assert header(response, "X-Amzn-Trace-Id") is None


def test_a_header_can_override_the_method() -> None:
    """Developer guide, "Amazon API Gateway important notes": ``X-HTTP-Method-Override``."""
    world = World(api(lambda_method(), mock_method(template='{"statusCode": 200}')))
    response = world.call(headers={"X-HTTP-Method-Override": "get"})
    assert (response.status, response.body, world.payloads) == (200, b"", [])


def test_an_unknown_stage_or_api_is_403_forbidden() -> None:
    """Knowledge Center, "HTTP 403 Forbidden errors from API Gateway": a stage or API that does not exist."""
    world = World(api(lambda_method()))
    for response in (world.call("{}", stage="nope"), world.call("{}", api_id="deleted")):
        assert (response.status, said(response), header(response, "x-amzn-ErrorType")) == (403, *FORBIDDEN)


def test_a_disabled_endpoint_is_403_forbidden() -> None:
    """Developer guide, "Disable the default endpoint for REST APIs"."""
    response = World(api(lambda_method(), disable_execute_api_endpoint=True)).call("{}")
    assert (response.status, said(response)) == (403, {"message": "Forbidden"})


def test_only_what_was_deployed_is_served() -> None:
    """Developer guide, "Deploy REST APIs": a stage serves the snapshot of its deployment."""
    world = World(api(lambda_method()))
    world.api = api(lambda_method(), lambda_method("GET"))
    assert world.call("{}", verb="GET").status == 403
    world.stages["prod"] = DeployedStage("prod", "dep2", world.api)
    assert world.call("{}", verb="GET").status == 200


def test_stages_stand_side_by_side() -> None:
    """Developer guide, "Set up a stage for a REST API": each points to a deployment of its own."""
    world = World(api(mock_method()))
    world.stages["beta"] = DeployedStage("beta", "dep2", api(mock_method(template='{"statusCode": 201}')))
    assert world.call(verb="GET").status == 200
    assert world.call(verb="GET", stage="beta").status == 200
    assert world.call(stage="beta").status == 403


@pytest.mark.parametrize(
    "statements",
    [
        pytest.param([], id="no policy"),
        pytest.param([allow("/prod/POST/dynamodbmanager")], id="path in another case"),
        pytest.param([allow("/test/POST/DynamoDBManager")], id="another stage"),
        pytest.param([allow("/*/GET/DynamoDBManager")], id="another method"),
        pytest.param([allow("/*/*/*", Principal={"Service": "events.amazonaws.com"})], id="another service"),
        pytest.param([allow("/*/*/*", Action="lambda:GetFunction")], id="another action"),
        pytest.param([allow("/*/*/*", Resource=f"{FUNCTION}:1")], id="another version"),
        pytest.param([allow("/*/*/*"), allow("/*/*/*", Effect="Deny")], id="denied as well"),
    ],
)
def test_without_permission_the_answer_is_500_internal_server_error(
    statements: list[dict[str, object]], caplog: pytest.LogCaptureFixture
) -> None:
    """Knowledge Center, "Invalid permissions on Lambda function": the function's policy is looked at."""
    world = World(api(lambda_method()), statements=statements)
    response = world.call("{}")
    assert (response.status, said(response)) == (500, {"message": "Internal server error"})
    assert header(response, "x-amzn-ErrorType") == "InternalServerErrorException"
    assert world.payloads == []
    assert (
        "Execution failed due to configuration error: Invalid permissions on Lambda function" in caplog.text
    )


def test_an_api_with_iam_authorization_wants_a_signature(caplog: pytest.LogCaptureFixture) -> None:
    """Developer guide, "Control access with IAM permissions": the sandbox checks none, and says so."""
    signed = Method("POST", authorization_type="AWS_IAM", integration=lambda_method().integration)
    world = World(api(signed))
    assert world.call("{}").status == 403
    assert world.call("{}", headers={"Authorization": "AWS4-HMAC-SHA256 …"}).status == 500
    assert "AWS_IAM" in caplog.text


# Customised


def customised(*responses: GatewayResponse) -> World:
    """The tutorial's API with these gateway responses."""
    return World(api(lambda_method(), gateway_responses={each.response_type: each for each in responses}))


def test_a_gateway_response_changes_status_body_and_headers() -> None:
    """Developer guide, "Set up a gateway response": PutGatewayResponse's four members."""
    world = customised(
        GatewayResponse(
            "MISSING_AUTHENTICATION_TOKEN",
            status_code="404",
            response_parameters={
                "gatewayresponse.header.Access-Control-Allow-Origin": "'*'",
                "gatewayresponse.header.X-Path": "method.request.header.X-From",
                "gatewayresponse.header.X-None": "method.request.header.X-Missing",
            },
            response_templates={
                "application/json": '{"error": $context.error.messageString, "was": "$context.error.message",'
                ' "type": "$context.error.responseType", "id": "$context.requestId", "in": "$context.stage"}'
            },
        )
    )
    response = world.call(path="/nope", headers={"X-From": "here"})
    assert response.status == 404
    assert said(response) == {
        "error": "Missing Authentication Token",
        "was": "Missing Authentication Token",
        "type": "MISSING_AUTHENTICATION_TOKEN",
        "id": header(response, "x-amzn-RequestId"),
        "in": "prod",
    }
    assert header(response, "Access-Control-Allow-Origin") == "*"
    assert header(response, "X-Path") == "here"
    assert header(response, "X-None") is None


@pytest.mark.parametrize(
    ("template", "body"),
    [
        ("$context.error.responseType", "MISSING_AUTHENTICATION_TOKEN"),
        ("${context.error.responseType}s", "MISSING_AUTHENTICATION_TOKENs"),
        ("${stageVariables.colour}-$stageVariables.colour", "blue-blue"),
        ("$method.request.querystring.q.", "here."),
        ("[$context.nothing]", "[]"),
        ("[${stageVariables.nothing}]", "[]"),
        ("[$context.error.validationErrorString]", "[]"),
        ("$input.body #if(true)$5#end", "$input.body #if(true)$5#end"),
    ],
)
def test_a_template_of_a_gateway_response_only_replaces_variables(template: str, body: str) -> None:
    """Developer guide, "Set up a gateway response": no Velocity; what has no value becomes nothing."""
    custom = GatewayResponse("DEFAULT_4XX", response_templates={"application/json": template})
    world = customised(custom).with_stage(variables={"colour": "blue"})
    assert world.call(path="/nope", query="q=here").body == body.encode()


def test_a_gateway_response_spells_its_own_headers_as_aws_does() -> None:
    response = customised(GatewayResponse("DEFAULT_4XX", status_code="404")).call(path="/nope")
    names = [name for name, _ in response.headers]
    assert {"Content-Type", "x-amzn-ErrorType"} <= set(names)
    assert header(response, "x-amzn-ErrorType") == "MissingAuthenticationTokenException"


def test_a_gateway_response_leaves_out_what_cannot_stand_in_a_header() -> None:
    """A value with a line break would be a second header."""
    parameters = {"gatewayresponse.header.X-Q": "method.request.querystring.q"}
    world = customised(GatewayResponse("DEFAULT_4XX", response_parameters=parameters))
    assert header(world.call(path="/nope", query="q=fine"), "X-Q") == "fine"
    response = world.call(path="/nope", query="q=a%0d%0aSet-Cookie:b")
    assert (response.status, header(response, "X-Q")) == (403, None)


def test_default_4xx_and_5xx_stand_in_for_the_others() -> None:
    """Developer guide, "Gateway response types": DEFAULT_4XX and DEFAULT_5XX, with a status or without."""
    headers = {"gatewayresponse.header.Access-Control-Allow-Origin": "'*'"}
    world = customised(
        GatewayResponse("DEFAULT_4XX", response_parameters=headers),
        GatewayResponse("DEFAULT_5XX", status_code="503", response_parameters=headers),
    )
    missing = world.call(path="/nope")
    assert (missing.status, said(missing)) == (403, {"message": "Missing Authentication Token"})
    assert header(missing, "Access-Control-Allow-Origin") == "*"
    world.statements = []
    failed = world.call("{}")
    assert (failed.status, said(failed)) == (503, {"message": "Internal server error"})
    assert header(failed, "Access-Control-Allow-Origin") == "*"


def test_a_gateway_response_that_cannot_be_made_is_a_500() -> None:
    """A mapping expression that is none of AWS's, in the answer to an error."""
    parameters = {"gatewayresponse.header.X": "method.request.nonsense"}
    response = customised(GatewayResponse("DEFAULT_4XX", response_parameters=parameters)).call(path="/nope")
    assert (response.status, said(response)) == (500, {"message": "Internal server error"})


def test_the_first_accepted_type_chooses_the_template() -> None:
    """Developer guide, "Set up a gateway response": templates by content type."""
    templates = {"application/json": "{}", "text/plain": "oops: $context.error.message"}
    world = customised(GatewayResponse("DEFAULT_4XX", response_templates=templates))
    plain = world.call(path="/nope", headers={"Accept": "text/plain, application/json"})
    assert (plain.body, header(plain, "Content-Type")) == (
        b"oops: Missing Authentication Token",
        "text/plain",
    )
    assert world.call(path="/nope", headers={"Accept": "image/png"}).body == b"{}"


def test_413_cannot_be_customised() -> None:
    """Developer guide, "Amazon API Gateway important notes": 413 REQUEST_TOO_LARGE cannot be customised."""
    world = customised(GatewayResponse("DEFAULT_4XX", status_code="400"))
    assert world.call(b"x" * (10 * 1024 * 1024 + 1)).status == 413


# Header mappings of the integration's answer


def test_response_parameters_set_headers() -> None:
    """Developer guide, "API Gateway data mapping reference": the integration response's sources."""
    parameters = {
        "method.response.header.X-Static": "'text'",
        "method.response.header.X-Version": "integration.response.header.X-Amz-Executed-Version",
        "method.response.header.X-Body": "integration.response.body.a.b[1]",
        "method.response.header.X-Object": "integration.response.body.a",
        "method.response.header.X-Stage": "context.stage",
        "method.response.header.X-Variable": "stageVariables.colour",
        "method.response.header.X-Nothing": "integration.response.body.nope",
        "method.response.header.Content-Type": "'application/vnd.api+json'",
    }
    response = IntegrationResponse("200", response_parameters=parameters)
    world = World(api(lambda_method(responses=(response,)))).with_stage(variables={"colour": "blue"})
    found = world.call('{"a": {"b": [1, "two"]}}')
    expected = {
        "X-Static": "text",
        "X-Version": "$LATEST",
        "X-Body": "two",
        "X-Object": '{"b":[1,"two"]}',
        "X-Stage": "prod",
        "X-Variable": "blue",
        "X-Nothing": None,
        "Content-Type": "application/vnd.api+json",
    }
    assert {name: header(found, name) for name in expected} == expected


@pytest.mark.parametrize(
    "name", ["Date", "Server", "Authorization", "Connection", "Host", "WWW-Authenticate"]
)
def test_some_headers_are_remapped(name: str) -> None:
    """Developer guide, "Amazon API Gateway important notes": renamed to x-amzn-Remapped-…."""
    response = IntegrationResponse("200", response_parameters={f"method.response.header.{name}": "'mine'"})
    found = World(api(lambda_method(responses=(response,)))).call("{}")
    assert header(found, f"x-amzn-Remapped-{name}") == "mine"
    assert header(found, name) is None


@pytest.mark.parametrize("value", ["a\r\nSet-Cookie: b", "naïve → text", "nul\0"])
def test_what_cannot_stand_in_a_header_is_refused(value: str, caplog: pytest.LogCaptureFixture) -> None:
    """A value with a line break would be a second header."""
    parameters = {"method.response.header.X-Value": "integration.response.body.value"}
    response = IntegrationResponse("200", response_parameters=parameters)
    world = World(api(lambda_method(responses=(response,))), handler=lambda event: {"value": value})
    assert world.call("{}").status == 500
    assert "X-Value" in caplog.text


def test_an_unknown_mapping_expression_is_named(caplog: pytest.LogCaptureFixture) -> None:
    """The sandbox says plainly what it does not support."""
    parameters = {"method.response.header.X": "integration.response.trailer.Y"}
    world = World(api(lambda_method(responses=(IntegrationResponse("200", response_parameters=parameters),))))
    assert world.call("{}").status == 500
    assert "integration.response.trailer.Y" in caplog.text


def test_a_method_without_integration_is_a_500(caplog: pytest.LogCaptureFixture) -> None:
    """Such a method cannot be deployed; TestInvokeMethod reaches it."""
    answer = World(api(resources=[Resource("res1", PATH, {"POST": Method("POST")})])).test()
    assert answer["status"] == 500
    assert "No integration defined for method" in answer["log"]
