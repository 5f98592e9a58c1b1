"""Where a method leads."""

from dataclasses import dataclass
from typing import Any

from lambda_over_https.aws import arns
from lambda_over_https.deployment.journal.state import Record
from lambda_over_https.deployment.stack import Stack
from lambda_over_https.names import PATH
from lambda_over_https.tutorial.definition import JSON, Method
from lambda_over_https.tutorial.parts.part import ABSENT, Part, Product, Sighting, Standing, deleted
from lambda_over_https.tutorial.parts.reading import method_address, method_of
from lambda_over_https.words import told


def integration_uri(stack: Stack) -> str:
    """The address of the function's Invoke, as API Gateway writes it."""
    return arns.invocations(stack.place, stack.function_arn)


@dataclass(frozen=True, slots=True, kw_only=True)
class Integration(Part):
    """Where a method leads. The tutorial's is the non-proxy ``AWS``: the request's body is the event."""

    method: Method

    def name(self, stack: Stack) -> str:
        return f"{self.method.verb} {PATH}"

    def look(self, stack: Stack) -> Sighting:
        found = method_of(stack, self.method.verb).get("methodIntegration")
        if not found:
            return ABSENT
        for member, value in (integration_settings(stack, self.method) | DEFAULTS).items():
            if (found.get(SHOWN_AS.get(member, member)) or DEFAULTS.get(member, type(value)())) != value:
                wanted = told(value) if value else "empty"
                return Sighting(Standing.PARTIAL, _DIFFERENT.get(member, f"its {member} is not {wanted}"))
        return Sighting(Standing.OURS, id=self.method.integration)

    def make(self, stack: Stack, seen: Sighting) -> Product:
        settings = {name: value for name, value in integration_settings(stack, self.method).items() if value}
        stack.cloud.apigateway.put_integration(**method_address(stack, self.method.verb), **settings)
        return Product(self.method.integration)

    def remove(self, stack: Stack, record: Record, *, force: bool) -> bool:
        apigateway, address = stack.cloud.apigateway, method_address(stack, self.method.verb)
        return deleted(
            lambda: apigateway.delete_integration(**address), apigateway.exceptions.NotFoundException
        )


SHOWN_AS = {"integrationHttpMethod": "httpMethod"}
"""What an integration's description calls a member of PutIntegration, where the names differ."""

_DIFFERENT = dict.fromkeys(("type", "uri"), "it calls another function or service")

DEFAULTS = {"passthroughBehavior": "WHEN_NO_MATCH", "credentials": "", "contentHandling": ""}
"""What PutIntegration sets where it is told nothing."""


def integration_settings(stack: Stack, method: Method) -> dict[str, Any]:
    """The members of PutIntegration; empty ones are API Gateway's defaults."""
    calls = method.integration == "AWS"
    return {
        "type": method.integration,
        "integrationHttpMethod": "POST" if calls else "",
        "uri": integration_uri(stack) if calls else "",
        "requestTemplates": {JSON: method.template} if method.template else {},
        "requestParameters": {},
        "cacheKeyParameters": [f"method.request.querystring.{name}" for name in method.cache_keys],
    }
