"""What API Gateway leaves out of its answers where it is empty, as recorded; moto writes it."""

from collections.abc import Iterator
from typing import Any

from lambda_over_https.sandbox.control.aws_calls import AwsCall
from lambda_over_https.sandbox.control.layer import AwsResponse
from lambda_over_https.sandbox.strict.rules import Amendment

_API = frozenset({"binaryMediaTypes"})
_AUTHORIZER = frozenset({"authorizerResultTtlInSeconds"})
_INTEGRATION = frozenset({"integrationResponses", "responseTemplates"})
_METHOD = frozenset({"methodResponses", "requestModels", "requestParameters"}) | _INTEGRATION
_METHOD_RESPONSE = frozenset({"responseModels", "responseParameters"})
_STAGE = frozenset({"description", "variables"})

OMITTED = {
    **dict.fromkeys(("CreateRestApi", "GetRestApis"), _API | {"tags"}),
    **dict.fromkeys(("GetRestApi", "UpdateRestApi"), _API),
    **dict.fromkeys(("CreateAuthorizer", "GetAuthorizer", "GetAuthorizers", "UpdateAuthorizer"), _AUTHORIZER),
    **dict.fromkeys(("GetMethod", "GetResource", "GetResources", "PutMethod", "UpdateMethod"), _METHOD),
    **dict.fromkeys(("GetIntegration", "PutIntegration", "UpdateIntegration"), _INTEGRATION),
    **dict.fromkeys(
        ("GetIntegrationResponse", "PutIntegrationResponse", "UpdateIntegrationResponse"), _INTEGRATION
    ),
    "UpdateMethodResponse": _METHOD_RESPONSE,
    **dict.fromkeys(("CreateStage", "GetStage", "GetStages", "UpdateStage"), _STAGE),
}
"""By operation: the members that are left out, where they are empty."""

_SAID = frozenset({"responseTemplates"})
"""Left out only if the caller has not named them: an empty map is told as it was put."""

_EMPTY: tuple[object, ...] = (None, "", [], {})
_INSIDE = ("methodIntegration",)
_EACH_INSIDE = ("item", "integrationResponses", "resourceMethods")


def then(amend: Amendment | None, operation: str) -> Amendment:
    """Do ``amend``, then leave out what is empty."""

    def bare(call: AwsCall, response: AwsResponse) -> None:
        if amend:
            amend(call, response)
        document = response.document
        for part in _parts(document):
            for name in OMITTED[operation] & part.keys():
                if part[name] is None or (name not in _SAID and part[name] in _EMPTY):
                    del part[name]
        response.document = document

    return bare


def _parts(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The document, and the resources, methods, integrations and responses in it."""
    yield document
    inside = [document.get(name) for name in _INSIDE]
    for name in _EACH_INSIDE:
        found = document.get(name) or ()
        inside.extend(found.values() if isinstance(found, dict) else found)
    for part in inside:
        if isinstance(part, dict):
            yield from _parts(part)
