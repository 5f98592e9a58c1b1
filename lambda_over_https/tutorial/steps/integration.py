r"""Step 3.4: the function as the method's destination, and how its errors become HTTP statuses.

Without a mapping every answer of the function is HTTP 200, errors too. API Gateway compares a
``selectionPattern`` (a Java regular expression) with the whole ``errorMessage``; the order of several
matches is undefined, so these exclude one another. ``[\s\S]*`` stands for "anything": ``.`` stops at a
line end, and ``(.|\n)*`` overflows Java's stack on long messages.
(API Gateway developer guide, "Handle Lambda errors in API Gateway".)
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lambda_over_https.deployment.journal import Record
from lambda_over_https.deployment.stack import Stack
from lambda_over_https.names import METHOD
from lambda_over_https.tutorial.lessons import lesson
from lambda_over_https.tutorial.steps.resource import PATH
from lambda_over_https.tutorial.steps.step import ABSENT, Kind, Part, Product, Sighting, Standing, Step

# The version of Lambda's API in the URI; it never changes.
LAMBDA_API = "2015-03-31"
JSON = "application/json"

_CLIENT_FAULT = r"\[BadRequest\][\s\S]*"
_TIMED_OUT = r"(?!\[)[\s\S]*Task timed out after [0-9.]+ seconds"
_ANYTHING_ELSE = rf"(?!\[BadRequest\])(?!{_TIMED_OUT}$)[\s\S]+"
_ERROR_BODY = "{\"message\": $input.json('$.errorMessage')}"


@dataclass(frozen=True, slots=True)
class Mapped:
    """What becomes of an answer: the HTTP status, the pattern that selects it, the body, its model."""

    status: str
    pattern: str
    template: str
    model: str


MAPPING = (
    Mapped("200", "", "", "Empty"),
    Mapped("400", _CLIENT_FAULT, _ERROR_BODY, "Error"),
    Mapped("500", _ANYTHING_ELSE, _ERROR_BODY, "Error"),
    Mapped("504", _TIMED_OUT, _ERROR_BODY, "Error"),
)


def integration_uri(stack: Stack) -> str:
    """The address of the function's Invoke, as API Gateway writes it."""
    place = stack.place
    path = f"path/{LAMBDA_API}/functions/{stack.function_arn}/invocations"
    return f"arn:{place.partition}:apigateway:{place.region}:lambda:{path}"


def _method(stack: Stack) -> Mapping[str, Any]:
    found: Mapping[str, Any] = stack.api_tree().get(PATH, {}).get("resourceMethods", {}).get(METHOD) or {}
    return found


def _where(stack: Stack) -> dict[str, Any]:
    return {
        "restApiId": stack.id_of("apigateway:restapi"),
        "resourceId": stack.id_of("apigateway:resource"),
        "httpMethod": METHOD,
    }


class Integration(Kind):
    """The non-proxy (``AWS``) integration: the request's body is the function's event."""

    def name(self, stack: Stack) -> str:
        return f"{METHOD} {PATH}"

    def look(self, stack: Stack) -> Sighting:
        found = _method(stack).get("methodIntegration")
        if not found:
            return ABSENT
        if (found.get("type"), found.get("uri")) != ("AWS", integration_uri(stack)):
            return Sighting(Standing.PARTIAL, "it leads somewhere else")
        return Sighting(Standing.OURS, id="AWS")

    def make(self, stack: Stack, seen: Sighting) -> Product:
        stack.cloud.apigateway.put_integration(
            **_where(stack), type="AWS", integrationHttpMethod="POST", uri=integration_uri(stack)
        )
        return Product("AWS")

    def remove(self, stack: Stack, record: Record) -> bool:
        apigateway = stack.cloud.apigateway
        try:
            apigateway.delete_integration(**_where(stack))
        except apigateway.exceptions.NotFoundException:
            return False
        return True


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodResponse(Kind):
    """One status that the method may answer."""

    mapped: Mapped

    def name(self, stack: Stack) -> str:
        return f"{METHOD} {PATH} {self.mapped.status}"

    def look(self, stack: Stack) -> Sighting:
        found = self.mapped.status in _method(stack).get("methodResponses", {})
        return Sighting(Standing.OURS, id=self.mapped.status) if found else ABSENT

    def make(self, stack: Stack, seen: Sighting) -> Product:
        stack.cloud.apigateway.put_method_response(
            **_where(stack), statusCode=self.mapped.status, responseModels={JSON: self.mapped.model}
        )
        return Product(self.mapped.status)

    def remove(self, stack: Stack, record: Record) -> bool:
        apigateway = stack.cloud.apigateway
        try:
            apigateway.delete_method_response(**_where(stack), statusCode=self.mapped.status)
        except apigateway.exceptions.NotFoundException:
            return False
        return True


@dataclass(frozen=True, slots=True, kw_only=True)
class IntegrationResponse(Kind):
    """Which answers of the function get that status, and with what body."""

    mapped: Mapped

    def name(self, stack: Stack) -> str:
        return f"{METHOD} {PATH} {self.mapped.status}"

    def look(self, stack: Stack) -> Sighting:
        responses = (_method(stack).get("methodIntegration") or {}).get("integrationResponses", {})
        found = responses.get(self.mapped.status)
        if found is None:
            return ABSENT
        template = (found.get("responseTemplates") or {}).get(JSON) or ""
        if (found.get("selectionPattern") or "", template) != (self.mapped.pattern, self.mapped.template):
            return Sighting(Standing.PARTIAL, "it maps something else")
        return Sighting(Standing.OURS, id=self.mapped.status)

    def make(self, stack: Stack, seen: Sighting) -> Product:
        pattern: Any = {"selectionPattern": self.mapped.pattern} if self.mapped.pattern else {}
        stack.cloud.apigateway.put_integration_response(
            **_where(stack),
            statusCode=self.mapped.status,
            responseTemplates={JSON: self.mapped.template},
            **pattern,
        )
        return Product(self.mapped.status)

    def remove(self, stack: Stack, record: Record) -> bool:
        apigateway = stack.cloud.apigateway
        try:
            apigateway.delete_integration_response(**_where(stack), statusCode=self.mapped.status)
        except apigateway.exceptions.NotFoundException:
            return False
        return True


def _of_the_api(kind: str, operation: str) -> dict[str, Any]:
    """The facts that these parts share: they belong to the API, and the same Put makes and mends them."""
    call = (f"apigateway:{operation}",)
    owner = "apigateway:restapi"
    return {"kind": kind, "owner": owner, "creates": call, "updates": call, "cascades": True}


INTEGRATION = Integration(**_of_the_api("apigateway:integration", "PutIntegration"))
METHOD_RESPONSES = tuple(
    MethodResponse(**_of_the_api("apigateway:method-response", "PutMethodResponse"), mapped=each)
    for each in MAPPING
)
INTEGRATION_RESPONSES = tuple(
    IntegrationResponse(
        **_of_the_api("apigateway:integration-response", "PutIntegrationResponse"), mapped=each
    )
    for each in MAPPING
)
_PARTS: tuple[Part, ...] = (INTEGRATION, *METHOD_RESPONSES, *INTEGRATION_RESPONSES)

STEP = Step(lesson("3.4"), needs=("3.3",), parts=lambda _: _PARTS)
