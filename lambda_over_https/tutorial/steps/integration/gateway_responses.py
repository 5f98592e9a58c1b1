"""Part of step 3.4, where a chapter asks for it: headers on what API Gateway answers by itself."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lambda_over_https.deployment.journal.state import Record
from lambda_over_https.deployment.stack import Stack
from lambda_over_https.kinds import Kind
from lambda_over_https.tutorial import definition
from lambda_over_https.tutorial.definition import JSON, Api
from lambda_over_https.tutorial.parts.part import ABSENT, Part, Product, Sighting, Standing, deleted

TEMPLATE = '{"message":$context.error.messageString}'
"""API Gateway's own body: a response that is put without one has none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayResponse(Part):
    """One type of answers of API Gateway itself, with headers of ours."""

    wanted: definition.GatewayResponse

    def name(self, stack: Stack) -> str:
        return self.wanted.type

    def look(self, stack: Stack) -> Sighting:
        found = _all(stack).get(self.wanted.type)
        if found is None:
            return ABSENT
        wanted, templates = self._parameters(), found.get("responseTemplates")
        if (found.get("responseParameters") or {}, templates) != (wanted, {JSON: TEMPLATE}):
            return Sighting(Standing.PARTIAL, "its content differs", self.wanted.type)
        return Sighting(Standing.OURS, id=self.wanted.type)

    def make(self, stack: Stack, seen: Sighting) -> Product:
        kind: Any = self.wanted.type
        stack.cloud.apigateway.put_gateway_response(
            restApiId=stack.id_of(Kind.REST_API),
            responseType=kind,
            responseParameters=self._parameters(),
            responseTemplates={JSON: TEMPLATE},
        )
        return Product(self.wanted.type)

    def remove(self, stack: Stack, record: Record, *, force: bool) -> bool:
        apigateway, api_id = stack.cloud.apigateway, stack.id_of(Kind.REST_API)
        kind: Any = self.wanted.type
        return deleted(
            lambda: apigateway.delete_gateway_response(restApiId=api_id, responseType=kind),
            apigateway.exceptions.NotFoundException,
        )

    def _parameters(self) -> dict[str, str]:
        return {f"gatewayresponse.header.{name}": value for name, value in self.wanted.headers.items()}


def _all(stack: Stack) -> Mapping[str, Any]:
    """The gateway responses that somebody has put, by their type; API Gateway lists its defaults too."""
    return stack.readings.once("gateway responses", lambda: _read(stack))


def _read(stack: Stack) -> Mapping[str, Any]:
    api_id = stack.id_of(Kind.REST_API)
    found = stack.cloud.apigateway.get_gateway_responses(restApiId=api_id, limit=500)["items"]
    return {each["responseType"]: each for each in found if not each.get("defaultResponse")}


def parts(api: Api) -> Iterator[Part]:
    """The parts that make the gateway responses of ``api``."""
    for wanted in api.gateway_responses:
        yield GatewayResponse(
            kind=Kind.GATEWAY_RESPONSE,
            owner=Kind.REST_API,
            creates=("apigateway:PutGatewayResponse",),
            updates=("apigateway:PutGatewayResponse",),
            removes=("apigateway:DeleteGatewayResponse",),
            cascades=True,
            rests_on=(Kind.REST_API,),
            deployed_with=Kind.STAGE,
            chapter=wanted.chapter,
            wanted=wanted,
        )
