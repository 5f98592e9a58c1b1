"""The calls of Resource Groups Tagging: what they refuse, and the resources for which they fail.

Resource Groups Tagging API reference, GetResources and FailureInfo. Which resources there are is in
``tagging``.
"""

from collections.abc import Callable
from typing import Any

from lambda_over_https.sandbox.control.aws_calls import AwsCall
from lambda_over_https.sandbox.control.layer import AwsResponse
from lambda_over_https.sandbox.model.account import ACCOUNT
from lambda_over_https.sandbox.model.errors import AwsError
from lambda_over_https.sandbox.strict import constraints
from lambda_over_https.sandbox.strict.rules import Rules

_NOT_WITH_ARNS = ("TagFilters", "ResourceTypeFilters", "ResourcesPerPage", "TagsPerPage", "PaginationToken")


def _check_filters(call: AwsCall) -> None:
    """Resources that are named are neither filtered nor told page by page."""
    also = [name for name in _NOT_WITH_ARNS if call.parameters.get(name)]
    if also and call.parameters.get("ResourceARNList"):
        message = f"ResourceARNList and {also[0]} cannot be in one request"
        raise AwsError("InvalidParameterException", message)


def _tag(call: AwsCall) -> AwsResponse:
    tags = call.parameters["Tags"]
    return _each(call, lambda owner, arn: owner.tag_resource(arn, tags))


def _untag(call: AwsCall) -> AwsResponse:
    keys = call.parameters["TagKeys"]
    return _each(call, lambda owner, arn: owner.untag_resource(arn, keys))


def _each(call: AwsCall, change: Callable[[Any, str], None]) -> AwsResponse:
    """Change the tags of each resource. One that is not there fails, and the others are changed."""
    owners = {arn: _owner(call.region, arn) for arn in call.parameters["ResourceARNList"]}
    failed = {}
    for arn, owner in owners.items():
        if arn in {each.arn for each in owner.iter_tagged_resources()}:
            change(owner, arn)
        else:
            failed[arn] = {
                "StatusCode": 400,
                "ErrorCode": "InvalidParameterException",
                "ErrorMessage": f"The resource {arn} does not exist",
            }
    return AwsResponse.json(200, {"FailedResourcesMap": failed})


def _owner(region: str, arn: str) -> Any:
    """The moto backend that has such resources."""
    from moto.core.resource_tagging import iter_taggable_backends

    owner = next((each for each in iter_taggable_backends(ACCOUNT, region) if each.owns_arn(arn)), None)
    if owner is None:
        raise NotImplementedError(f"{arn} in TagResources and UntagResources")
    return owner


def _once(_: AwsCall, response: AwsResponse) -> None:
    """Tell each key or value once: moto tells it for each resource."""
    response.document = {
        name: list(dict.fromkeys(value)) if isinstance(value, list) else value
        for name, value in response.document.items()
    }


RULES = Rules(
    every=[constraints.check],
    checks={"GetResources": (_check_filters,)},
    answers={"TagResources": _tag, "UntagResources": _untag},
    amendments={"GetTagKeys": _once, "GetTagValues": _once},
)
