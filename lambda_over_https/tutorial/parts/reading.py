"""What several parts read of the same resource: the API's definition, the function's resource policy."""

import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from lambda_over_https.deployment.stack import Stack
from lambda_over_https.kinds import Kind
from lambda_over_https.names import METHOD, PATH, STAGE
from lambda_over_https.tutorial.definition import Api, Method

if TYPE_CHECKING:
    from mypy_boto3_apigateway.type_defs import UsagePlanTypeDef


def api_tree(stack: Stack) -> Mapping[str, Any]:
    """The API's resources by path, with methods and integrations."""
    return stack.readings.once("API", lambda: _read_api(stack))


def method_of(stack: Stack, verb: str = METHOD) -> Mapping[str, Any]:
    """A method of /DynamoDBManager as the API has it, with its integration; empty if there is none."""
    found: Mapping[str, Any] = api_tree(stack).get(PATH, {}).get("resourceMethods", {}).get(verb) or {}
    return found


def method_address(stack: Stack, verb: str = METHOD) -> dict[str, Any]:
    """The parameters that name a method of /DynamoDBManager in a call."""
    return {
        "restApiId": stack.id_of(Kind.REST_API),
        "resourceId": stack.id_of(Kind.RESOURCE),
        "httpMethod": verb,
    }


def described(api: Api) -> dict[str, Any]:
    """The API's tree as it is read when it is as ``api`` says; of the integrations no more than that."""
    methods = {each.verb: _described(each) for each in api.methods}
    return {PATH: {"id": "", "path": PATH, "resourceMethods": methods}}


def _described(method: Method) -> dict[str, Any]:
    return {
        "authorizationType": "NONE",
        "apiKeyRequired": method.api_key,
        "requestParameters": {f"method.request.querystring.{name}": True for name in method.cache_keys},
        "methodResponses": {
            each.status: {
                "responseParameters": {f"method.response.header.{name}": False for name in each.headers}
            }
            for each in method.responses
        },
    }


def function_policy(stack: Stack) -> Mapping[str, Any]:
    """The statements of the function's resource policy by their Sid; empty if it has none."""
    return stack.readings.once("function policy", lambda: _read_policy(stack))


def stage(stack: Stack) -> Mapping[str, Any]:
    """The stage as it is now; empty if there is none."""
    return stack.readings.once("stage", lambda: read_stage(stack))


def stage_settings(stack: Stack) -> Mapping[str, Mapping[str, Any]]:
    """The stage's settings of single methods, by path and verb: ``/DynamoDBManager/POST``."""
    return settings_in(stage(stack))


def settings_in(found: Mapping[str, Any]) -> Mapping[str, Mapping[str, Any]]:
    """The same of a stage that was read before."""
    settings = found.get("methodSettings") or {}
    return {key.replace("~1", "/"): value for key, value in settings.items()}


def stage_settings_path(verb: str) -> str:
    """Where a patch of the stage finds the settings of a method of /DynamoDBManager."""
    return f"/{PATH.replace('/', '~1')}/{verb}"


def usage_plans(stack: Stack) -> "Iterator[UsagePlanTypeDef]":
    """Every usage plan of the account and region."""
    pages = stack.cloud.apigateway.get_paginator("get_usage_plans")
    found = pages.paginate(PaginationConfig={"PageSize": 500})
    return (item for page in found for item in page["items"])


def read_stage(stack: Stack) -> Mapping[str, Any]:
    """The stage as it is at this moment, whatever was read before; empty if there is none."""
    apigateway = stack.cloud.apigateway
    try:
        return apigateway.get_stage(restApiId=stack.id_of(Kind.REST_API), stageName=STAGE)
    except apigateway.exceptions.NotFoundException:
        return {}


def _read_api(stack: Stack) -> Mapping[str, Any]:
    pages = stack.cloud.apigateway.get_paginator("get_resources").paginate(
        restApiId=stack.id_of(Kind.REST_API), embed=["methods"], PaginationConfig={"PageSize": 500}
    )
    return {item["path"]: item for page in pages for item in page["items"]}


def _read_policy(stack: Stack) -> Mapping[str, Any]:
    lambda_ = stack.cloud.lambda_
    try:
        policy = json.loads(lambda_.get_policy(FunctionName=stack.names.function)["Policy"])
    except lambda_.exceptions.ResourceNotFoundException:
        return {}
    return {statement["Sid"]: statement for statement in policy["Statement"]}
