"""MOCK integrations, and CORS by OPTIONS as the developer guide sets it up."""

import pytest

from lambda_over_https.sandbox.model.apis import IntegrationResponse, Resource
from tests.kit.sandbox.gateway import JSON, PATH, World, api, header, lambda_method, mock_method, said

CORS = {
    "method.response.header.Access-Control-Allow-Headers": "'Content-Type,Authorization'",
    "method.response.header.Access-Control-Allow-Methods": "'OPTIONS,POST'",
    "method.response.header.Access-Control-Allow-Origin": "'*'",
}


def test_a_preflight_is_answered_without_the_function() -> None:
    """Developer guide, "Enable CORS for a REST API resource": OPTIONS with MOCK and three headers."""
    options = mock_method("OPTIONS", responses=(IntegrationResponse("200", response_parameters=CORS),))
    world = World(api(options, lambda_method()), statements=[])
    response = world.call(verb="OPTIONS", headers={"Origin": "https://example.com"})
    assert (response.status, response.body) == (200, b"")
    assert header(response, "Access-Control-Allow-Origin") == "*"
    assert header(response, "Access-Control-Allow-Methods") == "OPTIONS,POST"
    assert header(response, "Access-Control-Allow-Headers") == "Content-Type,Authorization"
    assert header(response, "X-Amzn-Trace-Id") is None


RESPONSES = (
    IntegrationResponse("200", response_templates={"application/json": '{"was": "default"}'}),
    IntegrationResponse(
        "404", selection_pattern="4\\d{2}", response_templates={"application/json": '{"was": 4}'}
    ),
)


@pytest.mark.parametrize(("template", "status"), [('{"statusCode": 200}', 200), ("{statusCode: 404}", 404)])
def test_the_status_code_of_the_template_selects_the_response(template: str, status: int) -> None:
    """Developer guide, "Set up mock integrations": selection patterns look at statusCode."""
    assert World(api(mock_method(template=template, responses=RESPONSES))).call(verb="GET").status == status


def test_the_template_may_choose_by_a_parameter() -> None:
    """Developer guide, "Set up mock integrations", the example with ``$input.params('scope')``."""
    template = """{
        #if( $input.params('scope') == "internal" ) "statusCode": 200 #else "statusCode": 404 #end
    }"""
    world = World(api(mock_method(template=template, responses=RESPONSES)))
    assert said(world.call(verb="GET", query="scope=internal")) == {"was": "default"}
    assert world.call(verb="GET", query="scope=public").status == 404


@pytest.mark.parametrize("template", ["{}", "", '{"statusCode": "abc"}'])
def test_without_a_status_code_it_is_a_500(template: str, caplog: pytest.LogCaptureFixture) -> None:
    """Developer guide, "Set up mock integrations": the request template has to return a status code."""
    assert World(api(mock_method(template=template))).call(verb="GET").status == 500
    assert "Unable to parse statusCode. It should be an integer" in caplog.text


def test_overrides_pass_from_the_request_template_to_the_answer() -> None:
    """Developer guide, "Override your API's request and response parameters and status codes"."""
    request = """#set($context.responseOverride.status = 444)
        #set($context.responseOverride.header.foo = "bar")
        #set($name = "q")#set($context.requestOverride.querystring[$name] = "v")
        {"statusCode": 200}"""
    template = '{"status": "$context.responseOverride.status", "q": "$context.requestOverride.querystring.q"}'
    responses = (IntegrationResponse("200", response_templates={"application/json": template}),)
    response = World(api(mock_method(template=request, responses=responses))).call(verb="GET")
    assert (response.status, said(response), header(response, "foo")) == (
        444,
        {"status": "444", "q": "v"},
        "bar",
    )


def test_an_override_that_is_no_status_is_a_500(caplog: pytest.LogCaptureFixture) -> None:
    """A status is a number from 100 to 599."""
    request = '#set($context.responseOverride.status = "teapot"){"statusCode": 200}'
    assert World(api(mock_method(template=request))).call(verb="GET").status == 500
    assert "teapot" in caplog.text


def test_a_path_parameter_reaches_the_response_template() -> None:
    """Developer guide, "Mapping template reference": ``$input.params`` looks at the path first."""
    template = {"application/json": '{"petId": "$input.params(\'petId\')"}'}
    responses = (IntegrationResponse("200", response_templates=template),)
    resource = Resource("res1", f"{PATH}/{{petId}}", {"GET": mock_method(responses=responses)})
    response = World(api(resources=[resource])).call(path=f"{PATH}/123", verb="GET", headers=JSON)
    assert said(response) == {"petId": "123"}


def test_the_key_of_the_response_template_is_the_content_type() -> None:
    """Developer guide, "Content type conversions": the type the client accepts, if there is a template."""
    templates = {"application/json": "{}", "text/html": "<p>"}
    world = World(api(mock_method(responses=(IntegrationResponse("200", response_templates=templates),))))
    html = world.call(verb="GET", headers={"Accept": "text/html, */*"})
    assert (html.body, header(html, "Content-Type")) == (b"<p>", "text/html")
    assert (
        header(world.call(verb="GET", headers={"Accept": "image/png"}), "Content-Type") == "application/json"
    )
