"""Lambda: what its calls refuse, statements of functions' policies, states, revisions."""

from lambda_over_https.sandbox.control.aws_calls import AwsCall
from lambda_over_https.sandbox.control.functions.settings import LATEST, forget, unknown, versions_of
from lambda_over_https.sandbox.control.layer import AwsResponse
from lambda_over_https.sandbox.control.moto_state import find_function, function_arn, lambda_backend
from lambda_over_https.sandbox.model.errors import AwsError
from lambda_over_https.sandbox.strict import constraints, paging, tag_limits
from lambda_over_https.sandbox.strict.functions import (
    aliases,
    concurrency,
    configurations,
    events,
    layer_permissions,
    layers,
    log_settings,
    permissions,
    provisioned,
    recursion,
    sources,
)
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
    invalid,
)


def _deletable(call: AwsCall) -> None:
    """A function can be deleted, and a version of it that no alias needs. Messages are as recorded."""
    name, qualifier = call.parameters["FunctionName"], call.parameters.get("Qualifier")
    if qualifier == LATEST:
        raise invalid("$LATEST version cannot be deleted without deleting the function.")
    if qualifier and not qualifier.isdigit():
        raise invalid("Deletion of aliases is not currently supported.")
    if find_function(call.region, name) is None:
        raise unknown(function_arn(call.region, name))
    if qualifier is None or find_function(call.region, name, qualifier) is None:
        return
    found = lambda_backend(call.region).list_aliases(name)
    holding = [alias.name for alias in found if qualifier in versions_of(alias)]
    if holding:
        message = (
            f"Unable to delete version because the following aliases reference it: [{', '.join(holding)}]"
        )
        raise AwsError("ResourceConflictException", message, 409)


def _room_for_tags(call: AwsCall) -> None:
    function = find_function(call.region, call.parameters["Resource"])
    tag_limits.check(call, function.tags if function else ())


def _described(call: AwsCall, response: AwsResponse) -> None:
    """Report a reserved concurrency of 0 too."""
    configurations.described(call, response)
    reserved = find_function(call.region, call.parameters["FunctionName"]).reserved_concurrency
    if reserved is not None:
        document = response.document
        document["Concurrency"] = {"ReservedConcurrentExecutions": reserved}
        response.document = document


def _listing(items: str, key: str) -> Amendment:
    return paging.pages(paging.Listing(items, key, "MaxItems", "Marker", "NextMarker", 50, 50))


_LAYER_VERSIONS = paging.Listing(
    "LayerVersions", "Version", "MaxItems", "Marker", "NextMarker", 50, 50, newest_first=True
)


def _listed(items: str) -> Amendment:
    cut = _listing(items, "FunctionArn")

    def amend(call: AwsCall, response: AwsResponse) -> None:
        cut(call, response)
        configurations.described(call, response)

    return amend


def _delete_nothing(call: AwsCall) -> AwsResponse | None:
    """Answer DeleteFunction of a version that is not there, which is no mistake."""
    name, qualifier = call.parameters["FunctionName"], call.parameters.get("Qualifier")
    gone = qualifier and find_function(call.region, name, qualifier) is None
    return AwsResponse.json(204) if gone else None


def _version_deleted(call: AwsCall, _: AwsResponse) -> None:
    function = find_function(call.region, call.parameters["FunctionName"])
    if function is not None and call.parameters.get("Qualifier"):
        forget(function, call.parameters["Qualifier"])


def _aliases_listed(call: AwsCall, response: AwsResponse) -> None:
    aliases.of_version(call, response)
    _listing("Aliases", "Name")(call, response)


def _alias_deleted(call: AwsCall, response: AwsResponse) -> None:
    provisioned.forget_alias(call)
    configurations.no_content(call, response)


def _known_for_alias(call: AwsCall) -> None:
    name, version = call.parameters["FunctionName"], call.parameters["FunctionVersion"]
    if find_function(call.region, name) is None:
        raise unknown(f"{function_arn(call.region, name)}:{version}")


def _known(call: AwsCall) -> None:
    name = call.parameters["FunctionName"]
    if find_function(call.region, name) is None:
        raise unknown(function_arn(call.region, name))


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
            layers.check_layers,
            log_settings.check_log_settings,
            check_trust,
        ],
        "UpdateFunctionConfiguration": [
            configurations.check_revision_id,
            check_runtime,
            check_settings,
            check_environment,
            layers.check_layers,
            log_settings.check_log_settings,
            check_trust,
        ],
        "UpdateFunctionCode": [
            _known,
            check_source,
            configurations.check_revision_id,
            check_package,
            layers.check_layers,
        ],
        "PublishLayerVersion": [check_package],
        "GetLayerVersion": [layers.check_number],
        "DeleteLayerVersion": [layers.check_number],
        "PublishVersion": [configurations.check_revision_id, configurations.check_code],
        "PutFunctionConcurrency": [concurrency.check_reservation],
        "ListVersionsByFunction": [_known],
        "CreateAlias": [_known_for_alias, aliases.check_alias],
        "UpdateAlias": [_known, aliases.check_known_alias, aliases.check_alias],
        "DeleteFunction": [_deletable],
        "AddPermission": [permissions.check_qualifier, permissions.check_principal],
        "GetPolicy": [permissions.check_qualifier],
        "RemovePermission": [permissions.check_qualifier],
        "CreateEventSourceMapping": [sources.check_mapping],
        "UpdateEventSourceMapping": [sources.check_known, sources.check_update],
        "DeleteEventSourceMapping": [sources.check_known],
        "GetEventSourceMapping": [sources.check_known],
        "TagResource": [configurations.check_tags, configurations.check_tagged, _room_for_tags],
        "UntagResource": [configurations.check_tags, configurations.check_tagged],
        "ListTags": [configurations.check_tags, configurations.check_tagged],
    },
    answers={
        "DeleteFunction": _delete_nothing,
        "UpdateFunctionCode": configurations.tried,
        "GetAccountSettings": concurrency.account_settings,
        "AddPermission": permissions.add_permission,
        "GetPolicy": permissions.get_policy,
        "RemovePermission": permissions.remove_permission,
        "DeleteLayerVersion": layers.delete_version,
        "GetLayerVersion": layers.get_version,
        "GetLayerVersionByArn": layers.get_version_by_arn,
        "ListLayers": layers.list_layers,
        "ListLayerVersions": layers.list_versions,
        "AddLayerVersionPermission": layer_permissions.add,
        "GetLayerVersionPolicy": layer_permissions.get,
        "RemoveLayerVersionPermission": layer_permissions.remove,
        "PutProvisionedConcurrencyConfig": provisioned.put,
        "DeleteProvisionedConcurrencyConfig": provisioned.delete,
        "PutFunctionRecursionConfig": recursion.put,
        "GetFunctionRecursionConfig": recursion.get,
        "PutFunctionEventInvokeConfig": events.put,
        "UpdateFunctionEventInvokeConfig": events.update,
        "GetFunctionEventInvokeConfig": events.get,
        "DeleteFunctionEventInvokeConfig": events.delete,
        "ListFunctionEventInvokeConfigs": events.listed,
    },
    amendments={
        "CreateEventSourceMapping": sources.begin_mapping,
        "DeleteEventSourceMapping": sources.end_mapping,
        "GetEventSourceMapping": sources.told_mapping,
        "ListEventSourceMappings": sources.told_mappings,
        "UpdateEventSourceMapping": sources.resume_mapping,
        "CreateAlias": aliases.new_alias,
        "CreateFunction": configurations.created,
        "DeleteAlias": _alias_deleted,
        "DeleteFunction": _version_deleted,
        "GetAlias": aliases.told_alias,
        "GetFunctionConfiguration": configurations.described,
        "TagResource": configurations.tagged,
        "UntagResource": configurations.tagged,
        "UpdateAlias": aliases.changed_alias,
        "GetFunction": _described,
        "PublishVersion": configurations.published,
        "ListAliases": _aliases_listed,
        "ListFunctionEventInvokeConfigs": _listing("FunctionEventInvokeConfigs", "FunctionArn"),
        "ListFunctionUrlConfigs": _listing("FunctionUrlConfigs", "FunctionArn"),
        "ListProvisionedConcurrencyConfigs": _listing("ProvisionedConcurrencyConfigs", "FunctionArn"),
        "ListFunctions": _listed("Functions"),
        "ListLayers": _listing("Layers", "LayerName"),
        "ListLayerVersions": paging.pages(_LAYER_VERSIONS),
        "ListVersionsByFunction": _listed("Versions"),
        "UpdateFunctionCode": configurations.updated,
        "UpdateFunctionConfiguration": configurations.updated,
    },
    wordings=[(r"Alias already exists: .+", "ResourceConflictException", r"\g<0>", 409)],
)
