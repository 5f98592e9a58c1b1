"""CORS: a browser lets pages of other origins call the API, and read its answers and errors."""

from dataclasses import replace

from lambda_over_https.aws.policies.permissions import needs
from lambda_over_https.deployment.stack import Stack
from lambda_over_https.names import METHOD
from lambda_over_https.tutorial.chapter_lessons import outline
from lambda_over_https.tutorial.definition import Api, GatewayResponse, Method, Response, each_method
from lambda_over_https.tutorial.parts.chapter import Chapter
from lambda_over_https.tutorial.spreading import wait_until_served

NAME = "cors"
PREFLIGHT = "OPTIONS"
PREFLIGHT_PASSES = 200
ALLOW_ORIGIN = "Access-Control-Allow-Origin"
ALLOW_METHODS = "Access-Control-Allow-Methods"
ALLOW_HEADERS = "Access-Control-Allow-Headers"

EVERYBODY = "'*'"
"""A mapping expression: text stands in quotes."""

HEADERS = "'Content-Type,X-Api-Key'"
"""What a page may send: JSON, and the key that the chapter keys asks for."""

OF_ERRORS = ("DEFAULT_4XX", "DEFAULT_5XX")
"""What API Gateway answers by itself: without the header a page cannot even read that it failed."""


def _allow(api: Api) -> Api:
    """Every method says who may read its answers, and a new one, OPTIONS, what a page may send."""
    verbs = sorted({PREFLIGHT, *(method.verb for method in api.methods)})
    preflight = Method(
        PREFLIGHT,
        (Response("200", headers={ALLOW_METHODS: f"'{','.join(verbs)}'", ALLOW_HEADERS: HEADERS}),),
        integration="MOCK",
        template='{"statusCode": 200}',
        chapter=NAME,
    )
    errors = tuple(GatewayResponse(kind, {ALLOW_ORIGIN: EVERYBODY}, NAME) for kind in OF_ERRORS)
    with_preflight = replace(
        api,
        methods=(*api.methods, preflight),
        gateway_responses=(*api.gateway_responses, *errors),
    )
    return each_method(with_preflight, _allowing)


def _allowing(method: Method) -> Method:
    responses = [
        replace(each, headers={**each.headers, ALLOW_ORIGIN: EVERYBODY}) for each in method.responses
    ]
    return replace(method, responses=tuple(responses))


def _wait_until_allowed(stack: Stack) -> None:
    """Wait until the preflight is answered: until then the browser blocks every page."""
    headers = {"Origin": "https://page.example", "Access-Control-Request-Method": METHOD}
    wait_until_served(stack, PREFLIGHT, headers, lambda answer: answer.status == PREFLIGHT_PASSES)


CHAPTER = Chapter(
    outline=outline(NAME),
    change=_allow,
    act=_wait_until_allowed,
    calls={
        "apigateway:UpdateMethodResponse": needs("method", "apigateway:PATCH"),
        "apigateway:PutGatewayResponse": needs("gateway response", "apigateway:PUT"),
        "apigateway:DeleteGatewayResponse": needs("gateway response", "apigateway:DELETE"),
    },
)
