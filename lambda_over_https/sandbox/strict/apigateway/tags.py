"""Tags of REST APIs, stages, usage plans and API keys; moto has tags only for stages."""

from typing import Any
from urllib.parse import unquote

from lambda_over_https.sandbox.control.aws_calls import AwsCall
from lambda_over_https.sandbox.control.layer import AwsResponse
from lambda_over_https.sandbox.control.moto_state import apigateway_backend
from lambda_over_https.sandbox.control.refusals import unknown_resource
from lambda_over_https.sandbox.strict import tag_limits


def find_tagged(region: str, arn: str) -> Any:
    """The resource with ``tags`` that an ARN of API Gateway names; AwsError if there is none."""
    backend = apigateway_backend(region)
    parts = unquote(arn).partition("::/")[2].split("/")
    kinds: dict[str, dict[str, Any]] = {
        "restapis": backend.apis,
        "usageplans": backend.usage_plans,
        "apikeys": backend.keys,
    }
    resource = kinds.get(parts[0], {}).get(parts[1]) if len(parts) > 1 else None
    if resource is not None and len(parts) == 4 and parts[2] == "stages":
        resource = resource.stages.get(parts[3])
    if resource is None:
        raise unknown_resource()
    return resource


def get_tags(call: AwsCall) -> AwsResponse:
    """Answer GetTags."""
    return AwsResponse.json(
        200, {"tags": find_tagged(call.region, call.parameters["resourceArn"]).tags or {}}
    )


def tag_resource(call: AwsCall) -> AwsResponse:
    """Answer TagResource."""
    resource = find_tagged(call.region, call.parameters["resourceArn"])
    tag_limits.check(call, resource.tags or {})
    resource.tags = {**(resource.tags or {}), **call.parameters["tags"]}
    return AwsResponse.json(204)


def untag_resource(call: AwsCall) -> AwsResponse:
    """Answer UntagResource."""
    resource = find_tagged(call.region, call.parameters["resourceArn"])
    gone = call.parameters["tagKeys"]
    resource.tags = {key: value for key, value in (resource.tags or {}).items() if key not in gone}
    return AwsResponse.json(204)
