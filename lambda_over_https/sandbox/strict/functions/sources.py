"""Event source mappings of tables' streams, and subscription filters: what they need and how they begin."""

from collections.abc import Mapping
from typing import Any

from lambda_over_https.sandbox.control.aws_calls import AwsCall
from lambda_over_https.sandbox.control.functions.settings import (
    LATEST,
    logging_of,
    split_name,
    statements_of,
    unknown,
)
from lambda_over_https.sandbox.control.layer import AwsResponse
from lambda_over_https.sandbox.control.moto_state import (
    find_function,
    lambda_backend,
    logs_backend,
)
from lambda_over_https.sandbox.control.moto_triggers import send_waiting, table_of_stream
from lambda_over_https.sandbox.iam.policies.resource_policy import service_may_invoke
from lambda_over_https.sandbox.model.account import ACCOUNT
from lambda_over_https.sandbox.model.errors import AwsError

LARGEST_BATCH = 10_000
"""Records of a stream's batch (API reference, CreateEventSourceMapping)."""

MOST_FILTERS = 2
"""Subscription filters of one log group (Logs quotas; recorded)."""

_DEFAULTS: Mapping[str, Any] = {
    "BisectBatchOnFunctionError": False,
    "DestinationConfig": {"OnFailure": {}},
    "FunctionResponseTypes": [],
    "MaximumBatchingWindowInSeconds": 0,
    "MaximumRecordAgeInSeconds": -1,
    "MaximumRetryAttempts": -1,
    "ParallelizationFactor": 1,
    "TumblingWindowInSeconds": 0,
}
"""Of a mapping of a stream."""

_LOGS = "logs.amazonaws.com"


def check_mapping(call: AwsCall) -> None:
    """A mapping joins a function and the stream of a table that has one."""
    source = call.parameters.get("EventSourceArn") or ""
    if ":dynamodb:" not in source:
        raise NotImplementedError("event sources other than streams of tables. Use the stream of a table")
    table, name = table_of_stream(call.region, source), split_name(call.parameters["FunctionName"])[0]
    if table is None:
        raise _invalid(f"Stream not found: {source}")
    _check_function(call)
    if not call.parameters.get("StartingPosition"):
        raise _invalid(
            "1 validation error detected: Value null at 'startingPosition' failed to satisfy "
            "constraint: Member must not be null."
        )
    if call.parameters["StartingPosition"] == "AT_TIMESTAMP":
        raise _invalid(f"Unsupported starting position for arn type: {source}")
    present = lambda_backend(call.region).list_event_source_mappings(source, "")
    if any(split_name(mapping.function_arn)[0] == name for mapping in present):
        uuid = next(mapping.uuid for mapping in present if split_name(mapping.function_arn)[0] == name)
        raise AwsError(
            "ResourceConflictException",
            f'The event source arn (" {source} ") and function (" {name} ") provided mapping already '
            f"exists. Please update or delete the existing mapping with UUID {uuid}",
            409,
        )
    _check_batch(call)


def check_known(call: AwsCall) -> None:
    """The mapping must exist."""
    if lambda_backend(call.region).get_event_source_mapping(call.parameters["UUID"]) is None:
        message = "The resource you requested does not exist."
        raise AwsError("ResourceNotFoundException", message, 404)


def check_update(call: AwsCall) -> None:
    """The function must exist, if it changes, and the batch size must be possible."""
    if call.parameters.get("FunctionName"):
        _check_function(call)
    _check_batch(call)


def begin_mapping(call: AwsCall, response: AwsResponse) -> None:
    """Begin with the records that the stream holds, or without them (StartingPosition LATEST)."""
    response.document = _lead(call, response.document)
    table = table_of_stream(call.region, call.parameters["EventSourceArn"])
    if call.parameters["StartingPosition"] == "LATEST":
        table.stream_shard.items = []
    else:
        send_waiting(call.region, response.document["FunctionArn"], table)
    new = {"State": "Creating", "LastProcessingResult": "No records processed"}
    response.status, response.document = 202, {**_told(response.document), **new}


def resume_mapping(call: AwsCall, response: AwsResponse) -> None:
    """Lead to another function, if the call names one; send what waited while the mapping was disabled."""
    mapping = _lead(call, response.document)
    table = table_of_stream(call.region, mapping["EventSourceArn"])
    if table is not None and mapping["State"] == "Enabled":
        send_waiting(call.region, mapping["FunctionArn"], table)
    response.status, response.document = 202, _told(mapping)


def _lead(call: AwsCall, mapping: dict[str, Any]) -> dict[str, Any]:
    """Lead the mapping to the function, version or alias that the call names, if it does.

    moto leads it to the present version of an alias, and after an update still to the function before.
    """
    arn = call.parameters.get("FunctionName") or mapping["FunctionArn"]
    found = lambda_backend(call.region).get_event_source_mapping(mapping["UUID"])
    table = table_of_stream(call.region, mapping["EventSourceArn"])
    if table is not None:
        targets = table.lambda_event_source_mappings
        for each in [target for target, other in targets.items() if other is found]:
            del targets[each]
        targets[arn] = found
    found.function_name = found.function_arn = arn
    return {**mapping, "FunctionArn": arn}


def told_mapping(_: AwsCall, response: AwsResponse) -> None:
    """Complete moto's answer to GetEventSourceMapping."""
    response.document = _told(response.document)


def told_mappings(_: AwsCall, response: AwsResponse) -> None:
    """Complete moto's answer to ListEventSourceMappings."""
    document = response.document
    document["EventSourceMappings"] = [_told(each) for each in document["EventSourceMappings"]]
    response.document = document


def _told(mapping: dict[str, Any]) -> dict[str, Any]:
    """A mapping as Lambda describes it, with what it has unless somebody says otherwise."""
    known = {name: value for name, value in mapping.items() if name != "FilterCriteria"}
    return {**_DEFAULTS, **known, "StateTransitionReason": "User action"}


def end_mapping(call: AwsCall, response: AwsResponse) -> None:
    """Let go of the stream: moto goes on sending."""
    mapping = response.document
    table = table_of_stream(call.region, mapping["EventSourceArn"])
    if table is not None:
        table.lambda_event_source_mappings.pop(mapping["FunctionArn"], None)
    response.status, response.document = 202, {**_told(mapping), "State": "Deleting"}


def check_subscription(call: AwsCall) -> None:
    """A filter sends to a function that lets CloudWatch Logs invoke it, but not to the group's own."""
    destination, group = call.parameters["destinationArn"], call.parameters["logGroupName"]
    if ":kinesis:" in destination and not call.parameters.get("roleArn"):
        message = "destinationArn for vendor kinesis cannot be used without roleArn"
        raise AwsError("InvalidParameterException", message)
    if ":lambda:" not in destination:
        raise NotImplementedError("destinations other than functions. Send the events to a function")
    name, qualifier = split_name(destination)
    function: Any = find_function(call.region, name)
    if group == (logging_of(function)["LogGroup"] if function else f"/aws/lambda/{name}"):
        raise NotImplementedError("a filter that sends a function its own log. Use another function")
    source = f"arn:aws:logs:{call.region}:{ACCOUNT}:log-group:{group}:*"
    statements = statements_of(function, qualifier or LATEST) if function else []
    filters = _filters_of(call, group)
    if call.parameters["filterName"] not in filters and len(filters) >= MOST_FILTERS:
        raise AwsError("LimitExceededException", "Resource limit exceeded.")
    names = (_LOGS, f"logs.{call.region}.amazonaws.com")
    if not any(service_may_invoke(each, statements, destination, source, ACCOUNT) for each in names):
        raise AwsError(
            "InvalidParameterException",
            "Could not execute the lambda function. Make sure you have given CloudWatch Logs permission to "
            "execute your function.",
        )


def _filters_of(call: AwsCall, group: str) -> Mapping[str, Any]:
    found = logs_backend(call.region).groups.get(group)
    if found is None:
        raise AwsError("ResourceNotFoundException", "The specified log group does not exist.")
    filters: Mapping[str, Any] = found.subscription_filters
    return filters


def _check_function(call: AwsCall) -> None:
    arn = call.parameters["FunctionName"]
    if find_function(call.region, arn) is None:
        raise unknown(arn)


def _check_batch(call: AwsCall) -> None:
    size = call.parameters.get("BatchSize")
    if size is not None and size > LARGEST_BATCH:
        raise _invalid(f"Invalid request. Batch size must be at most {LARGEST_BATCH}.")


def _invalid(message: str) -> AwsError:
    return AwsError("InvalidParameterValueException", message)
