"""Aliases of functions: which can be, and how Lambda describes them, as recorded on AWS."""

import uuid
from typing import Any

from lambda_over_https.sandbox.control.aws_calls import AwsCall
from lambda_over_https.sandbox.control.functions.settings import LATEST, stale_revision, unknown
from lambda_over_https.sandbox.control.layer import AwsResponse
from lambda_over_https.sandbox.control.moto_state import find_function, function_arn, lambda_backend
from lambda_over_https.sandbox.model.errors import AwsError
from lambda_over_https.sandbox.strict.services.lambda_functions import invalid


def check_alias(call: AwsCall) -> None:
    """The versions of an alias must exist, and their weights be possible."""
    name, version = call.parameters["FunctionName"], call.parameters.get("FunctionVersion")
    weights: dict[str, float] = (call.parameters.get("RoutingConfig") or {}).get(
        "AdditionalVersionWeights"
    ) or {}
    if any(not 0 <= weight <= 1 for weight in weights.values()):
        shown = "{" + ", ".join(f"{key}={float(value)}" for key, value in weights.items()) + "}"
        raise AwsError(
            "ValidationException",
            f"1 validation error detected: Value '{shown}' at 'routingConfig.additionalVersionWeights' "
            "failed to satisfy constraint: Map value must satisfy constraint: [Member must have value less "
            "than or equal to 1.0, Member must have value greater than or equal to 0.0, Member must not be "
            "null]",
        )
    if len(weights) > 1:
        raise invalid("Number of items in AdditionalVersionWeights cannot be greater than 1")
    if version is not None and version in weights:
        raise invalid(
            f"Invalid function version {version}. Function version {version} is already included in routing "
            "configuration."
        )
    if weights and version == LATEST:
        message = "$LATEST is not supported for an alias pointing to more than 1 version"
        raise AwsError("InvalidParameterValueException", message, typed=False)
    for each in weights:
        if find_function(call.region, name, each) is None:
            raise unknown(f"{function_arn(call.region, name)}:{each}")


def of_version(call: AwsCall, response: AwsResponse) -> None:
    """Of a listing of aliases, leave those of the version that the call names."""
    version, found = call.parameters.get("FunctionVersion"), response.document["Aliases"]
    listed = [_weighed(each) for each in found if version in (None, each["FunctionVersion"])]
    response.document = {**response.document, "Aliases": listed}


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
    response.status, response.document = 200, _weighed(response.document)


def alias_document(alias: Any) -> dict[str, Any]:
    """An alias as Lambda describes it."""
    return _weighed(alias.to_json())


def _weighed(alias: dict[str, Any]) -> dict[str, Any]:
    """The alias, without a routing configuration that has no weights."""
    if not (alias.get("RoutingConfig") or {}).get("AdditionalVersionWeights"):
        alias.pop("RoutingConfig", None)
    return alias


def _aliases(call: AwsCall) -> list[Any]:
    return list(lambda_backend(call.region).list_aliases(call.parameters["FunctionName"]))
