"""Documentation parts and versions of an API, as recorded on AWS."""

import json
from typing import Any

import pytest

from lambda_over_https.sandbox.client.record import Sandbox
from tests.kit.sandbox.control import ACCOUNT, BareApi, Clients, refused
from tests.kit.sandbox.imports import ApiImporter, X, swagger

NO_PART = (404, "NotFoundException", "Invalid Documentation part identifier specified")
API = {"location": {"type": "API"}, "properties": {"description": "What for"}}
RESPONSE = {
    "location": {"type": "RESPONSE", "method": "GET", "statusCode": "200"},
    "properties": {"description": "All well"},
}


@pytest.fixture
def api(aws: Clients, unique: str) -> BareApi:
    return BareApi(aws("apigateway"), unique)


@pytest.fixture
def part(api: BareApi) -> dict[str, Any]:
    """The names of a part's API and of the part."""
    made = api.client.create_documentation_part(restApiId=api.id, location={"type": "API"}, properties="{}")
    return {"restApiId": api.id, "documentationPartId": made["id"]}


@pytest.fixture
def imports(aws: Clients, sandbox: Sandbox) -> ApiImporter:
    return ApiImporter(aws("apigateway"), sandbox)


def parts(client: Any, api: str, **more: Any) -> list[tuple[Any, Any]]:
    found = client.get_documentation_parts(restApiId=api, **more)["items"]
    return [(each["location"], json.loads(each["properties"])) for each in found]


def patch(op: str, path: str, value: str) -> list[dict[str, str]]:
    return [{"op": op, "path": path, "value": value}]


def test_a_part_is_kept_changed_and_deleted(api: BareApi, part: dict[str, Any]) -> None:
    changes = patch("replace", "/properties", '{"a": 1}')
    said = api.client.update_documentation_part(**part, patchOperations=changes)
    found = api.client.get_documentation_part(**part)
    assert said["properties"] == found["properties"] == '{"a": 1}'
    assert parts(api.client, api.id) == [({"type": "API"}, {"a": 1})]
    gone = api.client.delete_documentation_part(**part)
    assert gone["ResponseMetadata"]["HTTPStatusCode"] == 202
    assert refused(api.client.delete_documentation_part, **part) == NO_PART


def test_a_location_has_one_part_and_parts_are_found_by_it(api: BareApi, part: dict[str, Any]) -> None:
    made = {"restApiId": api.id, "properties": "{}"}
    again = refused(api.client.create_documentation_part, **made, location={"type": "API"})
    assert again[:2] == (409, "ConflictException")
    api.client.create_documentation_part(**made, location={"type": "RESOURCE", "path": "/a"})
    assert parts(api.client, api.id, type="RESOURCE") == [({"type": "RESOURCE", "path": "/a"}, {})]
    no_json = refused(
        api.client.create_documentation_part,
        restApiId=api.id,
        location={"type": "RESOURCE"},
        properties="text",
    )
    assert no_json[:2] == (400, "BadRequestException")


@pytest.mark.parametrize("call", ["get_documentation_part", "update_documentation_part"])
def test_a_part_that_is_not_there(api: BareApi, part: dict[str, Any], call: str) -> None:
    for other in ({"restApiId": "none"}, {"documentationPartId": "none"}):
        assert refused(getattr(api.client, call), **{**part, **other}) == NO_PART


def test_parts_of_an_api_that_is_not_there(api: BareApi, part: dict[str, Any]) -> None:
    no_api = (404, "NotFoundException", f"Invalid API identifier specified {ACCOUNT}:none")
    assert refused(api.client.get_documentation_parts, restApiId="none") == no_api
    assert refused(api.client.delete_documentation_part, **{**part, "restApiId": "none"}) == no_api


@pytest.mark.parametrize(
    ("op", "path", "message"),
    [
        ("add", "/properties", "Please choose supported operations"),
        ("replace", "/invalid", "Must be one of: [/properties]"),
    ],
)
def test_what_a_patch_of_a_part_cannot_do(
    api: BareApi, part: dict[str, Any], op: str, path: str, message: str
) -> None:
    found = refused(api.client.update_documentation_part, **part, patchOperations=patch(op, path, "{}"))
    words = f"Invalid patch path  '{path}' specified for op '{op}'. {message}"
    assert found == (400, "BadRequestException", words)


def test_an_import_brings_the_documents_parts(imports: ApiImporter, unique: str) -> None:
    document = swagger(unique, **{f"{X}documentation": {"documentationParts": [API, RESPONSE]}})
    made = imports.make(document, failOnWarnings=True)["id"]
    expected = [
        (API["location"], API["properties"]),
        ({**RESPONSE["location"], "path": "/"}, RESPONSE["properties"]),
    ]
    assert parts(imports.client, made) == expected
    imports.put(made, swagger(unique), mode="merge")
    assert parts(imports.client, made) == expected
    imports.put(made, swagger(unique), mode="overwrite")
    assert parts(imports.client, made) == []
    unread = imports.make(document, parameters={"ignore": "documentation"})["id"]
    assert parts(imports.client, unread) == []


def test_parts_are_imported_alone(imports: ApiImporter, api: BareApi, part: dict[str, Any]) -> None:
    call, where = imports.client.import_documentation_parts, {"restApiId": api.id}
    body = json.dumps(swagger(**{f"{X}documentation": {"documentationParts": [RESPONSE]}}))
    ids = call(**where, mode="merge", body=body)["ids"]
    assert len(ids) == 1
    assert len(parts(api.client, api.id)) == 2
    call(**where, mode="overwrite", body=body)
    assert [place["type"] for place, _ in parts(api.client, api.id)] == ["RESPONSE"]
    message = "Unable to build importer with provided input."
    found = refused(call, **where, mode="overwrite", body="{'key:value}")
    assert found == (400, "BadRequestException", message)
    assert len(parts(api.client, api.id)) == 1


def test_a_stage_can_name_a_version_of_the_documentation(api: BareApi) -> None:
    api.integrate()
    deployment = api.deploy("first")
    named = {"restApiId": api.id, "documentationVersion": "v1"}
    api.client.create_documentation_version(**named)
    changes = patch("replace", "/description", "new")
    said = api.client.update_documentation_version(**named, patchOperations=changes)
    assert (said["version"], said["description"]) == ("v1", "new")
    assert api.client.get_documentation_version(**named)["createdDate"] == said["createdDate"]
    stage = {"restApiId": api.id, "stageName": "second", "deploymentId": deployment}
    assert refused(api.client.create_stage, **stage, documentationVersion="v2")[0] == 400
    api.client.create_stage(**stage, documentationVersion="v1")
    found = api.client.get_stage(restApiId=api.id, stageName="second")
    assert found["documentationVersion"] == "v1"
    assert refused(api.client.delete_documentation_version, **named)[0] == 400
    api.client.delete_stage(restApiId=api.id, stageName="second")
    api.client.delete_documentation_version(**named)
    assert api.client.get_documentation_versions(restApiId=api.id)["items"] == []
    no_version = (404, "NotFoundException", "Invalid Documentation version specified")
    assert refused(api.client.get_documentation_version, **named) == no_version
