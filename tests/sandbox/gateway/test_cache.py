"""The cache of a stage: what is given again, for how long, and who may renew it."""

import asyncio
import functools
from dataclasses import replace
from typing import Any

import pytest

from lambda_over_https.sandbox.gateway.gates.cache import LARGEST, ROOM, ResponseCache
from lambda_over_https.sandbox.gateway.service import Gateway
from lambda_over_https.sandbox.model.apis import Caching, IntegrationResponse
from lambda_over_https.sandbox.web.http import Request, Response
from tests.kit.in_memory.clock import StoppedClock
from tests.kit.sandbox.gateway import PATH, FunctionError, World, api, header, lambda_method, said

ON = Caching(enabled=True, ttl=300)
RENEW = {"Cache-Control": "max-age=0"}
ID = "method.request.querystring.Id"


def world(clock: StoppedClock | None = None, *, may_renew: bool = False, **caching: Caching) -> World:
    """GET and POST that count their calls, cached as told: ``every``, ``get`` and ``post`` methods."""
    calls = iter(range(1, 1000))
    template = {"application/json": '{"id": "$input.params(\'Id\')"}'}
    get = lambda_method("GET", request_templates=template, cache_key_parameters=(ID,))
    made = World(api(get, lambda_method()), lambda _: next(calls))
    cache = ResponseCache(lambda *_: may_renew, clock or StoppedClock())
    made.gateway = Gateway(made, made.invoke, cache=cache)
    keys = {"every": "*/*", "get": f"{PATH}/GET", "post": f"{PATH}/POST"}
    return made.with_stage(cache="1", caching={keys[name]: each for name, each in caching.items()})


def got(made: World, identity: str = "1", verb: str = "GET", **more: Any) -> Any:
    """The body of one request's answer."""
    return said(made.call(verb=verb, query=f"Id={identity}", **more))


def test_a_get_is_answered_from_the_cache_until_its_time_is_over() -> None:
    clock = StoppedClock()
    made = world(clock, every=ON)
    assert [got(made), got(made)] == [1, 1]
    clock.now = 299
    assert got(made) == 1
    clock.now = 300
    assert got(made) == 2
    assert len(made.payloads) == 2


def test_an_answer_from_the_cache_has_ids_of_its_own_and_no_trace() -> None:
    made = world(every=ON)
    first, second = (made.call(verb="GET") for _ in range(2))
    assert header(first, "x-amzn-RequestId") != header(second, "x-amzn-RequestId")
    assert header(first, "X-Amzn-Trace-Id")
    assert header(second, "X-Amzn-Trace-Id") is None


def test_each_cache_key_has_its_own_entry() -> None:
    made = world(every=ON)
    assert [got(made, "1"), got(made, "2"), got(made, "1"), got(made, "2")] == [1, 2, 1, 2]


def test_what_is_no_cache_key_makes_no_difference() -> None:
    made = world(every=ON)
    made.call(verb="GET", query="Id=1&other=1")
    assert said(made.call(verb="GET", query="other=2&Id=1", headers={"X-Other": "3"})) == 1


def test_only_get_is_cached_unless_the_method_says_so_itself() -> None:
    made = world(every=ON)
    assert [got(made, verb="POST"), got(made, verb="POST")] == [1, 2]
    made = world(every=ON, post=ON)
    assert [got(made, verb="POST"), got(made, verb="POST")] == [1, 1]


def test_a_cached_post_answers_another_body_and_does_not_run() -> None:
    made = world(post=ON)
    assert said(made.call('{"operation": "create"}')) == 1
    assert said(made.call('{"operation": "delete"}')) == 1
    assert made.events == [{"operation": "create"}]


@pytest.mark.parametrize("off", [Caching(enabled=False), Caching(enabled=True, ttl=0)])
def test_a_method_can_be_left_out(off: Caching) -> None:
    made = world(every=ON, get=off)
    assert [got(made), got(made)] == [1, 2]


def test_errors_of_the_function_are_cached_too() -> None:
    def fail(_: object) -> None:
        raise FunctionError("no")

    responses = (IntegrationResponse("200"), IntegrationResponse("400", "no"))
    made = World(api(lambda_method("GET", responses=responses)), fail)
    made = made.with_stage(cache="1", caching={"*/*": ON})
    assert [made.call(verb="GET").status for _ in range(2)] == [400, 400]
    assert len(made.payloads) == 1


def test_the_gateways_own_errors_are_not_cached() -> None:
    made = World(api(lambda_method("GET")), statements=[]).with_stage(cache="1", caching={"*/*": ON})
    assert made.call(verb="GET").status == 500
    made.statements = World(api()).statements
    assert made.call(verb="GET").status == 200


def test_a_response_over_a_mebibyte_is_not_cached() -> None:
    for size, calls in ((LARGEST - 2, 1), (LARGEST, 2)):
        made = World(api(lambda_method("GET")), functools.partial(_text, size))
        made = made.with_stage(cache="1", caching={"*/*": ON})
        for _ in range(2):
            made.call(verb="GET")
        assert len(made.payloads) == calls


def _text(size: int, _: object) -> str:
    return "x" * size


def test_integrations_of_one_namespace_share_what_is_cached() -> None:
    for namespaces, wanted in ((("a", "a"), [1, 1]), (("a", "b"), [1, 2])):
        methods = [lambda_method("GET", cache_namespace=each) for each in namespaces]
        two = api(methods[0], path="/one")
        two = replace(two, resources={**two.resources, **_at("/two", methods[1])})
        made = World(two, functools.partial(next, iter(range(1, 10))))
        made = made.with_stage(cache="1", caching={"*/*": ON})
        assert [said(made.call(verb="GET", path=path)) for path in ("/one", "/two")] == wanted


def _at(path: str, method: Any) -> dict[str, Any]:
    resource = replace(next(iter(api(method, path=path).resources.values())), id="res2", path=path)
    return {"res2": replace(resource, methods={"GET": method})}


def test_another_cache_begins_empty() -> None:
    made = world(every=ON)
    assert got(made) == 1
    assert got(made.with_stage(cache="2")) == 2
    assert got(made.with_stage(cache=None)) == 3


@pytest.mark.parametrize("may_renew", [True, False])
@pytest.mark.parametrize("required", [True, False])
def test_max_age_0_renews_an_entry_if_the_client_may(may_renew: bool, required: bool) -> None:
    made = world(may_renew=may_renew, every=replace(ON, require_authorization=required))
    assert got(made) == 1
    renewed = got(made, headers=RENEW)
    assert renewed == (2 if may_renew or not required else 1)
    assert got(made) == renewed


@pytest.mark.parametrize(
    ("strategy", "status", "warned"),
    [
        ("FAIL_WITH_403", 403, False),
        ("SUCCEED_WITH_RESPONSE_HEADER", 200, True),
        ("SUCCEED_WITHOUT_RESPONSE_HEADER", 200, False),
    ],
)
def test_a_client_that_may_not_renew_is_refused_warned_or_served(
    strategy: str, status: int, warned: bool
) -> None:
    made = world(every=replace(ON, unauthorized=strategy))
    for _ in range(2):
        response = made.call(verb="GET", headers={"Cache-Control": "No-Cache, MAX-AGE=0"})
        assert response.status == status
        assert (header(response, "Warning") is not None) is warned
    assert header(made.call(verb="GET"), "Warning") is None


def test_the_caches_take_a_bounded_part_of_the_memory() -> None:
    cache = ResponseCache()
    body = b"x" * LARGEST

    async def fill() -> int:
        calls = 0

        async def answer() -> Response:
            nonlocal calls
            calls += 1
            return Response(200, body)

        made = world(every=ON)
        for number in (*range(ROOM // LARGEST + 1), 0):
            exchange = _exchange(made, f"Id={number}")
            await cache.respond(exchange, answer)
        return calls

    assert asyncio.run(fill()) == ROOM // LARGEST + 2


def _exchange(made: World, query: str) -> Any:
    from lambda_over_https.sandbox.gateway.request.exchange import Exchange
    from lambda_over_https.sandbox.gateway.service import route

    exchange = Exchange(Request("GET", PATH, query, {}, b""), made.stages["prod"], PATH)
    route(exchange)
    return exchange
