"""UpdateStage: which paths a patch may have, and what it changes.

The paths are those that AWS lists when it refuses another one; ANY is not accepted as the verb of a setting,
as tried there.
"""

import copy
import re
from collections.abc import Iterable, Mapping
from typing import Any

from lambda_over_https.sandbox.model.pointers import unescaped
from lambda_over_https.sandbox.strict.apigateway.account import check_log_role
from lambda_over_https.sandbox.strict.apigateway.lookups import bad_request, no_such_path
from lambda_over_https.sandbox.strict.apigateway.patching.stage_values import (
    DEFAULT_SETTINGS,
    METHOD_SETTINGS,
    ONE_VALUE,
    log_group,
)
from lambda_over_https.sandbox.strict.apigateway.stages.variables import check_variables

_ACCESS_LOG = "/accessLogSettings"
_ACCESS_LOG_PATHS = (f"{_ACCESS_LOG}/destinationArn", f"{_ACCESS_LOG}/format")
_EVERY_METHOD = "*/*"
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
    if path in ONE_VALUE:
        _only(operation, "replace")
        name, read = ONE_VALUE[path]
        setattr(draft, name, read(api, value))
    elif path.startswith("/variables/"):
        _patch_entry(draft.variables, path.removeprefix("/variables/"), operation)
    elif path.startswith(_ACCESS_LOG):
        _patch_access_log(draft, operation)
    else:
        _patch_method(api, draft, operation)


def _only(operation: Operation, kind: str) -> None:
    if operation.get("op") != kind:
        raise no_such_path(operation, [*ONE_VALUE, "/variables/*"] if kind == "remove" else ["/variables/*"])


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
    draft.access_log_settings[name] = log_group(value) if name == "destinationArn" else value


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
    name, read = METHOD_SETTINGS[setting]
    settings = draft.method_settings.setdefault(method, dict(DEFAULT_SETTINGS))
    settings[name] = read(operation.get("value") or "")
    if settings.get("loggingLevel", "OFF") != "OFF":
        check_log_role(api.region_name)


def _split(path: str) -> tuple[str, str]:
    """The method and the setting that a path names. AwsError if it names none."""
    match = re.fullmatch(r"/(.+/[^/]+)/([a-z]+/[A-Za-z]+)", path)
    if match is None or match[2] not in METHOD_SETTINGS:
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


_VERBS = ("GET", "PUT", "POST", "DELETE", "PATCH", "OPTIONS", "HEAD")
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
