"""UpdateStage: which paths a patch may have, and which values.

The paths are those that AWS lists when it refuses another one; ANY is not accepted as the verb of a setting,
as tried there. What AWS answers to wrong values has not been recorded.
"""

import copy
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from lambda_over_https.sandbox.model.pointers import unescaped
from lambda_over_https.sandbox.strict.apigateway.account import check_log_role
from lambda_over_https.sandbox.strict.apigateway.definition.documentation import check_version
from lambda_over_https.sandbox.strict.apigateway.lookups import bad_request, no_such_path, parse_boolean
from lambda_over_https.sandbox.strict.apigateway.stages.variables import check_variables

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

_ACCESS_LOG = "/accessLogSettings"
_ACCESS_LOG_PATHS = (f"{_ACCESS_LOG}/destinationArn", f"{_ACCESS_LOG}/format")
_EVERY_METHOD = "*/*"
_LARGEST_NUMBER = 2**31 - 1

Operation = Mapping[str, str]


def patched(api: Any, stage: Any, operations: Iterable[Operation]) -> Any:
    """A copy of moto's ``Stage`` with the operations applied. AwsError if one of them is not possible."""
    draft = copy.copy(stage)
    draft.method_settings = copy.deepcopy(stage.method_settings)
    draft.variables, draft.access_log_settings = dict(stage.variables), dict(stage.access_log_settings or {})
    for operation in operations:
        _patch(api, draft, operation)
    check_variables(dict(draft.variables.items() - stage.variables.items()))
    draft.access_log_settings = draft.access_log_settings or None
    return draft


def _patch(api: Any, draft: Any, operation: Operation) -> None:
    kind, path, value = operation.get("op"), operation.get("path", ""), operation.get("value") or ""
    if path.startswith("/canarySettings") or path == "/clientCertificateId" or kind == "copy":
        raise NotImplementedError(f"{path}: canary releases and client certificates")
    if path in _SINGLE:
        _only(operation, "replace")
        name, read = _SINGLE[path]
        setattr(draft, name, read(api, value))
    elif path.startswith("/variables/"):
        _patch_entry(draft.variables, path.removeprefix("/variables/"), operation)
    elif path.startswith(_ACCESS_LOG):
        _patch_access_log(draft, operation)
    else:
        _patch_method(api, draft, operation)


def _only(operation: Operation, kind: str) -> None:
    if operation.get("op") != kind:
        raise no_such_path(operation, [*_SINGLE, "/variables/*"] if kind == "remove" else ["/variables/*"])


def _patch_entry(entries: dict[str, str], name: str, operation: Operation) -> None:
    if operation.get("op") == "remove":
        entries.pop(unescaped(name), None)
    else:
        entries[unescaped(name)] = operation.get("value") or ""


def _patch_access_log(draft: Any, operation: Operation) -> None:
    """Set the access log's destination or its format, or remove both."""
    path, value = operation.get("path", ""), operation.get("value") or ""
    if operation.get("op") == "remove":
        if path != _ACCESS_LOG:
            raise _nothing_to_remove(path.removeprefix("/"))
        draft.access_log_settings = {}
        return
    if path not in _ACCESS_LOG_PATHS:
        listed = ", ".join(_ACCESS_LOG_PATHS)
        raise bad_request(f"Invalid accessLogSettings path. Must be one of : [{listed}]")
    if not value:
        raise bad_request("Access Log value must not be empty")
    name = path.rpartition("/")[2]
    draft.access_log_settings[name] = _log_group(value) if name == "destinationArn" else value


def _nothing_to_remove(setting: str) -> Exception:
    return bad_request(
        f"Cannot remove method setting {setting} because there is no method setting for this method "
    )


def _patch_method(api: Any, draft: Any, operation: Operation) -> None:
    """Change one setting of a method, or of all (``/*/*/…``), or remove all settings of it."""
    path = operation.get("path", "")
    method, setting = _split(path) if operation.get("op") == "replace" else (path.removeprefix("/"), "")
    if not path.startswith("/") or not _is_method(api, method):
        raise _no_setting(path)
    if operation.get("op") == "remove":
        if method not in draft.method_settings:
            raise _nothing_to_remove(method)
        del draft.method_settings[method]
        return
    name, read = _SETTINGS[setting]
    settings = draft.method_settings.setdefault(method, dict(DEFAULT_SETTINGS))
    settings[name] = read(operation.get("value") or "")
    if settings.get("loggingLevel", "OFF") != "OFF":
        check_log_role(api.region_name)


def _split(path: str) -> tuple[str, str]:
    """The method and the setting that a path names. AwsError if it names none."""
    match = re.fullmatch(r"/(.+/[^/]+)/([a-z]+/[A-Za-z]+)", path)
    if match is None or match[2] not in _SETTINGS:
        raise _no_setting(path)
    return match[1], match[2]


def _is_method(api: Any, method: str) -> bool:
    if method == _EVERY_METHOD:
        return True
    path, _, verb = unescaped(method).rpartition("/")
    whole = path if path.startswith("/") else f"/{path}"
    verbs = {
        known
        for resource in api.resources.values()
        if resource.get_path() == whole
        for known in resource.resource_methods
    }
    return verb != "ANY" and (verb in verbs or (verb in _VERBS and "ANY" in verbs))


def _no_setting(path: str) -> Exception:
    return bad_request(f"Invalid method setting path: {path}. Must be one of: [{_PATHS}]")


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


def _log_group(value: str) -> str:
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


_VERBS = ("GET", "PUT", "POST", "DELETE", "PATCH", "OPTIONS", "HEAD")

_SINGLE: Mapping[str, tuple[str, Callable[[Any, str], Any]]] = {
    "/deploymentId": ("deployment_id", _deployment),
    "/documentationVersion": ("documentation_version", _documentation),
    "/description": ("description", lambda _, value: value),
    "/cacheClusterEnabled": ("cache_cluster_enabled", lambda _, value: parse_boolean(value)),
    "/cacheClusterSize": ("cache_cluster_size", lambda _, value: cache_size(value)),
    "/tracingEnabled": ("tracing_enabled", lambda _, value: _off("X-Ray (tracingEnabled)")(value)),
}
"""Paths with one value, and moto's names for them."""

_SETTINGS: Mapping[str, tuple[str, Callable[[str], Any]]] = {
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

_PATHS = (
    "/deploymentId, /description, /cacheClusterEnabled, /cacheClusterSize, /clientCertificateId, "
    "/accessLogSettings, /accessLogSettings/destinationArn, /accessLogSettings/format, "
    "/{resourcePath}/{httpMethod}/metrics/enabled, /{resourcePath}/{httpMethod}/logging/dataTrace, "
    "/{resourcePath}/{httpMethod}/logging/loglevel, /{resourcePath}/{httpMethod}/throttling/burstLimit"
    "/{resourcePath}/{httpMethod}/throttling/rateLimit/{resourcePath}/{httpMethod}/caching/ttlInSeconds, "
    "/{resourcePath}/{httpMethod}/caching/enabled, /{resourcePath}/{httpMethod}/caching/dataEncrypted, "
    "/{resourcePath}/{httpMethod}/caching/requireAuthorizationForCacheControl, "
    "/{resourcePath}/{httpMethod}/caching/unauthorizedCacheControlHeaderStrategy, "
    "/*/*/metrics/enabled, /*/*/logging/dataTrace, /*/*/logging/loglevel, /*/*/throttling/burstLimit "
    "/*/*/throttling/rateLimit /*/*/caching/ttlInSeconds, /*/*/caching/enabled, "
    "/*/*/caching/dataEncrypted, /*/*/caching/requireAuthorizationForCacheControl, "
    "/*/*/caching/unauthorizedCacheControlHeaderStrategy, /variables/{variable_name}, /tracingEnabled"
)
"""The paths as AWS lists them, with its missing commas."""
