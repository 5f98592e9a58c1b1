"""The calls of Resource Groups Tagging: what they refuse, and the resources for which they fail.

Resource Groups Tagging API reference, GetResources and FailureInfo. Which resources there are is in
``tagging``.
"""

from collections.abc import Callable, Iterator, Mapping, Set
from typing import Any

from lambda_over_https.sandbox.control.aws_calls import AwsCall
from lambda_over_https.sandbox.control.layer import AwsResponse
from lambda_over_https.sandbox.model.account import ACCOUNT
from lambda_over_https.sandbox.model.errors import AwsError
from lambda_over_https.sandbox.strict import constraints, tag_limits
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
        try:
            _check_resource(call, owner, arn)
        except AwsError as error:
            failed[arn] = {"StatusCode": error.status, "ErrorCode": error.code, "ErrorMessage": error.message}
        else:
            change(owner, arn)
    return AwsResponse.json(200, {"FailedResourcesMap": failed})


def _check_resource(call: AwsCall, owner: Any, arn: str) -> None:
    """The resource is there, and has room for the tags."""
    found = next((each for each in owner.iter_tagged_resources() if each.arn == arn), None)
    if found is None:
        raise AwsError("InvalidParameterException", f"The resource {arn} does not exist")
    if call.operation == "TagResources":
        tag_limits.check(call, found.tags)


def _owner(region: str, arn: str) -> Any:
    """The moto backend that has such resources."""
    owner = next((each for each in _backends(region) if each.owns_arn(arn)), None)
    if owner is None:
        raise NotImplementedError(f"{arn} in TagResources and UntagResources")
    return owner


def _backends(region: str) -> list[Any]:
    from moto.core.resource_tagging import iter_taggable_backends

    return list(iter_taggable_backends(ACCOUNT, region))


def _keys(call: AwsCall) -> AwsResponse:
    return _listed(call, "TagKeys", {key for tags in _tags(call.region) for key in tags})


def _values(call: AwsCall) -> AwsResponse:
    key = call.parameters["Key"]
    return _listed(call, "TagValues", {tags[key] for tags in _tags(call.region) if key in tags})


def _tags(region: str) -> Iterator[Mapping[str, str]]:
    """The tags of each resource."""
    for backend in _backends(region):
        yield from (each.tags for each in backend.iter_tagged_resources())


def _listed(call: AwsCall, member: str, found: Set[str]) -> AwsResponse:
    """All on one page: each is told once, however many resources have it."""
    if call.parameters.get("PaginationToken"):
        raise AwsError("PaginationTokenExpiredException", "Nobody was given this PaginationToken")
    return AwsResponse.json(200, {"PaginationToken": "", member: sorted(found)})


RULES = Rules(
    every=[constraints.check],
    checks={"GetResources": (_check_filters,), "TagResources": (tag_limits.check,)},
    answers={
        "TagResources": _tag,
        "UntagResources": _untag,
        "GetTagKeys": _keys,
        "GetTagValues": _values,
    },
)
