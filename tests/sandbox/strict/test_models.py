"""Models as recorded on AWS: what a new API has, and what cannot be."""

import json
from typing import Any

import pytest

from lambda_over_https.sandbox.client.record import Sandbox
from tests.kit.control import ACCOUNT, BareApi, Clients, refused
from tests.kit.imports import ApiImporter, swagger

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


@pytest.mark.parametrize("call", ["get_model", "delete_model", "update_model"])
def test_a_model_that_is_not_there(api: BareApi, call: str) -> None:
    for api_id in (api.id, "none"):
        found = refused(getattr(api.client, call), restApiId=api_id, modelName="Pet")
        assert found == (404, "NotFoundException", "Invalid model name specified: Pet")
    found = refused(api.client.get_models, restApiId="none")
    assert found == (404, "NotFoundException", f"Invalid API identifier specified {ACCOUNT}:none")


def test_a_model_that_a_method_names_stays(api: BareApi) -> None:
    create(api, "Pet")
    api.client.put_method(**api.method, authorizationType="NONE", requestModels={JSON: "Pet"})
    where = {"restApiId": api.id, "modelName": "Pet"}
    message = "Cannot delete model 'Pet', is referenced in method request: /DynamoDBManager/POST"
    assert refused(api.client.delete_model, **where) == (409, "ConflictException", message)
    api.client.delete_method(**api.method)
    assert api.client.delete_model(**where)["ResponseMetadata"]["HTTPStatusCode"] == 202
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
