"""Gateway responses in the control plane, as recorded on AWS."""

from typing import Any

import pytest

from tests.kit.sandbox.control import BareApi, Clients, refused

JSON = "application/json"
TEMPLATE = '{"message":$context.error.messageString}'
HEADER = "gatewayresponse.header.Access-Control-Allow-Origin"


@pytest.fixture
def api(aws: Clients, unique: str) -> BareApi:
    return BareApi(aws("apigateway"), unique)


def named(api: BareApi, kind: str) -> dict[str, str]:
    return {"restApiId": api.id, "responseType": kind}


def told(answer: dict[str, Any]) -> tuple[bool, str | None, Any, Any]:
    """What an answer tells: whether it is AWS's own, its status, parameters and JSON template."""
    members = answer["responseParameters"], answer["responseTemplates"][JSON]
    return answer["defaultResponse"], answer.get("statusCode"), *members


def test_a_response_that_nobody_has_set_is_awss(api: BareApi) -> None:
    found = api.client.get_gateway_response(**named(api, "MISSING_AUTHENTICATION_TOKEN"))
    assert told(found) == (True, "403", {}, TEMPLATE)
    assert told(api.client.get_gateway_response(**named(api, "DEFAULT_4XX"))) == (True, None, {}, TEMPLATE)


def test_what_is_not_said_is_as_awss_own(api: BareApi) -> None:
    where = named(api, "MISSING_AUTHENTICATION_TOKEN")
    assert told(api.client.put_gateway_response(**where, statusCode="404")) == (False, "404", {}, TEMPLATE)
    only_header = api.client.put_gateway_response(**where, responseParameters={HEADER: "'*'"})
    assert told(only_header) == (False, "403", {HEADER: "'*'"}, TEMPLATE)
    gone = api.client.delete_gateway_response(**where)
    assert gone["ResponseMetadata"]["HTTPStatusCode"] == 202
    assert told(api.client.get_gateway_response(**where)) == (True, "403", {}, TEMPLATE)


def test_all_types_are_listed_and_a_default_shows_in_those_that_are_not_set(api: BareApi) -> None:
    api.client.put_gateway_response(
        **named(api, "DEFAULT_5XX"), statusCode="599", responseParameters={HEADER: "'*'"}
    )
    api.client.put_gateway_response(**named(api, "AUTHORIZER_FAILURE"), responseParameters={})
    found = {
        each["responseType"]: told(each)
        for each in api.client.get_gateway_responses(restApiId=api.id)["items"]
    }
    assert len(found) == 21
    assert found["INTEGRATION_FAILURE"] == (True, "599", {HEADER: "'*'"}, TEMPLATE)
    assert found["AUTHORIZER_FAILURE"] == (False, "500", {}, TEMPLATE)
    assert found["THROTTLED"] == (True, "429", {}, TEMPLATE)


def test_a_response_is_changed_or_made_by_a_patch(api: BareApi) -> None:
    where = named(api, "DEFAULT_4XX")
    status = {"op": "replace", "path": "/statusCode", "value": "444"}
    made = api.client.update_gateway_response(**where, patchOperations=[status])
    assert told(made) == (False, "444", {}, TEMPLATE)
    patches = [
        {"op": "add", "path": f"/responseParameters/{HEADER}", "value": "'*'"},
        {"op": "replace", "path": f"/responseParameters/{HEADER}", "value": "'a.b'"},
        {"op": "add", "path": "/responseTemplates/application~1json", "value": "{}"},
    ]
    changed = api.client.update_gateway_response(**where, patchOperations=patches)
    assert told(changed) == (False, "444", {HEADER: "'a.b'"}, "{}")
    patches = [{"op": "remove", "path": f"/responseParameters/{HEADER}"}]
    assert told(api.client.update_gateway_response(**where, patchOperations=patches))[2] == {}


@pytest.mark.parametrize(
    ("op", "path", "value", "message"),
    [
        ("add", "/statusCode", "444", "Invalid patch path /statusCode"),
        ("remove", "/statusCode", "", "Invalid patch path /statusCode"),
        ("add", "/wrongPath", "x", "Invalid patch path /wrongPath"),
        ("add", "", "x", "Invalid patch path null"),
        ("replace", f"/responseParameters/{HEADER}", "'*'", "Invalid parameter name specified"),
        ("add", "/responseTemplates/a~1b", "", "Invalid null or empty value in responseTemplates"),
        ("add", f"/responseParameters/{HEADER}", "", "Invalid null or empty value in responseParameters"),
    ],
)
def test_what_a_patch_cannot_do(api: BareApi, op: str, path: str, value: str, message: str) -> None:
    where = named(api, "DEFAULT_4XX")
    patches = [
        {"op": "replace", "path": "/statusCode", "value": "444"},
        {"op": op, "path": path, "value": value},
    ]
    assert refused(api.client.update_gateway_response, **where, patchOperations=patches)[2] == message
    assert api.client.get_gateway_response(**where)["defaultResponse"]
