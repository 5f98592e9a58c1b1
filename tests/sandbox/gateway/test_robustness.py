"""Whatever comes in, an answer goes out: no request and no function's answer makes the gateway stumble."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lambda_over_https.sandbox.model.apis import GatewayResponse, IntegrationResponse, Resource
from tests.kit.sandbox.gateway import World, api, lambda_method

TEMPLATE = """{
  "body": $input.json('$'),
  "text": "$util.escapeJavaScript($input.body)",
  "first": "$util.escapeJavaScript($input.path('$.a[0]..b'))",
  "query": "$util.urlEncode($input.params('q'))",
  "from": "$context.identity.userAgent"
}"""
MAPPED = IntegrationResponse(
    "200",
    response_parameters={
        "method.response.header.X-Query": "method.request.querystring.q",
        "method.response.header.X-Body": "integration.response.body.a",
    },
    response_templates={"application/json": "$input.path('$') $input.json('$.a')"},
)
CUSTOM = GatewayResponse(
    "DEFAULT_4XX", response_parameters={"gatewayresponse.header.X-Q": "method.request.querystring.q"}
)


RESOURCES = [
    Resource(
        "mapped",
        "/mapped/{name}",
        {
            "POST": lambda_method(request_templates={"application/json": TEMPLATE}, responses=(MAPPED,)),
            "PUT": lambda_method("PUT"),
        },
    ),
    Resource("proxied", "/proxied/{proxy+}", {"ANY": lambda_method("ANY", type="AWS_PROXY")}),
]
EVERYTHING = api(resources=RESOURCES, gateway_responses={"DEFAULT_4XX": CUSTOM})
"""An API that reads and writes wherever a request or an answer can say something."""


lines = st.text(st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f"))
paths = st.sampled_from(["/mapped/x", "/proxied/a/b", "/other"]) | st.text(
    st.characters(codec="ascii", min_codepoint=33)
)


@given(
    body=st.binary() | st.text().map(lambda text: json.dumps({"a": [{"b": text}]}).encode()),
    path=paths,
    verb=st.sampled_from(["POST", "PUT", "GET"]),
    query=st.text(st.characters(codec="ascii", min_codepoint=33)),
    agent=lines,
)
@settings(deadline=None, max_examples=150)
def test_any_request_is_answered(body: bytes, path: str, verb: str, query: str, agent: str) -> None:
    """An answer is a status and headers that may be sent; nothing is raised."""
    headers = {"User-Agent": agent, "Content-Type": "application/json"}
    response = World(EVERYTHING).call(body, path, verb, query=query, headers=headers)
    assert 200 <= response.status <= 504
    assert all("\n" not in value and "\r" not in value for _, value in response.headers)
    assert all(value.encode("latin-1") is not None for _, value in response.headers)


@given(
    answer=st.binary() | st.text().map(lambda text: json.dumps({"a": text, "headers": {"h": text}}).encode())
)
@settings(deadline=None, max_examples=100)
def test_any_answer_of_a_function_is_answered(answer: bytes) -> None:
    """Whatever the function returns."""
    tested = World(EVERYTHING)
    tested.raw, tested.handler = True, lambda payload: answer
    for path, verb in (("/mapped/x", "POST"), ("/mapped/x", "PUT"), ("/proxied/x", "POST")):
        assert 200 <= tested.call("{}", path, verb).status <= 504


@pytest.mark.parametrize(
    ("path", "verb"), [("/mapped/x", "POST"), ("/mapped/x", "PUT"), ("/proxied/x", "POST")]
)
def test_deeply_nested_json_is_no_way_to_hurt(path: str, verb: str) -> None:
    """Neither in a request nor in an answer."""
    deep: Any = b"[" * 200_000 + b"]" * 200_000
    assert 200 <= World(EVERYTHING).call(deep, path, verb).status <= 504
    tested = World(EVERYTHING)
    tested.raw, tested.handler = True, lambda payload: deep
    assert 200 <= tested.call("{}", path, verb).status <= 504
