"""UpdateStage: which values a stage and the settings of its methods may have.

What AWS answers to wrong values has not been recorded.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from lambda_over_https.sandbox.strict.apigateway.definition.documentation import check_version
from lambda_over_https.sandbox.strict.apigateway.lookups import bad_request, parse_boolean

CACHE_SIZES = ("0.5", "1.6", "6.1", "13.5", "28.4", "58.2", "118", "237")
"""Sizes of a cache in GB (developer guide, "Cache settings for REST APIs")."""

MAX_TTL = 3600
STRATEGIES = ("FAIL_WITH_403", "SUCCEED_WITH_RESPONSE_HEADER", "SUCCEED_WITHOUT_RESPONSE_HEADER")
DEFAULT_SETTINGS: Mapping[str, Any] = {
    "metricsEnabled": False,
    "dataTraceEnabled": False,
    "throttlingBurstLimit": 5_000,
    "throttlingRateLimit": 10_000.0,
    "cachingEnabled": False,
    "cacheTtlInSeconds": 300,
    "cacheDataEncrypted": False,
    "requireAuthorizationForCacheControl": True,
    "unauthorizedCacheControlHeaderStrategy": "SUCCEED_WITH_RESPONSE_HEADER",
}
"""What a method's settings are until a patch says otherwise: the account's limits, and no cache."""

_LARGEST_NUMBER = 2**31 - 1


def _deployment(api: Any, value: str) -> str:
    if value not in api.deployments:
        raise bad_request("Deployment id does not exist")
    return value


def _documentation(api: Any, value: str) -> str:
    check_version(api, value)
    return value


def cache_size(value: str) -> str:
    """A size in GB. AwsError if AWS has no such size."""
    if value not in CACHE_SIZES:
        raise bad_request(f"Invalid cache cluster size: {value}. Must be one of: [{', '.join(CACHE_SIZES)}]")
    return value


def _rate(value: str) -> float:
    return float(_number(value, r"-1|\d{1,10}(\.\d+)?", "throttling rate limit"))


def _burst(value: str) -> int:
    return int(_number(value, r"-1|\d{1,10}", "throttling burst limit"))


def _ttl(value: str) -> int:
    seconds = int(_number(value, r"\d{1,10}", "cache time to live"))
    if seconds > MAX_TTL:
        raise bad_request(f"Invalid cache time to live: {value}. Must be between 0 and {MAX_TTL} seconds")
    return seconds


def _number(value: str, pattern: str, what: str) -> str:
    if not re.fullmatch(pattern, value, re.ASCII) or float(value) > _LARGEST_NUMBER:
        raise bad_request(f"Invalid {what}: {value}")
    return value


def _log_level(value: str) -> str:
    if value not in ("OFF", "ERROR", "INFO"):
        raise bad_request(f"Invalid logging level: {value}. Must be one of: [OFF, ERROR, INFO]")
    return value


def _off(feature: str) -> Callable[[str], bool]:
    """Reads a switch that can only be off here."""

    def read(value: str) -> bool:
        if parse_boolean(value):
            raise NotImplementedError(f"{feature}. Leave it off")
        return False

    return read


def log_group(value: str) -> str:
    """The ARN of the log group for access logs. AwsError if it is none."""
    if not re.fullmatch(r"arn:[^:]+:logs:[^:]+:\d{12}:log-group:[^:]+(:\*)?", value):
        if ":firehose:" in value:
            raise NotImplementedError("access logs in Firehose. Use a log group of CloudWatch Logs")
        raise bad_request("Invalid ARN specified in the request")
    return value.removesuffix(":*")


def _strategy(value: str) -> str:
    if value not in STRATEGIES:
        listed = ", ".join(STRATEGIES)
        raise bad_request(
            f"Invalid unauthorized cache control header strategy: {value}. Must be one of: [{listed}]"
        )
    return value


ONE_VALUE: Mapping[str, tuple[str, Callable[[Any, str], Any]]] = {
    "/deploymentId": ("deployment_id", _deployment),
    "/documentationVersion": ("documentation_version", _documentation),
    "/description": ("description", lambda _, value: value),
    "/cacheClusterEnabled": ("cache_cluster_enabled", lambda _, value: parse_boolean(value)),
    "/cacheClusterSize": ("cache_cluster_size", lambda _, value: cache_size(value)),
    "/tracingEnabled": ("tracing_enabled", lambda _, value: _off("X-Ray (tracingEnabled)")(value)),
}
"""Paths with one value, and moto's names for them."""

METHOD_SETTINGS: Mapping[str, tuple[str, Callable[[str], Any]]] = {
    "metrics/enabled": ("metricsEnabled", _off("metrics of a stage (metrics/enabled)")),
    "logging/dataTrace": ("dataTraceEnabled", parse_boolean),
    "logging/loglevel": ("loggingLevel", _log_level),
    "throttling/burstLimit": ("throttlingBurstLimit", _burst),
    "throttling/rateLimit": ("throttlingRateLimit", _rate),
    "caching/ttlInSeconds": ("cacheTtlInSeconds", _ttl),
    "caching/enabled": ("cachingEnabled", parse_boolean),
    "caching/dataEncrypted": ("cacheDataEncrypted", parse_boolean),
    "caching/requireAuthorizationForCacheControl": ("requireAuthorizationForCacheControl", parse_boolean),
    "caching/unauthorizedCacheControlHeaderStrategy": ("unauthorizedCacheControlHeaderStrategy", _strategy),
}
"""Settings of a method, and their names in ``methodSettings``."""
