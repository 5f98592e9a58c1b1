"""Step 3.4: where each method leads, and what becomes of the answers (see ``definition``)."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from lambda_over_https.kinds import Kind
from lambda_over_https.tutorial.definition import NOTHING, Api
from lambda_over_https.tutorial.lessons import lesson
from lambda_over_https.tutorial.parts.part import Part
from lambda_over_https.tutorial.parts.step import Step
from lambda_over_https.tutorial.steps.integration import api_policy, gateway_responses
from lambda_over_https.tutorial.steps.integration.integration import Integration
from lambda_over_https.tutorial.steps.integration.responses import IntegrationResponse, MethodResponse


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
