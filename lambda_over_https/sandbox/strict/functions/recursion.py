"""Whether Lambda stops a function that runs in a loop: PutFunctionRecursionConfig, as recorded."""

from lambda_over_https.sandbox.control.aws_calls import AwsCall
from lambda_over_https.sandbox.control.functions.settings import FunctionSettings, settings_of, target_of
from lambda_over_https.sandbox.control.layer import AwsResponse


def put(call: AwsCall) -> AwsResponse:
    """Answer PutFunctionRecursionConfig."""
    _settings(call).recursive_loop = call.parameters["RecursiveLoop"]
    return get(call)


def get(call: AwsCall) -> AwsResponse:
    """Answer GetFunctionRecursionConfig."""
    return AwsResponse.json(200, {"RecursiveLoop": _settings(call).recursive_loop})


def _settings(call: AwsCall) -> FunctionSettings:
    function, _ = target_of(call)
    return settings_of(function)
