"""Provisioned concurrency: workers of a version or alias that are kept ready. Messages are as recorded."""

import datetime
from collections.abc import Callable
from typing import Any

from lambda_over_https.sandbox.control.aws_calls import AwsCall
from lambda_over_https.sandbox.control.functions.settings import (
    LATEST,
    qualified_arn,
    settings_of,
    target_of,
    unknown,
    version_of,
)
from lambda_over_https.sandbox.control.layer import AwsResponse
from lambda_over_https.sandbox.control.moto_state import find_function, function_arn
from lambda_over_https.sandbox.model.errors import AwsError
from lambda_over_https.sandbox.strict.functions.concurrency import check_provision
from lambda_over_https.sandbox.strict.services.lambda_functions import invalid

MOST_PROVISIONED = 10
"""Workers that the sandbox runs of one function."""

Allocated = Callable[[str], int | None]
"""How many workers are ready of the version of that ARN; None if one could not start."""


def answers(allocated: Allocated) -> dict[str, Callable[[AwsCall], AwsResponse]]:
    """The answers to the calls that describe settings."""

    def described(function: Any, qualifier: str, config: dict[str, Any]) -> dict[str, Any]:
        version = version_of(function, qualifier)
        ready = allocated(f"{function.function_arn}:{version}")
        return {**config, **_status(config["RequestedProvisionedConcurrentExecutions"], ready)}

    def get(call: AwsCall) -> AwsResponse:
        function, qualifier = _target(call)
        config = settings_of(function).provisioned.get(qualifier)
        if config is None:
            message = "No Provisioned Concurrency Config found for this function"
            raise AwsError("ProvisionedConcurrencyConfigNotFoundException", message, 404)
        return AwsResponse.json(200, described(function, qualifier, config))

    def listed(call: AwsCall) -> AwsResponse:
        function, _ = target_of(call)
        found = [
            {"FunctionArn": qualified_arn(function, name), **described(function, name, config)}
            for name, config in settings_of(function).provisioned.items()
        ]
        return AwsResponse.json(200, {"ProvisionedConcurrencyConfigs": found})

    return {"GetProvisionedConcurrencyConfig": get, "ListProvisionedConcurrencyConfigs": listed}


def put(call: AwsCall) -> AwsResponse:
    """Answer PutProvisionedConcurrencyConfig."""
    if call.parameters["Qualifier"] == LATEST:
        raise invalid("Provisioned Concurrency Configs cannot be applied to unpublished function versions.")
    function, qualifier = _target(call)
    settings, count = settings_of(function).provisioned, call.parameters["ProvisionedConcurrentExecutions"]
    version = version_of(function, qualifier)
    others = {name for name in settings if name != qualifier and version_of(function, name) == version}
    if others and qualifier == version:
        raise _conflict("Version is pointed by a Provisioned Concurrency alias")
    if others:
        raise _conflict(
            "Alias can't be used for Provisioned Concurrency configuration on an already Provisioned version"
        )
    check_provision(call, function, count)
    if count > MOST_PROVISIONED:
        raise NotImplementedError(
            f"more than {MOST_PROVISIONED} workers of one function. Use at most {MOST_PROVISIONED}"
        )
    now = datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%S+0000")
    settings[qualifier] = {"RequestedProvisionedConcurrentExecutions": count, "LastModified": now}
    return AwsResponse.json(202, {**settings[qualifier], **_status(count, 0)})


def delete(call: AwsCall) -> AwsResponse:
    """Answer DeleteProvisionedConcurrencyConfig."""
    function, qualifier = _target(call)
    settings_of(function).provisioned.pop(qualifier, None)
    return AwsResponse.json(204)


def forget_alias(call: AwsCall) -> None:
    """An alias takes its setting with it."""
    function = find_function(call.region, call.parameters["FunctionName"])
    if function is not None:
        settings_of(function).provisioned.pop(call.parameters["Name"], None)


def _target(call: AwsCall) -> tuple[Any, str]:
    name, qualifier = call.parameters["FunctionName"], call.parameters["Qualifier"]
    if qualifier == LATEST:
        raise invalid("The function resource provided must be an alias or a published version.")
    if find_function(call.region, name, qualifier) is not None:
        return find_function(call.region, name), qualifier
    arn = f"{function_arn(call.region, name)}:{qualifier}"
    if qualifier.isdigit():
        raise unknown(arn)
    raise AwsError("ResourceNotFoundException", f"Cannot find alias arn: {arn}", 404)


def _status(requested: int, ready: int | None) -> dict[str, Any]:
    counts = {
        "AllocatedProvisionedConcurrentExecutions": ready or 0,
        "AvailableProvisionedConcurrentExecutions": ready or 0,
    }
    if ready is None:
        return {**counts, "Status": "FAILED", "StatusReason": "FUNCTION_ERROR_INIT_FAILURE"}
    return {**counts, "Status": "READY" if ready >= requested else "IN_PROGRESS"}


def _conflict(message: str) -> AwsError:
    return AwsError("ResourceConflictException", message, 409)
