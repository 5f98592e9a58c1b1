"""How Lambda describes functions and versions, as recorded on AWS: members, revisions, statuses."""

import hashlib
import re
from collections.abc import Iterator
from typing import Any

from lambda_over_https.sandbox.control.aws_calls import AwsCall
from lambda_over_https.sandbox.control.functions.names import read_name
from lambda_over_https.sandbox.control.functions.settings import (
    LATEST,
    check_revision,
    logging_of,
    revise,
    revision_of,
    settings_of,
    split_name,
)
from lambda_over_https.sandbox.control.functions.versions import note_published
from lambda_over_https.sandbox.control.layer import AwsResponse
from lambda_over_https.sandbox.control.moto_state import find_function, lambda_backend
from lambda_over_https.sandbox.model.errors import AwsError
from lambda_over_https.sandbox.model.wording import unsatisfied_null
from lambda_over_https.sandbox.strict.functions.log_settings import note_log_settings

_UPDATING = {
    "LastUpdateStatus": "InProgress",
    "LastUpdateStatusReason": "The function is being created.",
    "LastUpdateStatusReasonCode": "Creating",
}
_OF_ALIASES = ("GetFunction", "GetFunctionConfiguration")
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
    note_log_settings(call, function)
    if call.parameters.get("Publish"):  # moto has published it already
        *_, version = lambda_backend(call.region).list_versions_by_function(name)
        note_log_settings(call, version)
        note_published(function, version)
        document["Version"] = str(version.version)
    document["State"] = "Pending"
    document["StateReason"] = "The function is being created."
    document["StateReasonCode"] = "Creating"
    document.pop("LastUpdateStatus", None)
    _complete(call, document)
    response.document = document
    for qualifier in {LATEST, document["Version"]}:
        revise(function, qualifier)


def updated(call: AwsCall, response: AwsResponse) -> None:
    """An update is in progress; its end is another revision. A dry run changes nothing."""
    if call.parameters.get("DryRun"):
        described(call, response)
        return
    function = find_function(call.region, call.parameters["FunctionName"])
    _note_environment(call, function)
    note_log_settings(call, function)
    revise(function, LATEST)
    document = {**response.document, **_UPDATING}
    _complete(call, document)
    response.document = document
    revise(function, LATEST)


def tried(call: AwsCall) -> AwsResponse | None:
    """Answer UpdateFunctionCode if it is a dry run: with the function as it is (API reference)."""
    if not call.parameters.get("DryRun"):
        return None
    function = find_function(call.region, call.parameters["FunctionName"])
    return AwsResponse.json(200, function.get_configuration())


def published(call: AwsCall, response: AwsResponse) -> None:
    """A new version is another revision of the function."""
    function = find_function(call.region, call.parameters["FunctionName"])
    if response.document["Version"] not in settings_of(function).revisions:
        revise(function, LATEST)
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


def check_code(call: AwsCall) -> None:
    """A version is published of the code that the caller names, if it names any."""
    function = find_function(call.region, call.parameters["FunctionName"])
    said = call.parameters.get("CodeSha256")
    if function is not None and said and said != function.code_sha_256:
        raise _invalid(
            f"CodeSHA256 ({said}) is different from current CodeSHA256 in $LATEST ({function.code_sha_256}). "
            "Please try again with the CodeSHA256 in $LATEST."
        )


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
    configuration["LoggingConfig"] = logging_of(
        find_function(call.region, name, configuration["Version"]) or function
    )
    runtime_id = hashlib.sha256(runtime.encode()).hexdigest()
    configuration["RuntimeVersionConfig"] = {
        "RuntimeVersionArn": f"arn:aws:lambda:{call.region}::runtime:{runtime_id}"
    }
    alias = split_name(call.parameters.get("FunctionName", ""), call.parameters.get("Qualifier"))[1]
    if call.operation in _OF_ALIASES and alias and alias != LATEST and not alias.isdigit():
        configuration["FunctionArn"] = f"{function.function_arn}:{alias}"
    configuration["RevisionId"] = revision_of(function, configuration["Version"])


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


def check_tags(call: AwsCall) -> None:
    """What has tags must exist here; TagResource brings tags, and UntagResource keys."""
    arn = call.parameters["Resource"]
    read_name(arn, call.region, call.operation)
    kind, _, uuid = arn.split(":", 5)[-1].partition(":")
    if kind == "event-source-mapping" and lambda_backend(call.region).get_event_source_mapping(uuid) is None:
        raise AwsError("ResourceNotFoundException", f"Event source mapping not found: {arn}", 404)
    if kind == "capacity-provider":
        raise AwsError("ResourceNotFoundException", f"Capacity provider not found: {arn}", 404)
    if call.operation == "TagResource" and not call.parameters.get("Tags"):
        raise _invalid("An error occurred and the request cannot be processed.")
    if call.operation == "UntagResource" and not call.parameters.get("TagKeys"):
        raise AwsError("ValidationException", unsatisfied_null("tagKeys"))


def _invalid(message: str) -> AwsError:
    return AwsError("InvalidParameterValueException", message)
