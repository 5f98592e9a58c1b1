"""Settings of functions that moto lacks, or keeps without their qualifier: URLs, and asynchronous events.

They are kept with moto's function itself, so they go when it is deleted.
"""

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lambda_over_https.sandbox.control.aws_calls import AwsCall
from lambda_over_https.sandbox.control.moto_state import (
    find_function,
    function_arn,
    lambda_backend,
    lambda_regions,
)
from lambda_over_https.sandbox.model.errors import AwsError

LATEST = "$LATEST"


@dataclass(slots=True)
class FunctionSettings:
    """By qualifier, each as Lambda's API describes it; a function's own have the qualifier ``$LATEST``.

    ``has_environment``: whether anybody gave it environment variables, were they none. ``recursive_loop`` is
    what PutFunctionRecursionConfig says, ``provisioned`` what PutProvisionedConcurrencyConfig does.
    """

    policies: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    revisions: dict[str, str] = field(default_factory=dict)
    urls: dict[str, dict[str, Any]] = field(default_factory=dict)
    events: dict[str, dict[str, Any]] = field(default_factory=dict)
    provisioned: dict[str, dict[str, Any]] = field(default_factory=dict)
    has_environment: bool = False
    recursive_loop: str = "Terminate"


def settings_of(function: Any) -> FunctionSettings:
    """The settings of moto's function; its versions share them."""
    settings: FunctionSettings = vars(function).setdefault("settings_of_the_sandbox", FunctionSettings())
    return settings


def forget(function: Any, qualifier: str) -> None:
    """Drop the settings of a version that is deleted."""
    settings = settings_of(function)
    for each in (settings.policies, settings.revisions, settings.events, settings.provisioned):
        each.pop(qualifier, None)


def logging_of(function: Any) -> dict[str, str]:
    """The LoggingConfig of moto's function; each of its versions has the one with which it was published."""
    own: dict[str, str] = vars(function).get("logging_of_the_sandbox", {"LogFormat": "Text"})
    return {"LogGroup": f"/aws/lambda/{function.function_name}", **own}


def set_logging(function: Any, settings: dict[str, str]) -> None:
    """Give moto's function that LoggingConfig."""
    function.logging_of_the_sandbox = settings


def target_of(call: AwsCall, *, qualified: bool = True) -> tuple[Any, str]:
    """The function that the call names, and the qualifier. ResourceNotFoundException if it has none such.

    An alias may be gone while its settings are left: ``qualified`` says whether it must exist.
    """
    named, qualifier = split_name(call.parameters["FunctionName"], call.parameters.get("Qualifier"))
    function = find_function(call.region, named)
    if function is None:
        raise unknown(function_arn(call.region, named))
    if qualified and qualifier not in (None, LATEST) and find_function(call.region, named, qualifier) is None:
        raise unknown(f"{function.function_arn}:{qualifier}")
    return function, qualifier or LATEST


def split_name(name: str, qualifier: str | None = None) -> tuple[str, str | None]:
    """The plain name in a name, partial ARN or ARN of a function, and the qualifier of either."""
    match = re.fullmatch(r"(?:arn:[^:]+:lambda:[^:]+:)?(?:\d{12}:)?(?:function:)?([^:]+)(?::([^:]+))?", name)
    if match is None:
        return name, qualifier
    return match[1], qualifier or match[2]


def unknown(arn: str) -> AwsError:
    """There is no such function, or it has no such version or alias."""
    return AwsError("ResourceNotFoundException", f"Function not found: {arn}", 404)


def qualified_arn(function: Any, qualifier: str) -> str:
    """The function's ARN, with the qualifier unless that is the function itself."""
    arn: str = function.function_arn
    return arn if qualifier == LATEST else f"{arn}:{qualifier}"


def statements_of(function: Any, qualifier: str) -> list[dict[str, Any]]:
    """The statements of the resource policy of the function, or of one of its versions and aliases."""
    own: list[dict[str, Any]] = function.policy.statements
    return own if qualifier == LATEST else settings_of(function).policies.setdefault(qualifier, [])


def revision_of(function: Any, qualifier: str) -> str:
    """The RevisionId of the function, or of one of its versions and aliases."""
    alias = _alias_of(function, qualifier)
    if alias is not None:
        told: str = alias.revision_id
        return told
    return settings_of(function).revisions.setdefault(qualifier, str(uuid.uuid4()))


def revise(function: Any, qualifier: str) -> None:
    """Give it another RevisionId, as every change does."""
    alias = _alias_of(function, qualifier)
    if alias is not None:
        alias.revision_id = str(uuid.uuid4())
    else:
        settings_of(function).revisions[qualifier] = str(uuid.uuid4())


def _alias_of(function: Any, qualifier: str) -> Any:
    """The alias of that name; None for the function itself and its versions."""
    if qualifier == LATEST or qualifier.isdigit():
        return None
    aliases = lambda_backend(function.region).list_aliases(function.function_name)
    return next((each for each in aliases if each.name == qualifier), None)


def check_revision(
    call: AwsCall, function: Any, qualifier: str, reader: str = "GetFunction/GetAlias"
) -> None:
    """PreconditionFailedException unless the call's RevisionId, if it has one, is the present one."""
    asked = call.parameters.get("RevisionId")
    if asked and asked != revision_of(function, qualifier):
        raise stale_revision(reader)


def stale_revision(reader: str = "GetFunction/GetAlias") -> AwsError:
    """Something has changed since the caller read its RevisionId with the ``reader`` call."""
    return AwsError(
        "PreconditionFailedException",
        f"The Revision Id provided does not match the latest Revision Id. Call the {reader} API to "
        "retrieve the latest Revision Id",
        412,
    )


def find_url(url_id: str) -> tuple[str, str, str] | None:
    """Region, ARN (qualified if the URL is an alias's) and AuthType of the function URL of that id."""
    for function, qualifier, config in _urls():
        if config["id"] == url_id:
            return function.region, qualified_arn(function, qualifier), config["AuthType"]
    return None


def _urls() -> Iterator[tuple[Any, str, dict[str, Any]]]:
    for backend in lambda_regions():
        for function in list(backend.list_functions()):
            for qualifier, config in list(settings_of(function).urls.items()):
                yield function, qualifier, config


def provisioned_versions(function: Any) -> dict[str, int]:
    """How many workers are to be kept of each version: by its own setting, or by that of an alias of it."""
    found: dict[str, int] = {}
    for qualifier, config in list(settings_of(function).provisioned.items()):
        version = version_of(function, qualifier)
        if version:
            found[version] = found.get(version, 0) + config["RequestedProvisionedConcurrentExecutions"]
    return found


def version_of(function: Any, qualifier: str) -> str:
    """The published version that the qualifier names; empty if it is gone."""
    if qualifier.isdigit():
        found = find_function(function.region, function.function_name, qualifier)
        return qualifier if found else ""
    alias = _alias_of(function, qualifier)
    return str(alias.function_version) if alias else ""


def versions_of(alias: Any) -> set[str]:
    """The versions to which moto's alias leads."""
    weights = (alias.routing_config or {}).get("AdditionalVersionWeights") or {}
    return {str(alias.function_version), *weights}


def alias_weights(region: str, name: str, alias: str) -> dict[str, float]:
    """The weights of the further versions of an alias; empty if it has none, or is no alias."""
    aliases = lambda_backend(region).list_aliases(name)
    found = next((each for each in aliases if each.name == alias), None)
    return dict(((found.routing_config if found else None) or {}).get("AdditionalVersionWeights") or {})
