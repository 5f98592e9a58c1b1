"""What becomes of asynchronous events: retries, age, destinations. Messages are AWS's, as recorded."""

import re
import time
from typing import Any

from lambda_over_https.sandbox.control.aws_calls import AwsCall
from lambda_over_https.sandbox.control.functions.settings import (
    LATEST,
    settings_of,
    split_name,
    target_of,
)
from lambda_over_https.sandbox.control.layer import AwsResponse
from lambda_over_https.sandbox.control.moto_state import find_function, find_role, function_arn
from lambda_over_https.sandbox.iam.policies.policy import AccessRequest
from lambda_over_https.sandbox.iam.policies.principals import role_may
from lambda_over_https.sandbox.model.errors import AwsError

_FUNCTION = re.compile(r"arn:[^:]+:lambda:([^:]+):\d{12}:function:.+")
_LIMITS = ("MaximumRetryAttempts", "MaximumEventAgeInSeconds")
_DESTINATIONS = ("OnSuccess", "OnFailure")


def put(call: AwsCall) -> AwsResponse:
    """Answer PutFunctionEventInvokeConfig: it replaces the whole configuration."""
    if not {*_LIMITS, "DestinationConfig"} & call.parameters.keys():
        raise _invalid("You must specify at least one of error handling or destination setting.")
    function, qualifier = _target(call)
    given = _given(call, function)
    config = {"DestinationConfig": {name: {} for name in _DESTINATIONS}, **given, "LastModified": time.time()}
    settings_of(function).events[qualifier] = config
    return AwsResponse.json(200, _told(function, qualifier, config))


def update(call: AwsCall) -> AwsResponse:
    """Answer UpdateFunctionEventInvokeConfig: it changes what it names."""
    _target(call)
    function, qualifier, config = _existing(call)
    config.update(_given(call, function), LastModified=time.time())
    return AwsResponse.json(200, _told(function, qualifier, config))


def get(call: AwsCall) -> AwsResponse:
    """Answer GetFunctionEventInvokeConfig."""
    return AwsResponse.json(200, _told(*_existing(call)))


def delete(call: AwsCall) -> AwsResponse:
    """Answer DeleteFunctionEventInvokeConfig."""
    function, qualifier, _ = _existing(call)
    del settings_of(function).events[qualifier]
    return AwsResponse.json(204)


def listed(call: AwsCall) -> AwsResponse:
    """Answer ListFunctionEventInvokeConfigs."""
    function, _ = _target(call)
    found = [_told(function, *item) for item in settings_of(function).events.items()]
    return AwsResponse.json(200, {"FunctionEventInvokeConfigs": found})


def _target(call: AwsCall) -> tuple[Any, str]:
    try:
        return target_of(call)
    except AwsError:
        raise AwsError("ResourceNotFoundException", "The function doesn't exist.", 404) from None


def _existing(call: AwsCall) -> tuple[Any, str, dict[str, Any]]:
    name, qualifier = split_name(call.parameters["FunctionName"], call.parameters.get("Qualifier"))
    function, qualifier = find_function(call.region, name), qualifier or LATEST
    config = settings_of(function).events.get(qualifier) if function else None
    if config is None:
        arn = f"{function_arn(call.region, name)}:{qualifier}"
        message = f"The function {arn} doesn't have an EventInvokeConfig"
        raise AwsError("ResourceNotFoundException", message, 404)
    return function, qualifier, config


def _told(function: Any, qualifier: str, config: dict[str, Any]) -> dict[str, Any]:
    return {"FunctionArn": f"{function.function_arn}:{qualifier}", **config}


def _given(call: AwsCall, function: Any) -> dict[str, Any]:
    """What the call says of the configuration, checked."""
    given = {name: call.parameters[name] for name in _LIMITS if call.parameters.get(name) is not None}
    destinations = call.parameters.get("DestinationConfig")
    if destinations is None:
        return given
    for name in _DESTINATIONS:
        arn = (destinations.get(name) or {}).get("Destination")
        if arn:
            _check_destination(call, function, arn, destinations)
    return {**given, "DestinationConfig": {name: destinations.get(name) or {} for name in _DESTINATIONS}}


def _check_destination(call: AwsCall, function: Any, arn: str, destinations: Any) -> None:
    service = arn.split(":")[2] if arn.count(":") >= 5 else ""
    if service in ("sqs", "sns", "events", "s3"):
        raise NotImplementedError(
            f"destinations other than functions ({arn}). Send the results to a function"
        )
    if not _FUNCTION.fullmatch(arn):
        raise _invalid(f"The provided destination config {_in_java(destinations)} is invalid.")
    name, qualifier = split_name(arn)
    if find_function(call.region, name, qualifier) is None:
        raise _invalid(f"The destination ARN {arn} is invalid.")
    if name == function.function_name:
        raise _invalid("You can't specify the function as a destination for itself.")
    role = find_role(function.role)
    if role is None or not role_may(role, AccessRequest("lambda:InvokeFunction", [arn])):
        raise _invalid(
            f"The function's execution role does not have permissions to call InvokeFunction on {arn}"
        )


def _in_java(destinations: Any) -> str:
    parts = []
    for name in _DESTINATIONS:
        arn = (destinations.get(name) or {}).get("Destination")
        member = name[0].lower() + name[1:]
        parts.append(f"{member}={name}(destination={arn})" if arn else f"{member}=null")
    return f"DestinationConfig({', '.join(parts)})"


def _invalid(message: str) -> AwsError:
    return AwsError("InvalidParameterValueException", message)
