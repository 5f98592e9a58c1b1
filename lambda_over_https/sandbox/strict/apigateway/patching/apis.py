"""UpdateRestApi, of which moto has only a part: what a patch may change, and how."""

from collections.abc import Callable, Mapping
from typing import Any

from lambda_over_https.sandbox.control.aws_calls import AwsCall
from lambda_over_https.sandbox.control.layer import AwsResponse
from lambda_over_https.sandbox.model.errors import AwsError
from lambda_over_https.sandbox.model.pointers import unescaped
from lambda_over_https.sandbox.model.wording import one_of, unsatisfied
from lambda_over_https.sandbox.strict.apigateway.definition import policy
from lambda_over_https.sandbox.strict.apigateway.definition.apis import check_compression_size, check_endpoint
from lambda_over_https.sandbox.strict.apigateway.lookups import (
    api_of,
    bad_request,
    parse_boolean,
)

_MEDIA_TYPES, _ENDPOINT_TYPES = "/binaryMediaTypes/", "/endpointConfiguration/types/"
_ADDRESS_TYPE = "/endpointConfiguration/ipAddressType"
_KEY_SOURCES, _ENDPOINTS = ("AUTHORIZER", "HEADER"), ("REGIONAL", "EDGE", "PRIVATE")

Operation = Mapping[str, str]


def update_rest_api(call: AwsCall) -> AwsResponse:
    """Answer UpdateRestApi."""
    api = api_of(call)
    draft = {name: getattr(api, name) for name, _ in _SINGLE.values()}
    draft["binaryMediaTypes"] = list(api.binaryMediaTypes)
    draft["endpoint_configuration"] = dict(api.endpoint_configuration)
    for operation in call.parameters.get("patchOperations") or []:
        _patch(draft, operation)
    check_endpoint(draft["endpoint_configuration"])
    for name, value in draft.items():
        setattr(api, name, value)
    return AwsResponse.json(200, policy.described(api))


def _patch(draft: dict[str, Any], operation: Operation) -> None:
    kind, path, value = operation.get("op"), operation.get("path", ""), operation.get("value", "")
    if kind == "replace" and path in _SINGLE:
        name, read = _SINGLE[path]
        draft[name] = read(value)
    elif kind in ("add", "replace", "remove") and path.startswith(_MEDIA_TYPES):
        _patch_media_types(draft["binaryMediaTypes"], kind, unescaped(path.removeprefix(_MEDIA_TYPES)), value)
    elif path.startswith(_ENDPOINT_TYPES):
        draft["endpoint_configuration"] |= _endpoint_type(kind, value)
    elif path == _ADDRESS_TYPE and kind == "replace":
        draft["endpoint_configuration"]["ipAddressType"] = _address_type(value)
    elif path == "/description" and kind == "remove":
        draft["description"] = None
    elif path in (*_SINGLE, _ADDRESS_TYPE):
        raise bad_request("Invalid patch operation specified. Must be one of: [replace]")
    else:
        raise bad_request(f"Invalid patch path {path}")


def _patch_media_types(types: list[str], kind: str, named: str, value: str) -> None:
    """Add, replace or remove the media type that the path names; the list has no duplicates."""
    if kind != "add" and named in types:
        types.remove(named)
    new = {"add": named, "replace": value}.get(kind)
    if new and new not in types:
        types.append(new)


def _compression_size(value: str) -> int | None:
    """A size in bytes; empty text switches compression off."""
    if not value:
        return None
    size = int(value) if value.isdecimal() else -1
    check_compression_size(size)
    return size


def _policy(value: str) -> str:
    policy.check(value)
    return value


def _name(value: str) -> str:
    if not value:
        raise bad_request("Invalid API name specified")
    return value


def _key_source(value: str) -> str:
    if value not in _KEY_SOURCES:
        raise AwsError(
            "ValidationException",
            unsatisfied(value, "updateRestApiInput.apiKeySource", one_of(_KEY_SOURCES)),
        )
    return value


def _endpoint_type(kind: str | None, value: str) -> dict[str, Any]:
    """What another type changes of an endpoint's configuration: a private one is dual-stack."""
    if kind != "replace":
        raise bad_request("Invalid patch operation specified. Must be 'add'|'remove'|'replace'")
    if value not in _ENDPOINTS:
        raise bad_request(f"Invalid EndpointTypes specified. Valid options are {','.join(_ENDPOINTS)}")
    return {"types": [value], **({"ipAddressType": "dualstack"} if value == "PRIVATE" else {})}


def _address_type(value: str) -> str:
    if value not in ("ipv4", "dualstack"):
        raise bad_request("ipAddressType must be either ipv4 or dualstack.")
    return value


_SINGLE: Mapping[str, tuple[str, Callable[[str], Any]]] = {
    "/name": ("name", _name),
    "/description": ("description", str),
    "/policy": ("policy", _policy),
    "/apiKeySource": ("api_key_source", _key_source),
    "/disableExecuteApiEndpoint": ("disableExecuteApiEndpoint", parse_boolean),
    "/minimumCompressionSize": ("minimum_compression_size", _compression_size),
}
"""Paths that can be replaced (API Gateway guide, "Patch operations"), and moto's names."""
