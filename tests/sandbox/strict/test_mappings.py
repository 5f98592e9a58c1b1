"""Mapping expressions are checked when they are put, in whatever call; the refusals are AWS's."""

from typing import Any

import pytest

from lambda_over_https.sandbox.client.record import Sandbox
from tests.kit.sandbox.control import URI, BareApi, Clients, refused
from tests.kit.sandbox.imports import INTEGRATION, MOCK, OK, ApiImporter, Document, swagger

ORIGIN, WILD = "method.response.header.Access-Control-Allow-Origin", "'*'"
ASKED = "method.request.querystring.Id"
Refusal = tuple[int, str, str]


def unknown(name: str) -> Refusal:
    return refusal(f"Invalid mapping expression parameter specified: {name}")


def nonsense(text: str) -> Refusal:
    return refusal(f"Invalid mapping expression specified: {text}")


def refusal(error: str) -> Refusal:
    result = f"Validation Result: warnings : [], errors : [{error}]"
    return 400, "BadRequestException", f"Invalid mapping expression specified: {result}"


def patch(path: str, value: str, op: str = "add") -> dict[str, list[dict[str, str]]]:
    escaped = path.replace("~", "~0")
    return {"patchOperations": [{"op": op, "path": escaped, "value": value}]}


@pytest.fixture
def api(aws: Clients, unique: str) -> BareApi:
    """Its method declares a parameter of the query, its response the header of CORS."""
    api = BareApi(aws("apigateway"), unique)
    api.client.put_method(**api.method, authorizationType="NONE", requestParameters={ASKED: False})
    api.client.put_integration(**api.method, type="MOCK")
    api.client.put_method_response(**status(api), responseParameters={ORIGIN: True})
    return api


@pytest.fixture
def imports(aws: Clients, sandbox: Sandbox) -> ApiImporter:
    return ApiImporter(aws("apigateway"), sandbox)


def status(api: BareApi, code: str = "200") -> dict[str, str]:
    return {**api.method, "statusCode": code}


OF_RESPONSES = [
    ("method.response.header.Other", WILD, unknown("method.response.header.Other")),
    ("method.response.header.access-control-allow-origin", WILD, unknown(ORIGIN.lower())),
    ("foo", WILD, nonsense("foo")),
    ("method.response.querystring.a", WILD, nonsense("method.response.querystring.a")),
    (ORIGIN, "*", nonsense("*")),
    (ORIGIN, '"*"', nonsense('"*"')),
    (ORIGIN, "'Content-Type',Authorization", nonsense("'Content-Type',Authorization")),
    (ORIGIN, ASKED, nonsense(ASKED)),
    (ORIGIN, "context.nope", nonsense("context.nope")),
    (ORIGIN, "integration.response.querystring.a", nonsense("integration.response.querystring.a")),
]


@pytest.mark.parametrize(("target", "source", "expected"), OF_RESPONSES)
def test_a_response_sets_what_its_method_declares_from_what_there_is(
    api: BareApi, target: str, source: str, expected: Refusal
) -> None:
    put, update = api.client.put_integration_response, api.client.update_integration_response
    assert refused(put, **status(api), responseParameters={target: source}) == expected
    put(**status(api))
    assert refused(update, **status(api), **patch(f"/responseParameters/{target}", source)) == expected
    assert not api.client.get_integration_response(**status(api)).get("responseParameters")


@pytest.mark.parametrize(
    "source",
    [
        WILD,
        "''",
        "'it''s'",
        "integration.response.header.X-Place",
        "integration.response.multivalueheader.Set-Cookie",
        "integration.response.body",
        "integration.response.body.errorMessage",
        "integration.response.body.items[0].id",
        "stageVariables.page",
        "context.requestId",
        "context.authorizer.claims.sub",
        "context.identity.sourceIp",
    ],
)
def test_a_response_may_take_a_header_from_everything_that_the_guide_lists(api: BareApi, source: str) -> None:
    said = api.client.put_integration_response(**status(api), responseParameters={ORIGIN: source})
    assert said["responseParameters"] == {ORIGIN: source}


def test_headers_need_a_response_of_the_method(api: BareApi) -> None:
    where, put = status(api, "404"), api.client.put_integration_response
    expected = refusal("No method response exists for method.")
    assert refused(put, **where, responseParameters={ORIGIN: WILD}) == expected
    assert put(**where)["statusCode"] == "404"


OF_REQUESTS = [
    ("integration.request.header.A", "method.request.header.A", unknown("method.request.header.A")),
    ("integration.request.header.A", "method.request.path.Id", unknown("method.request.path.Id")),
    (
        "integration.request.querystring.A",
        "method.request.multivalueheader.Id",
        unknown("method.request.multivalueheader.Id"),
    ),
    ("foo", ASKED, nonsense("foo")),
    ("integration.request.body.a", ASKED, nonsense("integration.request.body.a")),
    ("integration.request.header.A", "foo", nonsense("foo")),
    ("integration.request.header.A", "Event", nonsense("Event")),
    ("integration.request.header.A", "context.nope", nonsense("context.nope")),
    ("integration.request.header.A", "integration.response.body", nonsense("integration.response.body")),
]


@pytest.mark.parametrize(("target", "source", "expected"), OF_REQUESTS)
def test_an_integration_reads_what_its_method_declares(
    api: BareApi, target: str, source: str, expected: Refusal
) -> None:
    put, update = api.client.put_integration, api.client.update_integration
    assert refused(put, **api.method, type="MOCK", requestParameters={target: source}) == expected
    assert refused(update, **api.method, **patch(f"/requestParameters/{target}", source)) == expected
    assert not api.client.get_integration(**api.method).get("requestParameters")


@pytest.mark.parametrize(
    "source",
    [
        ASKED,
        "method.request.multivaluequerystring.Id",
        "method.request.body",
        "method.request.body.payload.Item",
        "stageVariables.table",
        "context.requestTimeEpoch",
        "'Event'",
    ],
)
def test_an_integration_may_read_everything_that_the_guide_lists(api: BareApi, source: str) -> None:
    mapping = {"integration.request.header.A": source}
    said = api.client.put_integration(
        **api.method, type="AWS", integrationHttpMethod="POST", uri=URI, requestParameters=mapping
    )
    assert said["requestParameters"] == mapping


def test_a_cache_key_is_a_parameter_of_the_method(api: BareApi) -> None:
    update, other = api.client.update_integration, "method.request.querystring.Other"
    assert refused(update, **api.method, **patch(f"/cacheKeyParameters/{other}", "")) == unknown(other)
    said = update(**api.method, **patch(f"/cacheKeyParameters/{ASKED}", ""))
    assert said["cacheKeyParameters"] == [ASKED]


def test_a_mapping_from_before_its_declaration_went_does_not_hinder_other_changes(api: BareApi) -> None:
    update, mapping = api.client.update_integration, "integration.request.header.A"
    update(**api.method, **patch(f"/requestParameters/{mapping}", ASKED))
    api.client.update_method(**api.method, **patch(f"/requestParameters/{ASKED}", "", "remove"))
    assert update(**api.method, **patch("/timeoutInMillis", "900", "replace"))["timeoutInMillis"] == 900


def test_a_method_declares_headers_of_its_responses_only(api: BareApi) -> None:
    put, update = api.client.put_method_response, api.client.update_method_response
    assert refused(put, **status(api, "404"), responseParameters={"foo": True}) == nonsense("foo")
    change = patch("/responseParameters/method.response.path.a", "true")
    assert refused(update, **status(api), **change) == nonsense("method.response.path.a")


def test_a_parameter_of_a_method_has_a_name_of_letters_digits_and_a_few_signs(api: BareApi) -> None:
    rule = "Parameter name should match the following regular expression: ^[a-zA-Z0-9._$-]+$"
    change = patch("/requestParameters/method.request.querystring.page[size]", "true")
    assert refused(api.client.update_method, **api.method, **change) == refusal(rule)


@pytest.mark.parametrize(
    ("target", "source", "text"),
    [
        ("foo", WILD, "foo"),
        ("gatewayresponse.body", WILD, "gatewayresponse.body"),
        ("gatewayresponse.header.A", "*", "*"),
        ("gatewayresponse.header.A", "integration.response.body", "integration.response.body"),
    ],
)
def test_a_gateway_response_takes_its_headers_from_the_request(
    api: BareApi, target: str, source: str, text: str
) -> None:
    where = {"restApiId": api.id, "responseType": "DEFAULT_4XX"}
    put, update = api.client.put_gateway_response, api.client.update_gateway_response
    assert refused(put, **where, responseParameters={target: source}) == nonsense(text)
    assert refused(update, **where, **patch(f"/responseParameters/{target}", source)) == nonsense(text)


def test_a_gateway_response_may_show_what_was_asked(api: BareApi) -> None:
    mappings = {
        "gatewayresponse.header.x-request-path": "method.request.path.petId",
        "gatewayresponse.querystring.x-query": "method.request.querystring.q",
        "gatewayresponse.path.x-header": "method.request.header.Accept",
        "gatewayresponse.header.Access-Control-Allow-Origin": WILD,
        "gatewayresponse.header.x-error": "context.error.responseType",
    }
    said = api.client.put_gateway_response(
        restApiId=api.id, responseType="DEFAULT_4XX", responseParameters=mappings
    )
    assert said["responseParameters"] == mappings


def document(name: str, **headers: Any) -> Document:
    """One GET whose integration's response sets a header; the method's response has ``headers``."""
    response = {"statusCode": "200", "responseParameters": {ORIGIN: WILD}}
    integration = {**MOCK, "responses": {"default": response}}
    return swagger(
        name,
        paths={"/x": {"get": {"responses": {"200": {**OK["200"], **headers}}, INTEGRATION: integration}}},
    )


def test_an_import_with_a_header_that_is_not_declared_is_refused_as_a_whole(
    imports: ApiImporter, unique: str
) -> None:
    what = "Unable to put integration response on 'GET' for resource at path '/x'"
    expected = 400, "BadRequestException", f"Errors found during import:\n\t{what}: {unknown(ORIGIN)[2]}"
    assert imports.refusal(document(unique)) == expected
    assert unique not in imports.names()
    declared = {"headers": {"Access-Control-Allow-Origin": {"type": "string"}}}
    made = imports.make(document(unique, **declared))
    assert refused(imports.put, api=made["id"], document=document(unique)) == expected
