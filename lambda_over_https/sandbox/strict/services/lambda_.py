"""Lambda: what its calls refuse, statements of functions' policies, states, revisions."""

from lambda_over_https.sandbox.control.aws_calls import AwsCall
from lambda_over_https.sandbox.control.layer import AwsResponse
from lambda_over_https.sandbox.control.moto_state import find_function, lambda_backend
from lambda_over_https.sandbox.model.errors import AwsError
from lambda_over_https.sandbox.strict import constraints, paging, tag_limits
from lambda_over_https.sandbox.strict.functions import events, permissions, sources
from lambda_over_https.sandbox.strict.rules import Amendment, Rules
from lambda_over_https.sandbox.strict.services.lambda_functions import (
    check_environment,
    check_handler,
    check_name,
    check_package,
    check_runtime,
    check_settings,
    check_source,
    check_trust,
)


def _aliased(call: AwsCall) -> None:
    name, qualifier = call.parameters["FunctionName"], call.parameters.get("Qualifier")
    if qualifier is None or find_function(call.region, name, qualifier) is None:
        return
    aliases = lambda_backend(call.region).list_aliases(name)
    holding = [alias.name for alias in aliases if alias.function_version == qualifier]
    if holding:
        message = (
            f"Unable to delete version because the following aliases reference it: [{', '.join(holding)}]"
        )
        raise AwsError("ResourceConflictException", message, 409)


def _room_for_tags(call: AwsCall) -> None:
    function = find_function(call.region, call.parameters["Resource"])
    tag_limits.check(call, function.tags if function else ())


def _created(_: AwsCall, response: AwsResponse) -> None:
    document = response.document
    document["State"] = "Pending"
    document["StateReason"] = "The function is being created."
    document["StateReasonCode"] = "Creating"
    response.document = document


def _updated(_: AwsCall, response: AwsResponse) -> None:
    document = response.document
    document["LastUpdateStatus"] = "InProgress"
    response.document = document


def _described(call: AwsCall, response: AwsResponse) -> None:
    """Report a reserved concurrency of 0 too."""
    reserved = find_function(call.region, call.parameters["FunctionName"]).reserved_concurrency
    if reserved is not None:
        document = response.document
        document["Concurrency"] = {"ReservedConcurrentExecutions": reserved}
        response.document = document


def _published(call: AwsCall, _: AwsResponse) -> None:
    """Note that nothing has changed since this version; moto forgets that for the first version."""
    find_function(call.region, call.parameters["FunctionName"]).code_or_config_updated = False


def _listing(items: str, key: str) -> Amendment:
    return paging.pages(paging.Listing(items, key, "MaxItems", "Marker", "NextMarker", 50, 50))


RULES = Rules(
    every=[constraints.check, tag_limits.check],
    checks={
        "CreateFunction": [
            check_name,
            check_runtime,
            check_handler,
            check_settings,
            check_environment,
            check_source,
            check_package,
            check_trust,
        ],
        "UpdateFunctionConfiguration": [
            check_runtime,
            check_settings,
            check_environment,
            check_trust,
        ],
        "UpdateFunctionCode": [check_package],
        "DeleteFunction": [_aliased],
        "AddPermission": [permissions.check_qualifier, permissions.check_principal],
        "GetPolicy": [permissions.check_qualifier],
        "RemovePermission": [permissions.check_qualifier],
        "CreateEventSourceMapping": [sources.check_mapping],
        "UpdateEventSourceMapping": [sources.check_update],
        "TagResource": [_room_for_tags],
    },
    answers={
        "AddPermission": permissions.add_permission,
        "GetPolicy": permissions.get_policy,
        "RemovePermission": permissions.remove_permission,
        "PutFunctionEventInvokeConfig": events.put,
        "UpdateFunctionEventInvokeConfig": events.update,
        "GetFunctionEventInvokeConfig": events.get,
        "DeleteFunctionEventInvokeConfig": events.delete,
        "ListFunctionEventInvokeConfigs": events.listed,
    },
    amendments={
        "CreateEventSourceMapping": sources.begin_mapping,
        "DeleteEventSourceMapping": sources.end_mapping,
        "UpdateEventSourceMapping": sources.resume_mapping,
        "CreateFunction": _created,
        "GetFunction": _described,
        "PublishVersion": _published,
        "ListAliases": _listing("Aliases", "Name"),
        "ListFunctions": _listing("Functions", "FunctionArn"),
        "ListVersionsByFunction": _listing("Versions", "FunctionArn"),
        "UpdateFunctionCode": _updated,
        "UpdateFunctionConfiguration": _updated,
    },
    wordings=[(r"Alias already exists: .+", "ResourceConflictException", r"\g<0>", 409)],
)
