"""Whatever the steps make of an API call by call, the document makes of it in one."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from lambda_over_https.deployment.choices import Choices
from lambda_over_https.deployment.recorded.call import Call
from lambda_over_https.infrastructure.description import Ref, Text, Wrapper
from lambda_over_https.infrastructure.reading.api import EXTENSION, Api
from lambda_over_https.infrastructure.reading.calls import Reader
from lambda_over_https.infrastructure.reading.symbols import symbolic
from lambda_over_https.kinds import Kind
from lambda_over_https.names import names_for
from lambda_over_https.practice.rehearsal.rehearsing import rehearse_from_nothing
from lambda_over_https.tutorial import definition
from lambda_over_https.tutorial.definition import POST, Method, Response
from lambda_over_https.tutorial.parts.part import Standing
from lambda_over_https.tutorial.steps import steps_for
from tests.kit.program.lesson import somebody_elses
from tests.kit.program.support import Account

HEADERS = {"Access-Control-Allow-Origin": "'*'", "Access-Control-Allow-Methods": "'GET,POST'"}
KEYED = Method(
    "POST", tuple(Response(each.status, each.pattern, each.template) for each in POST.responses), api_key=True
)
PREFLIGHT = Method("OPTIONS", (Response("200", headers=HEADERS),), "MOCK", '{"statusCode": 200}')
READ = '{"operation": "read", "payload": {"Key": {"Id": "$input.params(\'Id\')"}}}'
CACHED = Method("GET", (Response("200", "", '{"is": $input.body}'),), template=READ, cache_keys=("Id", "of"))

APIS = {
    "the tutorial's": definition.TUTORIAL,
    "with a key": definition.Api(methods=(KEYED,)),
    "with a preflight": definition.Api(methods=(POST, PREFLIGHT)),
    "with a cached GET": definition.Api(methods=(CACHED, POST)),
    "with all of it": definition.Api(methods=(CACHED, KEYED, PREFLIGHT)),
}


def documented(api: definition.Api) -> Any:
    """The document of an API that the steps make, with references."""
    with symbolic(names_for("tutorial"), Choices()) as stack:
        calls = rehearse_from_nothing(steps_for(api), stack)
    resources = Reader().read(calls)
    return next(each.members["body"] for each in resources if each.kind == Kind.REST_API)


def plain(value: Any, meanings: Mapping[Ref, str]) -> Any:
    """A document as JSON can hold it."""
    if isinstance(value, Text):
        return "".join(meanings[part] if isinstance(part, Ref) else part for part in value.parts)
    if isinstance(value, Wrapper):
        return plain(value.value, meanings)
    if isinstance(value, dict):
        return {key: plain(each, meanings) for key, each in value.items()}
    return [plain(each, meanings) for each in value] if isinstance(value, list) else value


@pytest.fixture
def imported(account: Account, name: str) -> Iterator[Any]:
    """Imports a document under the names of a deployment that does not exist."""
    apigateway, apis = account.client("apigateway"), []

    def make(document: Any) -> None:
        arn = f"arn:aws:lambda:us-east-1:123456789012:function:{names_for(name).function}"
        uri = f"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{arn}/invocations"
        meanings = {
            Ref("parameter", "api_name"): names_for(name).api,
            Ref(Kind.FUNCTION, "manager", "invoke_arn"): uri,
        }
        body = json.dumps(plain(document, meanings))
        apis.append(apigateway.import_rest_api(body=body, failOnWarnings=True)["id"])

    yield make
    for api in apis:
        apigateway.delete_rest_api(restApiId=api)


@pytest.mark.parametrize("api", APIS.values(), ids=APIS)
def test_the_steps_find_nothing_to_change_in_what_was_imported(
    account: Account, name: str, imported: Any, api: definition.Api
) -> None:
    imported(documented(api))
    with somebody_elses(name, account) as stack:
        parts = [
            each
            for step in steps_for(api)
            if step.number in ("3.2", "3.3", "3.4")
            for each in step.parts(stack)
        ]
        found = {f"{part.kind} {part.name(stack)}": part.look(stack) for part in parts}
    assert len(found) == 1 + sum(2 + 2 * len(method.responses) for method in api.methods)
    assert {what: seen.reason for what, seen in found.items() if seen.standing is not Standing.OURS} == {}


def test_what_api_gateway_answers_by_itself_and_the_policy_are_extensions() -> None:
    api = Api()
    header = {"gatewayresponse.header.Access-Control-Allow-Origin": "'*'"}
    answer = {"restApiId": "API_ID", "responseType": "DEFAULT_4XX", "responseParameters": header}
    policy = {"Version": "2012-10-17", "Statement": []}
    patch = {"op": "replace", "path": "/policy", "value": json.dumps(policy)}
    update = {"restApiId": "API_ID", "patchOperations": [patch]}
    assert api.take(Call("", "", "cors", "apigateway", "PutGatewayResponse", answer, {}))
    assert api.take(Call("", "", "protect", "apigateway", "UpdateRestApi", update, {}))
    document = plain(api.document("it"), {})
    assert document[f"{EXTENSION}gateway-responses"] == {"DEFAULT_4XX": {"responseParameters": header}}
    assert document[f"{EXTENSION}policy"] == policy


def test_another_change_of_the_api_is_none_that_a_document_has() -> None:
    patch = {"op": "replace", "path": "/minimumCompressionSize", "value": "1"}
    call = Call(
        "", "", "9", "apigateway", "UpdateRestApi", {"restApiId": "x", "patchOperations": [patch]}, {}
    )
    assert not Api().take(call)
