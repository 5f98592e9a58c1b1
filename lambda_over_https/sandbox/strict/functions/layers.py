"""Lambda's layers: publishing, describing and deleting versions, and which of them a function may use.

Codes, statuses and messages are AWS's, as recorded.
"""

import base64
from collections.abc import Callable, Iterator
from typing import Any

from lambda_over_https.sandbox.control.aws_calls import AwsCall
from lambda_over_https.sandbox.control.functions.layer_versions import (
    LambdaLayer,
    LayerVersion,
    add_version,
    attached,
    find_version,
    find_version_by_arn,
    layer_name,
    layers_of,
    split_version_arn,
)
from lambda_over_https.sandbox.control.layer import AwsResponse
from lambda_over_https.sandbox.control.moto_state import find_function
from lambda_over_https.sandbox.model.account import ACCOUNT
from lambda_over_https.sandbox.model.errors import AwsError
from lambda_over_https.sandbox.strict.services.lambda_functions import (
    UNZIPPED_LIMIT,
    invalid,
    names_in,
    package_of,
    unzipped_size,
)

MOST_LAYERS = 5
"""Of one function (Lambda quotas; recorded)."""

_DESCRIBED = ("Description", "LicenseInfo", "CompatibleRuntimes", "CompatibleArchitectures")
_FILTERS = {"CompatibleRuntime": "CompatibleRuntimes", "CompatibleArchitecture": "CompatibleArchitectures"}


def publisher(unpack: Callable[[bytes], object]) -> Callable[[AwsCall], AwsResponse]:
    """What answers PublishLayerVersion; ``unpack`` raises AwsError for a zip that cannot be unpacked."""

    def publish(call: AwsCall) -> AwsResponse:
        content = package_of(call) or b""
        _check_content(content)
        unpack(content)
        described = {name: call.parameters[name] for name in _DESCRIBED if name in call.parameters}
        name = layer_name(call.parameters["LayerName"])
        version = add_version(call.region, name, content, unzipped_size(content), described)
        return AwsResponse.json(201, _with_content(version))

    return publish


def check_number(call: AwsCall) -> None:
    """Versions are counted from 1."""
    if call.parameters["VersionNumber"] < 1:
        raise invalid("Layer Version Cannot be less than 1")


def check_layers(call: AwsCall) -> None:
    """The layers that a function is to use exist, and are not too many or too large."""
    arns = call.parameters.get("Layers") or []
    if len(arns) > MOST_LAYERS:
        raise invalid(f"Cannot reference more than {MOST_LAYERS} layers.")
    for arn in arns:
        _check_reachable(call, arn)
    names = [layer_name(arn) for arn in arns]
    for second, name in enumerate(names):
        first = names.index(name)
        if first != second:
            raise invalid(
                "Two different versions of the same layer are not allowed to be referenced in the same "
                f"function. {arns[first]} and {arns[second]} are versions of the same layer."
            )
    for arn in arns:
        if find_version_by_arn(arn) is None:
            raise invalid(f"Layer version {arn} does not exist.")
    _check_total(call)


def _check_reachable(call: AwsCall, arn: str) -> None:
    parts = split_version_arn(arn)
    if parts is None or parts[1] != ACCOUNT:
        raise NotImplementedError(f"layers of other accounts ({arn}). Publish that layer here, from its zip")
    if parts[0] != call.region:
        raise invalid(
            "Layers are not in the same region as the function. Layers are expected to be in region "
            f"{call.region}."
        )


def _check_total(call: AwsCall) -> None:
    """Code and layers together keep to the limit (Lambda quotas)."""
    function = find_function(call.region, call.parameters["FunctionName"])
    if "Layers" in call.parameters:
        versions = [find_version_by_arn(arn) for arn in call.parameters["Layers"] or []]
    else:
        versions = list(attached(function)) if function else []
    if not versions:
        return
    code = package_of(call) or (function.code_bytes if function else b"")
    total = unzipped_size(code) + sum(each.unzipped for each in versions if each)
    if total > UNZIPPED_LIMIT:
        raise invalid(
            "Function code combined with layers exceeds the maximum allowed size of "
            f"{UNZIPPED_LIMIT} bytes. The actual size is {total} bytes."
        )


def _check_content(content: bytes) -> None:
    if any(name.startswith("extensions/") for name in names_in(content)):
        raise NotImplementedError("a layer with Lambda extensions. Leave its folder extensions out")


def get_version(call: AwsCall) -> AwsResponse:
    """Answer GetLayerVersion."""
    name, number = layer_name(call.parameters["LayerName"]), call.parameters["VersionNumber"]
    return _found(find_version(call.region, name, number))


def get_version_by_arn(call: AwsCall) -> AwsResponse:
    """Answer GetLayerVersionByArn."""
    return _found(find_version_by_arn(call.parameters["Arn"]))


def _found(version: LayerVersion | None) -> AwsResponse:
    if version is None:
        message = "The resource you requested does not exist."
        raise AwsError("ResourceNotFoundException", message, 404)
    return AwsResponse.json(200, _with_content(version))


def list_layers(call: AwsCall) -> AwsResponse:
    """Answer ListLayers."""
    found = [
        {"LayerName": layer.name, "LayerArn": layer.arn, "LatestMatchingVersion": _told(newest)}
        for layer in layers_of(call.region).values()
        if (newest := next(_matching(call, layer), None))
    ]
    return AwsResponse.json(200, {"Layers": found})


def list_versions(call: AwsCall) -> AwsResponse:
    """Answer ListLayerVersions."""
    layer = layers_of(call.region).get(layer_name(call.parameters["LayerName"]))
    found = [_told(version) for version in _matching(call, layer)] if layer else []
    return AwsResponse.json(200, {"LayerVersions": found})


def delete_version(call: AwsCall) -> AwsResponse:
    """Answer DeleteLayerVersion: what is not there is no mistake, and functions keep what they use."""
    layer = layers_of(call.region).get(layer_name(call.parameters["LayerName"]))
    if layer:
        layer.versions.pop(call.parameters["VersionNumber"], None)
    return AwsResponse.json(204)


def _matching(call: AwsCall, layer: LambdaLayer) -> Iterator[LayerVersion]:
    """The versions for the runtime and the architecture that the call names, the newest first."""
    wanted = {member: call.parameters.get(name) for name, member in _FILTERS.items()}
    for _, version in sorted(layer.versions.items(), reverse=True):
        if all(not value or value in version.described.get(name, ()) for name, value in wanted.items()):
            yield version


def _told(version: LayerVersion) -> dict[str, Any]:
    return {
        "LayerVersionArn": version.arn,
        "Version": version.number,
        "CreatedDate": version.created,
        "Description": "",
        **version.described,
    }


def _with_content(version: LayerVersion) -> dict[str, Any]:
    """The version with its content, whose URL is put in further outside (``PackageUrls``)."""
    content = {
        "CodeSha256": base64.b64encode(bytes.fromhex(version.digest)).decode(),
        "CodeSize": len(version.content),
    }
    return {"LayerArn": version.layer_arn, "Content": content, **_told(version)}
