"""Whoever watches learns how far each request got, and why it stopped; while nobody does, nothing is kept."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from lambda_over_https.sandbox.gateway.admission import Admission
from lambda_over_https.sandbox.gateway.request.watch import LAPSE, Watch
from lambda_over_https.sandbox.model.apis import Throttle
from tests.kit.clock import StoppedClock
from tests.kit.gateway import FORM, JSON, PATH, FunctionError, World, allow, api, lambda_method, mock_method

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


def test_what_is_left_of_a_bucket_is_told_with_each_request() -> None:
    throttle = Throttle(rate_limit=1, burst_limit=2)
    world = World(api(lambda_method()), admission=Admission(clock=StoppedClock()))
    world.with_stage(throttles={f"{PATH}/POST": throttle})

    async def scene() -> list[Note]:
        last, _ = await world.gateway.watch.after(None, 0)
        for _ in range(3):
            await world.send("{}")
        notes = (await world.gateway.watch.after(last, 0))[1]
        return [note for note in notes if note["status"] is not None]

    told = asyncio.run(scene())
    assert [note["limits"] for note in told] == [
        [{"name": "stage bucket", "left": left, "size": 2, "rate": 1}] for left in (1, 0, 0)
    ]
    assert [note["stopped"] for note in told] == ["", "", "THROTTLED"]
