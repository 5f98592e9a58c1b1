"""ImportRestApi and PutRestApi: an OpenAPI document becomes the calls that a client would make one by one.

So an import is as strict as these calls. It is made on a draft, an API that no client knows yet, and takes
effect as a whole or not at all.
"""

import contextlib
import copy
from collections.abc import Iterator, Mapping, Set
from typing import Any

from lambda_over_https.sandbox.control.aws_calls import AwsCall
from lambda_over_https.sandbox.control.aws_errors import read_error
from lambda_over_https.sandbox.control.layer import AwsResponse, Inner, Layer
from lambda_over_https.sandbox.control.moto_state import apigateway_backend
from lambda_over_https.sandbox.control.parsing import follow_up
from lambda_over_https.sandbox.model.errors import AwsError
from lambda_over_https.sandbox.strict import constraints
from lambda_over_https.sandbox.strict.apigateway import lookups
from lambda_over_https.sandbox.strict.apigateway.definition.documentation import merged, parts_of
from lambda_over_https.sandbox.strict.openapi.document import Document
from lambda_over_https.sandbox.strict.openapi.importer import (
    Importer,
    MakeCall,
    api_members,
    endpoint_configuration,
)

_MEMBERS = {
    "description": "description",
    "version": "version",
    "binaryMediaTypes": "binaryMediaTypes",
    "minimumCompressionSize": "minimum_compression_size",
    "apiKeySource": "api_key_source",
    "policy": "policy",
    "disableExecuteApiEndpoint": "disableExecuteApiEndpoint",
}
"""What a merge keeps unless the document sets it; the values are moto's names."""

_KEPT = (
    "id",
    "create_date",
    "tags",
    "endpoint_configuration",
    "stages",
    "deployments",
    "documentation_versions",
)
"""What PutRestApi never changes (guide, "Import an OpenAPI file to update an existing API definition")."""

_PARTS = ("request_validators", "gateway_responses", "authorizers")


class OpenApiImports(Layer):
    """The layer that answers the two calls; it must be outside the strict layer."""

    services = frozenset({"apigateway"})

    def before(self, call: AwsCall) -> None:
        """Check the two calls as all others are checked."""
        if call.operation in _ANSWERS:
            constraints.check(call)

    def instead(self, call: AwsCall, inner: Inner) -> AwsResponse | None:
        """Answer the two calls."""
        response = _ANSWERS.get(call.operation)
        return response(call, _call_maker(call, inner)) if response else None


def _call_maker(call: AwsCall, inner: Inner) -> MakeCall:
    def make_call(operation: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
        response = inner(follow_up(call, operation, parameters))
        if response.status >= 300:
            raise read_error(call.service, response.status, response.body)
        return response.document

    return make_call


def _import(call: AwsCall, make_call: MakeCall) -> AwsResponse:
    document = Document(call.request.body)
    endpoint = endpoint_configuration(document, _parameter(call, "endpointConfigurationTypes", "EDGE"))
    made = make_call("CreateRestApi", {**api_members(document), "endpointConfiguration": endpoint})
    with _draft(call.region, made["id"]):
        importer = Importer(make_call, document, made["id"], {"/": made["rootResourceId"]}, made["id"])
        _fill(call, importer)
    answer = make_call("GetRestApi", {"restApiId": made["id"]})
    answer.pop("tags", None)  # an import sets none
    return _answer(201, answer, importer.warnings)


def _put(call: AwsCall, make_call: MakeCall) -> AwsResponse:
    document = Document(call.request.body)
    api, merging = lookups.api_of(call), call.parameters.get("mode", "merge") == "merge"
    members = _merged(api, api_members(document)) if merging else api_members(document)
    with _draft(call.region, make_call("CreateRestApi", members)["id"]) as draft:
        _start_from(draft, api, document.methods_below(_prefix(call, document)), merging=merging)
        paths = {resource.get_path(): resource.id for resource in draft.resources.values()}
        importer = Importer(make_call, document, draft.id, paths, api.id)
        _fill(call, importer)
        if merging:
            draft.models = {**api.models, **draft.models}
            draft.documentation_parts = merged(parts_of(api), parts_of(draft))
        _replace(call.region, api, draft)
    return _answer(200, make_call("GetRestApi", {"restApiId": api.id}), importer.warnings)


def _import_documentation(call: AwsCall, make_call: MakeCall) -> AwsResponse:
    try:
        document = Document(call.request.body)
    except AwsError:
        raise lookups.bad_request("Unable to build importer with provided input.") from None
    api, before = lookups.api_of(call), dict(parts_of(lookups.api_of(call)))
    parts_of(api).clear()
    importer = Importer(make_call, document, api.id, {}, api.id)
    try:
        ids = importer.document_parts()
        _report(call, importer)
    except AwsError:
        api.documentation_parts = before
        raise
    if call.parameters.get("mode", "merge") == "merge":
        api.documentation_parts = merged(before, parts_of(api))
    return _answer(200, {"ids": ids}, importer.warnings)


_ANSWERS = {"ImportDocumentationParts": _import_documentation, "ImportRestApi": _import, "PutRestApi": _put}


def _prefix(call: AwsCall, document: Document) -> str:
    return document.prefix(_parameter(call, "basepath", "ignore"))


def _parameter(call: AwsCall, name: str, default: str) -> str:
    """A parameter of the import. Each is in the query under its own name."""
    value: str = (call.parameters.get("parameters") or {}).get(name, default)
    return value


@contextlib.contextmanager
def _draft(region: str, api_id: str) -> Iterator[Any]:
    """The API of that id, with no models yet. It is deleted if anything fails."""
    apis = apigateway_backend(region).apis
    apis[api_id].models = {}
    try:
        yield apis[api_id]
    except BaseException:
        apis.pop(api_id, None)
        raise


def _fill(call: AwsCall, importer: Importer) -> None:
    """Import, or report all errors at once (guide, "Errors and warnings from importing your API")."""
    importer.fill(_prefix(call, importer.document))
    if _parameter(call, "ignore", "") != "documentation":
        importer.document_parts()
    _report(call, importer)


def _report(call: AwsCall, importer: Importer) -> None:
    warned = "\n\t".join(importer.warnings)
    if importer.errors:
        also = f"\nAdditionally, these warnings were found:\n\t{warned}" if warned else ""
        raise lookups.bad_request("\n\t".join(["Errors found during import:", *importer.errors]) + also)
    if warned and call.parameters.get("failOnWarnings"):
        raise lookups.bad_request(f"Warnings found during import:\n\t{warned}")


def _merged(api: Any, members: Mapping[str, Any]) -> dict[str, Any]:
    """The document's members, and those of the API that it does not set; binary media types are added up."""
    old = {name: getattr(api, attribute) for name, attribute in _MEMBERS.items()}
    types = dict.fromkeys([*api.binaryMediaTypes, *members.get("binaryMediaTypes", [])])
    said = {name: value for name, value in old.items() if value not in (None, "")}
    return {**said, **members, "binaryMediaTypes": list(types)}


def _start_from(draft: Any, api: Any, defined: Mapping[str, Set[str]], *, merging: bool) -> None:
    """Let the draft begin with what stays: the resources at the paths ``defined``, or everything if merging.

    A resource keeps its id as long as its path is defined, as on AWS.
    """
    draft.root_resource_id = api.root_resource_id
    draft.resources = {}
    for resource in api.resources.values():
        path = resource.get_path()
        if merging or path in defined:
            draft.resources[resource.id] = kept = copy.copy(resource)
            kept.api_id = draft.id
            gone = defined.get(path, set()) if merging else resource.resource_methods
            methods = resource.resource_methods.items()
            kept.resource_methods = {verb: method for verb, method in methods if verb not in gone}
    draft.default = draft.resources[draft.root_resource_id]
    for name in _PARTS if merging else ():
        setattr(draft, name, {key: copy.copy(each) for key, each in getattr(api, name).items()})


def _replace(region: str, api: Any, draft: Any) -> None:
    """Put the draft in the place of the API."""
    apis, draft_id = apigateway_backend(region).apis, draft.id
    for name in _KEPT:
        setattr(draft, name, getattr(api, name, {}))
    for resource in draft.resources.values():
        resource.api_id = api.id
    apis[api.id] = draft
    del apis[draft_id]


def _answer(status: int, document: dict[str, Any], warnings: list[str]) -> AwsResponse:
    return AwsResponse.json(status, {**document, "warnings": warnings} if warnings else document)
