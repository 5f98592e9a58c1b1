"""Whoever waits to delete a REST API waits as long as the queue moves, and asks rarely."""

from collections.abc import Callable, Iterable
from typing import Any

import pytest
from botocore.exceptions import ClientError
from hypothesis import given
from hypothesis import strategies as st

from lambda_over_https.aws.waiting.queue import LATEST, LOOK_EVERY, SOONEST, ApiQueue, ordinal
from lambda_over_https.aws.waiting.retries import RetryHandler
from lambda_over_https.errors import InterruptedRunError
from lambda_over_https.events import Event, Waiting
from lambda_over_https.run_context import RunContext
from tests.kit.in_memory.clock import StoppedClock


class Operation:
    name = "DeleteRestApi"


class Http:
    status_code = 429


class Account:
    """An account whose REST APIs somebody deletes, one every ``seconds``; it counts the looks at it."""

    def __init__(self, clock: StoppedClock, apis: int, seconds: float) -> None:
        self.clock, self.apis, self.seconds, self.looks = clock, apis, seconds, 0

    def __call__(self) -> Iterable[str]:
        self.looks += 1
        return [str(number) for number in range(self.left(), 0, -1)]

    def left(self) -> int:
        return max(0, self.apis - int(self.clock.now // self.seconds))


def refused(handler: RetryHandler, context: dict[str, Any]) -> float | None:
    response = (Http(), {"Error": {"Code": "TooManyRequestsException", "Message": "Too Many Requests"}})
    return handler(response, Operation(), 1, {"context": context})


def waiter(clock: StoppedClock, listed: Callable[[], Iterable[str]], told: list[Event]) -> RetryHandler:
    run = RunContext(told.append, clock, clock.pass_)
    return RetryHandler(run, 300, ApiQueue(listed, clock))


def test_it_waits_far_beyond_its_patience_while_the_number_falls() -> None:
    clock, told = StoppedClock(0.0), list[Event]()
    account = Account(clock, 30, 30)
    handler, context = waiter(clock, account, told), dict[str, Any]()
    tries = 0
    while account.left() > 0:
        assert refused(handler, context) == 0.0
        tries += 1
    assert clock.now > 800
    assert tries < 100
    assert account.looks <= 1 + clock.now / LOOK_EVERY
    places = [event.reason for event in told if isinstance(event, Waiting)]
    assert "about the 15th in the queue, 8 minutes" in places[0]
    assert "about the 1st in the queue" in places[-1]


def test_it_gives_up_when_nothing_moves() -> None:
    clock = StoppedClock(0.0)
    account = Account(clock, 30, 1e9)
    handler, context = waiter(clock, account, []), dict[str, Any]()
    while refused(handler, context) is not None:
        assert clock.now < 600
    assert 200 < clock.now <= 300


def test_it_gives_up_when_what_moved_stands_still() -> None:
    clock = StoppedClock(0.0)
    left = ["1", "2", "3"]

    def listed() -> list[str]:
        return left if clock.now < 100 else left[1:]

    handler, context = waiter(clock, listed, []), dict[str, Any]()
    while refused(handler, context) is not None:
        assert clock.now < 1000
    a_try = 1.2 * len(left)  # seconds; a look and the end both come with a try
    assert 350 < clock.now <= 100 + LOOK_EVERY + a_try + 300 + a_try


def test_new_apis_are_no_progress() -> None:
    clock, number = StoppedClock(0.0), 0

    def listed() -> list[str]:
        nonlocal number
        number += 1
        return [str(each) for each in range(number)]

    handler, context = waiter(clock, listed, []), dict[str, Any]()
    while refused(handler, context) is not None:
        assert clock.now < 600


def test_who_may_not_look_waits_with_patience_alone_and_asks_rarely() -> None:
    clock = StoppedClock(0.0)

    def denied() -> list[str]:
        raise ClientError({"Error": {"Code": "AccessDeniedException", "Message": "no"}}, "GetRestApis")

    handler, context, tries = waiter(clock, denied, []), dict[str, Any](), 0
    while refused(handler, context) is not None:
        tries += 1
    assert clock.now <= 300
    assert tries <= 300 / LATEST


def test_an_interrupt_ends_the_wait() -> None:
    clock = StoppedClock(0.0)
    run = RunContext(lambda event: None, clock, clock.pass_)
    handler = RetryHandler(run, 300, ApiQueue(Account(clock, 9, 30), clock))
    run.interrupt()
    with pytest.raises(InterruptedRunError):
        refused(handler, {})


@given(waiting=st.integers(min_value=1, max_value=600))
def test_all_who_wait_together_stay_far_below_ten_requests_a_second(waiting: int) -> None:
    """Each looks every 30 seconds and tries as often as the queue is long: with thirty, two a second."""
    queue = ApiQueue(lambda: [str(number) for number in range(waiting)], lambda: 0.0)
    queue.look()
    delay = queue.delay()
    assert SOONEST <= delay <= LATEST * 1.2
    if waiting <= 30:
        assert waiting * (1 / delay + 1 / LOOK_EVERY) <= 2.1


@pytest.mark.parametrize(
    ("number", "text"),
    [(1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (11, "11th"), (17, "17th"), (22, "22nd")],
)
def test_places(number: int, text: str) -> None:
    assert ordinal(number) == text
