"""UpdateRestApi changes what AWS lets it change, or nothing."""

from typing import Any

import pytest

from tests.kit.sandbox.control import BareApi, Clients, refused


@pytest.fixture
def api(aws: Clients, unique: str) -> BareApi:
    return BareApi(aws("apigateway"), unique)


def patches(*operations: tuple[str, ...]) -> list[dict[str, str]]:
    """Patch operations of op, path and perhaps value."""
    return [dict(zip(("op", "path", "value"), operation, strict=False)) for operation in operations]


def update(api: BareApi, *operations: tuple[str, ...]) -> Any:
    """UpdateRestApi; what it answers, which is also what GetRestApi answers afterwards."""
    said = api.client.update_rest_api(restApiId=api.id, patchOperations=patches(*operations))
    found = api.client.get_rest_api(restApiId=api.id)
    for answer in (said, found):
        del answer["ResponseMetadata"]
    assert said == found
    return found


@pytest.mark.parametrize(
    ("path", "value", "member", "expected"),
    [
        ("/name", "another", "name", "another"),
        ("/description", "What for", "description", "What for"),
        ("/apiKeySource", "AUTHORIZER", "apiKeySource", "AUTHORIZER"),
        ("/disableExecuteApiEndpoint", "true", "disableExecuteApiEndpoint", True),
        ("/minimumCompressionSize", "1024", "minimumCompressionSize", 1024),
        ("/policy", '{"Statement": []}', "policy", r"{\"Statement\":[]}"),
        ("/policy", "", "policy", ""),
        (
            "/endpointConfiguration/types/REGIONAL",
            "EDGE",
            "endpointConfiguration",
            {"types": ["EDGE"], "ipAddressType": "ipv4"},
        ),
        (
            "/endpointConfiguration/types/0",
            "PRIVATE",
            "endpointConfiguration",
            {"types": ["PRIVATE"], "ipAddressType": "dualstack"},
        ),
        (
            "/endpointConfiguration/ipAddressType",
            "dualstack",
            "endpointConfiguration",
            {"types": ["REGIONAL"], "ipAddressType": "dualstack"},
        ),
    ],
)
def test_a_member_is_replaced(api: BareApi, path: str, value: str, member: str, expected: object) -> None:
    assert update(api, ("replace", path, value))[member] == expected


def test_binary_media_types_come_and_go_by_their_name_in_the_path(api: BareApi) -> None:
    added = update(api, ("add", "/binaryMediaTypes/image~1png"), ("add", "/binaryMediaTypes/*~1*"))
    assert added["binaryMediaTypes"] == ["image/png", "*/*"]
    changed = update(
        api, ("replace", "/binaryMediaTypes/image~1png", "image/gif"), ("remove", "/binaryMediaTypes/*~1*")
    )
    assert changed["binaryMediaTypes"] == ["image/gif"]


def test_an_endpoint_is_switched_on_again(api: BareApi) -> None:
    for value, expected in (("true", True), ("false", False)):
        switch = ("replace", "/disableExecuteApiEndpoint", value)
        assert update(api, switch)["disableExecuteApiEndpoint"] is expected


def test_a_description_is_removed(api: BareApi) -> None:
    update(api, ("replace", "/description", "What for"))
    assert "description" not in update(api, ("remove", "/description"))


def test_nothing_switches_compression_off(api: BareApi) -> None:
    update(api, ("replace", "/minimumCompressionSize", "0"))
    assert "minimumCompressionSize" not in update(api, ("replace", "/minimumCompressionSize", ""))


@pytest.mark.parametrize(
    ("operation", "code"),
    [
        (("replace", "/nothing", "x"), "BadRequestException"),
        (("remove", "/name"), "BadRequestException"),
        (("replace", "/name", ""), "BadRequestException"),
        (("replace", "/minimumCompressionSize", "-1"), "BadRequestException"),
        (("replace", "/minimumCompressionSize", "10485761"), "BadRequestException"),
        (("replace", "/disableExecuteApiEndpoint", "perhaps"), "BadRequestException"),
        (("replace", "/policy", "nonsense"), "BadRequestException"),
        (("replace", "/policy", "[]"), "BadRequestException"),
        (("replace", "/policy", '{"Statement": [{"Effect": "Allow"}]}'), "BadRequestException"),
        (("replace", "/policy", f'{{"Statement": [], "Id": "{"x" * 8192}"}}'), "BadRequestException"),
        (("replace", "/apiKeySource", "COOKIE"), "ValidationException"),
        (("replace", "/endpointConfiguration/types/REGIONAL", "LOCAL"), "BadRequestException"),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(
    api: BareApi, operation: tuple[str, ...], code: str
) -> None:
    before = update(api)
    patch = patches(("replace", "/description", "new"), operation)
    refusal = refused(api.client.update_rest_api, restApiId=api.id, patchOperations=patch)
    assert refusal[:2] == (400, code)
    assert update(api) == before
