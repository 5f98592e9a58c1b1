"""UpdateUsagePlan, of which moto has a part: what a patch may change, and the change."""

import copy
import re
from collections.abc import Callable, Mapping
from typing import Any

from lambda_over_https.sandbox.control.aws_calls import AwsCall
from lambda_over_https.sandbox.control.layer import AwsResponse
from lambda_over_https.sandbox.model.pointers import unescaped
from lambda_over_https.sandbox.strict.apigateway.lookups import (
    bad_request,
    conflict,
    no_such_path,
    usage_plan_of,
)
from lambda_over_https.sandbox.strict.apigateway.usage_plans import (
    check_keys,
    check_limits,
    check_stage,
    keys_of,
    unknown_stage,
)

_TEXTS = {"/name": "name", "/description": "description", "/productCode": "product_code"}
_STAGE_THROTTLE = re.compile(
    r"/apiStages/(?P<api>[^/:]+):(?P<stage>[^/]+)/throttle(/(?P<method>.+?))?(/(?P<limit>rateLimit|burstLimit))?"
)

Operation = Mapping[str, str]


def update_usage_plan(call: AwsCall) -> AwsResponse:
    """Answer UpdateUsagePlan: all of its operations take effect, or none."""
    plan = usage_plan_of(call)
    draft = copy.deepcopy(plan)
    for operation in call.parameters.get("patchOperations") or []:
        _patch(call, draft, operation)
    check_limits(draft.throttle, draft.quota)
    if draft.quota:
        draft.quota.setdefault("offset", 0)
    vars(plan).update(vars(draft))
    return AwsResponse.json(200, plan.to_json())


def _patch(call: AwsCall, draft: Any, operation: Operation) -> None:
    kind, path, value = operation.get("op"), operation.get("path", ""), operation.get("value") or ""
    if path in _TEXTS and (kind == "replace" or (kind == "remove" and path == "/productCode")):
        setattr(draft, _TEXTS[path], None if kind == "remove" else value)
    elif path in _NUMBERS and kind in ("add", "replace"):
        group, name, read = _NUMBERS[path]
        getattr(draft, group)[name] = read(value)
    elif path in ("/throttle", "/quota") and kind == "remove":
        getattr(draft, path[1:]).clear()
    elif path == "/apiStages" and kind in ("add", "remove"):
        _patch_stages(call, draft, kind, value)
    elif (match := _STAGE_THROTTLE.fullmatch(path)) and kind in ("add", "replace", "remove"):
        _patch_stage_throttle(draft, operation, match)
    else:
        raise no_such_path(operation, [*_TEXTS, *_NUMBERS, "/throttle", "/quota", "/apiStages"])


def _patch_stages(call: AwsCall, draft: Any, kind: str, value: str) -> None:
    api_id, colon, name = value.partition(":")
    if not colon or not api_id or not name:
        raise bad_request("Invalid API Stage specified")
    stage = {"apiId": api_id, "stage": name}
    covered = _covered(draft, stage)
    if kind == "remove":
        if covered is None:
            raise unknown_stage(stage, draft.id)
        draft.api_stages.remove(covered)
        return
    check_stage(call, stage, draft.id)
    if covered is not None:
        raise conflict(f"API Stage {value} is already associated with Usage Plan {draft.id}")
    check_keys(call, draft, [stage], keys_of(call, draft))
    draft.api_stages.append(stage)


def _patch_stage_throttle(draft: Any, operation: Operation, match: re.Match[str]) -> None:
    """Change a limit of one method of one stage, or remove a method's limits, or all of the stage's."""
    named = {"apiId": match["api"], "stage": match["stage"]}
    stage = _covered(draft, named)
    if stage is None:
        raise unknown_stage(named, draft.id)
    method, limit = _method(match["method"]), match["limit"]
    throttles = stage.setdefault("throttle", {})
    if operation.get("op") != "remove":
        if not method or not limit:
            raise no_such_path(operation, [f"{match.group().removesuffix('/')}/{{method}}/rateLimit"])
        read = _rate if limit == "rateLimit" else _whole
        throttles.setdefault(method, {})[limit] = read(operation.get("value") or "")
    elif method:
        throttles.pop(method, None)
    else:
        throttles.clear()


def _method(text: str | None) -> str:
    """How a plan names a method: "/DynamoDBManager/POST"; "" for none."""
    return f"/{unescaped(text).lstrip('/')}" if text else ""


def _covered(draft: Any, stage: Mapping[str, str]) -> dict[str, Any] | None:
    found = (
        item for item in draft.api_stages if (item.get("apiId"), item.get("stage")) == tuple(stage.values())
    )
    return next(found, None)


def _rate(value: str) -> float:
    if not re.fullmatch(r"\d{1,10}(\.\d+)?", value, re.ASCII):
        raise bad_request(f"Invalid rate limit: {value}")
    return float(value)


def _whole(value: str) -> int:
    if not re.fullmatch(r"\d{1,10}", value, re.ASCII):
        raise bad_request(f"Invalid limit: {value}")
    return int(value)


_NUMBERS: Mapping[str, tuple[str, str, Callable[[str], Any]]] = {
    "/throttle/rateLimit": ("throttle", "rateLimit", _rate),
    "/throttle/burstLimit": ("throttle", "burstLimit", _whole),
    "/quota/limit": ("quota", "limit", _whole),
    "/quota/offset": ("quota", "offset", _whole),
    "/quota/period": ("quota", "period", str),
}
"""Paths of a plan's limits: the group, the member, and how its value is read."""
