"""Rules for usage plans, their stages and their keys."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from lambda_over_https.sandbox.control.aws_calls import AwsCall
from lambda_over_https.sandbox.control.layer import AwsResponse
from lambda_over_https.sandbox.control.moto_state import apigateway_backend
from lambda_over_https.sandbox.control.refusals import not_found
from lambda_over_https.sandbox.model.errors import AwsError
from lambda_over_https.sandbox.strict.apigateway.lookups import (
    api_key_of,
    bad_request,
    conflict,
    usage_plan_of,
)

PERIODS = {"DAY": 0, "WEEK": 6, "MONTH": 27}
"""The periods of a quota, and the largest offset that each can have (as Terraform's provider checks it)."""

Stage = Mapping[str, Any]
"""An item of a usage plan's ``apiStages``: ``apiId`` and ``stage``."""


def forget_stages(call: AwsCall, _: AwsResponse) -> None:
    """Remove deleted stages from usage plans."""
    backend = apigateway_backend(call.region)
    for plan in backend.usage_plans.values():
        plan.api_stages = [item for item in plan.api_stages if _stage_exists(backend, item)]


def forget_key(call: AwsCall, _: AwsResponse) -> None:
    """Remove a deleted key from usage plans."""
    for keys in apigateway_backend(call.region).usage_plan_keys.values():
        keys.pop(call.parameters["apiKey"], None)


def forget_plan(call: AwsCall, _: AwsResponse) -> None:
    """Forget which keys a deleted usage plan had."""
    apigateway_backend(call.region).usage_plan_keys.pop(call.parameters["usagePlanId"], None)


def new_plan(call: AwsCall) -> None:
    """A usage plan may cover only stages that exist; its limits are ones that it can have."""
    if not call.parameters.get("name"):
        raise bad_request("Usage Plan name is required")
    for item in call.parameters.get("apiStages") or []:
        check_stage(call, item, call.parameters["name"])
    check_limits(call.parameters.get("throttle") or {}, call.parameters.get("quota") or {})


def check_stage(call: AwsCall, item: Stage, plan: str) -> None:
    """The stage must exist; ``plan`` names the usage plan in the refusal."""
    if not _stage_exists(apigateway_backend(call.region), item):
        raise unknown_stage(item, plan)


def unknown_stage(item: Stage, plan: str) -> AwsError:
    """The usage plan cannot cover that stage, or does not."""
    stage = f"{{api: {item.get('apiId')}, stage: {item.get('stage')}}}"
    return not_found(f"Invalid API Stage {stage} specified for usageplan {plan}")


def check_limits(throttle: Mapping[str, Any], quota: Mapping[str, Any]) -> None:
    """Limits are not negative; a quota has a limit, a period, and an offset for that."""
    if any((throttle.get(name) or 0) < 0 for name in ("rateLimit", "burstLimit")):
        raise bad_request("Usage Plan throttle limits must not be negative")
    if not quota:
        return
    limit, offset = quota.get("limit"), quota.get("offset") or 0
    if not limit or limit < 1:
        raise bad_request("Usage Plan quota limit must be greater than 0")
    if quota.get("period") not in PERIODS:
        raise bad_request(f"Usage Plan quota period must be one of: [{', '.join(PERIODS)}]")
    period, most = quota["period"], PERIODS[quota["period"]]
    if not 0 <= offset <= most:
        possible = f"between 0 and {most} inclusive" if most else "zero"
        raise bad_request(f"Usage Plan quota offset must be {possible} in the {period} period")


def idle_plan(call: AwsCall) -> None:
    """A usage plan that covers stages cannot be deleted."""
    plan = usage_plan_of(call)
    if plan.api_stages:
        message = f"Cannot delete Usage Plan {plan.id} because there are API Stages associated with it"
        raise bad_request(message)


def new_plan_key(call: AwsCall) -> None:
    """The key must exist, be an API key, and be in no plan for one of the plan's stages, nor in this one."""
    api_key_of(call)
    if call.parameters["keyType"] != "API_KEY":
        raise bad_request("Invalid keyType specified. Valid options are API_KEY")
    plan, key = usage_plan_of(call), call.parameters["keyId"]
    if key in _keys(call, plan.id):
        raise conflict(f"Usage Plan {plan.id} cannot be added because API Key is already in this Usage Plan.")
    check_keys(call, plan, plan.api_stages, [key])


def plan_key_of(call: AwsCall) -> None:
    """The usage plan must have the key that the call names."""
    if call.parameters["keyId"] not in _keys(call, usage_plan_of(call).id):
        raise not_found("Invalid API Key identifier specified")


def check_keys(call: AwsCall, plan: Any, stages: Iterable[Stage], keys: Iterable[str]) -> None:
    """No key may be in two plans for one stage."""
    covered = {_named(item) for item in stages}
    for other in apigateway_backend(call.region).usage_plans.values():
        shared = covered & {_named(item) for item in other.api_stages}
        if other.id != plan.id and shared and set(keys) & set(_keys(call, other.id)):
            raise conflict(
                f"Usage Plan {plan.id} cannot be added because API Key cannot reference multiple Usage Plans "
                f"with the same API stage: {min(shared)}"
            )


def keys_of(call: AwsCall, plan: Any) -> Iterator[str]:
    """The ids of the usage plan's keys."""
    return iter(_keys(call, plan.id))


def _keys(call: AwsCall, plan_id: str) -> Mapping[str, Any]:
    keys: Mapping[str, Any] = apigateway_backend(call.region).usage_plan_keys.get(plan_id, {})
    return keys


def _named(item: Stage) -> str:
    return f"{item.get('apiId')}:{item.get('stage')}"


def _stage_exists(backend: Any, item: Stage) -> bool:
    api = backend.apis.get(item.get("apiId"))
    return api is not None and item.get("stage") in api.stages
