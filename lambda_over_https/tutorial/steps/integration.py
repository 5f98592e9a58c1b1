r"""Step 3.4: the function as the method's destination, and how its errors become HTTP statuses.

Without a mapping every answer of the function is HTTP 200, errors too. API Gateway compares a
``selectionPattern`` (a Java regular expression) with the whole ``errorMessage``; the order of several
matches is undefined, so these exclude one another. ``[\s\S]*`` stands for "anything": ``.`` stops at a
line end, and ``(.|\n)*`` overflows Java's stack on long messages.
(API Gateway developer guide, "Handle Lambda errors in API Gateway".)
"""

from dataclasses import dataclass
from typing import Any

from lambda_over_https.deployment.journal import Record
from lambda_over_https.deployment.stack import Stack
from lambda_over_https.kinds import Kind
from lambda_over_https.names import METHOD, PATH
from lambda_over_https.tutorial.lessons import lesson
from lambda_over_https.tutorial.steps.reading import method_address, method_of
from lambda_over_https.tutorial.steps.step import ABSENT, Part, Product, Sighting, Standing, Step, deleted

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


class Integration(Part):
    """The non-proxy (``AWS``) integration: the request's body is the function's event."""

    def name(self, stack: Stack) -> str:
        return f"{METHOD} {PATH}"

    def look(self, stack: Stack) -> Sighting:
        found = method_of(stack).get("methodIntegration")
        if not found:
            return ABSENT
        if (found.get("type"), found.get("uri")) != ("AWS", integration_uri(stack)):
            return Sighting(Standing.PARTIAL, "it calls another function or service")
        return Sighting(Standing.OURS, id="AWS")

    def make(self, stack: Stack, seen: Sighting) -> Product:
        stack.cloud.apigateway.put_integration(
            **method_address(stack), type="AWS", integrationHttpMethod="POST", uri=integration_uri(stack)
        )
        return Product("AWS")

    def remove(self, stack: Stack, record: Record, *, force: bool) -> bool:
        apigateway = stack.cloud.apigateway
        return deleted(
            lambda: apigateway.delete_integration(**method_address(stack)),
            apigateway.exceptions.NotFoundException,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodResponse(Part):
    """One status that the method may answer."""

    mapped: Mapped

    def name(self, stack: Stack) -> str:
        return f"{METHOD} {PATH} {self.mapped.status}"

    def look(self, stack: Stack) -> Sighting:
        found = self.mapped.status in method_of(stack).get("methodResponses", {})
        return Sighting(Standing.OURS, id=self.mapped.status) if found else ABSENT

    def make(self, stack: Stack, seen: Sighting) -> Product:
        stack.cloud.apigateway.put_method_response(
            **method_address(stack),
            statusCode=self.mapped.status,
            responseModels={JSON: self.mapped.model},
        )
        return Product(self.mapped.status)

    def remove(self, stack: Stack, record: Record, *, force: bool) -> bool:
        apigateway = stack.cloud.apigateway
        return deleted(
            lambda: apigateway.delete_method_response(**method_address(stack), statusCode=self.mapped.status),
            apigateway.exceptions.NotFoundException,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class IntegrationResponse(Part):
    """Which answers of the function get that status, and with what body."""

    mapped: Mapped

    def name(self, stack: Stack) -> str:
        return f"{METHOD} {PATH} {self.mapped.status}"

    def look(self, stack: Stack) -> Sighting:
        responses = (method_of(stack).get("methodIntegration") or {}).get("integrationResponses", {})
        found = responses.get(self.mapped.status)
        if found is None:
            return ABSENT
        template = (found.get("responseTemplates") or {}).get(JSON) or ""
        if (found.get("selectionPattern") or "", template) != (self.mapped.pattern, self.mapped.template):
            return Sighting(Standing.PARTIAL, "it maps other errors, or to another body")
        return Sighting(Standing.OURS, id=self.mapped.status)

    def make(self, stack: Stack, seen: Sighting) -> Product:
        pattern: Any = {"selectionPattern": self.mapped.pattern} if self.mapped.pattern else {}
        stack.cloud.apigateway.put_integration_response(
            **method_address(stack),
            statusCode=self.mapped.status,
            responseTemplates={JSON: self.mapped.template},
            **pattern,
        )
        return Product(self.mapped.status)

    def remove(self, stack: Stack, record: Record, *, force: bool) -> bool:
        apigateway = stack.cloud.apigateway
        return deleted(
            lambda: apigateway.delete_integration_response(
                **method_address(stack), statusCode=self.mapped.status
            ),
            apigateway.exceptions.NotFoundException,
        )


def _of_the_api(kind: Kind, operation: str, *rests_on: Kind) -> dict[str, Any]:
    """What these parts share: they belong to the API, and the same Put makes and corrects them."""
    call = (f"apigateway:{operation}",)
    return {
        "kind": kind,
        "owner": Kind.REST_API,
        "creates": call,
        "updates": call,
        "cascades": True,
        "rests_on": rests_on,
        "deployed_with": Kind.STAGE,
    }


INTEGRATION = Integration(**_of_the_api(Kind.INTEGRATION, "PutIntegration", Kind.METHOD, Kind.FUNCTION))
METHOD_RESPONSES = tuple(
    MethodResponse(**_of_the_api(Kind.METHOD_RESPONSE, "PutMethodResponse", Kind.INTEGRATION), mapped=each)
    for each in MAPPING
)
INTEGRATION_RESPONSES = tuple(
    IntegrationResponse(
        **_of_the_api(Kind.INTEGRATION_RESPONSE, "PutIntegrationResponse", Kind.METHOD_RESPONSE), mapped=each
    )
    for each in MAPPING
)
_PARTS: tuple[Part, ...] = (INTEGRATION, *METHOD_RESPONSES, *INTEGRATION_RESPONSES)

STEP = Step(lesson("3.4"), needs=("3.3",), parts=lambda _: _PARTS)
