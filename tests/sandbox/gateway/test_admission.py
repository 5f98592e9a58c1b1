"""Throttles, API keys and quotas."""

from dataclasses import replace
from typing import Any

import pytest

from lambda_over_https.sandbox.gateway.gates.admission import Admission
from lambda_over_https.sandbox.model.apis import ApiKey, Quota, Throttle, UsagePlan
from tests.kit.in_memory.clock import StoppedClock
from tests.kit.sandbox.gateway import PATH, World, api, header, lambda_method, mock_method, said

KEY = ApiKey("key1", "k" * 20)
OTHER = ApiKey("key2", "o" * 20)
SEND_KEY = {"x-api-key": KEY.value}
NOON = 1_790_000_000.0
DAY = 86_400.0


@pytest.fixture
def clock() -> StoppedClock:
    """A clock for the admission of a world."""
    return StoppedClock(NOON)


def stage(clock: StoppedClock, throttles: dict[str, Throttle]) -> World:
    """The tutorial's API and a GET, in a stage with these throttles."""
    world = World(api(lambda_method(), mock_method()), admission=Admission(clock))
    return world.with_stage(throttles=throttles)


def planned(clock: StoppedClock, **members: Any) -> World:
    """The tutorial's API with a key required, and a usage plan with two keys."""
    method = replace(lambda_method(), api_key_required=True)
    plan = UsagePlan("plan1", keys=(KEY, OTHER), **members)
    return World(api(method), admission=Admission(clock)).with_stage(usage_plans=(plan,))


@pytest.mark.parametrize("throttle", [Throttle(0, 100), Throttle(100, 0), Throttle(0, 0)])
def test_a_rate_or_burst_of_zero_blocks_every_call(clock: StoppedClock, throttle: Throttle) -> None:
    """Developer guide, "Throttle requests to your REST APIs", THROTTLED; a stage setting acts at once."""
    world = stage(clock, {"*/*": throttle})
    response = world.call("{}")
    assert (response.status, said(response)) == (429, {"message": "Too Many Requests"})
    assert header(response, "x-amzn-ErrorType") == "TooManyRequestsException"
    assert world.with_stage(throttles={}).call("{}").status == 200


def test_the_bucket_holds_the_burst_and_refills_at_the_rate(clock: StoppedClock) -> None:
    """Developer guide, "Throttle requests to your REST APIs": the token bucket algorithm."""
    world = stage(clock, {"*/*": Throttle(rate_limit=2, burst_limit=3)})
    assert [world.call("{}").status for _ in range(5)] == [200, 200, 200, 429, 429]
    clock.now += 1
    assert [world.call("{}").status for _ in range(3)] == [200, 200, 429]
    clock.now += 3600
    assert [world.call("{}").status for _ in range(4)] == [200, 200, 200, 429]


@pytest.mark.parametrize(("rate", "at_once"), [(5, 5), (1, 1), (0.5, 1), (2.5, 2)])
def test_a_rate_without_a_burst_lets_a_second_s_worth_pass_at_once(
    clock: StoppedClock, rate: float, at_once: int
) -> None:
    """API reference, ThrottleSettings: both are optional; one request at least fits."""
    world = stage(clock, {"*/*": Throttle(rate_limit=rate)})
    assert [world.call("{}").status for _ in range(at_once + 1)] == [200] * at_once + [429]
    clock.now += 1 / rate
    assert world.call("{}").status == 200


def test_a_burst_without_a_rate_limits_nothing_but_zero(clock: StoppedClock) -> None:
    """API reference, ThrottleSettings: without a rate, the account's is the limit."""
    world = stage(clock, {"*/*": Throttle(burst_limit=1)})
    assert [world.call("{}").status for _ in range(5)] == [200] * 5


def test_a_methods_own_throttle_stands_for_the_stages(clock: StoppedClock) -> None:
    """Developer guide, "Throttle requests": method settings override those of the stage."""
    world = stage(clock, {"*/*": Throttle(0, 0), f"{PATH}/POST": Throttle(10, 10)})
    assert world.call("{}").status == 200
    assert world.call(verb="GET").status == 429


def test_a_changed_throttle_begins_with_a_full_bucket(clock: StoppedClock) -> None:
    """UpdateStage takes effect without a deployment."""
    world = stage(clock, {"*/*": Throttle(1, 1)})
    assert [world.call("{}").status for _ in range(2)] == [200, 429]
    world.with_stage(throttles={"*/*": Throttle(1, 2)})
    assert [world.call("{}").status for _ in range(3)] == [200, 200, 429]


def test_a_method_that_no_setting_names_is_not_throttled(clock: StoppedClock) -> None:
    for throttles in ({f"{PATH}/POST": Throttle(0, 0)}, {f"{PATH}/POST": Throttle(0, 0), "*/*": Throttle()}):
        world = stage(clock, throttles)
        assert [world.call(verb="GET").status for _ in range(3)] == [200] * 3
        assert world.call("{}").status == 429


def test_methods_with_the_same_throttle_have_a_bucket_each(clock: StoppedClock) -> None:
    """Developer guide, "Throttle requests": method-level limits count each method by itself."""
    world = stage(clock, {f"{PATH}/POST": Throttle(1, 1), f"{PATH}/GET": Throttle(1, 1)})
    assert [world.call("{}").status, world.call(verb="GET").status] == [200, 200]
    assert [world.call("{}").status, world.call(verb="GET").status] == [429, 429]


def test_the_methods_of_a_stage_share_the_bucket_of_the_stage(clock: StoppedClock) -> None:
    world = stage(clock, {"*/*": Throttle(1, 1)})
    assert [world.call("{}").status, world.call(verb="GET").status] == [200, 429]


def test_stages_with_the_same_throttle_have_a_bucket_each(clock: StoppedClock) -> None:
    world = stage(clock, {"*/*": Throttle(1, 1)})
    world.stages["beta"] = replace(world.stages["prod"], name="beta")
    assert [world.call("{}", stage=name).status for name in ("prod", "beta")] == [200, 200]
    assert [world.call("{}", stage=name).status for name in ("prod", "beta")] == [429, 429]


def test_apis_whose_stages_have_one_name_have_a_bucket_each(clock: StoppedClock) -> None:
    admission, throttles = Admission(clock), {"*/*": Throttle(1, 1)}
    one, two = (
        World(replace(api(mock_method()), id=each), admission=admission).with_stage(throttles=throttles)
        for each in ("one", "two")
    )
    for status in (200, 429):
        assert one.call(verb="GET", api_id="one").status == status
        assert two.call(verb="GET", api_id="two").status == status


@pytest.mark.parametrize(
    "headers",
    [{}, {"x-api-key": ""}, {"x-api-key": "wrong"}, {"x-api-key": KEY.value.upper()}, {"x-api-key": KEY.id}],
)
def test_without_a_key_of_the_plan_the_answer_is_403(clock: StoppedClock, headers: dict[str, str]) -> None:
    """Developer guide, "Gateway response types", INVALID_API_KEY."""
    response = planned(clock).call("{}", headers=headers)
    assert (response.status, said(response)) == (403, {"message": "Forbidden"})
    assert header(response, "x-amzn-ErrorType") == "ForbiddenException"


def test_a_key_of_the_plan_is_let_in_whatever_the_case_of_the_header(clock: StoppedClock) -> None:
    """Developer guide, "Set up API keys using the API Gateway console": sent as x-api-key."""
    world = planned(clock)
    assert world.call("{}", headers=SEND_KEY).status == 200
    assert world.call("{}", headers={"X-API-Key": KEY.value}).status == 200


def test_a_disabled_key_or_one_of_no_plan_is_403(clock: StoppedClock) -> None:
    """API reference, CreateApiKey: ``enabled``; a key works by a usage plan of the stage only."""
    world = planned(clock)
    disabled = UsagePlan("plan1", keys=(replace(KEY, enabled=False),))
    assert world.with_stage(usage_plans=(disabled,)).call("{}", headers=SEND_KEY).status == 403
    assert world.with_stage(usage_plans=()).call("{}", headers=SEND_KEY).status == 403


def test_each_key_has_the_throttle_of_the_plan_to_itself(clock: StoppedClock) -> None:
    """Developer guide, "Usage plans": the throttle of a plan is for each API key."""
    world = planned(clock, throttle=Throttle(1, 1))
    assert [world.call("{}", headers=SEND_KEY).status for _ in range(2)] == [200, 429]
    assert world.call("{}", headers={"x-api-key": OTHER.value}).status == 200


def test_a_plan_can_throttle_one_method(clock: StoppedClock) -> None:
    """API reference, ApiStage.throttle: by path and verb."""
    world = planned(clock, method_throttles={f"{PATH}/POST": Throttle(0, 0)})
    assert world.call("{}", headers=SEND_KEY).status == 429


def test_a_request_needs_a_token_of_the_method_s_bucket_and_one_of_the_plan_s(clock: StoppedClock) -> None:
    throttle = Throttle(1, 2)
    world = planned(clock, throttle=throttle, method_throttles={f"{PATH}/POST": throttle})
    assert [world.call("{}", headers=SEND_KEY).status for _ in range(3)] == [200, 200, 429]


def test_a_key_of_two_plans_has_the_throttle_of_each(clock: StoppedClock) -> None:
    """Developer guide, "Usage plans": a key may belong to several plans, but to one for each stage."""
    world = planned(clock, throttle=Throttle(1, 1))
    other = replace(world.stages["prod"].usage_plans[0], id="plan2")
    world.stages["beta"] = replace(world.stages["prod"], name="beta", usage_plans=(other,))
    for status in (200, 429):
        assert world.call("{}", headers=SEND_KEY).status == status
        assert world.call("{}", headers=SEND_KEY, stage="beta").status == status


def test_the_function_is_told_by_whose_key_it_is_called(clock: StoppedClock) -> None:
    """Developer guide, "Lambda proxy integrations": requestContext.identity."""
    method = replace(lambda_method(type="AWS_PROXY"), api_key_required=True)
    world = World(api(method), admission=Admission(clock), handler=lambda _: {"statusCode": 200})
    world.with_stage(usage_plans=(UsagePlan("plan1", keys=(KEY, OTHER)),))
    assert world.call("{}", headers={"x-api-key": OTHER.value}).status == 200
    identity = world.events[0]["requestContext"]["identity"]
    assert (identity["apiKey"], identity["apiKeyId"]) == (OTHER.value, OTHER.id)


def test_a_used_up_quota_is_429_limit_exceeded(clock: StoppedClock) -> None:
    """Developer guide, "Gateway response types", QUOTA_EXCEEDED."""
    world = planned(clock, quota=Quota(2, "DAY"))
    answers = [world.call("{}", headers=SEND_KEY) for _ in range(3)]
    assert [each.status for each in answers] == [200, 200, 429]
    assert said(answers[2]) == {"message": "Limit Exceeded"}
    assert header(answers[2], "x-amzn-ErrorType") == "LimitExceededException"
    assert world.call("{}", headers={"x-api-key": OTHER.value}).status == 200


@pytest.mark.parametrize(("period", "days"), [("DAY", 1), ("WEEK", 7), ("MONTH", 31)])
def test_a_quota_starts_again_in_the_next_period(clock: StoppedClock, period: str, days: int) -> None:
    """API reference, QuotaSettings.period."""
    world = planned(clock, quota=Quota(1, period))
    assert [world.call("{}", headers=SEND_KEY).status for _ in range(2)] == [200, 429]
    clock.now += days * DAY
    assert world.call("{}", headers=SEND_KEY).status == 200


def test_the_offset_counts_in_the_first_period_only(clock: StoppedClock) -> None:
    """API reference, QuotaSettings.offset: subtracted from the limit in the initial time period."""
    world = planned(clock, quota=Quota(2, "DAY", offset=1))
    assert [world.call("{}", headers=SEND_KEY).status for _ in range(2)] == [200, 429]
    clock.now += DAY
    assert [world.call("{}", headers=SEND_KEY).status for _ in range(3)] == [200, 200, 429]


def test_other_methods_of_the_stage_need_no_key(clock: StoppedClock) -> None:
    """API reference, Method.apiKeyRequired is a setting of the method."""
    keyed = replace(lambda_method(), api_key_required=True)
    world = World(api(keyed, mock_method()), admission=Admission(clock))
    assert world.call(verb="GET").status == 200
    assert world.call("{}").status == 403
