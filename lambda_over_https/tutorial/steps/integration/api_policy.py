"""Part of step 3.4, where a chapter asks for it: the API's resource policy, which says who may call it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lambda_over_https.aws import arns
from lambda_over_https.deployment.journal.state import Record
from lambda_over_https.deployment.stack import Stack
from lambda_over_https.kinds import Kind
from lambda_over_https.tutorial.definition import Api
from lambda_over_https.tutorial.parts.part import ABSENT, Part, Product, Sighting, Standing

WHOLE_API = "execute-api:/"
"""How a policy names its own API. API Gateway writes the ARN in its place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiPolicy(Part):
    """The resource policy; ``policy`` is its JSON text. It acts when the API is deployed again."""

    policy: str

    def name(self, stack: Stack) -> str:
        return stack.names.api

    def look(self, stack: Stack) -> Sighting:
        found = stack.readings.once("API policy", lambda: _read(stack))
        if found is None:
            return ABSENT
        if found != json.loads(self.policy):
            return Sighting(Standing.PARTIAL, "its content differs", stack.id_of(Kind.REST_API))
        return Sighting(Standing.OURS, id=stack.id_of(Kind.REST_API))

    def make(self, stack: Stack, seen: Sighting) -> Product:
        _put(stack, self.policy)
        return Product(stack.id_of(Kind.REST_API))

    def remove(self, stack: Stack, record: Record, *, force: bool) -> bool:
        apigateway = stack.cloud.apigateway
        try:
            there = _read(stack) is not None
        except apigateway.exceptions.NotFoundException:
            return False
        if there:
            _put(stack, "")
        return there


def _put(stack: Stack, policy: str) -> None:
    stack.cloud.apigateway.update_rest_api(
        restApiId=stack.id_of(Kind.REST_API),
        patchOperations=[{"op": "replace", "path": "/policy", "value": policy}],
    )


def _read(stack: Stack) -> Any:
    """The policy as we write it; None if there is none.

    API Gateway returns it as the text of a JSON string, with the quotes escaped, and with the API's ARN.
    """
    api_id = stack.id_of(Kind.REST_API)
    text = stack.cloud.apigateway.get_rest_api(restApiId=api_id).get("policy") or ""
    if not text:
        return None
    whole = json.loads(f'"{text}"') if text.startswith('{\\"') else text
    arn = f"{arns.execute_api(stack.place, api_id)}/"
    return json.loads(whole.replace("\\/", "/").replace(arn, WHOLE_API))


def parts(api: Api) -> Iterator[Part]:
    """The part that makes the resource policy of ``api``, if it has one."""
    if api.policy:
        yield ApiPolicy(
            kind=Kind.API_POLICY,
            owner=Kind.REST_API,
            creates=("apigateway:UpdateRestApi",),
            updates=("apigateway:UpdateRestApi",),
            removes=("apigateway:UpdateRestApi",),
            cascades=True,
            rests_on=(Kind.REST_API,),
            deployed_with=Kind.STAGE,
            chapter="protect",
            policy=api.policy,
        )
