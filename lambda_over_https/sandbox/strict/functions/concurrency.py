"""What an account may have at once, and what functions reserve of it. Numbers and messages as recorded."""

from typing import Any

from lambda_over_https.sandbox.control.aws_calls import AwsCall
from lambda_over_https.sandbox.control.functions.layer_versions import layers_of
from lambda_over_https.sandbox.control.functions.settings import LATEST, settings_of, unknown
from lambda_over_https.sandbox.control.layer import AwsResponse
from lambda_over_https.sandbox.control.moto_state import find_function, function_arn, lambda_backend
from lambda_over_https.sandbox.model.errors import AwsError

CONCURRENT_EXECUTIONS = 1000
"""Of an account (Lambda guide, "Lambda quotas"). The sandbox tells the limit, but has none."""

LEAST_UNRESERVED = 100
TOTAL_CODE_SIZE = 80_530_636_800
CODE_SIZE_UNZIPPED = 262_144_000
CODE_SIZE_ZIPPED = 52_428_800


def check_reservation(call: AwsCall) -> None:
    """What a function reserves leaves enough for those that reserve nothing."""
    name = call.parameters["FunctionName"]
    if find_function(call.region, name) is None:
        raise unknown(f"{function_arn(call.region, name)}:{LATEST}")
    asked = call.parameters["ReservedConcurrentExecutions"]
    if asked > _unreserved(call.region, without=name) - LEAST_UNRESERVED:
        raise _untyped(
            "Specified ReservedConcurrentExecutions for function decreases account's "
            f"UnreservedConcurrentExecution below its minimum value of [{LEAST_UNRESERVED}]."
        )
    settings = settings_of(find_function(call.region, name)).provisioned.values()
    provisioned = sum(each["RequestedProvisionedConcurrentExecutions"] for each in settings)
    if asked < provisioned:
        raise _untyped(
            f" ReservedConcurrentExecutions  {asked} should not be lower than function's total provisioned "
            f"concurrency [{provisioned}]."
        )


def check_provision(call: AwsCall, function: Any, count: int) -> None:
    """What is provisioned comes out of the function's own reservation, or of what nobody has reserved."""
    reserved = function.reserved_concurrency
    if reserved is not None:
        if count > int(reserved):
            raise _untyped(
                "Requested Provisioned Concurrency should not be greater than the "
                "reservedConcurrentExecution for function"
            )
        return
    unreserved = _unreserved(call.region)
    if count > unreserved:
        raise _untyped(
            "Specified ConcurrentExecutions for function is greater than account's unreserved concurrency "
            f"[{unreserved}]."
        )
    if count > unreserved - LEAST_UNRESERVED:
        raise _untyped(
            "Specified ConcurrentExecutions for function decreases account's UnreservedConcurrentExecution "
            f"below its minimum value of [{LEAST_UNRESERVED}]."
        )


def _untyped(message: str) -> AwsError:
    return AwsError("InvalidParameterValueException", message, typed=False)


def account_settings(call: AwsCall) -> AwsResponse:
    """Answer GetAccountSettings."""
    functions = _functions(call.region)
    versions = [version for function in functions for version in _published(call.region, function)]
    limits = {
        "CodeSizeUnzipped": CODE_SIZE_UNZIPPED,
        "CodeSizeZipped": CODE_SIZE_ZIPPED,
        "ConcurrentExecutions": CONCURRENT_EXECUTIONS,
        "TotalCodeSize": TOTAL_CODE_SIZE,
        "UnreservedConcurrentExecutions": _unreserved(call.region),
    }
    layers = [version for layer in layers_of(call.region).values() for version in layer.versions.values()]
    size = sum(each.code_size for each in (*functions, *versions)) + sum(len(each.content) for each in layers)
    usage = {"FunctionCount": len(functions), "TotalCodeSize": size}
    return AwsResponse.json(200, {"AccountLimit": limits, "AccountUsage": usage})


def _unreserved(region: str, without: str = "") -> int:
    """What no function has reserved, but for the one named ``without``."""
    others = [each for each in _functions(region) if each.function_name != without]
    return CONCURRENT_EXECUTIONS - sum(int(each.reserved_concurrency or 0) for each in others)


def _functions(region: str) -> list[Any]:
    return list(lambda_backend(region).list_functions())


def _published(region: str, function: Any) -> list[Any]:
    versions = lambda_backend(region).list_versions_by_function(function.function_name)
    return [each for each in versions if str(each.version).isdigit()]
