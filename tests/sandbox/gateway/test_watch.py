"""Whoever watches learns how far each request got, and why it stopped; while nobody does, nothing is kept."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from lambda_over_https.sandbox.gateway.gates.admission import Admission
from lambda_over_https.sandbox.gateway.request.watch import LAPSE, Watch
from lambda_over_https.sandbox.model.apis import ApiKey, Quota, Throttle, UsagePlan
from tests.kit.in_memory.clock import StoppedClock
from tests.kit.sandbox.gateway import (
    FORM,
    JSON,
    PATH,
    FunctionError,
    World,
    allow,
    api,
    lambda_method,
    mock_method,
)

Note = Mapping[str, Any]


def _watched(world: World, body: str = "{}", **more: Any) -> list[Note]:
    """What is told of one request."""

    async def scene() -> list[Note]:
        last, _ = await world.gateway.watch.after(None, 0)
        await world.send(body, **more)
        return (await world.gateway.watch.after(last, 0))[1]

    return asyncio.run(scene())


def _hops(note: Note) -> list[str]:
    times = [hop["ms"] for hop in note["hops"]]
    assert times == sorted(times)
    return [hop["name"] for hop in note["hops"]]


def test_a_request_is_told_when_it_reaches_the_function_and_when_it_is_answered() -> None:
    running, answered = _watched(World(api(lambda_method())), '{"a": 1}', headers=JSON)
    assert (running["status"], _hops(running)[-1]) == (None, "function")
    assert _hops(answered) == ["gateway", "method", "integration", "permission", "function"]
    assert (answered["status"], answered["stopped"], answered["failed"]) == (200, "", "")
    assert (answered["body"], answered["answer"]) == ('{"a": 1}', '{"a": 1}')
    assert answered["id"] == running["id"]
    assert answered["ms"] >= answered["hops"][-1]["ms"]


def test_without_permission_it_stops_at_the_permission() -> None:
    (note,) = _watched(World(api(lambda_method()), statements=[allow("/*/*/Other")]))
    assert _hops(note)[-1] == "permission"
    assert (note["status"], note["stopped"]) == (500, "API_CONFIGURATION_ERROR")
    assert "Invalid permissions on Lambda function" in note["detail"]


@pytest.mark.parametrize(
    ("request_", "last", "status", "stopped"),
    [
        ({"path": "/nowhere"}, "gateway", 403, "MISSING_AUTHENTICATION_TOKEN"),
        ({"stage": "other"}, "gateway", 403, "ACCESS_DENIED"),
        ({"body": "{"}, "integration", 400, "BAD_REQUEST_BODY"),
    ],
)
def test_it_stops_at_the_last_hop_that_it_reached(
    request_: dict[str, Any], last: str, status: int, stopped: str
) -> None:
    (note,) = _watched(World(api(lambda_method())), **request_)
    assert (_hops(note)[-1], note["status"], note["stopped"]) == (last, status, stopped)


def test_a_function_that_fails_is_told_with_its_error() -> None:
    def fail(_: Any) -> None:
        raise FunctionError("no such table")

    _, note = _watched(World(api(lambda_method()), fail))
    assert "no such table" in note["failed"]
    assert note["stopped"] == ""


def test_a_method_without_a_function_reaches_none() -> None:
    (note,) = _watched(World(api(mock_method("GET"))), verb="GET")
    assert _hops(note) == ["gateway", "method", "integration"]


def test_headers_that_may_hold_keys_are_not_told() -> None:
    secret = {"x-api-key": "SECRET", "Authorization": "SECRET", "Cookie": "SECRET", "User-Agent": "curl"}
    notes = _watched(World(api(lambda_method())), headers={**JSON, **secret})
    assert "SECRET" not in repr(notes)
    assert notes[-1]["headers"] == {"content-type": "application/json", "user-agent": "curl"}


def test_long_bodies_are_cut_and_bytes_that_are_no_text_are_replaced() -> None:
    (note,) = _watched(World(api(mock_method("POST"))), "x" * 9000, headers=FORM)
    assert len(note["body"]) < 4010
    assert note["body"].endswith(" …")


def test_nothing_is_kept_while_nobody_watches_and_after_the_last_watcher_has_gone() -> None:
    async def scene() -> list[int]:
        clock, world = StoppedClock(), World(api(lambda_method()))
        watch = world.gateway.watch = Watch(clock)
        told = []
        for wait in (0.0, LAPSE + 1):
            await world.send("{}")
            told.append((await watch.after(None, 0))[0])
            await world.send("{}")
            told.append((await watch.after(None, 0))[0])
            clock.now += wait
        return told

    assert asyncio.run(scene()) == [0, 2, 4, 6]


def _limits_of(world: World, requests: int, **more: Any) -> list[list[Note]]:
    """What is told of the limits with each of so many requests that are answered."""

    async def scene() -> list[Note]:
        last, _ = await world.gateway.watch.after(None, 0)
        for _ in range(requests):
            await world.send("{}", **more)
        return (await world.gateway.watch.after(last, 0))[1]

    return [note["limits"] for note in asyncio.run(scene()) if note["status"] is not None]


@pytest.mark.parametrize(
    ("rate", "burst", "size", "left"),
    [(1, 2, 2, (1, 0, 0)), (3, None, 3, (2, 1, 0)), (0.5, None, 1, (0, 0, 0))],
)
def test_what_is_left_of_a_stage_s_bucket_is_told_with_each_request(
    rate: float, burst: int | None, size: int, left: tuple[int, ...]
) -> None:
    world = World(api(lambda_method()), admission=Admission(clock=StoppedClock()))
    world.with_stage(throttles={f"{PATH}/POST": Throttle(rate, burst)})
    assert _limits_of(world, len(left)) == [
        [{"name": "stage bucket", "left": each, "size": size, "rate": rate}] for each in left
    ]


def test_what_is_left_of_a_plan_s_bucket_and_of_its_quota_is_told_with_each_request() -> None:
    keys = (ApiKey("key1", "k" * 20),)
    plan = UsagePlan("plan1", keys=keys, throttle=Throttle(1, 5), quota=Quota(2, "DAY"))
    method = replace(lambda_method(), api_key_required=True)
    world = World(api(method), admission=Admission(clock=StoppedClock())).with_stage(usage_plans=(plan,))
    assert _limits_of(world, 3, headers={"x-api-key": keys[0].value}) == [
        [
            {"name": "plan bucket", "left": tokens, "size": 5, "rate": 1},
            {"name": "quota", "left": requests, "size": 2, "rate": None},
        ]
        for tokens, requests in ((4, 1), (3, 0), (2, 0))
    ]


def test_a_request_that_is_throttled_is_told_as_stopped() -> None:
    world = World(api(lambda_method()), admission=Admission(clock=StoppedClock()))
    (note,) = _watched(world.with_stage(throttles={"*/*": Throttle(0, 0)}))
    assert (note["status"], note["stopped"], note["limits"]) == (429, "THROTTLED", [])
