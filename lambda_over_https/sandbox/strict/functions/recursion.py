"""Whether Lambda stops a function that runs in a loop: PutFunctionRecursionConfig, as recorded."""

from typing import Any

from lambda_over_https.sandbox.control.aws_calls import AwsCall
from lambda_over_https.sandbox.control.function_settings import settings_of, unknown
from lambda_over_https.sandbox.control.layer import AwsResponse
from lambda_over_https.sandbox.control.moto_state import find_function, function_arn


def put(call: AwsCall) -> AwsResponse:
    """Answer PutFunctionRecursionConfig."""
    settings_of(_function(call)).recursive_loop = call.parameters["RecursiveLoop"]
    return get(call)


def get(call: AwsCall) -> AwsResponse:
    """Answer GetFunctionRecursionConfig."""
    return AwsResponse.json(200, {"RecursiveLoop": settings_of(_function(call)).recursive_loop})


def _function(call: AwsCall) -> Any:
    function = find_function(call.region, call.parameters["FunctionName"])
    if function is None:
        raise unknown(function_arn(call.region, call.parameters["FunctionName"]))
    return function
