"""Request validators: required parameters, and bodies by model."""

import json
from dataclasses import replace
from typing import Any

import pytest

from lambda_over_https.sandbox.model.apis import GatewayResponse, Model, RequestValidator
from tests.kit.sandbox.gateway import FORM, JSON, World, api, header, lambda_method, said

VALIDATORS = {
    "parameters": RequestValidator("parameters", validate_request_parameters=True),
    "body": RequestValidator("body", validate_request_body=True),
    "neither": RequestValidator("neither"),
}
EVENT = {
    "$schema": "http://json-schema.org/draft-04/schema#",
    "title": "Event",
    "type": "object",
    "required": ["operation"],
    "properties": {
        "operation": {"enum": ["create", "read", "update", "delete", "list", "echo", "ping"]},
        "tableName": {"type": "string"},
        "payload": {"type": "object"},
    },
}


def world(validator: str, schema: Any = EVENT, models: dict[str, str] | None = None, **members: Any) -> World:
    """The tutorial's API with a validator, and ``schema`` as the model Event."""
    method = replace(
        lambda_method(),
        request_validator_id=validator,
        request_models=models if models is not None else {"application/json": "Event"},
        request_parameters={
            "method.request.querystring.q": True,
            "method.request.header.X-Needed": True,
            "method.request.header.X-Optional": False,
        },
    )
    event = Model("Event", "application/json", json.dumps(schema))
    item = Model("Item", "application/json", '{"type": "object", "required": ["Id"]}')
    known = {"Event": event, "Item": item}
    return World(api(method, request_validators=VALIDATORS, models=known, **members))


def test_missing_parameters_are_named_in_order() -> None:
    """Developer guide, "Request validation for REST APIs"; headers first, then path, then query string."""
    response = world("parameters").call('{"any": 1}')
    assert response.status == 400
    assert said(response) == {"message": "Missing required request parameters: [X-Needed, q]"}
    assert header(response, "x-amzn-ErrorType") == "BadRequestException"


def test_an_empty_parameter_counts_as_missing() -> None:
    """Developer guide, "Request validation for REST APIs": included in the request and not blank."""
    response = world("parameters").call("{}", headers={"X-Needed": "1"}, query="q=")
    assert said(response) == {"message": "Missing required request parameters: [q]"}
    response = world("parameters").call("{}", headers={"X-Needed": ""}, query="q=1")
    assert said(response) == {"message": "Missing required request parameters: [X-Needed]"}
    assert world("parameters").call("{}", headers={"x-needed": "1"}, query="q=1").status == 200


def test_a_parameter_that_is_not_required_may_be_absent_or_empty() -> None:
    """Developer guide, "Request validation for REST APIs"."""
    for headers in ({}, {"X-Optional": ""}):
        sent = {"X-Needed": "1", **headers}
        assert world("parameters").call("{}", headers=sent, query="q=1").status == 200


@pytest.mark.parametrize(
    ("parameter", "query", "headers"),
    [
        ("querystring.filter.name", "filter.name=x", {}),
        ("querystring.querystring.q", "querystring.q=x", {}),
        ("header.X.Version", "", {"X.Version": "1"}),
    ],
)
def test_the_name_of_a_parameter_may_hold_a_dot(parameter: str, query: str, headers: dict[str, str]) -> None:
    """The place ends at the first dot; what follows is the name, and a message names it whole."""
    method = replace(
        lambda_method(),
        request_validator_id="parameters",
        request_parameters={f"method.request.{parameter}": True},
    )
    tested = World(api(method, request_validators=VALIDATORS))
    name = parameter.partition(".")[2]
    assert said(tested.call("{}")) == {"message": f"Missing required request parameters: [{name}]"}
    assert tested.call("{}", query=query, headers=headers).status == 200


def test_a_required_parameter_of_the_path_is_there_once_the_path_matches() -> None:
    method = replace(
        lambda_method("GET"),
        request_validator_id="parameters",
        request_parameters={"method.request.path.id": True, "method.request.path.other": True},
    )
    tested = World(api(method, path="/items/{id}", request_validators=VALIDATORS))
    response = tested.call(path="/items/7", verb="GET")
    assert said(response) == {"message": "Missing required request parameters: [other]"}


@pytest.mark.parametrize("validator", ["body", "neither"])
def test_parameters_are_looked_at_only_by_a_validator_of_parameters(validator: str) -> None:
    """API reference, RequestValidator.validateRequestParameters."""
    assert world(validator).call('{"operation": "echo"}').status == 200


@pytest.mark.parametrize(
    ("body", "valid"),
    [
        ('{"operation": "echo"}', True),
        ('{"operation": "list", "tableName": "LambdaTable", "payload": {}, "more": 1}', True),
        ('{"operation": "drop"}', False),
        ('{"tableName": "LambdaTable"}', False),
        ('{"operation": "echo", "payload": []}', False),
        ("[]", False),
        ("{", False),
        ("", False),
    ],
)
def test_a_body_has_to_be_valid_by_its_model(body: str, valid: bool) -> None:
    """Developer guide, "Request validation for REST APIs": Invalid request body."""
    tested = world("body")
    response = tested.call(body, headers=JSON)
    assert response.status == (200 if valid else 400)
    if not valid:
        assert said(response) == {"message": "Invalid request body"}
        assert tested.payloads == []


def test_a_body_of_another_type_is_not_looked_at_unless_there_is_a_default() -> None:
    """Developer guide, "Set up basic request validation": by content type, ``$default`` for all others."""
    assert world("body").call("{}", headers=FORM).status == 200
    assert world("body", models={"$default": "Event"}).call("{}", headers=FORM).status == 400
    assert world("body").call("{}").status == 400


def test_a_validator_looks_at_no_more_than_it_was_told_to() -> None:
    """API reference, CreateRequestValidator."""
    assert world("neither").call("{}").status == 200
    assert world("gone").call("{}").status == 200
    assert world("body").call('{"operation": "ping"}').status == 200


def test_the_gateway_response_can_say_what_is_wrong() -> None:
    """Developer guide, "Gateway responses": ``$context.error.validationErrorString``."""
    template = {"application/json": '{"why": "$context.error.validationErrorString"}'}
    custom = {"BAD_REQUEST_BODY": GatewayResponse("BAD_REQUEST_BODY", response_templates=template)}
    response = world("body", gateway_responses=custom).call('{"payload": {}}')
    assert b"object has missing required properties" in response.body


def test_an_empty_body_is_null_to_the_model() -> None:
    assert world("body", {"type": ["null", "object"]}).call("").status == 200
    assert world("body", {"type": "object"}).call("").status == 400


@pytest.mark.parametrize(
    ("body", "why"),
    [("{}", "object has missing required properties"), ("{", "Expecting property name")],
)
def test_the_log_and_the_gateway_response_say_what_is_wrong_with_a_body(body: str, why: str) -> None:
    """The client reads no more than "Invalid request body"."""
    template = {"application/json": "$context.error.validationErrorString"}
    custom = {"BAD_REQUEST_BODY": GatewayResponse("BAD_REQUEST_BODY", response_templates=template)}
    tested = world("body", gateway_responses=custom).test(body=body, headers=JSON)
    assert tested["body"].startswith(f"[{why}")
    reason = f"Request body does not match model schema for content type application/json: {tested['body']}"
    assert reason in tested["log"]


ITEM = {"$ref": "https://apigateway.amazonaws.com/restapis/a1b2c3d4e5/models/Item"}


@pytest.mark.parametrize(
    ("schema", "good", "bad"),
    [
        ({"type": ["string", "null"]}, [None, ""], [1, {}, True]),
        ({"type": "number"}, [1, 1.5], ["1", True]),
        ({"type": "integer"}, [1, -3], [1.5, True]),
        ({"type": "boolean"}, [True, False], [0, "true"]),
        ({"enum": [1, "a", {"b": []}]}, [1, "a", {"b": []}], [True, "b", {}]),
        ({"minimum": 1, "maximum": 3}, [1, 2.5, 3, "x"], [0.9, 4]),
        ({"multipleOf": 0.1}, [0.3, 7], [0.35]),
        ({"minLength": 1, "maxLength": 2}, ["a", "é"], ["", "abc"]),
        ({"pattern": "^a"}, ["ab", 1], ["ba"]),
        ({"items": {"type": "string"}}, [[], ["a"], "x"], [[1]]),
        ({"items": [{"type": "string"}], "additionalItems": False}, [["a"]], [["a", 1], [1]]),
        ({"items": [{"type": "string"}], "additionalItems": {"type": "null"}}, [["a", None]], [["a", 1]]),
        ({"uniqueItems": True}, [[1, 2]], [[1, 1], [{"a": 1}, {"a": 1}]]),
        ({"minItems": 1}, [[]], []),
        ({"minProperties": 1, "maxProperties": 1}, [{"a": 1}], [{}, {"a": 1, "b": 2}]),
        ({"properties": {"a": {}}, "additionalProperties": False}, [{}, {"a": 1}], [{"b": 1}]),
        ({"additionalProperties": {"type": "null"}}, [{"a": None}], [{"a": 1}]),
        (
            {"patternProperties": {"^n": {"type": "number"}}, "additionalProperties": False},
            [{"n1": 1}],
            [{"n": ""}, {"a": 1}],
        ),
        ({"allOf": [{"type": "string"}, {"maxLength": 1}]}, ["a"], ["ab", 1]),
        ({"anyOf": [{"type": "string"}, {"type": "null"}]}, ["a", None], [1]),
        ({"oneOf": [{"type": "null"}, ITEM]}, [None, {"Id": 1}], [{}, 1]),
        ({"not": {"type": "string"}}, [1], ["a"]),
        (
            {"definitions": {"x": {"type": "null"}}, "properties": {"a": {"$ref": "#/definitions/x"}}},
            [{"a": None}],
            [{"a": 1}],
        ),
        (
            {"properties": {"self": {"$ref": "#"}}, "required": ["n"]},
            [{"n": 1, "self": {"n": 2}}],
            [{"n": 1, "self": {}}],
        ),
        ({"type": "array", "items": ITEM}, [[{"Id": 1}]], [[{}]]),
    ],
)
def test_the_keywords_of_draft_4(schema: dict[str, Any], good: list[Any], bad: list[Any]) -> None:
    """JSON Schema, draft 04; developer guide, "Data models for REST APIs", for references to models."""
    tested = world("body", schema)
    assert [tested.call(json.dumps(value)).status for value in good] == [200] * len(good)
    assert [tested.call(json.dumps(value)).status for value in bad] == [400] * len(bad)


@pytest.mark.parametrize(
    ("schema", "named"),
    [
        ({"const": 1}, "const"),
        ({"$ref": "#/definitions/nope"}, "#/definitions/nope"),
        ({"$ref": "https://example.com/x.json"}, "https://example.com/x.json"),
        ({"pattern": "("}, "'('"),
        ({"$ref": "#"}, "nested too deeply"),
        ([], "not a JSON schema"),
    ],
)
def test_a_model_that_cannot_be_used_is_a_500_that_names_it(
    schema: Any, named: str, caplog: pytest.LogCaptureFixture
) -> None:
    """The sandbox says plainly what it does not support."""
    assert world("body", schema).call('"text"').status == 500
    assert named in caplog.text


def test_a_model_that_is_gone_is_a_500(caplog: pytest.LogCaptureFixture) -> None:
    """A method may name a model that was deleted."""
    assert world("body", models={"application/json": "Gone"}).call("{}").status == 500
    assert "Gone" in caplog.text
