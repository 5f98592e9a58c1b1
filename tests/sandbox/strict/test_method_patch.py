"""UpdateMethod changes what AWS lets it change, and the next deployment serves it."""

import pytest

from lambda_over_https.sandbox.client.record import Sandbox
from tests.kit.sandbox.control import BareApi, Clients, MockApi, refused
from tests.kit.sandbox.live_api import post


@pytest.fixture
def api(aws: Clients, unique: str) -> BareApi:
    api = BareApi(aws("apigateway"), unique)
    api.put_method()
    return api


def patch(op: str, path: str, value: str = "") -> dict[str, list[dict[str, str]]]:
    return {"patchOperations": [{"op": op, "path": path, "value": value}]}


@pytest.mark.parametrize(
    ("path", "value", "member", "expected"),
    [
        ("/authorizationType", "AWS_IAM", "authorizationType", "AWS_IAM"),
        ("/apiKeyRequired", "true", "apiKeyRequired", True),
        ("/operationName", "manage", "operationName", "manage"),
        (
            "/requestParameters/method.request.querystring.page",
            "true",
            "requestParameters",
            {"method.request.querystring.page": True},
        ),
        ("/requestModels/application~1json", "Empty", "requestModels", {"application/json": "Empty"}),
    ],
)
def test_a_replacement_is_kept(api: BareApi, path: str, value: str, member: str, expected: object) -> None:
    said = api.client.update_method(**api.method, **patch("replace", path, value))
    assert said[member] == expected
    assert api.client.get_method(**api.method)[member] == expected


def test_a_validator_is_put_in_place(api: BareApi) -> None:
    made = api.client.create_request_validator(restApiId=api.id, name="body", validateRequestBody=True)
    change = patch("replace", "/requestValidatorId", made["id"])
    assert api.client.update_method(**api.method, **change)["requestValidatorId"] == made["id"]


def test_what_is_no_boolean_is_false_and_an_authorizer_that_is_not_asked_is_dropped(api: BareApi) -> None:
    """As recorded on AWS."""
    api.client.update_method(**api.method, **patch("replace", "/apiKeyRequired", "true"))
    said = api.client.update_method(**api.method, **patch("replace", "/apiKeyRequired", "whatever"))
    assert said["apiKeyRequired"] is False
    assert "authorizerId" not in api.client.update_method(
        **api.method, **patch("replace", "/authorizerId", "abc123")
    )


@pytest.mark.parametrize("op", ["replace", "remove"])
@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("/responseParameters/method.response.header.A", "Invalid parameter name specified"),
        ("/responseModels/a~1b", "Content-Type specified was not found"),
    ],
)
def test_only_what_is_there_is_replaced_or_removed(api: BareApi, op: str, path: str, message: str) -> None:
    where, update = {**api.method, "statusCode": "200"}, api.client.update_method_response
    api.client.put_method_response(**where)
    assert refused(update, **where, **patch(op, path, "true")) == (404, "NotFoundException", message)


def test_an_entry_is_removed(api: BareApi) -> None:
    path = "/requestModels/application~1json"
    api.client.update_method(**api.method, **patch("add", path, "Empty"))
    assert not api.client.update_method(**api.method, **patch("remove", path)).get("requestModels")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (patch("replace", "/authorizationType", "MAGIC"), "Invalid authorization type specified. Valid opt"),
        (patch("replace", "/authorizationType", "CUSTOM"), "Invalid authorizer ID specified."),
        (patch("replace", "/requestValidatorId", "none"), "Invalid Request Validator identifier specified"),
        (patch("replace", "/requestModels/text~1plain", "None"), "Invalid model identifier specified: None"),
        (patch("replace", "/httpMethod", "GET"), "Invalid patch path /httpMethod"),
        (patch("add", "/requestModels/text/plain", "Empty"), "Invalid patch path /requestModels/text/plain"),
        (
            patch("remove", "/authorizationType"),
            "Invalid patch operation specified. Must be one of: [replace]",
        ),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(
    api: BareApi, change: dict[str, list[dict[str, str]]], message: str
) -> None:
    before = {**api.client.get_method(**api.method), "ResponseMetadata": None}
    status, code, said = refused(api.client.update_method, **api.method, **change)
    assert (status, code) == (400, "BadRequestException")
    assert said.startswith(message)
    assert {**api.client.get_method(**api.method), "ResponseMetadata": None} == before


def test_a_method_begins_to_ask_for_keys_with_the_next_deployment(
    sandbox: Sandbox, aws: Clients, unique: str
) -> None:
    api = MockApi(aws("apigateway"), unique)
    api.put_method()
    api.client.put_method_response(**api.method, statusCode="200")
    api.answer("one")
    api.deploy()
    api.client.update_method(**api.method, **patch("replace", "/apiKeyRequired", "true"))
    assert post(sandbox, api.id) == (200, "one")
    api.deploy()
    assert post(sandbox, api.id)[0] == 403


def test_a_responses_headers_come_and_go(api: BareApi) -> None:
    """Patch operations of UpdateMethodResponse: entries of responseParameters and responseModels."""
    name = "method.response.header.Access-Control-Allow-Origin"
    where = {**api.method, "statusCode": "200"}
    api.client.put_method_response(**where, responseModels={"application/json": "Empty"})
    said = api.client.update_method_response(**where, **patch("add", f"/responseParameters/{name}", "false"))
    assert (said["responseParameters"], said["ResponseMetadata"]["HTTPStatusCode"]) == ({name: False}, 201)
    model = patch("replace", "/responseModels/application~1json", "Error")
    assert api.client.update_method_response(**where, **model)["responseModels"] == {
        "application/json": "Error"
    }
    api.client.update_method_response(**where, **patch("remove", f"/responseParameters/{name}"))
    assert api.client.get_method_response(**where)["responseParameters"] == {}


def test_a_response_that_cannot_be_is_refused_and_stays(api: BareApi) -> None:
    where, update = {**api.method, "statusCode": "200"}, api.client.update_method_response
    _, code, _ = refused(update, **where, **patch("add", "/responseModels/a~1b", "Empty"))
    assert code == "NotFoundException"
    api.client.put_method_response(**where)
    for path, value in (("/statusCode", "201"), ("/responseModels/a~1b", "missing")):
        _, code, _ = refused(update, **where, **patch("add", path, value))
        assert code == "BadRequestException"
    assert not api.client.get_method_response(**where).get("responseModels")
