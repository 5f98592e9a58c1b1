"""Rules for an API itself: its name, its endpoint, what CreateRestApi answers."""

from collections.abc import Mapping
from typing import Any

from lambda_over_https.sandbox.control.aws_calls import AwsCall
from lambda_over_https.sandbox.control.layer import AwsResponse
from lambda_over_https.sandbox.control.moto_state import apigateway_backend
from lambda_over_https.sandbox.strict.apigateway.definition import models, policy
from lambda_over_https.sandbox.strict.apigateway.lookups import (
    bad_request,
)

MAX_COMPRESSION_SIZE = 10_485_760


def new_api(call: AwsCall) -> None:
    """An API must have a name and exactly one endpoint type."""
    if call.parameters.get("description") == "":
        raise bad_request("Description cannot be an empty string")
    if not call.parameters.get("name"):
        raise bad_request("Invalid API name specified")
    check_endpoint(call.parameters.get("endpointConfiguration") or {})
    check_compression_size(call.parameters.get("minimumCompressionSize") or 0)
    policy.check(call.parameters.get("policy") or "")


def check_endpoint(configuration: Mapping[str, Any]) -> None:
    """An API has one type of endpoint, and a private one is dual-stack."""
    types = configuration.get("types")
    if types == []:
        raise bad_request("REGIONAL Configuration and EDGE Configuration cannot be both DISABLED.")
    if len(types or ()) > 1:
        raise bad_request("Cannot create an api with multiple Endpoint Types.")
    if types == ["PRIVATE"] and configuration.get("ipAddressType") == "ipv4":
        raise bad_request("Only dualstack ipAddressType is supported for Private APIs.")


def check_compression_size(size: int) -> None:
    """The smallest size that is compressed must be a possible size of a body."""
    if not 0 <= size <= MAX_COMPRESSION_SIZE:
        raise bad_request(f"Invalid minimum compression size, must be between 0 and {MAX_COMPRESSION_SIZE}")


def keep_members(call: AwsCall, response: AwsResponse) -> None:
    """Answer 201 with everything that CreateRestApi was given, and AWS's defaults; moto drops some of it."""
    api = apigateway_backend(call.region).apis[response.document["id"]]
    api.version = call.parameters.get("version")
    models.add_defaults(api)
    api.endpoint_configuration = _endpoint_defaults(api.endpoint_configuration)
    api.binaryMediaTypes = list(call.parameters.get("binaryMediaTypes") or ())
    response.status, response.document = 201, policy.described(api)


def _endpoint_defaults(said: dict[str, Any]) -> dict[str, Any]:
    """An endpoint is edge-optimized by default, and uses IPv4 unless it is private."""
    types = said.get("types") or ["EDGE"]
    address_type = "dualstack" if types == ["PRIVATE"] else "ipv4"
    return {"ipAddressType": address_type, **said, "types": types}
