"""UpdateIntegration, UpdateIntegrationResponse and UpdateResource, which moto does not have or does in part.

API Gateway guide, "Patch operations"; answers and refusals as recorded.
"""

from collections.abc import Collection, Mapping
from typing import Any

from lambda_over_https.sandbox.control.aws_calls import AwsCall
from lambda_over_https.sandbox.control.layer import AwsResponse
from lambda_over_https.sandbox.control.refusals import not_found, unknown_resource
from lambda_over_https.sandbox.model.pointers import unescaped
from lambda_over_https.sandbox.strict.apigateway.definition import mappings
from lambda_over_https.sandbox.strict.apigateway.definition.integrations import (
    PASSTHROUGH_BEHAVIORS,
    check_credentials,
    check_timeout,
    check_uri,
    declared_headers,
)
from lambda_over_https.sandbox.strict.apigateway.definition.resources import check_path_part
from lambda_over_https.sandbox.strict.apigateway.lookups import (
    api_of,
    bad_request,
    conflict,
    integration_of,
    method_of,
    no_such_path,
    parse_boolean,
    resource_of,
)

Operation = Mapping[str, str]
Draft = dict[str, Any]

_INTEGRATION = {
    "/uri": "uri",
    "/httpMethod": "http_method",
    "/passthroughBehavior": "passthrough_behaviour",
    "/credentials": "credentials",
    "/timeoutInMillis": "timeout_in_millis",
    "/contentHandling": "content_handling",
    "/cacheNamespace": "cache_namespace",
}
_INTEGRATION_MAPS = {"requestParameters": "request_parameters", "requestTemplates": "request_templates"}
_TLS = "/tlsConfig/insecureSkipVerification"
_CACHE_KEYS = "/cacheKeyParameters/"
_RESPONSE = {"/selectionPattern": "selection_pattern", "/contentHandling": "content_handling"}
_RESPONSE_MAPS = {"responseParameters": "response_parameters", "responseTemplates": "response_templates"}


def update_integration(call: AwsCall) -> AwsResponse:
    """Answer UpdateIntegration: all of its operations take effect, or none."""
    integration = integration_of(call)
    draft = _draft(integration, _INTEGRATION, _INTEGRATION_MAPS)
    before, keys = integration.request_parameters or {}, list(integration.cache_key_parameters or ())
    for operation in call.parameters.get("patchOperations") or []:
        if operation["path"].startswith(_CACHE_KEYS):
            _patch_list(keys, operation)
        elif operation["path"] == _TLS and operation.get("op") == "replace":
            draft["tls_config"] = {"insecureSkipVerification": parse_boolean(operation.get("value") or "")}
        else:
            _patch(draft, operation, _INTEGRATION, _INTEGRATION_MAPS)
    draft["timeout_in_millis"] = _timeout(draft["timeout_in_millis"])
    kind, uri = integration.integration_type, draft["uri"] or ""
    check_uri(kind, uri, draft["http_method"])
    check_credentials(kind, uri, draft["credentials"])
    if draft["passthrough_behaviour"] not in (None, *PASSTHROUGH_BEHAVIORS):
        listed = ", ".join(PASSTHROUGH_BEHAVIORS)
        raise bad_request(f"Invalid passthroughBehavior specified. Valid options are {listed}")
    declared, mapped = method_of(call).request_parameters or {}, draft["request_parameters"]
    mappings.check_integration_request(_changed(before, mapped), declared)
    mappings.check_cache_keys(_added(integration.cache_key_parameters, keys), {**declared, **mapped})
    vars(integration).update(draft, cache_key_parameters=keys)
    return AwsResponse.json(200, integration.to_json())


def update_integration_response(call: AwsCall) -> AwsResponse:
    """Answer UpdateIntegrationResponse: all of its operations take effect, or none."""
    responses = integration_of(call).integration_responses or {}
    status = call.parameters["statusCode"]
    response = responses[status]
    draft = _draft(response, _RESPONSE, _RESPONSE_MAPS)
    for operation in call.parameters.get("patchOperations") or []:
        _patch(draft, operation, _RESPONSE, _RESPONSE_MAPS)
    changed = _changed(response.response_parameters or {}, draft["response_parameters"])
    mappings.check_integration_response(changed, declared_headers(call))
    others = [each for key, each in responses.items() if key != status]
    if not draft["selection_pattern"] and any(not each.selection_pattern for each in others):
        raise conflict("Integration response with selection pattern default already exists")
    if response.response_templates is None:
        draft["response_templates"] = draft["response_templates"] or None
    vars(response).update(draft)
    return AwsResponse.json(200, response.to_json())


def update_resource(call: AwsCall) -> AwsResponse:
    """Answer UpdateResource: its path part and its parent can be replaced."""
    resource = resource_of(call)
    part, parent = resource.path_part, resource.parent_id
    for operation in call.parameters.get("patchOperations") or []:
        path = operation["path"]
        if operation.get("op") != "replace" or path not in ("/pathPart", "/parentId"):
            raise no_such_path(operation, ["/parentId", "/pathPart"])
        if resource.parent_id is None:
            raise bad_request(f"Root resource cannot update its {path[1:]}.")
        if path == "/pathPart":
            part = operation.get("value") or ""
        else:
            parent = operation.get("value")
    if resource.parent_id is not None:
        _check_place(call, resource, part, parent)
        resource.path_part, resource.parent_id = part, parent
    return AwsResponse.json(200, resource.to_dict())


def _check_place(call: AwsCall, resource: Any, part: str, parent: Any) -> None:
    resources = api_of(call).resources
    check_path_part(part)
    if parent not in resources:
        raise unknown_resource()
    above = parent
    while above is not None:
        if above == resource.id:
            raise bad_request("Resources cannot be cyclical.")
        above = resources[above].parent_id
    siblings = [each for each in resources.values() if each.parent_id == parent and each.id != resource.id]
    if any(each.path_part == part for each in siblings):
        raise conflict(f"Another resource with the same parent already has this name: {part}")


def _draft(item: Any, single: Mapping[str, str], maps: Mapping[str, str]) -> Draft:
    draft = {name: getattr(item, name) for name in single.values()}
    return draft | {name: dict(getattr(item, name) or {}) for name in maps.values()}


def _patch(draft: Draft, operation: Operation, single: Mapping[str, str], maps: Mapping[str, str]) -> None:
    kind, path, value = operation.get("op"), operation.get("path", ""), operation.get("value")
    member, _, key = path.removeprefix("/").partition("/")
    if path in single and kind in ("replace", "remove"):
        draft[single[path]] = value if kind == "replace" else None
    elif member in maps and key and kind in ("add", "replace", "remove"):
        _patch_map(draft[maps[member]], unescaped(key), operation)
    else:
        raise no_such_path(operation, [*single, *(f"/{name}/*" for name in maps)])


def _patch_map(entries: dict[str, Any], key: str, operation: Operation) -> None:
    if operation.get("op") != "remove":
        entries[key] = operation.get("value") or ""
    elif key in entries:
        del entries[key]
    else:
        raise not_found("Invalid parameter name specified")


def _patch_list(keys: list[str], operation: Operation) -> None:
    key = unescaped(operation["path"].removeprefix(_CACHE_KEYS))
    if operation.get("op") == "add" and key not in keys:
        keys.append(key)
    elif operation.get("op") == "remove" and key in keys:
        keys.remove(key)


def _changed(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, str]:
    """The mappings that are new or another."""
    return {target: source for target, source in after.items() if before.get(target) != source}


def _added(before: Collection[str] | None, after: Collection[str]) -> list[str]:
    return [each for each in after if each not in (before or ())]


def _timeout(value: Any) -> int | None:
    if value is None:
        return None
    if not str(value).isdigit():
        raise bad_request(f"Invalid timeout specified: {value}")
    check_timeout(int(value))
    return int(value)
