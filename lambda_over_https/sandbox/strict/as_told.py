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


_LISTED_RUNTIMES = (
    "ruby3.5 ruby2.6 dotnetcore1.0 python3.7 nodejs8.10 nasa ruby2.7 python2.7-greengrass dotnetcore2.0 "
    "python3.8 java21 dotnet6 dotnetcore2.1 python3.9 java11 nodejs6.10 provided dotnetcore3.1 dotnet8 "
    "java25 java17 nodejs nodejs4.3 java8.al2 go1.x dotnet10 nodejs20.x go1.9 byol nodejs10.x "
    "provided.al2023 nodejs22.x python3.10 java8 nodejs12.x python3.11 nodejs24.x nodejs8.x python3.12 "
    "nodejs14.x nodejs8.9 nodejs26.x python3.13 python3.14 nodejs16.x python3.15 provided.al2 nodejs4.3-edge "
    "nodejs18.x ruby3.2 python3.4 ruby3.3 ruby3.4 ruby2.5 python3.6 python2.7"
)
"""The runtimes by which ListLayers and ListLayerVersions can look for layers."""

_PATTERNS = {
    "LayerVersionArn": (
        r"(arn:(aws[a-zA-Z-]*)?:lambda:(eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\d{1}:\d{12}:"
        r"layer:[a-zA-Z0-9-_]+:[0-9]+)|(arn:[a-zA-Z0-9-]+:lambda:::awslayer:[a-zA-Z0-9-_]+)"
    ),
    "TaggableResource": (
        r"arn:(aws[a-zA-Z-]*):lambda:(eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\d{1}:\d{12}:"
        r"(function:[a-zA-Z0-9-_]+(:(\$LATEST|[a-zA-Z0-9-_]+))?|layer:([a-zA-Z0-9-_]+)"
        r"|code-signing-config:csc-[a-z0-9]{17}"
        r"|event-source-mapping:[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"
        r"|capacity-provider:[a-zA-Z0-9-_]+)"
    ),
}
"""By the name of the shape."""

RUNTIMES = (
    "nodejs20.x, python3.14, provided.al2023, python3.12, python3.13, nodejs24.x, nodejs22.x, java25, "
    "python3.10, python3.11, java21, ruby3.3, ruby3.4, ruby3.2, python3.8, python3.9, java17, nodejs16.x, "
    "dotnet10, dotnet8, java11, dotnet6, nodejs18.x, provided.al2, java8.al2"
)
"""The runtimes that Lambda lists when it refuses another one."""


REPORTED_LAST = frozenset({"CompatibleArchitectures"})
"""Members whose failures are reported after those of the others."""


def pattern_of(shape: Any) -> str | None:
    """The pattern that AWS tells of a shape; None if it has none."""
    pattern: str | None = _PATTERNS.get(shape.name, shape.metadata.get("pattern"))
    return pattern


def enumeration_of(shape: Any) -> Sequence[str]:
    """The values of a shape as AWS lists them; in the model's order if none was recorded."""
    values: Sequence[str] = shape.metadata["enum"]
    return _LISTED_RUNTIMES.split() if shape.name == "Runtime" else _ORDERS.get(frozenset(values), values)
