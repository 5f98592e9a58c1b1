"""What API Gateway answered on AWS to calls that name what is not there, or change what cannot be changed."""

from typing import Any

import pytest

from tests.kit.sandbox.control import ACCOUNT, BareApi, Clients, refused

NO_RESOURCE = (404, "NotFoundException", "Invalid Resource identifier specified")
NO_VALIDATOR = (404, "NotFoundException", "Invalid Request Validator identifier specified")
NO_INTEGRATION = (404, "NotFoundException", "Invalid Integration identifier specified")
NO_STATUS = (404, "NotFoundException", "Invalid Response status code specified")


@pytest.fixture
def api(aws: Clients, unique: str) -> BareApi:
    made = BareApi(aws("apigateway"), unique)
    made.integrate()
    made.client.put_method_response(**made.method, statusCode="200")
    return made


@pytest.fixture
def validator(api: BareApi) -> dict[str, Any]:
    found = api.client.create_request_validator(restApiId=api.id, name="whole", validateRequestBody=True)
    return {"restApiId": api.id, "requestValidatorId": found["id"]}


@pytest.mark.parametrize(
    ("call", "more"),
    [
        ("put_method", {"authorizationType": "NONE"}),
        ("update_method", {"patchOperations": []}),
        ("get_integration", {}),
        ("get_integration_response", {"statusCode": "200"}),
        ("delete_integration_response", {"statusCode": "200"}),
    ],
)
def test_without_the_api_it_is_the_resource_that_is_missing(
    api: BareApi, call: str, more: dict[str, Any]
) -> None:
    assert refused(getattr(api.client, call), **{**api.method, "restApiId": "none"}, **more) == NO_RESOURCE


def test_an_integrations_response_is_missed_by_its_status_or_its_integration(api: BareApi) -> None:
    get, delete = api.client.get_integration_response, api.client.delete_integration_response
    assert refused(get, **api.method, statusCode="200") == NO_STATUS
    assert refused(delete, **api.method, statusCode="200") == NO_STATUS
    assert refused(delete, **{**api.method, "httpMethod": "PUT"}, statusCode="200") == NO_INTEGRATION


@pytest.mark.parametrize("call", ["get_request_validator", "delete_request_validator"])
def test_a_request_validator_that_is_not_there(api: BareApi, call: str) -> None:
    for api_id in (api.id, "none"):
        assert refused(getattr(api.client, call), restApiId=api_id, requestValidatorId="none") == NO_VALIDATOR


def test_request_validators_of_an_api_that_is_not_there(api: BareApi) -> None:
    made = refused(api.client.create_request_validator, restApiId="none", name="x")
    assert made == (400, "BadRequestException", "Invalid REST API identifier specified")
    listed = refused(api.client.get_request_validators, restApiId="none")
    assert listed == (404, "NotFoundException", f"Invalid API identifier specified {ACCOUNT}:none")


@pytest.mark.parametrize(
    ("kind", "path", "value", "message"),
    [
        (
            "add",
            "/validateRequestBody",
            "true",
            "Please choose supported operations",
        ),
        (
            "replace",
            "/invalid",
            "true",
            "Must be one of: [/name, /validateRequestParameters, /validateRequestBody]",
        ),
        ("replace", "/name", "", "Request Validator name cannot be blank"),
        ("replace", "/validateRequestBody", "maybe", "Invalid boolean value specified: maybe"),
    ],
)
def test_a_request_validators_patch_is_refused_as_a_whole(
    api: BareApi, validator: dict[str, Any], kind: str, path: str, value: str, message: str
) -> None:
    patches = [
        {"op": "replace", "path": "/validateRequestParameters", "value": "true"},
        {"op": kind, "path": path, "value": value},
    ]
    found = refused(api.client.update_request_validator, **validator, patchOperations=patches)
    assert found[:2] == (400, "BadRequestException")
    assert found[2] in (message, f"Invalid patch path  '{path}' specified for op '{kind}'. {message}")
    assert not api.client.get_request_validator(**validator)["validateRequestParameters"]


def test_a_request_validator_is_changed(api: BareApi, validator: dict[str, Any]) -> None:
    values = {"/name": "other", "/validateRequestBody": "false", "/validateRequestParameters": "true"}
    patches = [{"op": "replace", "path": path, "value": value} for path, value in values.items()]
    told = api.client.update_request_validator(**validator, patchOperations=patches)
    told.pop("ResponseMetadata")
    assert told == {
        "id": validator["requestValidatorId"],
        "name": "other",
        "validateRequestBody": False,
        "validateRequestParameters": True,
    }


def test_a_gateway_response_that_nobody_has_set_cannot_be_deleted(api: BareApi) -> None:
    named = {"restApiId": api.id, "responseType": "DEFAULT_4XX"}
    message = "Gateway response type not defined on api"
    assert refused(api.client.delete_gateway_response, **named) == (404, "NotFoundException", message)
    api.client.put_gateway_response(**named, statusCode="418")
    api.client.delete_gateway_response(**named)


def test_the_names_of_a_methods_parameters_are_unique_wherever_they_stand(api: BareApi) -> None:
    asked = {"method.request.querystring.q": True, "method.request.header.q": False}
    message = "Parameter names must be unique across querystring, header and path"
    found = refused(
        api.client.put_method,
        **{**api.method, "httpMethod": "GET"},
        authorizationType="NONE",
        requestParameters=asked,
    )
    assert found == (400, "BadRequestException", message)
    patches = [{"op": "add", "path": f"/requestParameters/{name}", "value": "true"} for name in asked]
    found = refused(api.client.update_method, **api.method, patchOperations=patches)
    assert found == (400, "BadRequestException", message)


@pytest.mark.parametrize(
    ("kind", "path", "message"),
    [
        ("add", "/minimumCompressionSize", "Invalid patch operation specified. Must be one of: [replace]"),
        ("add", "/binaryMediaTypes", "Invalid patch path /binaryMediaTypes"),
    ],
)
def test_what_a_patch_of_an_api_cannot_do(api: BareApi, kind: str, path: str, message: str) -> None:
    patches = [{"op": kind, "path": path, "value": "10"}]
    found = refused(api.client.update_rest_api, restApiId=api.id, patchOperations=patches)
    assert found == (400, "BadRequestException", message)


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"description": ""}, "Description cannot be an empty string"),
        (
            {"endpointConfiguration": {"types": []}},
            "REGIONAL Configuration and EDGE Configuration cannot be both DISABLED.",
        ),
        (
            {"endpointConfiguration": {"types": ["PRIVATE"], "ipAddressType": "ipv4"}},
            "Only dualstack ipAddressType is supported for Private APIs.",
        ),
        ({"minimumCompressionSize": -1, "description": ""}, "Description cannot be an empty string"),
    ],
)
def test_what_an_api_cannot_be(aws: Clients, more: dict[str, Any], message: str) -> None:
    found = refused(aws("apigateway").create_rest_api, name="x", **more)
    assert found == (400, "BadRequestException", message)


@pytest.mark.parametrize(
    ("kind", "path", "value", "message"),
    [
        (
            "remove",
            "types/0",
            "EDGE",
            "Invalid patch operation specified. Must be 'add'|'remove'|'replace'",
        ),
        (
            "replace",
            "types/0",
            "LOCAL",
            "Invalid EndpointTypes specified. Valid options are REGIONAL,EDGE,PRIVATE",
        ),
        ("replace", "ipAddressType", "ipv6", "ipAddressType must be either ipv4 or dualstack."),
        ("remove", "ipAddressType", "", "Invalid patch operation specified. Must be one of: [replace]"),
    ],
)
def test_what_an_endpoint_cannot_become(api: BareApi, kind: str, path: str, value: str, message: str) -> None:
    patches = [{"op": kind, "path": f"/endpointConfiguration/{path}", "value": value}]
    found = refused(api.client.update_rest_api, restApiId=api.id, patchOperations=patches)
    assert found == (400, "BadRequestException", message)


def test_a_private_api_stays_dual_stack(api: BareApi) -> None:
    patches = [
        {"op": "replace", "path": "/endpointConfiguration/types/0", "value": "PRIVATE"},
        {"op": "replace", "path": "/endpointConfiguration/ipAddressType", "value": "ipv4"},
    ]
    message = "Only dualstack ipAddressType is supported for Private APIs."
    found = refused(api.client.update_rest_api, restApiId=api.id, patchOperations=patches)
    assert found == (400, "BadRequestException", message)


def test_values_are_listed_in_the_order_of_aws_and_the_bodys_members_first(api: BareApi) -> None:
    where, patches = {**api.method, "statusCode": "wrong"}, [{"op": "wrong", "path": "/x"}]
    found = refused(api.client.update_method_response, **where, patchOperations=patches)
    message = (
        "2 validation errors detected: Value 'wrong' at "
        "'updateMethodResponseInput.patchOperations.1.member.op' failed to satisfy constraint: Member must "
        "satisfy enum value set: [add, remove, move, test, replace, copy]; Value 'wrong' at 'statusCode' "
        "failed to satisfy constraint: Member must satisfy regular expression pattern: [1-5]\\d\\d"
    )
    assert found == (400, "ValidationException", message)


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"name": "", "targetArns": ["arn:aws:x:y:z:w"]}, "Name cannot be empty"),
        ({"name": "x", "targetArns": ["invalid-arn"]}, "Invalid ARN. ARN is not well formed invalid-arn"),
    ],
)
def test_a_vpc_link_that_could_not_be(api: BareApi, said: dict[str, Any], message: str) -> None:
    """Recorded: test_create_vpc_link_invalid_parameters. One that could be is not in the sandbox."""
    assert refused(api.client.create_vpc_link, **said) == (400, "BadRequestException", message)
    possible = {"name": "x", "targetArns": ["arn:aws:elasticloadbalancing:us-east-1:1:loadbalancer/net/a/b"]}
    assert refused(api.client.create_vpc_link, **possible)[:2] == (501, "NotImplemented")


def test_a_methods_parameters_are_those_of_a_request(api: BareApi) -> None:
    """Recorded: test_put_integration_request_parameter_bool_type."""
    error = "Validation Result: warnings : [], errors : [Invalid mapping expression specified: true]"
    method = {**api.method, "httpMethod": "PUT", "authorizationType": "NONE"}
    assert refused(api.client.put_method, **method, requestParameters={"true": True}) == (
        400,
        "BadRequestException",
        f"Invalid mapping expression specified: {error}",
    )


def test_a_response_template_is_for_a_media_type(api: BareApi) -> None:
    """Recorded: test_integration_response_invalid_responsetemplates."""
    put = {**api.method, "statusCode": "200", "responseTemplates": {"123": "{}"}}
    message = "Validation Result: warnings : [], errors : [Invalid content type specified: 123]"
    assert refused(api.client.put_integration_response, **put) == (400, "BadRequestException", message)


def test_there_are_no_vpc_links(api: BareApi) -> None:
    message = "Invalid Vpc Link identifier specified"
    for call in (api.client.get_vpc_link, api.client.delete_vpc_link, api.client.update_vpc_link):
        assert refused(call, vpcLinkId="none") == (404, "NotFoundException", message)


def test_an_authorizer_of_an_api_that_is_not_there(api: BareApi) -> None:
    message = "Unable to complete operation due to concurrent modification. Please try again later."
    found = refused(api.client.create_authorizer, restApiId="none", name="x", type="TOKEN")
    assert found == (409, "ConflictException", message)
