"""The resource policy of an API: whom it lets in, and what the others read."""

import json
from typing import Any

import pytest

from lambda_over_https.sandbox.model.apis import GatewayResponse
from tests.kit.sandbox.gateway import ACCOUNT, API, PATH, REGION, World, api, header, lambda_method, said
from tests.kit.sandbox.live_api import Api

ARN = f"arn:aws:execute-api:{REGION}:{ACCOUNT}:{API}"
HERE, ELSEWHERE = "127.0.0.1/32", "203.0.113.0/24"
DENIED = {
    "Message": (
        "User: anonymous is not authorized to perform: execute-api:Invoke on resource: "
        f"arn:aws:execute-api:{REGION}:********9012:{API}/prod/POST/DynamoDBManager"
    )
}


def statement(effect: str = "Allow", **members: Any) -> dict[str, Any]:
    whole = {"Effect": effect, "Principal": "*", "Action": "execute-api:Invoke", "Resource": f"{ARN}/*"}
    return {**whole, **members}


def source(*networks: str, operator: str = "IpAddress") -> dict[str, Any]:
    return {"Condition": {operator: {"aws:SourceIp": list(networks)}}}


def until(date: str) -> dict[str, Any]:
    return {"Condition": {"DateLessThan": {"aws:CurrentTime": date}}}


def world(*statements: dict[str, Any], **members: Any) -> World:
    policy = {"Version": "2012-10-17", "Statement": list(statements)}
    return World(api(lambda_method(), policy=policy, **members))


@pytest.mark.parametrize(
    "statements",
    [
        [statement()],
        [statement(Principal={"AWS": "*"})],
        [statement(Principal={"AWS": ["*"]})],
        [statement(Action="execute-api:*", Resource="*")],
        [statement(Resource=f"{ARN}/prod/POST/DynamoDB*")],
        [statement(**source(HERE))],
        [statement(**source(ELSEWHERE, operator="NotIpAddress"))],
        [statement(**until("2100-01-01T00:00:00Z"))],
        [statement(), statement("Deny", **source(ELSEWHERE))],
        [statement(), statement("Deny", **until("2020-01-01"))],
        [statement(), statement("Deny", **source(HERE, operator="NotIpAddress"))],
        [statement(), statement("Deny", Principal={"AWS": f"arn:aws:iam::{ACCOUNT}:user/somebody"})],
        [statement(), statement("Deny", Resource=f"{ARN}/other/*")],
    ],
)
def test_a_policy_lets_a_request_in(statements: list[dict[str, Any]]) -> None:
    assert world(*statements).call('"x"').status == 200


@pytest.mark.parametrize(
    "statements",
    [
        [],
        [statement(**source(ELSEWHERE))],
        [statement(**until("2020-01-01"))],
        [statement(Resource=f"{ARN}/prod/GET/*")],
        [statement(Resource=f"{ARN}/other/*")],
        [statement(Action="execute-api:InvalidateCache")],
        [statement(Principal={"AWS": f"arn:aws:iam::{ACCOUNT}:root"})],
        [statement(Principal={"Service": "apigateway.amazonaws.com"})],
    ],
)
def test_what_no_statement_allows_is_denied(statements: list[dict[str, Any]]) -> None:
    made = world(*statements)
    denied = made.call('"x"')
    assert (denied.status, said(denied)) == (403, DENIED)
    assert header(denied, "x-amzn-ErrorType") == "AccessDeniedException"
    assert not made.payloads


def test_an_explicit_deny_wins_and_says_so() -> None:
    for deny in (
        statement("Deny", **source(HERE)),
        statement("Deny", NotPrincipal={"AWS": "x"}, Principal=None),
    ):
        denied = world(statement(), {key: value for key, value in deny.items() if value}).call('"x"')
        assert denied.status == 403
        assert said(denied) == {"Message": f"{DENIED['Message']} with an explicit deny"}


def test_the_policy_is_asked_about_the_path_as_it_was_sent() -> None:
    method = lambda_method("GET")
    policy = {"Statement": [statement(Resource=f"{ARN}/prod/GET/items/1")]}
    made = World(api(method, path="/items/{id}", policy=policy))
    assert made.call(path="/items/1", verb="GET").status == 200
    assert made.call(path="/items/2", verb="GET").status == 403


def test_a_path_that_is_not_there_is_told_first() -> None:
    assert said(world().call(path="/nowhere")) == {"message": "Missing Authentication Token"}


def test_the_answer_can_be_customised() -> None:
    template = '{"sorry": $context.error.messageString}'
    custom = GatewayResponse("ACCESS_DENIED", "404", response_templates={"application/json": template})
    denied = world(gateway_responses={"ACCESS_DENIED": custom}).call('"x"')
    assert (denied.status, said(denied)) == (404, {"sorry": DENIED["Message"]})


def test_test_invoke_does_not_ask_the_policy() -> None:
    assert world().test(body='"x"')["status"] == 200


# In a real sandbox


def set_policy(made: Api, text: str) -> Any:
    operation = {"op": "replace", "path": "/policy", "value": text}
    return made.gateway.update_rest_api(restApiId=made.id, patchOperations=[operation])


def test_a_policy_takes_effect_with_the_next_deployment(tutorial: Api) -> None:
    tutorial.allow()
    short = statement("Deny", Resource="execute-api:/prod/POST/*", **source(HERE))
    document = {"Version": "2012-10-17", "Statement": [statement(Resource="execute-api:/*"), short]}
    told = set_policy(tutorial, json.dumps(document))
    assert told["policy"] == tutorial.gateway.get_rest_api(restApiId=tutorial.id)["policy"]
    kept = json.loads(told["policy"].replace('\\"', '"'))
    root = f"arn:aws:execute-api:{REGION}:{ACCOUNT}:{tutorial.id}"
    assert [each["Resource"] for each in kept["Statement"]] == [f"{root}/*", f"{root}/prod/POST/*"]
    assert tutorial.call('"x"').status == 200
    tutorial.deploy()
    denied = tutorial.call('"x"')
    assert denied.status == 403
    assert denied.json["Message"].endswith(
        f":********9012:{tutorial.id}/prod/POST/DynamoDBManager with an explicit deny"
    )
    assert tutorial.call('"x"', path=f"/prod{PATH}").headers["content-type"] == "application/json"
    set_policy(tutorial, "")
    assert tutorial.call('"x"').status == 403
    tutorial.deploy()
    assert tutorial.call('"x"').status == 200


def test_an_api_can_be_created_and_imported_with_a_policy(api: Api) -> None:
    policy = json.dumps({"Statement": [statement("Deny", Resource="execute-api:/*")]})
    made = api.gateway.create_rest_api(name="closed", policy=policy)
    assert f":{made['id']}/*" in made["policy"]
    document = {
        "openapi": "3.0.1",
        "info": {"title": "closed", "version": "1"},
        "x-amazon-apigateway-policy": json.loads(policy),
        "paths": {},
    }
    imported = api.gateway.import_rest_api(body=json.dumps(document))
    assert f":{imported['id']}/*" in imported["policy"]
    replaced = api.gateway.put_rest_api(restApiId=api.id, mode="overwrite", body=json.dumps(document))
    assert f":{api.id}/*" in replaced["policy"]
