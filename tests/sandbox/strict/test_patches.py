"""UpdateIntegration, UpdateIntegrationResponse and UpdateResource. Answers are AWS's, as recorded."""

from typing import Any

import pytest

from tests.kit.sandbox.control import ACCOUNT, URI, BareApi, Clients, refused

OF_CALLERS = "the credentials of an API's caller (arn:aws:iam::*:user/*). Name a role instead."
CROSS_ACCOUNT = "Cross-account pass role is not allowed."


@pytest.fixture
def api(aws: Clients, unique: str) -> BareApi:
    made = BareApi(aws("apigateway"), unique)
    made.integrate()
    return made


def patch(*operations: tuple[str, ...]) -> list[dict[str, str]]:
    return [dict(zip(("op", "path", "value"), each, strict=False)) for each in operations]


def test_an_integration_is_changed(api: BareApi) -> None:
    told = api.client.update_integration(
        **api.method,
        patchOperations=patch(
            ("replace", "/passthroughBehavior", "NEVER"),
            ("replace", "/timeoutInMillis", "5000"),
            ("add", "/requestTemplates/application~1json", "{}"),
        ),
    )
    assert (told["passthroughBehavior"], told["timeoutInMillis"]) == ("NEVER", 5000)
    assert told["requestTemplates"] == {"application/json": "{}"}
    got = api.client.get_integration(**api.method)
    assert (got["passthroughBehavior"], got["requestTemplates"]) == ("NEVER", told["requestTemplates"])


@pytest.mark.parametrize(
    ("operations", "status"),
    [
        ([("replace", "/nonsense", "1")], 400),
        ([("replace", "/timeoutInMillis", "1")], 400),
        ([("replace", "/timeoutInMillis", "soon")], 400),
        ([("replace", "/uri", "arn:aws:lambda")], 400),
        ([("replace", "/passthroughBehavior", "SOMETIMES")], 400),
        ([("remove", "/requestTemplates/text~1plain")], 404),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(
    api: BareApi, operations: list[tuple[str, ...]], status: int
) -> None:
    before = api.client.get_integration(**api.method)
    wanted = patch(("add", "/requestTemplates/application~1json", "{}"), *operations)
    assert refused(api.client.update_integration, **api.method, patchOperations=wanted)[0] == status
    after = api.client.get_integration(**api.method)
    assert {**after, "ResponseMetadata": 0} == {**before, "ResponseMetadata": 0}


def test_an_integration_response_is_changed(api: BareApi) -> None:
    api.client.put_integration_response(**api.method, statusCode="200")
    api.client.put_integration_response(**api.method, statusCode="400", selectionPattern="bad")
    named = {**api.method, "statusCode": "400"}
    told = api.client.update_integration_response(
        **named,
        patchOperations=patch(
            ("replace", "/selectionPattern", "updated-pattern"),
            ("add", "/responseTemplates/application~1json", '"created"'),
        ),
    )
    assert told["ResponseMetadata"]["HTTPStatusCode"] == 200
    assert told["selectionPattern"] == "updated-pattern"
    assert told["responseTemplates"] == {"application/json": '"created"'}
    second = patch(("replace", "/selectionPattern", ""))
    status, code, _ = refused(api.client.update_integration_response, **named, patchOperations=second)
    assert (status, code) == (409, "ConflictException")


def test_a_resource_is_renamed_and_moved(aws: Clients, unique: str) -> None:
    api = BareApi(aws("apigateway"), unique)
    pets = api.add("pets")
    named: dict[str, Any] = {"restApiId": api.id, "resourceId": pets}
    below = api.client.create_resource(restApiId=api.id, parentId=pets, pathPart="subpets")["id"]

    def update(resource: str, path: str, value: str) -> Any:
        return api.client.update_resource(
            restApiId=api.id, resourceId=resource, patchOperations=patch(("replace", path, value))
        )

    told = update(pets, "/pathPart", "dogs")
    assert (told["path"], told["pathPart"]) == ("/dogs", "dogs")
    assert api.client.get_resource(restApiId=api.id, resourceId=below)["path"] == "/dogs/subpets"
    with pytest.raises(api.client.exceptions.BadRequestException, match="Resources cannot be cyclical"):
        update(pets, "/parentId", below)
    root = told["parentId"]
    assert update(below, "/parentId", root)["path"] == "/subpets"
    with pytest.raises(api.client.exceptions.ConflictException, match="already has this name: dogs"):
        update(below, "/pathPart", "dogs")
    message = "Root resource cannot update its pathPart"
    with pytest.raises(api.client.exceptions.BadRequestException, match=message):
        update(root, "/pathPart", "x")
    assert refused(api.client.update_resource, **named, patchOperations=patch(("add", "/x", "y")))[0] == 400


def test_a_service_other_than_lambda_is_called_in_a_role(api: BareApi) -> None:
    uri = "arn:aws:apigateway:us-east-1:dynamodb:action/PutItem"
    put = {**api.method, "type": "AWS", "integrationHttpMethod": "POST", "uri": uri}
    message = "Role ARN must be specified for AWS integrations"
    expected = (400, "BadRequestException", message)
    assert refused(api.client.put_integration, **put) == expected
    change = patch(("replace", "/uri", uri))
    assert refused(api.client.update_integration, **api.method, patchOperations=change) == expected
    role = f"arn:aws:iam::{ACCOUNT}:role/gateway"
    assert api.client.put_integration(**put, credentials=role)["credentials"] == role
    change = patch(("remove", "/credentials"))
    assert refused(api.client.update_integration, **api.method, patchOperations=change) == expected


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        ("arn:aws:iam::210987654321:role/r", (403, "AccessDeniedException", CROSS_ACCOUNT)),
        ("gateway", (400, "BadRequestException", "Invalid ARN specified in the request")),
        (
            "arn:aws:iam::*:user/*",
            (
                501,
                "NotImplemented",
                f"Not in this sandbox: {OF_CALLERS}",
            ),
        ),
    ],
)
def test_the_role_of_an_integration_is_one_of_the_account(
    api: BareApi, role: str, expected: tuple[int, str, str]
) -> None:
    put = {**api.method, "type": "AWS", "integrationHttpMethod": "POST", "uri": URI}
    assert refused(api.client.put_integration, **put, credentials=role) == expected
    change = patch(("replace", "/credentials", role))
    assert refused(api.client.update_integration, **api.method, patchOperations=change) == expected
