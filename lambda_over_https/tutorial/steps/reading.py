"""What several parts read of the same resource: the API's definition, the function's resource policy."""

import json
from collections.abc import Mapping
from typing import Any

from lambda_over_https.deployment.stack import Stack
from lambda_over_https.kinds import Kind
from lambda_over_https.names import METHOD, PATH


def api_tree(stack: Stack) -> Mapping[str, Any]:
    """The API's resources by path, with methods and integrations."""
    return stack.readings.once("API", lambda: _read_api(stack))


def method_of(stack: Stack) -> Mapping[str, Any]:
    """The POST method as the API has it, with its integration; empty if there is none."""
    found: Mapping[str, Any] = api_tree(stack).get(PATH, {}).get("resourceMethods", {}).get(METHOD) or {}
    return found


def method_address(stack: Stack) -> dict[str, Any]:
    """The parameters that name the POST method in a call."""
    return {
        "restApiId": stack.id_of(Kind.REST_API),
        "resourceId": stack.id_of(Kind.RESOURCE),
        "httpMethod": METHOD,
    }


def function_policy(stack: Stack) -> Mapping[str, Any]:
    """The statements of the function's resource policy by their Sid; empty if it has none."""
    return stack.readings.once("function policy", lambda: _read_policy(stack))


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
