"""What AWS tells of a constraint, where it was recorded and is not what the service's model says."""

from collections.abc import Sequence
from typing import Any

_RECORDED = """
PRIVATE EDGE REGIONAL
HTTP MOCK AWS_PROXY HTTP_PROXY AWS
add remove move test replace copy
REQUEST_TOO_LARGE RESOURCE_NOT_FOUND AUTHORIZER_CONFIGURATION_ERROR MISSING_AUTHENTICATION_TOKEN \
BAD_REQUEST_BODY INVALID_SIGNATURE INVALID_API_KEY BAD_REQUEST_PARAMETERS AUTHORIZER_FAILURE UNAUTHORIZED \
INTEGRATION_TIMEOUT ACCESS_DENIED DEFAULT_4XX DEFAULT_5XX WAF_FILTERED QUOTA_EXCEEDED THROTTLED \
API_CONFIGURATION_ERROR UNSUPPORTED_MEDIA_TYPE INTEGRATION_FAILURE EXPIRED_TOKEN
RESPONSE_BODY RESPONSE METHOD MODEL AUTHORIZER RESPONSE_HEADER RESOURCE PATH_PARAMETER REQUEST_BODY \
QUERY_PARAMETER API REQUEST_HEADER
RESPONSE_STREAM BUFFERED
Terminate Allow
LATEST AT_TIMESTAMP TRIM_HORIZON
"""

_ORDERS = {frozenset(order.split()): order.split() for order in _RECORDED.splitlines()}


_PATTERNS = {
    "TaggableResource": (
        r"arn:(aws[a-zA-Z-]*):lambda:(eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\d{1}:\d{12}:"
        r"(function:[a-zA-Z0-9-_]+(:(\$LATEST|[a-zA-Z0-9-_]+))?|layer:([a-zA-Z0-9-_]+)"
        r"|code-signing-config:csc-[a-z0-9]{17}"
        r"|event-source-mapping:[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"
        r"|capacity-provider:[a-zA-Z0-9-_]+)"
    )
}
"""By the name of the shape."""

RUNTIMES = (
    "nodejs20.x, python3.14, provided.al2023, python3.12, python3.13, nodejs24.x, nodejs22.x, java25, "
    "python3.10, python3.11, java21, ruby3.3, ruby3.4, ruby3.2, python3.8, python3.9, java17, nodejs16.x, "
    "dotnet10, dotnet8, java11, dotnet6, nodejs18.x, provided.al2, java8.al2"
)
"""The runtimes that Lambda lists when it refuses another one."""


def pattern_of(shape: Any) -> str | None:
    """The pattern that AWS tells of a shape; None if it has none."""
    pattern: str | None = _PATTERNS.get(shape.name, shape.metadata.get("pattern"))
    return pattern


def in_aws_order(values: Sequence[str]) -> Sequence[str]:
    """The values as AWS lists them; in the model's order if none was recorded."""
    return _ORDERS.get(frozenset(values), values)
