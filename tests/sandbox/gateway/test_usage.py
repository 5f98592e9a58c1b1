"""GetUsage and UpdateUsage: what the keys of a plan have used, and what they may use yet."""

import datetime

import pytest

from tests.kit.sandbox.control import refused
from tests.kit.sandbox.live_api import Api

NOT_FOUND = (404, "NotFoundException")


def day(days: int = 0) -> str:
    today = datetime.datetime.now(datetime.UTC).date()
    return (today + datetime.timedelta(days=days)).isoformat()


@pytest.fixture
def limited(tutorial: Api) -> tuple[Api, str, dict[str, str]]:
    """The tutorial's API with a key required; a plan with a quota of two; its keys' values by their ids."""
    gateway = tutorial.gateway
    (resource,) = [
        item["id"]
        for item in gateway.get_resources(restApiId=tutorial.id)["items"]
        if item["path"] == "/DynamoDBManager"
    ]
    needed = {"op": "replace", "path": "/apiKeyRequired", "value": "true"}
    method = {"restApiId": tutorial.id, "resourceId": resource, "httpMethod": "POST"}
    gateway.update_method(**method, patchOperations=[needed])
    tutorial.allow()
    tutorial.deploy()
    stages = [{"apiId": tutorial.id, "stage": "prod"}]
    quota = {"limit": 2, "period": "DAY"}
    plan = gateway.create_usage_plan(name="plan", apiStages=stages, quota=quota)["id"]
    keys = {}
    for name in ("one", "two"):
        made = gateway.create_api_key(name=name, enabled=True)
        gateway.create_usage_plan_key(usagePlanId=plan, keyId=made["id"], keyType="API_KEY")
        keys[made["id"]] = made["value"]
    return tutorial, plan, keys


def test_usage_is_told_and_more_can_be_granted(limited: tuple[Api, str, dict[str, str]]) -> None:
    api, plan, keys = limited
    (one, value), (two, _) = keys.items()
    statuses = [api.call('"x"', headers={"x-api-key": value}).status for _ in range(3)]
    assert statuses == [200, 200, 429]
    asked = {"usagePlanId": plan, "startDate": day(-1), "endDate": day()}
    told = api.gateway.get_usage(**asked)
    assert told["items"] == {one: [[0, 2], [2, 0]], two: [[0, 2], [0, 2]]}
    assert (told["usagePlanId"], told["startDate"], told["endDate"]) == (plan, day(-1), day())
    assert api.gateway.get_usage(**asked, keyId=two)["items"] == {two: [[0, 2], [0, 2]]}
    more = [{"op": "replace", "path": "/remaining", "value": "1"}]
    granted = api.gateway.update_usage(usagePlanId=plan, keyId=one, patchOperations=more)
    assert granted["items"] == {one: [[2, 1]]}
    statuses = [api.call('"x"', headers={"x-api-key": value}).status for _ in range(2)]
    assert statuses == [200, 429]


def test_what_cannot_be_told_or_granted(limited: tuple[Api, str, dict[str, str]]) -> None:
    api, plan, keys = limited
    dates = {"startDate": day(), "endDate": day()}
    missing = refused(api.gateway.get_usage, usagePlanId="none", **dates)
    assert missing == (*NOT_FOUND, "Invalid Usage Plan ID specified")
    for wrong in ({"startDate": "yesterday"}, {"endDate": day(-1)}):
        refusal = refused(api.gateway.get_usage, usagePlanId=plan, **{**dates, **wrong})
        assert refusal[:2] == (400, "BadRequestException")
    update = {"usagePlanId": plan, "patchOperations": [{"op": "replace", "path": "/used", "value": "1"}]}
    one = next(iter(keys))
    assert refused(api.gateway.update_usage, **update, keyId=one)[:2] == (400, "BadRequestException")
    unknown = refused(api.gateway.update_usage, **update, keyId="none")
    assert unknown == (*NOT_FOUND, "Invalid API Key identifier specified")
