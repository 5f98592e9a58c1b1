"""Authorizers are stored as AWS stores them: with a name of their own, and as long as a method needs them."""

from typing import Any

import pytest

from lambda_over_https.sandbox.client.record import Sandbox
from tests.kit.sandbox.control import ACCOUNT, REGION, URI, BareApi, Clients, refused
from tests.kit.sandbox.imports import ApiImporter, X, answering, swagger, uri_of

POOL = f"arn:aws:cognito-idp:{REGION}:{ACCOUNT}:userpool/{REGION}_A"
FUNCTION = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:who"
BAD_REQUEST = "BadRequestException"


def no_uri(uri: object) -> str:
    rule = "Authorizer URI should be a valid API Gateway ARN that represents a Lambda function invocation."
    return f"Invalid Authorizer URI: {uri}. {rule}"


@pytest.fixture
def api(aws: Clients, unique: str) -> BareApi:
    return BareApi(aws("apigateway"), unique)


@pytest.fixture
def imports(aws: Clients, sandbox: Sandbox) -> ApiImporter:
    return ApiImporter(aws("apigateway"), sandbox)


def create(api: BareApi, **changes: Any) -> Any:
    said = {"name": "who", "type": "TOKEN", "authorizerUri": URI, **changes}
    return api.client.create_authorizer(restApiId=api.id, **said)


def patches(*operations: tuple[str, str, str]) -> list[dict[str, str]]:
    return [{"op": op, "path": path, "value": value} for op, path, value in operations]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"authorizerUri": FUNCTION}, no_uri(FUNCTION)),
        ({"authorizerUri": "https://example.com"}, no_uri("https://example.com")),
        ({"type": "REQUEST", "authorizerUri": FUNCTION}, no_uri(FUNCTION)),
        (
            {"authorizerResultTtlInSeconds": 3601},
            "Invalid authorizer time to live: 3601. Must be between 0 and 3600 seconds",
        ),
        ({"name": ""}, "Authorizer name must be non-empty"),
    ],
)
def test_what_no_authorizer_can_be(api: BareApi, changes: dict[str, Any], message: str) -> None:
    assert refused(lambda: create(api, **changes)) == (400, BAD_REQUEST, message)
    assert api.client.get_authorizers(restApiId=api.id)["items"] == []


def test_a_name_is_an_authorizers_own(api: BareApi) -> None:
    create(api)
    message = "Authorizer name must be unique. Authorizer who already exists in this RestApi."
    assert refused(lambda: create(api, type="REQUEST")) == (400, BAD_REQUEST, message)
    other = create(api, name="other", authorizerUri=URI.replace("none", "${stageVariables.who}"))["id"]
    change = patches(("replace", "/name", "who"))
    found = refused(
        api.client.update_authorizer, restApiId=api.id, authorizerId=other, patchOperations=change
    )
    assert found == (400, BAD_REQUEST, message)


def test_an_authorizer_that_a_method_names_stays(api: BareApi) -> None:
    named = {"restApiId": api.id, "authorizerId": create(api)["id"]}
    api.client.put_method(**api.method, authorizationType="CUSTOM", authorizerId=named["authorizerId"])
    message = (
        f"Cannot delete authorizer '{named['authorizerId']}', is referenced in method: POST//DynamoDBManager"
    )
    assert refused(api.client.delete_authorizer, **named) == (409, "ConflictException", message)
    api.client.delete_method(**api.method)
    api.client.delete_authorizer(**named)
    for call in ("get_authorizer", "delete_authorizer", "update_authorizer"):
        found = refused(getattr(api.client, call), **named)
        assert found == (404, "NotFoundException", "Invalid Authorizer identifier specified")


def test_an_authorizer_is_changed(api: BareApi) -> None:
    made = create(api, type="COGNITO_USER_POOLS", providerARNs=[POOL])
    named = {"restApiId": api.id, "authorizerId": made["id"]}
    change = patches(
        ("replace", "/name", "pool"),
        ("replace", "/authorizerResultTtlInSeconds", "60"),
        ("add", "/providerARNs", f"{POOL}B"),
        ("remove", "/providerARNs", POOL),
    )
    said = api.client.update_authorizer(**named, patchOperations=change)
    assert (said["name"], said["authorizerResultTtlInSeconds"]) == ("pool", 60)
    assert said["providerARNs"] == [f"{POOL}B"]
    assert api.client.get_authorizer(**named)["name"] == "pool"


@pytest.mark.parametrize(
    ("op", "path", "value"),
    [
        ("replace", "/authorizerUri", FUNCTION),
        ("replace", "/authorizerResultTtlInSeconds", "3601"),
        ("replace", "/authorizerResultTtlInSeconds", "soon"),
        ("replace", "/type", "PASSWORD"),
        ("replace", "/providerARNs", POOL),
        ("add", "/name", "x"),
        ("replace", "/nonsense", "x"),
    ],
)
def test_what_no_authorizer_can_become(api: BareApi, op: str, path: str, value: str) -> None:
    named = {"restApiId": api.id, "authorizerId": create(api)["id"]}
    before = api.client.get_authorizer(**named)
    change = patches(("replace", "/name", "new"), (op, path, value))
    found = refused(api.client.update_authorizer, **named, patchOperations=change)
    assert found[:2] == (400, BAD_REQUEST)
    after = api.client.get_authorizer(**named)
    assert {**after, "ResponseMetadata": None} == {**before, "ResponseMetadata": None}


def test_a_second_import_changes_the_authorizer_of_that_name(imports: ApiImporter, unique: str) -> None:
    def document(function: str, **members: Any) -> dict[str, Any]:
        authorizer = {"type": "token", "authorizerUri": uri_of(function), **members}
        scheme = {"type": "apiKey", "name": "Authorization", "in": "header", f"{X}authorizer": authorizer}
        paths = answering("one", security=[{"who": []}])
        return swagger(unique, paths=paths, securityDefinitions={"who": scheme})

    made = imports.make(document("first"))["id"]
    (before,) = imports.client.get_authorizers(restApiId=made)["items"]
    refusal = refused(imports.put, api=made, document=document("x", authorizerResultTtlInSeconds=9999))
    assert "create authorizer 'who'" in refusal[2]
    assert imports.client.get_authorizers(restApiId=made)["items"] == [before]
    imports.put(made, document("second", authorizerResultTtlInSeconds=60), mode="merge")
    (after,) = imports.client.get_authorizers(restApiId=made)["items"]
    assert (after["id"], after["authorizerUri"]) == (before["id"], uri_of("second"))
    assert after["authorizerResultTtlInSeconds"] == 60
    assert imports.method(made)["authorizerId"] == before["id"]
