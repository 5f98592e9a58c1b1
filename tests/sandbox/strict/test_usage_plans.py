"""Usage plans: what they cover and limit, and what a patch may change."""

from typing import Any

import pytest

from tests.kit.sandbox.control import BareApi, Clients, refused

METHOD = "/DynamoDBManager/POST"
NOT_FOUND = (404, "NotFoundException")


@pytest.fixture
def api(aws: Clients, unique: str) -> BareApi:
    """The tutorial's API, deployed as prod."""
    made = BareApi(aws("apigateway"), unique)
    made.integrate()
    made.deploy()
    return made


def make_plan(api: BareApi, **members: Any) -> str:
    """A usage plan for the API's stage."""
    stages = [{"apiId": api.id, "stage": "prod"}]
    made: str = api.client.create_usage_plan(**{"name": "plan", "apiStages": stages, **members})["id"]
    return made


def patch(api: BareApi, plan: str, *operations: tuple[str, ...]) -> Any:
    """UpdateUsagePlan with operations (op, path, value)."""
    listed = [dict(zip(("op", "path", "value"), each, strict=False)) for each in operations]
    return api.client.update_usage_plan(usagePlanId=plan, patchOperations=listed)


def refusal(api: BareApi, plan: str, *operation: str) -> tuple[int, str, str]:
    return refused(lambda: patch(api, plan, operation))


def make_key(api: BareApi, plan: str | None = None) -> str:
    key: str = api.client.create_api_key(name="key", enabled=True)["id"]
    if plan:
        api.client.create_usage_plan_key(usagePlanId=plan, keyId=key, keyType="API_KEY")
    return key


def test_limits_texts_and_stages_are_patched(api: BareApi) -> None:
    plan = make_plan(api)
    told = patch(
        api,
        plan,
        ("replace", "/name", "new"),
        ("replace", "/description", "text"),
        ("replace", "/throttle/rateLimit", "2.5"),
        ("replace", "/throttle/burstLimit", "3"),
        ("add", "/quota/limit", "10"),
        ("add", "/quota/period", "WEEK"),
        ("replace", f"/apiStages/{api.id}:prod/throttle/{METHOD}/rateLimit", "1"),
        ("replace", f"/apiStages/{api.id}:prod/throttle/~1DynamoDBManager~1POST/burstLimit", "2"),
    )
    assert (told["name"], told["description"]) == ("new", "text")
    assert told["throttle"] == {"rateLimit": 2.5, "burstLimit": 3}
    assert told["quota"] == {"limit": 10, "period": "WEEK", "offset": 0}
    throttle = {METHOD: {"rateLimit": 1.0, "burstLimit": 2}}
    assert told["apiStages"] == [{"apiId": api.id, "stage": "prod", "throttle": throttle}]
    gone = patch(
        api,
        plan,
        ("remove", "/throttle"),
        ("remove", "/quota"),
        ("remove", f"/apiStages/{api.id}:prod/throttle/{METHOD}"),
    )
    assert not {"throttle", "quota"} & gone.keys()
    assert not gone["apiStages"][0].get("throttle")
    assert patch(api, plan, ("remove", "/apiStages", f"{api.id}:prod"))["apiStages"] == []
    assert patch(api, plan, ("add", "/apiStages", f"{api.id}:prod"))["apiStages"] == [
        {"apiId": api.id, "stage": "prod"}
    ]


def test_a_stage_must_exist_and_be_covered(api: BareApi) -> None:
    plan = make_plan(api)
    missing = f"Invalid API Stage {{api: {api.id}, stage: no}} specified for usageplan {plan}"
    assert refusal(api, plan, "add", "/apiStages", f"{api.id}:no") == (*NOT_FOUND, missing)
    assert refusal(api, plan, "remove", "/apiStages", f"{api.id}:no") == (*NOT_FOUND, missing)
    throttle = f"/apiStages/{api.id}:no/throttle/{METHOD}/rateLimit"
    assert refusal(api, plan, "replace", throttle, "1") == (*NOT_FOUND, missing)
    bad = (400, "BadRequestException", "Invalid API Stage specified")
    assert refusal(api, plan, "add", "/apiStages", api.id) == bad
    assert refusal(api, plan, "add", "/apiStages", f"{api.id}:prod")[:2] == (409, "ConflictException")


@pytest.mark.parametrize(
    "operation",
    [
        ("replace", "/nonsense", "1"),
        ("remove", "/name"),
        ("replace", "/throttle/rateLimit", "abc"),
        ("replace", "/throttle/rateLimit", "-1"),
        ("replace", "/throttle/burstLimit", "1.5"),
        ("replace", "/quota/limit", "0"),
        ("replace", "/quota/period", "YEAR"),
        ("replace", "/quota/offset", "10"),
        ("replace", "/apiStages", "x:y"),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(api: BareApi, operation: tuple[str, ...]) -> None:
    plan = make_plan(api, quota={"limit": 10, "period": "DAY"})
    before = api.client.get_usage_plan(usagePlanId=plan)
    status, code, _ = refused(lambda: patch(api, plan, ("replace", "/name", "new"), operation))
    assert (status, code) == (400, "BadRequestException")
    del before["ResponseMetadata"]
    after = api.client.get_usage_plan(usagePlanId=plan)
    assert {name: after[name] for name in before} == before


@pytest.mark.parametrize(
    "members",
    [
        {"name": ""},
        {"throttle": {"rateLimit": -1.0}},
        {"quota": {"limit": 0, "period": "DAY"}},
        {"quota": {"limit": 5}},
    ],
)
def test_what_makes_no_plan(api: BareApi, members: dict[str, Any]) -> None:
    status, code, _ = refused(lambda: make_plan(api, **members))
    assert (status, code) == (400, "BadRequestException")


@pytest.mark.parametrize(
    ("period", "offset", "possible"),
    [
        ("DAY", 1, "zero"),
        ("WEEK", 7, "between 0 and 6 inclusive"),
        ("MONTH", 28, "between 0 and 27 inclusive"),
    ],
)
def test_the_offset_of_a_quota_lies_in_its_period(
    api: BareApi, period: str, offset: int, possible: str
) -> None:
    quota = {"limit": 50, "offset": offset, "period": period}
    message = f"Usage Plan quota offset must be {possible} in the {period} period"
    assert refused(lambda: make_plan(api, quota=quota)) == (400, "BadRequestException", message)
    make_plan(api, quota={**quota, "offset": offset - 1})


def test_a_key_is_in_one_plan_for_a_stage(api: BareApi) -> None:
    first, second = make_plan(api), make_plan(api)
    key = make_key(api, first)
    add = {"keyId": key, "keyType": "API_KEY"}
    again = refused(api.client.create_usage_plan_key, usagePlanId=first, **add)
    assert again[:2] == (409, "ConflictException")
    message = (
        f"Usage Plan {second} cannot be added because API Key cannot reference multiple Usage Plans "
        f"with the same API stage: {api.id}:prod"
    )
    other = refused(api.client.create_usage_plan_key, usagePlanId=second, **add)
    assert other == (409, "ConflictException", message)
    patch(api, second, ("remove", "/apiStages", f"{api.id}:prod"))
    api.client.create_usage_plan_key(usagePlanId=second, **add)
    assert refusal(api, second, "add", "/apiStages", f"{api.id}:prod") == (409, "ConflictException", message)


def test_a_key_of_a_plan_is_an_api_key(api: BareApi) -> None:
    plan, key = make_plan(api), make_key(api)
    found = refused(api.client.create_usage_plan_key, usagePlanId=plan, keyId=key, keyType="PASSWORD")
    message = "Invalid keyType specified. Valid options are API_KEY"
    assert found == (400, "BadRequestException", message)


def patch_key(api: BareApi, key: str, *operations: tuple[str, ...]) -> Any:
    listed = [dict(zip(("op", "path", "value"), each, strict=True)) for each in operations]
    return api.client.update_api_key(apiKey=key, patchOperations=listed)


def test_a_key_is_changed(api: BareApi) -> None:
    key = make_key(api)
    said = patch_key(api, key, ("replace", "/enabled", "false"), ("replace", "/name", "other"))
    assert (said["enabled"], said["name"]) == (False, "other")
    assert api.client.get_api_key(apiKey=key)["enabled"] is False


@pytest.mark.parametrize(
    ("operation", "status"),
    [
        (("replace", "/nonsense", "x"), 400),
        (("replace", "/name/more", "x"), 400),
        (("replace", "/enabled", "perhaps"), 400),
        (("remove", "/name", ""), 400),
        (("move", "/name", "x"), 400),
        (("add", "/stages", "abc/prod"), 501),
    ],
)
def test_what_no_patch_makes_of_a_key(api: BareApi, operation: tuple[str, ...], status: int) -> None:
    key = make_key(api)
    assert refused(lambda: patch_key(api, key, ("replace", "/name", "new"), operation))[0] == status
    assert api.client.get_api_key(apiKey=key)["name"] == "key"


def test_a_key_goes_from_its_plans_when_it_is_deleted(api: BareApi) -> None:
    plan = make_plan(api)
    key = make_key(api, plan)
    api.client.delete_api_key(apiKey=key)
    assert api.client.get_usage_plan_keys(usagePlanId=plan)["items"] == []
    missing = (*NOT_FOUND, "Invalid API Key identifier specified")
    assert refused(api.client.get_usage_plan_key, usagePlanId=plan, keyId=key) == missing
    assert refused(api.client.delete_usage_plan_key, usagePlanId=plan, keyId=key) == missing


def test_listings_keep_to_their_limit(api: BareApi) -> None:
    plan = make_plan(api)
    keys = {make_key(api, plan) for _ in range(3)}
    first = api.client.get_usage_plan_keys(usagePlanId=plan, limit=2)
    rest = api.client.get_usage_plan_keys(usagePlanId=plan, position=first["position"])
    assert len(first["items"]) == 2
    assert {item["id"] for item in (*first["items"], *rest["items"])} == keys
