"""Stages: what can be changed, with which values, and what AWS tells of a cache."""

from typing import Any

import pytest

from tests.kit.sandbox.control import BareApi, Clients, refused


@pytest.fixture
def api(aws: Clients, unique: str) -> BareApi:
    """The tutorial's API, deployed as prod."""
    made = BareApi(aws("apigateway"), unique)
    made.integrate()
    made.deploy()
    return made


def patch(api: BareApi, *operations: tuple[str, ...]) -> Any:
    """UpdateStage with operations (op, path, value)."""
    listed = [dict(zip(("op", "path", "value"), each, strict=False)) for each in operations]
    return api.client.update_stage(restApiId=api.id, stageName="prod", patchOperations=listed)


def stage(api: BareApi) -> Any:
    return api.client.get_stage(restApiId=api.id, stageName="prod")


def refusal(api: BareApi, *operation: str) -> str:
    """The message of a 400 BadRequestException."""
    status, code, message = _refused(api, operation)
    assert (status, code) == (400, "BadRequestException")
    return message


def _refused(api: BareApi, operation: tuple[str, ...]) -> tuple[int, str, str]:
    return refused(lambda: patch(api, operation))


@pytest.mark.parametrize(
    "path",
    [
        "/nonsense",
        "nonsense",
        "/*/*/nonsense/enabled",
        "/*/*/throttling/nonsense",
        "/*/*",
        "/~1nowhere/POST/throttling/rateLimit",
        "/~1DynamoDBManager/GET/throttling/rateLimit",
        "/~1DynamoDBManager/ANY/throttling/rateLimit",
        "/~1DynamoDBManager/*/throttling/rateLimit",
        "/~1dynamodbmanager/POST/throttling/rateLimit",
        "/throttling/rateLimit",
    ],
)
def test_a_setting_is_one_of_a_method_that_is_there(api: BareApi, path: str) -> None:
    message = refusal(api, "replace", path, "1")
    assert message.startswith(f"Invalid method setting path: {path}. Must be one of: [/deploymentId, ")
    assert not stage(api)["methodSettings"]


@pytest.mark.parametrize(
    ("path", "key"),
    [
        ("/*/*/caching/enabled", "*/*"),
        ("/~1DynamoDBManager/POST/caching/enabled", "~1DynamoDBManager/POST"),
        ("/DynamoDBManager/POST/caching/enabled", "DynamoDBManager/POST"),
    ],
)
def test_a_setting_of_one_method_or_all_is_kept(api: BareApi, path: str, key: str) -> None:
    told = patch(api, ("replace", path, "true"))
    assert told["methodSettings"] == stage(api)["methodSettings"]
    settings = told["methodSettings"][key]
    assert settings["cachingEnabled"] is True
    assert (settings["cacheTtlInSeconds"], settings["requireAuthorizationForCacheControl"]) == (300, True)
    assert settings["unauthorizedCacheControlHeaderStrategy"] == "SUCCEED_WITH_RESPONSE_HEADER"


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("throttling/rateLimit", "abc"),
        ("throttling/rateLimit", "-2"),
        ("throttling/rateLimit", "nan"),
        ("throttling/rateLimit", "1e5"),
        ("throttling/burstLimit", "1.5"),
        ("throttling/burstLimit", ""),
        ("caching/enabled", "yes"),
        ("caching/ttlInSeconds", "3601"),
        ("caching/ttlInSeconds", "-1"),
        ("caching/unauthorizedCacheControlHeaderStrategy", "FAIL"),
        ("logging/loglevel", "DEBUG"),
    ],
)
def test_a_settings_value_is_one_that_it_can_have(api: BareApi, setting: str, value: str) -> None:
    message = refusal(api, "replace", f"/*/*/{setting}", value)
    assert message.startswith("Invalid ")
    assert value in message
    assert not stage(api)["methodSettings"]


@pytest.mark.parametrize(
    ("path", "value", "named"),
    [
        ("/*/*/metrics/enabled", "true", "metrics/enabled"),
        ("/tracingEnabled", "true", "tracingEnabled"),
        ("/accessLogSettings/destinationArn", "arn:aws:firehose:us-east-1:123456789012:d/s", "Firehose"),
    ],
)
def test_what_would_have_no_effect_is_refused_by_name(
    api: BareApi, path: str, value: str, named: str
) -> None:
    status, code, message = _refused(api, ("replace", path, value))
    assert (status, code) == (501, "NotImplemented")
    assert named in message
    assert patch(api, ("replace", "/*/*/logging/loglevel", "OFF"))


def test_settings_of_a_method_are_removed_as_a_whole(api: BareApi) -> None:
    patch(api, ("replace", "/*/*/throttling/rateLimit", "5"))
    assert stage(api)["methodSettings"]
    patch(api, ("remove", "/*/*"))
    assert not stage(api)["methodSettings"]
    message = refusal(api, "remove", "/*/*")
    assert message == "Cannot remove method setting */* because there is no method setting for this method "


def test_all_operations_take_effect_or_none(api: BareApi) -> None:
    operations = [("replace", "/description", "new"), ("replace", "/cacheClusterSize", "0.7")]
    status, code, _ = refused(lambda: patch(api, *operations))
    assert (status, code) == (400, "BadRequestException")
    assert "description" not in stage(api)


@pytest.mark.parametrize("size", ["0.7", "0", "", "500", "0.50"])
def test_a_cache_has_one_of_awss_sizes(api: BareApi, size: str) -> None:
    sizes = "0.5, 1.6, 6.1, 13.5, 28.4, 58.2, 118, 237"
    message = f"Invalid cache cluster size: {size}. Must be one of: [{sizes}]"
    assert refusal(api, "replace", "/cacheClusterSize", size) == message


def test_a_cache_is_created_and_deleted(api: BareApi) -> None:
    assert stage(api)["cacheClusterStatus"] == "NOT_AVAILABLE"
    told = patch(api, ("replace", "/cacheClusterEnabled", "true"))
    assert (told["cacheClusterStatus"], told["cacheClusterSize"]) == ("CREATE_IN_PROGRESS", "0.5")
    assert stage(api)["cacheClusterStatus"] == "AVAILABLE"
    (listed,) = api.client.get_stages(restApiId=api.id)["item"]
    assert listed["cacheClusterStatus"] == "AVAILABLE"
    told = patch(api, ("replace", "/cacheClusterEnabled", "false"))
    assert told["cacheClusterStatus"] == "DELETE_IN_PROGRESS"
    assert stage(api)["cacheClusterStatus"] == "NOT_AVAILABLE"


def test_a_stage_or_a_deployment_can_begin_with_a_cache(api: BareApi) -> None:
    deployment = stage(api)["deploymentId"]
    new = {"restApiId": api.id, "deploymentId": deployment, "cacheClusterEnabled": True}
    made = api.client.create_stage(**new, stageName="one", cacheClusterSize="1.6")
    assert (made["cacheClusterStatus"], made["cacheClusterSize"]) == ("CREATE_IN_PROGRESS", "1.6")
    api.deploy("two", cacheClusterEnabled=True)
    told = api.client.get_stage(restApiId=api.id, stageName="two")
    assert (told["cacheClusterStatus"], told["cacheClusterSize"]) == ("AVAILABLE", "0.5")
    status, code, _ = refused(api.client.create_stage, **new, stageName="three", cacheClusterSize="0.7")
    assert (status, code) == (400, "ValidationException")


def test_a_stage_without_a_cache_has_none_to_flush(api: BareApi) -> None:
    named = {"restApiId": api.id, "stageName": "prod"}
    status, code, _ = refused(api.client.flush_stage_cache, **named)
    assert (status, code) == (400, "BadRequestException")
    missing = refused(api.client.flush_stage_cache, restApiId=api.id, stageName="none")
    assert missing == (404, "NotFoundException", "Invalid Stage identifier specified")
    status, code, message = refused(api.client.flush_stage_authorizers_cache, **named)
    assert (status, code) == (501, "NotImplemented")
    assert "authorizers" in message


@pytest.mark.parametrize("path", ["/canarySettings/percentTraffic", "/clientCertificateId"])
def test_what_the_sandbox_has_not_is_named(api: BareApi, path: str) -> None:
    status, code, message = _refused(api, ("replace", path, "1"))
    assert (status, code) == (501, "NotImplemented")
    assert path in message


def test_an_integration_keeps_its_cache_keys(api: BareApi) -> None:
    name = "method.request.querystring.Id"
    method = {"restApiId": api.id, "resourceId": api.resource, "httpMethod": "GET"}
    api.client.put_method(**method, authorizationType="NONE", requestParameters={name: True})
    mock = {"type": "MOCK", "cacheNamespace": "shared"}
    made = api.client.put_integration(**method, **mock, cacheKeyParameters=[name])
    for told in (made, api.client.get_integration(**method)):
        assert (told["cacheKeyParameters"], told["cacheNamespace"]) == ([name], "shared")
    status, code, message = refused(
        api.client.put_integration, **method, **mock, cacheKeyParameters=["method.request.body"]
    )
    assert (status, code) == (400, "BadRequestException")
    assert message == (
        "Invalid mapping expression specified: Validation Result: warnings : [], "
        "errors : [Invalid mapping expression parameter specified: method.request.body]"
    )


NO_ACCESS_LOG = (
    "Invalid accessLogSettings path. Must be one of : "
    "[/accessLogSettings/destinationArn, /accessLogSettings/format]"
)
NO_DESTINATION = (
    "Cannot remove method setting accessLogSettings/destinationArn because there is no method setting for "
    "this method "
)


@pytest.mark.parametrize(
    ("op", "path", "message"),
    [
        *(
            (op, path, NO_ACCESS_LOG)
            for op in ("add", "replace")
            for path in ("/accessLogSettings", "/accessLogSettings/*", "/accessLogSettings/other")
        ),
        ("replace", "/accessLogSettings/format", "Access Log value must not be empty"),
        ("remove", "/accessLogSettings/destinationArn", NO_DESTINATION),
    ],
)
def test_what_a_patch_of_the_access_log_cannot_do(api: BareApi, op: str, path: str, message: str) -> None:
    """As recorded on AWS."""
    assert refusal(api, op, path) == message


def test_stages_are_listed_by_their_deployment(api: BareApi) -> None:
    second = api.deploy("second")
    found = api.client.get_stages(restApiId=api.id, deploymentId=second)["item"]
    assert [each["stageName"] for each in found] == ["second"]
    assert len(api.client.get_stages(restApiId=api.id)["item"]) == 2


VALUE = (
    "Invalid stage variable value of key name.  Please use values with alphanumeric characters and the "
    "symbols ' ', -', '.', '_', ':', '/', '?', '&', '=', and ','."
)


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("name", "a;b", VALUE),
        ("name", '{"a": 1}', VALUE),
        ("name", "é", VALUE),
        ("a-b", "x", "Invalid stage variable name: a-b. It may have letters, digits and _"),
        ("a b", "x", "Invalid stage variable name: a b. It may have letters, digits and _"),
    ],
)
def test_a_stage_variable_has_some_characters(api: BareApi, name: str, value: str, message: str) -> None:
    said = {"restApiId": api.id, "stageName": "new", "variables": {name: value}}
    expected = (400, "BadRequestException", message)
    assert refused(api.client.create_deployment, **said) == expected
    deployment = stage(api)["deploymentId"]
    assert refused(api.client.create_stage, **said, deploymentId=deployment) == expected
    assert refusal(api, "replace", f"/variables/{name}", value) == message
    assert [each["stageName"] for each in api.client.get_stages(restApiId=api.id)["item"]] == ["prod"]
    assert "variables" not in stage(api)


def test_a_stage_variable_may_be_a_url_or_a_name(api: BareApi) -> None:
    variables = {
        "url": "http://example.com:80/~a/b?c=d&e=f,g#h",
        "function_1": "My-function.v2",
        "words": "a b",
    }
    api.deploy("new", variables=variables)
    assert api.client.get_stage(restApiId=api.id, stageName="new")["variables"] == variables
