"""The cache of a stage in a real sandbox: what the function does not hear of, and what lets it hear again."""

from typing import Any

import pytest
from botocore.credentials import Credentials

from lambda_over_https.sandbox.client.record import Sandbox
from tests.kit.account.signing import signed
from tests.kit.sandbox.control import Clients, keys_bound_to, policy
from tests.kit.sandbox.live_api import PATH, Answer, Api

RENEW = {"Cache-Control": "max-age=0"}
ID = "method.request.querystring.Id"
TEMPLATE = '{"operation": "read", "Id": "$input.params(\'Id\')"}'
TIME = {"application/json": '{"at": $context.requestTimeEpoch, "was": $input.body}'}


@pytest.fixture
def reading(api: Api) -> Api:
    """GET /DynamoDBManager?Id=…, cached by Id; its answers tell when they were made."""
    api.method(
        api.resource("DynamoDBManager"),
        "GET",
        {"200": {"responseTemplates": TIME}},
        {"requestParameters": {ID: False}},
        requestTemplates={"application/json": TEMPLATE},
        cacheKeyParameters=[ID],
    )
    api.allow()
    api.deploy()
    patch(api, cacheClusterEnabled="true", cacheClusterSize="0.5")
    patch(api, **{"~1DynamoDBManager/GET/caching/enabled": "true"})
    return api


def patch(api: Api, **values: str) -> Any:
    """UpdateStage: replace these."""
    operations = [{"op": "replace", "path": f"/{path}", "value": value} for path, value in values.items()]
    return api.gateway.update_stage(restApiId=api.id, stageName="prod", patchOperations=operations)


def read(api: Api, identity: str = "1", **headers: str) -> Answer:
    answer = api.call(path=f"/prod{PATH}?Id={identity}", verb="GET", headers=headers)
    assert answer.status == 200, answer.body
    return answer


def invocations(api: Api) -> int:
    group = f"/aws/lambda/{api.function}"
    events = api.aws("logs").filter_log_events(logGroupName=group, filterPattern="START RequestId")["events"]
    return sum(event["message"].startswith("START") for event in events)


def test_the_second_read_leaves_no_line_in_the_functions_log_and_its_clock_stands_still(
    reading: Api,
) -> None:
    first, second = read(reading), read(reading)
    assert first.json == second.json
    assert first.json["was"] == {"operation": "read", "Id": "1"}
    assert invocations(reading) == 1
    assert read(reading, "2").json["was"]["Id"] == "2"
    assert invocations(reading) == 2


def test_a_flush_empties_the_cache(reading: Api) -> None:
    before = read(reading).json
    flushed = reading.gateway.flush_stage_cache(restApiId=reading.id, stageName="prod")
    assert flushed["ResponseMetadata"]["HTTPStatusCode"] == 202
    assert read(reading).json["at"] > before["at"]


def test_another_size_begins_empty_and_off_is_off(reading: Api) -> None:
    first = read(reading).json["at"]
    patch(reading, cacheClusterSize="1.6")
    second = read(reading).json["at"]
    assert second > first
    assert read(reading).json["at"] == second
    patch(reading, cacheClusterEnabled="false")
    assert read(reading).json["at"] > second
    assert invocations(reading) == 3


def test_who_may_renew_an_entry_is_a_matter_of_policies(
    reading: Api, sandbox: Sandbox, aws: Clients, unique: str
) -> None:
    def signed_by(key: str, secret: str) -> dict[str, str]:
        url = f"{sandbox.endpoint_url}/_aws/execute-api/{reading.id}/prod{PATH}?Id=1"
        return signed(Credentials(key, secret), "execute-api", "GET", url, RENEW)

    may = keys_bound_to(aws("iam"), f"{unique}-may", policy("execute-api:InvalidateCache"))
    may_not = keys_bound_to(aws("iam"), f"{unique}-not", policy("execute-api:Invoke"))
    first = read(reading).json
    for refused in ({}, signed_by(**may_not), signed_by("ASIAUNKNOWN", "x"), signed_by(may["key"], "x")):
        answer = read(reading, **{**RENEW, **refused})
        assert (answer.json, "warning" in answer.headers) == (first, True)
    renewed = read(reading, **{**RENEW, **signed_by(**may)})
    assert renewed.json["at"] > first["at"]
    assert read(reading).json == renewed.json
