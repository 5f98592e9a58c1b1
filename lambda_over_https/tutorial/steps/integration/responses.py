"""What becomes of the answers: the statuses of a method, and which answers get them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lambda_over_https.deployment.journal.state import Record
from lambda_over_https.deployment.stack import Stack
from lambda_over_https.names import PATH
from lambda_over_https.tutorial.definition import JSON, Response
from lambda_over_https.tutorial.parts.part import ABSENT, Part, Product, Sighting, Standing, deleted
from lambda_over_https.tutorial.parts.reading import method_address, method_of


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodResponse(Part):
    """One status that a method may answer, with the headers that it may have."""

    verb: str
    response: Response

    def name(self, stack: Stack) -> str:
        return f"{self.verb} {PATH} {self.response.status}"

    def look(self, stack: Stack) -> Sighting:
        found = _responses(stack, self.verb).get(self.response.status)
        if found is None:
            return ABSENT
        if set(found.get("responseParameters") or ()) != _headers(self.response).keys():
            return Sighting(Standing.PARTIAL, "its headers differ", self.response.status)
        return Sighting(Standing.OURS, id=self.response.status)

    def make(self, stack: Stack, seen: Sighting) -> Product:
        if seen.standing is Standing.ABSENT:
            self._put(stack)
        else:
            self._correct(stack)
        return Product(self.response.status)

    def _put(self, stack: Stack) -> None:
        headers: Any = dict.fromkeys(_headers(self.response), False)
        stack.cloud.apigateway.put_method_response(
            **method_address(stack, self.verb),
            statusCode=self.response.status,
            responseModels={JSON: self.response.model},
            **({"responseParameters": headers} if headers else {}),
        )

    def _correct(self, stack: Stack) -> None:
        there = _responses(stack, self.verb)[self.response.status].get("responseParameters") or {}
        operations = list(_header_patch(there, _headers(self.response)))
        if there.keys() - _headers(self.response).keys():
            # A header that is still mapped cannot be taken away: its mapping goes first.
            put_integration_response(stack, self.verb, self.response)
        stack.cloud.apigateway.update_method_response(
            **method_address(stack, self.verb),
            statusCode=self.response.status,
            patchOperations=operations,
        )

    def remove(self, stack: Stack, record: Record, *, force: bool) -> bool:
        apigateway, address = stack.cloud.apigateway, method_address(stack, self.verb)
        return deleted(
            lambda: apigateway.delete_method_response(**address, statusCode=self.response.status),
            apigateway.exceptions.NotFoundException,
        )


def _responses(stack: Stack, verb: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = method_of(stack, verb).get("methodResponses") or {}
    return found


def _headers(response: Response) -> dict[str, str]:
    """The headers as both kinds of responses name them, with their values."""
    return {f"method.response.header.{name}": value for name, value in response.headers.items()}


def _header_patch(there: Mapping[str, Any], wanted: Mapping[str, str]) -> Iterator[Any]:
    for name in sorted(there.keys() - wanted.keys()):
        yield {"op": "remove", "path": f"/responseParameters/{name}"}
    for name in sorted(wanted.keys() - there.keys()):
        yield {"op": "add", "path": f"/responseParameters/{name}", "value": "false"}


@dataclass(frozen=True, slots=True, kw_only=True)
class IntegrationResponse(Part):
    """Which answers get that status, with what body and headers."""

    verb: str
    response: Response

    def name(self, stack: Stack) -> str:
        return f"{self.verb} {PATH} {self.response.status}"

    def look(self, stack: Stack) -> Sighting:
        integration = method_of(stack, self.verb).get("methodIntegration") or {}
        found = (integration.get("integrationResponses") or {}).get(self.response.status)
        if found is None:
            return ABSENT
        template = (found.get("responseTemplates") or {}).get(JSON) or ""
        wanted = (self.response.pattern, self.response.template)
        if (found.get("selectionPattern") or "", template) != wanted:
            return Sighting(Standing.PARTIAL, "it maps other errors, or to another body")
        if (found.get("responseParameters") or {}) != _headers(self.response):
            return Sighting(Standing.PARTIAL, "it sets other headers")
        return Sighting(Standing.OURS, id=self.response.status)

    def make(self, stack: Stack, seen: Sighting) -> Product:
        put_integration_response(stack, self.verb, self.response)
        return Product(self.response.status)

    def remove(self, stack: Stack, record: Record, *, force: bool) -> bool:
        apigateway, address = stack.cloud.apigateway, method_address(stack, self.verb)
        return deleted(
            lambda: apigateway.delete_integration_response(**address, statusCode=self.response.status),
            apigateway.exceptions.NotFoundException,
        )


def put_integration_response(stack: Stack, verb: str, response: Response) -> None:
    """Map answers as ``response`` says, whatever they were mapped to before."""
    settings: dict[str, Any] = {"selectionPattern": response.pattern} if response.pattern else {}
    if response.headers:
        settings["responseParameters"] = _headers(response)
    stack.cloud.apigateway.put_integration_response(
        **method_address(stack, verb),
        statusCode=response.status,
        responseTemplates={JSON: response.template},
        **settings,
    )
