"""A call of an AWS API: its service, its operation, its parameters, and who makes it."""

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from lambda_over_https.sandbox.web.http import Request

QUERY: Final = "query"
JSON: Final = "json"
REST_JSON: Final = "rest-json"

PROTOCOLS: Final[Mapping[str, str]] = {
    "iam": QUERY,
    "sts": QUERY,
    "dynamodb": JSON,
    "dynamodbstreams": JSON,
    "logs": JSON,
    "events": JSON,
    "resourcegroupstaggingapi": JSON,
    "lambda": REST_JSON,
    "apigateway": REST_JSON,
    "scheduler": REST_JSON,
    "wafv2": JSON,
}
"""The protocol of each service that the sandbox serves, by botocore's name of the service."""

_SIGNING_NAMES: Final = {"tagging": "resourcegroupstaggingapi"}
_SCOPE = re.compile(r"Credential=([^/,\s]+)/\d{8}/([^/]+)/([^/]+)/aws4_request")


@dataclass(frozen=True, slots=True)
class AwsCall:
    """One call. ``service`` is botocore's name; ``operation`` is the API's ("CreateFunction").

    ``parameters`` are the API's input by member name; ``access_key`` identifies the caller.
    """

    service: str
    operation: str
    region: str
    access_key: str
    request: Request
    parameters: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Scope:
    """What a request's signature names: the access key, the Region and the service."""

    access_key: str
    region: str
    service: str


def scope_of(request: Request) -> Scope | None:
    """The credential scope in a SigV4 Authorization header; None if the request is not signed."""
    match = _SCOPE.search(request.headers.get("authorization", ""))
    if match is None:
        return None
    access_key, region, name = match.groups()
    if name == "dynamodb" and request.headers.get("x-amz-target", "").startswith("DynamoDBStreams_"):
        name = "dynamodbstreams"  # two services with one name in signatures
    return Scope(access_key, region, _SIGNING_NAMES.get(name, name))


@functools.cache
def input_shape(service: str, operation: str) -> Any:
    """The shape of the operation's input in botocore's model; None if it has no input, or is unknown."""
    from moto.core.utils import get_service_model

    model = get_service_model(service)
    return model.operation_model(operation).input_shape if operation in model.operation_names else None
