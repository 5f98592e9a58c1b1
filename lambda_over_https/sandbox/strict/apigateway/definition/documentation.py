"""Documentation parts and versions of an API, which moto does not have; answers and refusals as recorded.

They are texts about an API's parts: they change nothing that the API does.
"""

import json
import time
from collections.abc import Mapping
from typing import Any

from lambda_over_https.sandbox.control.aws_calls import AwsCall
from lambda_over_https.sandbox.control.layer import AwsResponse
from lambda_over_https.sandbox.control.refusals import not_found
from lambda_over_https.sandbox.strict.apigateway.lookups import api_of, bad_request, conflict, no_such_path

_WITHOUT_PATH = ("API", "AUTHORIZER", "MODEL")

Part = dict[str, Any]


def parts_of(api: Any) -> dict[str, Part]:
    """The documentation parts of one of moto's APIs, by id."""
    parts: dict[str, Part] = vars(api).setdefault("documentation_parts", {})
    return parts


def versions_of(api: Any) -> dict[str, dict[str, Any]]:
    """The versions of its documentation, by name."""
    versions: dict[str, dict[str, Any]] = vars(api).setdefault("documentation_versions", {})
    return versions


def merged(old: Mapping[str, Part], new: Mapping[str, Part]) -> dict[str, Part]:
    """All parts; of two at the same location the new one."""
    places = [part["location"] for part in new.values()]
    return {**{key: part for key, part in old.items() if part["location"] not in places}, **new}


def make_part(api: Any, location: Mapping[str, str], properties: str) -> Part:
    """A new part of the API. AwsError if it has one for the location, or the properties are no JSON."""
    _check_properties(properties)
    place = dict(location)
    if place.get("type") not in _WITHOUT_PATH:
        place.setdefault("path", "/")
    if any(part["location"] == place for part in parts_of(api).values()):
        raise conflict(f"Documentation part already exists for the specified location: {json.dumps(place)}")
    key = _new_id(api)
    part = parts_of(api)[key] = {"id": key, "location": place, "properties": properties}
    return part


def create_part(call: AwsCall) -> AwsResponse:
    """Answer CreateDocumentationPart."""
    location, properties = call.parameters["location"], call.parameters["properties"]
    return AwsResponse.json(201, make_part(api_of(call), location, properties))


def get_part(call: AwsCall) -> AwsResponse:
    """Answer GetDocumentationPart."""
    return AwsResponse.json(200, part_of(call))


def list_parts(call: AwsCall) -> AwsResponse:
    """Answer GetDocumentationParts."""
    wanted = {name: call.parameters.get(name) for name in ("type", "path")}
    found = [
        part
        for part in parts_of(api_of(call)).values()
        if all(value in (None, part["location"].get(name)) for name, value in wanted.items())
    ]
    return AwsResponse.json(200, {"item": found})


def update_part(call: AwsCall) -> AwsResponse:
    """Answer UpdateDocumentationPart."""
    part = part_of(call)
    part["properties"] = _patched(call, part, "properties", _check_properties)
    return AwsResponse.json(200, part)


def delete_part(call: AwsCall) -> AwsResponse:
    """Answer DeleteDocumentationPart."""
    del parts_of(api_of(call))[part_of(call)["id"]]
    return AwsResponse.json(202)


def part_of(call: AwsCall) -> Part:
    """The part that the call names."""
    part = parts_of(api_of(call)).get(call.parameters["documentationPartId"])
    if part is None:
        raise not_found("Invalid Documentation part identifier specified")
    return part


def create_version(call: AwsCall) -> AwsResponse:
    """Answer CreateDocumentationVersion."""
    api, name = api_of(call), call.parameters["documentationVersion"]
    if name in versions_of(api):
        raise conflict("Documentation version already exists")
    made = {"version": name, "createdDate": int(time.time())}
    description = call.parameters.get("description")
    versions_of(api)[name] = made | ({"description": description} if description else {})
    return AwsResponse.json(201, versions_of(api)[name])


def get_version(call: AwsCall) -> AwsResponse:
    """Answer GetDocumentationVersion."""
    return AwsResponse.json(200, _version_of(call))


def list_versions(call: AwsCall) -> AwsResponse:
    """Answer GetDocumentationVersions."""
    return AwsResponse.json(200, {"item": list(versions_of(api_of(call)).values())})


def update_version(call: AwsCall) -> AwsResponse:
    """Answer UpdateDocumentationVersion."""
    version = _version_of(call)
    version["description"] = _patched(call, version, "description")
    return AwsResponse.json(200, version)


def delete_version(call: AwsCall) -> AwsResponse:
    """Answer DeleteDocumentationVersion."""
    api, name = api_of(call), _version_of(call)["version"]
    if any(getattr(stage, "documentation_version", None) == name for stage in api.stages.values()):
        raise bad_request("Active stages pointing to this documentation version must be moved or deleted")
    del versions_of(api)[name]
    return AwsResponse.json(202)


def check_version(api: Any, name: str | None) -> None:
    """The version of the documentation that a stage names must exist."""
    if name and name not in versions_of(api):
        raise bad_request("Invalid Documentation version specified")


def _version_of(call: AwsCall) -> dict[str, Any]:
    version = versions_of(api_of(call)).get(call.parameters["documentationVersion"])
    if version is None:
        raise not_found("Invalid Documentation version specified")
    return version


def _patched(call: AwsCall, item: Mapping[str, Any], member: str, check: Any = None) -> Any:
    """The member's value after the patch operations, of which it is the only thing that can be replaced."""
    value = item.get(member)
    for operation in call.parameters.get("patchOperations") or []:
        if operation["path"] != f"/{member}" or operation.get("op") != "replace":
            raise no_such_path(operation, [f"/{member}"])
        value = operation.get("value") or ""
        if check:
            check(value)
    return value


def _check_properties(text: str) -> None:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict):
        raise bad_request("Invalid documentation properties specified: they must be a JSON object")


def _new_id(api: Any) -> str:
    from moto.apigateway.utils import ApigwModelIdentifier

    made: str = ApigwModelIdentifier(api.account_id, api.region_name, "documentation").generate()
    return made
