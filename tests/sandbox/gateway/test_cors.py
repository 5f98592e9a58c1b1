"""CORS: what a browser asks before it lets a page call an API, and what it lets the page read.

The questions are those of the Fetch standard, https://fetch.spec.whatwg.org/#http-cors-protocol.
"""

import json
from typing import Any

import pytest

from tests.kit.sandbox.live_api import PATH, Answer, Api

ORIGIN = "http://127.0.0.1:5500"
WITH_JSON = {"Content-Type": "application/json"}
ALLOWED = "Content-Type,X-Amz-Date,Authorization,X-Api-Key,X-Amz-Security-Token"
ANYBODY = {"gatewayresponse.header.Access-Control-Allow-Origin": "'*'"}


class Page:
    """A page of another origin: ``fetch`` gives what a browser would, None if it is blocked."""

    def __init__(self, api: Api) -> None:
        self.api = api

    def fetch(self, body: str = '"x"', path: str = PATH, **headers: str) -> Answer | None:
        """POST JSON, after the question that a browser asks first."""
        sent = {**WITH_JSON, **headers}
        if not self._may_send(path, sent):
            return None
        answer = self.api.call(body, f"/prod{path}", headers={"Origin": ORIGIN, **sent})
        return answer if _readable(answer) else None

    def _may_send(self, path: str, headers: dict[str, str]) -> bool:
        named = ",".join(sorted(name.lower() for name in headers))
        asked = {
            "Origin": ORIGIN,
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": named,
            "Sec-Fetch-Mode": "cors",
            "Sec-Fetch-Site": "cross-site",
            "Accept": "*/*",
        }
        answer = self.api.call(None, f"/prod{path}", "OPTIONS", asked)
        methods = _listed(answer, "access-control-allow-methods")
        allowed = {name.lower() for name in _listed(answer, "access-control-allow-headers")}
        return (
            200 <= answer.status < 300
            and _readable(answer)
            and "POST" in methods
            and set(named.split(",")) <= allowed
        )


def _listed(answer: Answer, header: str) -> set[str]:
    return {each.strip() for each in answer.headers.get(header, "").split(",")}


def _readable(answer: Answer) -> bool:
    return answer.headers.get("access-control-allow-origin") in ("*", ORIGIN)


def put_options(api: Api, resource: str) -> None:
    """OPTIONS as the API Gateway developer guide has it, "CORS for REST APIs"."""
    values = {"Headers": ALLOWED, "Methods": "OPTIONS,POST", "Origin": "*"}
    headers = {
        f"method.response.header.Access-Control-Allow-{name}": f"'{value}'" for name, value in values.items()
    }
    api.method(
        resource,
        "OPTIONS",
        {"200": {"responseParameters": headers}},
        type="MOCK",
        requestTemplates={"application/json": '{"statusCode": 200}'},
    )


@pytest.fixture
def resource(api: Api) -> str:
    """POST on /DynamoDBManager whose answers tell nobody that they may be read; not yet deployed."""
    made = api.resource("DynamoDBManager")
    api.method(made)
    api.allow()
    return made


@pytest.fixture
def page(api: Api) -> Page:
    return Page(api)


@pytest.fixture
def open_page(api: Api) -> Page:
    """A page before an API that does all that CORS needs."""
    made = api.resource("DynamoDBManager")
    header = {"method.response.header.Access-Control-Allow-Origin": "'*'"}
    api.method(made, "POST", {"200": {"responseParameters": header}})
    put_options(api, made)
    for kind in ("DEFAULT_4XX", "DEFAULT_5XX"):
        api.gateway.put_gateway_response(restApiId=api.id, responseType=kind, responseParameters=ANYBODY)
    api.allow()
    api.deploy()
    return Page(api)


def test_a_page_is_blocked_until_everything_says_that_it_may(api: Api, resource: str, page: Page) -> None:
    api.deploy()
    assert page.fetch() is None
    put_options(api, resource)
    api.deploy()
    assert page.fetch() is None
    method = {"restApiId": api.id, "resourceId": resource, "httpMethod": "POST", "statusCode": "200"}
    name = "method.response.header.Access-Control-Allow-Origin"
    api.gateway.delete_method_response(**method)
    api.gateway.put_method_response(**method, responseParameters={name: False})
    api.gateway.put_integration_response(**method, responseParameters={name: "'*'"})
    assert page.fetch() is None
    api.deploy()
    answer = page.fetch()
    assert answer is not None
    assert (answer.status, answer.json) == (200, "x")


def test_a_header_that_is_not_allowed_is_blocked(open_page: Page) -> None:
    assert open_page.fetch() is not None
    assert open_page.fetch(**{"X-Api-Key": "k" * 20}) is not None
    assert open_page.fetch(**{"X-Mine": "1"}) is None


def _throttle(api: Api) -> None:
    operation = {"op": "replace", "path": "/*/*/throttling/rateLimit", "value": "0"}
    for path in ("/*/*", "/~1DynamoDBManager/OPTIONS"):
        value = "0" if path == "/*/*" else "100"
        patch = {**operation, "path": f"{path}/throttling/rateLimit", "value": value}
        api.gateway.update_stage(restApiId=api.id, stageName="prod", patchOperations=[patch])


def _forbid(api: Api) -> None:
    statement = {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "execute-api:/*/OPTIONS/*"}
    policy = {"op": "replace", "path": "/policy", "value": json.dumps({"Statement": [statement]})}
    api.gateway.update_rest_api(restApiId=api.id, patchOperations=[policy])
    api.deploy()


def _withdraw(api: Api) -> None:
    api.aws("lambda").remove_permission(FunctionName=api.function, StatementId="apigateway-prod-2")


@pytest.mark.parametrize(
    ("spoil", "status"), [(_throttle, 429), (_forbid, 403), (_withdraw, 500)], ids=["429", "403", "500"]
)
def test_a_page_can_read_the_gateways_own_errors_if_they_say_so(
    open_page: Page, spoil: Any, status: int
) -> None:
    spoil(open_page.api)
    answer = open_page.fetch()
    assert answer is not None
    assert answer.status == status


def test_a_page_can_read_the_firewalls_refusal_too(open_page: Page, unique: str) -> None:
    api, waf = open_page.api, open_page.api.aws("wafv2")
    seen = {"SampledRequestsEnabled": False, "CloudWatchMetricsEnabled": False, "MetricName": "m"}
    body = {"Body": {"OversizeHandling": "CONTINUE"}}
    size = {"FieldToMatch": body, "ComparisonOperator": "GT", "Size": 100}
    size["TextTransformations"] = [{"Priority": 0, "Type": "NONE"}]
    rule = {"Name": "r", "Priority": 0, "Action": {"Block": {}}, "VisibilityConfig": seen}
    arn = waf.create_web_acl(
        Name=unique,
        Scope="REGIONAL",
        DefaultAction={"Allow": {}},
        Rules=[{**rule, "Statement": {"SizeConstraintStatement": size}}],
        VisibilityConfig=seen,
    )["Summary"]["ARN"]
    stage = f"arn:aws:apigateway:us-east-1::/restapis/{api.id}/stages/prod"
    waf.associate_web_acl(WebACLArn=arn, ResourceArn=stage)
    answer = open_page.fetch(json.dumps("x" * 200))
    assert answer is not None
    assert answer.status == 403


def test_a_wrong_path_fails_at_the_first_question(open_page: Page) -> None:
    assert open_page.fetch(path="/nowhere") is None
