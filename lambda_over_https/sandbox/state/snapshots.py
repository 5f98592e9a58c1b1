"""Turns moto's REST APIs into the types of ``model.apis``."""

from collections.abc import Mapping
from typing import Any

from lambda_over_https.sandbox.model.apis import (
    AccessLog,
    ApiKey,
    Caching,
    DeployedStage,
    ExecutionLogging,
    GatewayResponse,
    Integration,
    IntegrationResponse,
    Method,
    MethodResponse,
    Model,
    Quota,
    RequestValidator,
    Resource,
    RestApi,
    Throttle,
    UsagePlan,
)
from lambda_over_https.sandbox.model.execute_api import policy_in_full
from lambda_over_https.sandbox.model.pointers import unescaped


def rest_api(api: Any) -> RestApi:
    """The definition of one of moto's ``RestAPI`` objects, as it is at this moment."""
    return RestApi(
        id=api.id,
        region=api.region_name,
        name=api.name,
        account=api.account_id,
        resources={resource.id: _resource(resource) for resource in list(api.resources.values())},
        gateway_responses={
            name: _gateway_response(response) for name, response in list(api.gateway_responses.items())
        },
        models={name: _model(model) for name, model in list(api.models.items())},
        request_validators={
            validator.id: _validator(validator) for validator in list(api.request_validators.values())
        },
        # Nobody reaches a private API but through a VPC (API Gateway guide, "Private REST APIs").
        disable_execute_api_endpoint=_flag(api.disableExecuteApiEndpoint)
        or "PRIVATE" in (api.endpoint_configuration or {}).get("types", ()),
        api_key_source=api.api_key_source,
        binary_media_types=tuple(api.binaryMediaTypes),
        policy=policy_in_full(api.policy or "", api.region_name, api.account_id, api.id) or None,
        minimum_compression_size=api.minimum_compression_size,
    )


def deployed_stage(
    stage: Any, api: RestApi, usage_plans: tuple[UsagePlan, ...], cache: str | None = None
) -> DeployedStage:
    """One of moto's ``Stage`` objects, serving ``api``; ``cache`` is its cache's name, if it is available."""
    settings = {_method_key(key): setting for key, setting in list(stage.method_settings.items())}
    return DeployedStage(
        name=stage.name,
        deployment_id=stage.deployment_id,
        api=api,
        variables=dict(stage.variables or {}),
        throttles={
            key: _throttle(setting["throttlingRateLimit"], setting["throttlingBurstLimit"])
            for key, setting in settings.items()
            if "throttlingRateLimit" in setting
        },
        usage_plans=usage_plans,
        caching={key: _caching(setting) for key, setting in settings.items()} if cache else {},
        cache=cache,
        access_log=_access_log(stage.access_log_settings or {}),
        execution_logs={
            key: ExecutionLogging(level, setting["dataTraceEnabled"])
            for key, setting in settings.items()
            if (level := setting.get("loggingLevel", "OFF")) != "OFF"
        },
    )


def _access_log(settings: Mapping[str, str]) -> AccessLog | None:
    group = settings.get("destinationArn", "").partition(":log-group:")[2].removesuffix(":*")
    return AccessLog(group, settings["format"]) if group and settings.get("format") else None


def _method_key(key: str) -> str:
    """The path and verb of a method setting, without escapes and with the leading slash."""
    path = unescaped(key)
    return path if path.startswith(("/", "*")) else f"/{path}"


def _caching(setting: Mapping[str, Any]) -> Caching:
    return Caching(
        enabled=setting["cachingEnabled"],
        ttl=setting["cacheTtlInSeconds"],
        require_authorization=setting["requireAuthorizationForCacheControl"],
        unauthorized=setting["unauthorizedCacheControlHeaderStrategy"],
    )


def usage_plan(plan: Any, keys: list[Any], api_id: str, stage: str) -> UsagePlan | None:
    """One of moto's ``UsagePlan`` objects as the stage sees it; None if it does not cover the stage."""
    covered = [item for item in plan.api_stages if (item.get("apiId"), item.get("stage")) == (api_id, stage)]
    if not covered:
        return None
    return UsagePlan(
        id=plan.id,
        keys=tuple(ApiKey(key.id, key.value, _flag(key.enabled)) for key in keys),
        throttle=_throttle_map(plan.throttle) if plan.throttle else None,
        quota=_quota(plan.quota) if plan.quota else None,
        method_throttles={
            unescaped(path): _throttle_map(limits)
            for path, limits in (covered[0].get("throttle") or {}).items()
        },
    )


def _resource(resource: Any) -> Resource:
    methods = {verb: _method(method) for verb, method in list(resource.resource_methods.items())}
    return Resource(resource.id, resource.get_path(), methods)


def _method(method: Any) -> Method:
    integration = method.method_integration
    return Method(
        http_method=method.http_method,
        authorization_type=method.authorization_type or "NONE",
        api_key_required=_flag(method.api_key_required),
        request_parameters={
            name: _flag(required) for name, required in (method.request_parameters or {}).items()
        },
        request_models=dict(method.request_models or {}),
        request_validator_id=method.request_validator_id,
        operation_name=method.operation_name,
        integration=_integration(integration) if integration else None,
        responses={str(status): _method_response(item) for status, item in method.method_responses.items()},
    )


def _method_response(response: Any) -> MethodResponse:
    return MethodResponse(
        status_code=str(response.status_code),
        response_models=dict(response.response_models or {}),
        response_parameters={
            name: _flag(required) for name, required in (response.response_parameters or {}).items()
        },
    )


def _integration(integration: Any) -> Integration:
    responses: Mapping[str, Any] = integration.integration_responses or {}
    return Integration(
        type=integration.integration_type,
        http_method=integration.http_method,
        uri=integration.uri or "",
        credentials=integration.credentials,
        request_parameters=dict(integration.request_parameters or {}),
        request_templates=dict(integration.request_templates or {}),
        passthrough_behavior=integration.passthrough_behaviour or "WHEN_NO_MATCH",
        content_handling=integration.content_handling,
        timeout_in_millis=int(integration.timeout_in_millis or 29_000),
        cache_key_parameters=tuple(integration.cache_key_parameters or ()),
        cache_namespace=integration.cache_namespace or "",
        skip_verification=bool((integration.tls_config or {}).get("insecureSkipVerification")),
        responses={str(status): _integration_response(item) for status, item in responses.items()},
    )


def _integration_response(response: Any) -> IntegrationResponse:
    return IntegrationResponse(
        status_code=str(response.status_code),
        selection_pattern=response.selection_pattern,
        response_parameters=dict(response.response_parameters or {}),
        response_templates=dict(response.response_templates or {}),
        content_handling=response.content_handling,
    )


def _gateway_response(response: Any) -> GatewayResponse:
    return GatewayResponse(
        response_type=response.response_type,
        status_code=None if response.status_code is None else str(response.status_code),
        response_parameters=dict(response.response_parameters or {}),
        response_templates=dict(response.response_templates or {}),
    )


def _model(model: Any) -> Model:
    return Model(model.name, model.content_type or "application/json", model.schema or "")


def _validator(validator: Any) -> RequestValidator:
    return RequestValidator(
        id=validator.id,
        validate_request_body=_flag(validator.validate_request_body),
        validate_request_parameters=_flag(validator.validate_request_parameters),
    )


def _throttle_map(limits: Mapping[str, Any]) -> Throttle:
    return _throttle(limits.get("rateLimit"), limits.get("burstLimit"))


def _throttle(rate: Any, burst: Any) -> Throttle:
    """Limits of -1 are none."""
    limited = [None if value is None or float(value) < 0 else float(value) for value in (rate, burst)]
    return Throttle(limited[0], None if limited[1] is None else int(limited[1]))


def _quota(quota: Mapping[str, Any]) -> Quota:
    return Quota(int(quota["limit"]), quota["period"], int(quota.get("offset") or 0))


def _flag(value: Any) -> bool:
    return value is True or str(value).lower() == "true"
