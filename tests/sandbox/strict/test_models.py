"""Models as recorded on AWS: what a new API has, and what cannot be."""

import json
from typing import Any

import pytest

from lambda_over_https.sandbox.client.record import Sandbox
from tests.kit.sandbox.control import ACCOUNT, BareApi, Clients, refused
from tests.kit.sandbox.imports import ApiImporter, swagger

JSON = "application/json"
NO_SCHEMA = "Model schema must have at least 1 property or array items defined"
SCHEMA = json.dumps({"type": "object"})


@pytest.fixture
def api(aws: Clients, unique: str) -> BareApi:
    return BareApi(aws("apigateway"), unique)


@pytest.fixture
def imports(aws: Clients, sandbox: Sandbox) -> ApiImporter:
    return ApiImporter(aws("apigateway"), sandbox)


def create(api: BareApi, name: str, schema: str = SCHEMA) -> Any:
    return api.client.create_model(restApiId=api.id, name=name, contentType=JSON, schema=schema)


def names(api: BareApi) -> list[str]:
    return [each["name"] for each in api.client.get_models(restApiId=api.id)["items"]]


def test_a_new_api_has_two_models(api: BareApi) -> None:
    found = api.client.get_models(restApiId=api.id)["items"]
    assert [each["description"] for each in found] == [
        "This is a default empty schema model",
        "This is a default error schema model",
    ]
    assert json.loads(found[1]["schema"]) == {
        "$schema": "http://json-schema.org/draft-04/schema#",
        "title": "Error Schema",
        "type": "object",
        "properties": {"message": {"type": "string"}},
    }


def test_an_imported_api_has_only_the_models_of_its_documents(imports: ApiImporter, unique: str) -> None:
    made = imports.make(swagger(unique, definitions={"Empty": {"type": "object"}}))
    more = {"Empty": {"type": "array"}, "Pet": {"type": "object"}}
    imports.put(made["id"], swagger(unique, definitions=more), mode="merge")
    found = imports.client.get_models(restApiId=made["id"])["items"]
    assert {each["name"]: each["schema"] for each in found} == {
        "Empty": '{"type": "array"}',
        "Pet": '{"type": "object"}',
    }


def test_a_model_has_a_new_name_and_a_schema(api: BareApi) -> None:
    create(api, "Pet")
    exists = (409, "ConflictException", "Model name already exists for this REST API")
    assert refused(lambda: create(api, "Pet")) == exists
    assert refused(lambda: create(api, "")) == (400, "BadRequestException", "Model name must be non-empty")
    assert refused(lambda: create(api, "Cat", "")) == (400, "BadRequestException", NO_SCHEMA)


def invalid(errors: str) -> tuple[int, str, str]:
    result = f"Validation Result: warnings : [], errors : [{errors}]"
    return 400, "BadRequestException", f"Invalid model specified: {result}"


def model(name: str) -> dict[str, str]:
    return {"$ref": f"https://apigateway.amazonaws.com/restapis/abc/models/{name}"}


NO_MODEL = invalid("Invalid model schema specified")


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ("{", NO_MODEL),
        ("[]", NO_MODEL),
        ('"object"', NO_MODEL),
        ("[" * 100_000, NO_MODEL),
        ({"type": "String"}, NO_MODEL),
        ({"type": ["string", "date"]}, NO_MODEL),
        ({"type": []}, NO_MODEL),
        ({"type": 5}, NO_MODEL),
        ({"required": []}, NO_MODEL),
        ({"required": True}, NO_MODEL),
        ({"properties": ["a"]}, NO_MODEL),
        ({"properties": {"a": {"type": "text"}}}, NO_MODEL),
        ({"items": [{"type": "object"}, {"anyOf": [{"type": "any"}]}]}, NO_MODEL),
        ({"pattern": {}}, NO_MODEL),
        ({"enum": []}, NO_MODEL),
        ({"uniqueItems": 1}, NO_MODEL),
        ({"multipleOf": 0}, NO_MODEL),
        ({"properties": {"a": {"minimum": "1"}}}, NO_MODEL),
        ({"maxLength": -1}, NO_MODEL),
        ({"minProperties": True}, NO_MODEL),
        ({"not": {"additionalProperties": {"type": "any"}}}, NO_MODEL),
        (
            {"properties": {"a": model("Dog"), "b": {"items": model("Pet.x")}, "c": model("Dog")}},
            invalid("Invalid model specified: Dog, Invalid model specified: Pet.x"),
        ),
        ({"$ref": "https://example.com/pet.json"}, invalid("Model reference must be in canonical form")),
    ],
)
def test_what_no_model_can_be(api: BareApi, schema: Any, expected: tuple[int, str, str]) -> None:
    text = schema if isinstance(schema, str) else json.dumps(schema)
    assert refused(lambda: create(api, "Pet", text)) == expected
    create(api, "Cat")
    patches = [{"op": "replace", "path": "/schema", "value": text}]
    found = refused(api.client.update_model, restApiId=api.id, modelName="Cat", patchOperations=patches)
    assert found == expected


@pytest.mark.parametrize(
    "schema",
    [
        {},
        {"type": ["object", "null"], "additionalProperties": False, "required": ["type"]},
        {"properties": {"type": {"enum": ["String"]}, "$ref": {"type": "string"}}, "default": {"type": 5}},
        {"minimum": 0.5, "maxLength": 0, "uniqueItems": False, "pattern": "(?i)a", "enum": [None]},
        {"definitions": {"a": {"type": "integer"}}, "$ref": "#/definitions/a"},
        {"allOf": [model("Dog"), model("Empty"), model("Pet")], "x-more": {"type": "any"}},
        {"items": model("Dog"), "format": "anything", "example": {"type": "any"}},
    ],
)
def test_a_model_may_be_any_schema_and_refer_to_models_that_are_there(api: BareApi, schema: Any) -> None:
    create(api, "Dog")
    assert create(api, "Pet", json.dumps(schema))["schema"] == json.dumps(schema)


def test_the_name_of_a_model_has_letters_and_digits(api: BareApi) -> None:
    found = refused(lambda: create(api, "a-b"))
    assert found == (400, "BadRequestException", "Model name must be alphanumeric: a-b")


def test_imported_models_may_refer_to_one_another_in_any_order(imports: ApiImporter, unique: str) -> None:
    pet = {"properties": {"parents": {"items": {"$ref": "#/definitions/Pet"}}, "owner": OWNER}}
    owner = {"properties": {"pets": {"items": {"$ref": "#/definitions/Pet"}}}}
    made = imports.make(swagger(unique, definitions={"Pet": pet, "Owner": owner}))
    found = imports.client.get_models(restApiId=made["id"])["items"]
    place = f"https://apigateway.amazonaws.com/restapis/{made['id']}/models"
    assert json.loads({each["name"]: each["schema"] for each in found}["Pet"]) == {
        "properties": {
            "parents": {"items": {"$ref": f"{place}/Pet"}},
            "owner": {"$ref": f"{place}/Owner"},
        }
    }


OWNER = {"$ref": "#/definitions/Owner"}


@pytest.mark.parametrize(
    ("schema", "expected"),
    [({"type": "String"}, NO_MODEL), (OWNER, invalid("Invalid model specified: Owner"))],
)
def test_an_import_with_a_model_that_cannot_be_is_refused(
    imports: ApiImporter, unique: str, schema: Any, expected: tuple[int, str, str]
) -> None:
    status, code, message = imports.refusal(swagger(unique, definitions={"Pet": schema}))
    told = f"Errors found during import:\n\tUnable to create model for 'Pet': {expected[2]}"
    assert (status, code, message) == (400, "BadRequestException", told)
    assert unique not in imports.names()


@pytest.mark.parametrize("call", ["get_model", "delete_model", "update_model"])
def test_a_model_that_is_not_there(api: BareApi, call: str) -> None:
    for api_id in (api.id, "none"):
        found = refused(getattr(api.client, call), restApiId=api_id, modelName="Pet")
        assert found == (404, "NotFoundException", "Invalid model name specified: Pet")
    found = refused(api.client.get_models, restApiId="none")
    assert found == (404, "NotFoundException", f"Invalid API identifier specified {ACCOUNT}:none")


def test_a_model_that_a_method_names_stays(api: BareApi) -> None:
    create(api, "Pet")
    create(api, "Answer")
    api.client.put_method(**api.method, authorizationType="NONE", requestModels={JSON: "Pet"})
    api.client.put_method_response(**api.method, statusCode="200", responseModels={JSON: "Answer"})
    for name, where_named in (("Answer", "response"), ("Pet", "request")):
        where = {"restApiId": api.id, "modelName": name}
        place = f"method {where_named}: /DynamoDBManager/POST"
        message = f"Cannot delete model '{name}', is referenced in {place}"
        assert refused(api.client.delete_model, **where) == (409, "ConflictException", message)
    api.client.delete_method(**api.method)
    assert api.client.delete_model(**where)["ResponseMetadata"]["HTTPStatusCode"] == 202
    assert names(api) == ["Empty", "Error", "Answer"]


def test_a_model_that_another_refers_to_stays(api: BareApi) -> None:
    create(api, "Pet")
    address = f"https://apigateway.amazonaws.com/restapis/{api.id}/models"
    items = [{"$ref": f"{address}/Pets"}, {"$ref": f"{address}/Pet"}]
    create(api, "Pets", json.dumps({"type": "array", "items": items}))
    delete, pet = api.client.delete_model, {"restApiId": api.id, "modelName": "Pet"}
    message = "Cannot delete model 'Pet', is referenced in model: Pets"
    assert refused(delete, **pet) == (409, "ConflictException", message)
    delete(restApiId=api.id, modelName="Pets")
    delete(**pet)
    assert names(api) == ["Empty", "Error"]


def test_a_model_is_changed(api: BareApi) -> None:
    create(api, "Pet")
    patches = [
        {"op": "replace", "path": "/schema", "value": "{}"},
        {"op": "replace", "path": "/description", "value": "What we sell"},
    ]
    said = api.client.update_model(restApiId=api.id, modelName="Pet", patchOperations=patches)
    assert (said["schema"], said["description"]) == ("{}", "What we sell")
    assert api.client.get_model(restApiId=api.id, modelName="Pet")["schema"] == "{}"


@pytest.mark.parametrize(
    ("op", "path", "value", "message"),
    [
        ("replace", "/schema", "", NO_SCHEMA),
        (
            "replace",
            "/name",
            "x",
            "Invalid patch path  '/name' specified for op 'replace'. Must be one of: [/description, /schema]",
        ),
        (
            "add",
            "/wrong",
            "x",
            "Invalid patch path  '/wrong' specified for op 'add'. Please choose supported operations",
        ),
    ],
)
def test_what_a_patch_of_a_model_cannot_do(
    api: BareApi, op: str, path: str, value: str, message: str
) -> None:
    create(api, "Pet")
    patches = [
        {"op": "replace", "path": "/description", "value": "new"},
        {"op": op, "path": path, "value": value},
    ]
    found = refused(api.client.update_model, restApiId=api.id, modelName="Pet", patchOperations=patches)
    assert found == (400, "BadRequestException", message)
    assert "description" not in api.client.get_model(restApiId=api.id, modelName="Pet")
