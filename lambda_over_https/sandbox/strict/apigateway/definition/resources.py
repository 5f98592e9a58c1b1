"""Rules for resources: where they are, and what they are called."""

import re

from lambda_over_https.sandbox.control.aws_calls import AwsCall
from lambda_over_https.sandbox.control.layer import AwsResponse
from lambda_over_https.sandbox.control.refusals import unknown_resource
from lambda_over_https.sandbox.strict.apigateway.lookups import (
    api_of,
    bad_request,
    conflict,
    resource_of,
)


def new_resource(call: AwsCall) -> None:
    """A resource must have a parent, a valid path part, and no sibling of the same name."""
    api, parent_id = api_of(call), call.parameters["parentId"]
    path_part = call.parameters["pathPart"]
    parent = api.resources.get(parent_id)
    if parent is None:
        raise unknown_resource()
    if parent.path_part.endswith("+}"):
        part = parent.path_part
        raise bad_request(f"Cannot create a child of a resource with a greedy path variable: {part}")
    check_path_part(path_part)
    siblings = [resource.path_part for resource in api.resources.values() if resource.parent_id == parent_id]
    if path_part in siblings:
        raise conflict(f"Another resource with the same parent already has this name: {path_part}")
    variable = next((part for part in siblings if part.startswith("{")), None)
    if variable and path_part.startswith("{"):
        raise bad_request(
            f"A sibling ({variable}) of this resource already has a variable path part -- only one is allowed"
        )


def check_path_part(path_part: str) -> None:
    """A path part has letters, digits and a few signs, or is a variable in braces."""
    if not re.fullmatch(r"[a-zA-Z0-9._\-:]+|\{[a-zA-Z0-9._\-:]+\+?\}", path_part):
        raise bad_request(
            "Resource's path part only allow a-zA-Z0-9._-: or a valid greedy path variable and curly braces "
            "at the beginning and the end."
        )


def removable_resource(call: AwsCall) -> None:
    """The root resource cannot be deleted."""
    if resource_of(call).parent_id is None:
        raise bad_request("Root resource cannot be deleted")


def delete_children(call: AwsCall, _: AwsResponse) -> None:
    """DeleteResource also deletes the resources below."""
    resources = api_of(call).resources
    while orphans := [r.id for r in resources.values() if r.parent_id and r.parent_id not in resources]:
        for orphan in orphans:
            del resources[orphan]


def bare_methods(call: AwsCall, response: AwsResponse) -> None:
    """A resource shows only the verbs of its methods, unless ``embed`` asks for more."""
    if "methods" in (call.parameters.get("embed") or ()):
        return
    document = response.document
    for resource in document.get("item", [document]):
        if "resourceMethods" in resource:
            resource["resourceMethods"] = {verb: {} for verb in resource["resourceMethods"]}
    response.document = document
