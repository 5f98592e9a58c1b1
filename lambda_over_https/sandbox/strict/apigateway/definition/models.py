"""Models: the two that each new API has, and what a model must be. Answers and refusals as recorded."""

import json
import re
from collections.abc import Collection
from typing import Any

from lambda_over_https.sandbox.control.aws_calls import AwsCall
from lambda_over_https.sandbox.control.layer import AwsResponse
from lambda_over_https.sandbox.strict.apigateway.definition.schemas import check_schema, referred
from lambda_over_https.sandbox.strict.apigateway.lookups import (
    api_of,
    bad_request,
    conflict,
    model_of,
    no_such_path,
)

_DRAFT = "http://json-schema.org/draft-04/schema#"
_ERROR = {"type": "object", "properties": {"message": {"type": "string"}}}
_DEFAULTS = {
    "Empty": ("empty", {"$schema": _DRAFT, "title": "Empty Schema", "type": "object"}),
    "Error": ("error", {"$schema": _DRAFT, "title": "Error Schema", **_ERROR}),
}
NAME = re.compile("[A-Za-z0-9]+")
"""What a model may be called."""

BUILT_IN = frozenset(_DEFAULTS)
"""The models that methods may name in every API."""

_MEMBERS = {"/description": "description", "/schema": "schema"}


def add_defaults(api: Any) -> None:
    """Give a new API the models Empty and Error."""
    for name, (word, schema) in _DEFAULTS.items():
        text = json.dumps(schema, indent=2)
        api.add_model(name, f"This is a default {word} schema model", text, "application/json")


def new_model(call: AwsCall) -> None:
    """A model must have a name that is new, and a schema."""
    name = call.parameters.get("name")
    if not name:
        raise bad_request("Model name must be non-empty")
    if not NAME.fullmatch(name):
        raise bad_request(f"Model name must be alphanumeric: {name}")
    if name in api_of(call).models:
        raise conflict("Model name already exists for this REST API")
    _check_schema(call, call.parameters.get("schema"), {name})


def unused_model(call: AwsCall) -> None:
    """A model can be deleted when no method refers to it, nor a method's response, nor another model.

    The words as reported (github.com/amazon-archives/aws-apigateway-importer/issues/113), but for models'.
    """
    name = model_of(call).name
    for resource in api_of(call).resources.values():
        for verb, method in resource.resource_methods.items():
            referring = {
                "request": [method.request_models],
                "response": [response.response_models for response in method.method_responses.values()],
            }
            for kind, all_models in referring.items():
                if any(name in (models or {}).values() for models in all_models):
                    place = f"method {kind}: {resource.get_path()}/{verb}"
                    raise conflict(f"Cannot delete model '{name}', is referenced in {place}")
    for other in api_of(call).models.values():
        if other.name != name and name in referred(other.schema):
            raise conflict(f"Cannot delete model '{name}', is referenced in model: {other.name}")


def update_model(call: AwsCall) -> AwsResponse:
    """Answer UpdateModel: all of its operations take effect, or none."""
    model, draft = model_of(call), {}
    for operation in call.parameters.get("patchOperations") or []:
        path, value = operation["path"], operation.get("value") or ""
        if operation.get("op") != "replace":
            raise no_such_path(operation, [path])
        if path not in _MEMBERS:
            raise no_such_path(operation, _MEMBERS)
        if path == "/schema":
            _check_schema(call, value)
        draft[_MEMBERS[path]] = value
    vars(model).update(draft)
    return AwsResponse.json(200, model.to_json())


def _check_schema(call: AwsCall, schema: str | None, new: Collection[str] = ()) -> None:
    if not schema:
        raise bad_request("Model schema must have at least 1 property or array items defined")
    check_schema(schema, {*api_of(call).models, *BUILT_IN, *new})
