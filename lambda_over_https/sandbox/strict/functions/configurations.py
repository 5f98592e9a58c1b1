"""How Lambda describes functions, versions and aliases, as recorded on AWS: members, revisions, statuses."""

import hashlib
import re
import uuid
from collections.abc import Iterator, Mapping
from typing import Any

from lambda_over_https.sandbox.control.aws_calls import AwsCall
from lambda_over_https.sandbox.control.function_settings import (
    LATEST,
    check_revision,
    revise,
    revision_of,
    settings_of,
    stale_revision,
    unknown,
)
from lambda_over_https.sandbox.control.layer import AwsResponse
from lambda_over_https.sandbox.control.moto_state import find_function, function_arn, lambda_backend
from lambda_over_https.sandbox.model.errors import AwsError

_UPDATING = {
    "LastUpdateStatus": "InProgress",
    "LastUpdateStatusReason": "The function is being created.",
    "LastUpdateStatusReasonCode": "Creating",
}
_UNLISTED = ("State", "StateReason", "StateReasonCode", "LastUpdateStatus", "RuntimeVersionConfig")
"""What ListFunctions and ListVersionsByFunction leave out."""


def described(call: AwsCall, response: AwsResponse) -> None:
    """Complete every configuration in the response."""
    document = response.document
    for configuration in _configurations(document):
        _complete(call, configuration)
        if call.operation.startswith("List"):
            for name in _UNLISTED:
                configuration.pop(name, None)
    response.document = document


def created(call: AwsCall, response: AwsResponse) -> None:
    """A new function is pending; with ``Publish`` it has a version already. Its revision changes with it."""
    name, document = call.parameters["FunctionName"], response.document
    function = find_function(call.region, name)
    _note_environment(call, function)
    if call.parameters.get("Publish"):
        version = lambda_backend(call.region).publish_version(name, document.get("Description") or "")
        document["Version"] = str(version.version)
        function.code_or_config_updated = False
    document["State"] = "Pending"
    document["StateReason"] = "The function is being created."
    document["StateReasonCode"] = "Creating"
    document.pop("LastUpdateStatus", None)
    _complete(call, document)
    response.document = document
    for qualifier in {LATEST, document["Version"]}:
        revise(function, qualifier)


def updated(call: AwsCall, response: AwsResponse) -> None:
    """An update is in progress; its end is another revision."""
    function = find_function(call.region, call.parameters["FunctionName"])
    _note_environment(call, function)
    if not call.parameters.get("DryRun"):
        revise(function, LATEST)
    document = {**response.document, **_UPDATING}
    _complete(call, document)
    response.document = document
    revise(function, LATEST)


def published(call: AwsCall, response: AwsResponse) -> None:
    """Note that nothing has changed since this version; moto forgets that for the first version."""
    function = find_function(call.region, call.parameters["FunctionName"])
    if response.document["Version"] not in settings_of(function).revisions:
        revise(function, LATEST)
    function.code_or_config_updated = False
    described(call, response)


def _note_environment(call: AwsCall, function: Any) -> None:
    """Lambda shows an environment without variables too, once one was given."""
    if "Environment" in call.parameters:
        settings_of(function).has_environment = True


def check_revision_id(call: AwsCall) -> None:
    """The call's RevisionId must be the present one of the function."""
    function = find_function(call.region, call.parameters["FunctionName"])
    if function is not None:
        check_revision(call, function, LATEST)


def _configurations(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for listed in (document.get("Functions"), document.get("Versions")):
        yield from listed or ()
    if "Configuration" in document:
        yield document["Configuration"]
    if "FunctionName" in document:
        yield document


def _complete(call: AwsCall, configuration: dict[str, Any]) -> None:
    name, runtime = configuration["FunctionName"], configuration.get("Runtime") or ""
    function = find_function(call.region, name)
    if not configuration.get("Layers"):
        configuration.pop("Layers", None)
    if settings_of(function).has_environment:
        configuration.setdefault("Environment", {"Variables": {}})
    configuration["LoggingConfig"] = {"LogFormat": "Text", "LogGroup": f"/aws/lambda/{name}"}
    runtime_id = hashlib.sha256(runtime.encode()).hexdigest()
    configuration["RuntimeVersionConfig"] = {
        "RuntimeVersionArn": f"arn:aws:lambda:{call.region}::runtime:{runtime_id}"
    }
    configuration["RevisionId"] = revision_of(function, configuration["Version"])


# Aliases


def check_alias(call: AwsCall) -> None:
    """The versions of an alias must exist, and their weights be possible."""
    name, version = call.parameters["FunctionName"], call.parameters.get("FunctionVersion")
    weights: Mapping[str, float] = (call.parameters.get("RoutingConfig") or {}).get(
        "AdditionalVersionWeights"
    ) or {}
    if any(not 0 <= weight <= 1 for weight in weights.values()):
        shown = "{" + ", ".join(f"{key}={float(value)}" for key, value in weights.items()) + "}"
        raise AwsError(
            "ValidationException",
            f"1 validation error detected: Value '{shown}' at 'routingConfig.additionalVersionWeights' "
            "failed to satisfy constraint: Map value must satisfy constraint: [Member must have value less "
            "than or equal to 1.0, Member must have value greater than or equal to 0.0]",
        )
    if len(weights) > 1:
        raise _invalid("Number of items in AdditionalVersionWeights cannot be greater than 1")
    if version is not None and version in weights:
        raise _invalid(
            f"Invalid function version {version}. Function version {version} is already included in routing "
            "configuration."
        )
    if weights and version == LATEST:
        raise _invalid("$LATEST is not supported for an alias pointing to more than 1 version")
    for each in weights:
        if find_function(call.region, name, each) is None:
            raise unknown(f"{function_arn(call.region, name)}:{each}")


def check_known_alias(call: AwsCall) -> None:
    """UpdateAlias changes an alias that is there, in the revision that the call names."""
    name, alias = call.parameters["FunctionName"], call.parameters["Name"]
    found = next((each for each in _aliases(call) if each.name == alias), None)
    if found is None:
        arn = f"{function_arn(call.region, name)}:{alias}"
        raise AwsError("ResourceNotFoundException", f"Alias not found: {arn}", 404)
    asked = call.parameters.get("RevisionId")
    if asked and asked != found.revision_id:
        raise stale_revision()


def changed_alias(call: AwsCall, response: AwsResponse) -> None:
    """A change gives an alias another revision."""
    alias = next(each for each in _aliases(call) if each.name == call.parameters["Name"])
    alias.revision_id = str(uuid.uuid4())
    routing = call.parameters.get("RoutingConfig")
    if routing is not None:
        alias.routing_config = routing
    response.status, response.document = 200, alias_document(alias)


def new_alias(call: AwsCall, response: AwsResponse) -> None:
    """CreateAlias answers without an empty routing configuration."""
    alias = next(each for each in _aliases(call) if each.name == call.parameters["Name"])
    response.document = alias_document(alias)


def told_alias(_: AwsCall, response: AwsResponse) -> None:
    """GetAlias answers 200, and without an empty routing configuration."""
    document = response.document
    if not (document.get("RoutingConfig") or {}).get("AdditionalVersionWeights"):
        document.pop("RoutingConfig", None)
    response.status, response.document = 200, document


def alias_document(alias: Any) -> dict[str, Any]:
    """An alias as Lambda describes it."""
    document: dict[str, Any] = alias.to_json()
    if not (document.get("RoutingConfig") or {}).get("AdditionalVersionWeights"):
        document.pop("RoutingConfig", None)
    return document


def _aliases(call: AwsCall) -> list[Any]:
    return list(lambda_backend(call.region).list_aliases(call.parameters["FunctionName"]))


def no_content(_: AwsCall, response: AwsResponse) -> None:
    """Answer 204 without a body."""
    response.status, response.body = 204, b""


def tagged(call: AwsCall, response: AwsResponse) -> None:
    """Other tags give a function another revision."""
    function = find_function(call.region, call.parameters["Resource"])
    if function is not None:  # else it is an event source mapping
        revise(function, LATEST)
    no_content(call, response)


def check_tagged(call: AwsCall) -> None:
    """Only a function itself has tags."""
    if re.search(r":function:[^:]+:.+", call.parameters.get("Resource") or ""):
        raise _invalid(
            "Tags on function aliases and versions are not supported. Please specify a function ARN."
        )


def _invalid(message: str) -> AwsError:
    return AwsError("InvalidParameterValueException", message)
