"""Stages: how they are created, described and updated, and their cache."""

import re
import time
import uuid
from typing import Any

from lambda_over_https.sandbox.control.aws_calls import AwsCall
from lambda_over_https.sandbox.control.layer import AwsResponse
from lambda_over_https.sandbox.strict.apigateway.definition import documentation
from lambda_over_https.sandbox.strict.apigateway.lookups import api_of, bad_request, conflict, stage_of
from lambda_over_https.sandbox.strict.apigateway.patching.stage_values import CACHE_SIZES, cache_size
from lambda_over_https.sandbox.strict.apigateway.patching.stages import patched
from lambda_over_https.sandbox.strict.apigateway.stages.variables import check_variables


def new_stage(call: AwsCall) -> None:
    """A stage must be new, and have a valid name, a deployment and a possible size of cache."""
    check_stage_name(call)
    if call.parameters["stageName"] in api_of(call).stages:
        raise conflict("Stage already exists")
    if call.parameters["deploymentId"] not in api_of(call).deployments:
        raise bad_request("Deployment id does not exist")
    documentation.check_version(api_of(call), call.parameters.get("documentationVersion"))
    check_stage_members(call)


def check_stage_name(call: AwsCall) -> None:
    """A stage's name may have letters, digits, hyphens and underscores."""
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,128}", call.parameters["stageName"]):
        raise bad_request("Stage name only allows a-zA-Z0-9_")


def check_stage_members(call: AwsCall) -> None:
    """What CreateStage and CreateDeployment say of a stage's cache and variables must be possible."""
    size = call.parameters.get("cacheClusterSize")
    if size is not None:
        cache_size(str(size))
    check_variables(call.parameters.get("variables") or {})


def keep_cache(call: AwsCall, response: AwsResponse) -> None:
    """Start the cache that CreateStage or CreateDeployment asks for; CreateStage answers its status."""
    enabled = bool(call.parameters.get("cacheClusterEnabled"))
    stage = api_of(call).stages.get(call.parameters.get("stageName"))
    if stage is None:
        return
    _note_time(stage)
    if enabled:
        size = call.parameters.get("cacheClusterSize") or stage.cache_cluster_size
        _set_cache(stage, enabled=True, size=size)
    if call.operation == "CreateStage":
        stage.documentation_version = call.parameters.get("documentationVersion")
        response.document = _told(stage, "CREATE_IN_PROGRESS" if enabled else None)


def complete_stage(call: AwsCall, response: AwsResponse) -> None:
    """Complete moto's answer to GetStage."""
    response.document = _told(stage_of(call))


def complete_stages(call: AwsCall, response: AwsResponse) -> None:
    """Complete moto's answer to GetStages."""
    stages, document = api_of(call).stages, response.document
    deployment = call.parameters.get("deploymentId")
    named = [stages[item["stageName"]] for item in document["item"]]
    document["item"] = [_told(stage) for stage in named if deployment in (None, stage.deployment_id)]
    response.document = document


def update_stage(call: AwsCall) -> AwsResponse:
    """Answer UpdateStage: all of its operations take effect, or none."""
    stage = stage_of(call)
    draft = patched(api_of(call), stage, call.parameters.get("patchOperations") or [])
    before = bool(stage.cache_cluster_enabled), stage.cache_cluster_size
    vars(stage).update(vars(draft))
    _note_time(stage)
    enabled, size = bool(draft.cache_cluster_enabled), draft.cache_cluster_size
    if (enabled, size) == before or not (enabled or before[0]):
        return AwsResponse.json(200, _told(stage))
    _set_cache(stage, enabled=enabled, size=size)
    return AwsResponse.json(200, _told(stage, "CREATE_IN_PROGRESS" if enabled else "DELETE_IN_PROGRESS"))


def flush_cache(call: AwsCall) -> AwsResponse:
    """Answer FlushStageCache."""
    stage = stage_of(call)
    if not stage.cache_cluster_enabled:
        raise bad_request(f"Cache cluster is not enabled for stage {stage.name}")
    stage.cache_name = str(uuid.uuid4())
    return AwsResponse.json(202)


def _note_time(stage: Any) -> None:
    """The stage was made or changed just now."""
    stage.changed_at = int(time.time())
    vars(stage).setdefault("made_at", stage.changed_at)


def _set_cache(stage: Any, *, enabled: bool, size: str | None) -> None:
    """Give the stage another, empty cache, or none."""
    stage.cache_cluster_enabled = enabled
    stage.cache_cluster_size = (size or CACHE_SIZES[0]) if enabled else size
    stage.cache_cluster_status = "AVAILABLE" if enabled else "NOT_AVAILABLE"
    stage.cache_name = str(uuid.uuid4()) if enabled else None


def _told(stage: Any, cache_status: str | None = None) -> dict[str, Any]:
    document: dict[str, Any] = {"cacheClusterStatus": "NOT_AVAILABLE", "tracingEnabled": False}
    document |= {name: value for name, value in stage.to_json().items() if value is not None}
    if version := getattr(stage, "documentation_version", None):
        document["documentationVersion"] = version
    if "made_at" in vars(stage):
        document |= {"createdDate": stage.made_at, "lastUpdatedDate": stage.changed_at}
    return {**document, "cacheClusterStatus": cache_status} if cache_status else document
