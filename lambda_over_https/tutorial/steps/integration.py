"""Step 3.4: where each method leads, and what becomes of the answers (see ``definition``)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from lambda_over_https.aws import arns
from lambda_over_https.deployment.journal import Record
from lambda_over_https.deployment.stack import Stack
from lambda_over_https.kinds import Kind
from lambda_over_https.names import PATH
from lambda_over_https.tutorial.definition import JSON, NOTHING, Api, Method, Response
from lambda_over_https.tutorial.lessons import lesson
from lambda_over_https.tutorial.parts.part import ABSENT, Part, Product, Sighting, Standing, deleted
from lambda_over_https.tutorial.parts.reading import method_address, method_of
from lambda_over_https.tutorial.parts.step import Step
from lambda_over_https.tutorial.steps import api_policy, gateway_responses


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
                return Sighting(
                    Standing.PARTIAL, _DIFFERENT.get(member, f"its {member} is not {value or 'empty'}")
                )
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


def _of_the_api(kind: Kind, noun: str, chapter: str, *rests_on: Kind) -> dict[str, Any]:
    """What these parts share: they belong to the API, and the same Put makes and corrects them."""
    call = (f"apigateway:Put{noun}",)
    return {
        "kind": kind,
        "owner": Kind.REST_API,
        "creates": call,
        "updates": call,
        "removes": (f"apigateway:Delete{noun}",),
        "cascades": True,
        "rests_on": rests_on,
        "deployed_with": Kind.STAGE,
        "chapter": chapter,
    }


def _parts(api: Api) -> Iterator[Part]:
    for method in api.methods:
        rests_on = (Kind.METHOD, Kind.FUNCTION)
        shared = _of_the_api(Kind.INTEGRATION, "Integration", method.chapter, *rests_on)
        # What it answers, and to whom, are other parts: of that nothing changes this one.
        yield Integration(**shared, method=replace(method, responses=(), api_key=False))
    for method in api.methods:
        shared = _of_the_api(Kind.METHOD_RESPONSE, "MethodResponse", method.chapter, Kind.INTEGRATION)
        shared["updates"] = ("apigateway:UpdateMethodResponse",)
        for response in method.responses:
            yield MethodResponse(**shared, verb=method.verb, response=response)
    for method in api.methods:
        shared = _of_the_api(
            Kind.INTEGRATION_RESPONSE, "IntegrationResponse", method.chapter, Kind.METHOD_RESPONSE
        )
        for response in method.responses:
            yield IntegrationResponse(**shared, verb=method.verb, response=response)


def step(api: Api, former: Api = NOTHING) -> Step:
    """The step that makes what the methods of ``api`` lead to, and removes what those of ``former`` did."""
    parts = (*_parts(api), *gateway_responses.parts(api), *api_policy.parts(api))
    leaving = (*_parts(former), *gateway_responses.parts(former), *api_policy.parts(former))
    return Step(lesson("3.4"), needs=("3.3",), parts=lambda _: parts, former=lambda _: leaving)
