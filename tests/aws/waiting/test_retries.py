"""Calls are repeated by what the error means, patiently, visibly, and never where that could do harm."""

from typing import Any

import pytest
from botocore.exceptions import HTTPClientError, ReadTimeoutError

from lambda_over_https.aws.waiting.retries import RetryHandler, is_repeated
from lambda_over_https.aws.waiting.verdict import LONGEST_BACK_OFF, RUN_TRIES, again
from lambda_over_https.errors import InterruptedRunError
from lambda_over_https.events import Event, Waiting
from lambda_over_https.run_context import RunContext
from tests.kit.in_memory.clock import StoppedClock


def _error(code: str, message: str = "") -> dict[str, str]:
    return {"Code": code, "Message": message}


@pytest.mark.parametrize("code", ["TooManyRequestsException", "Throttling", "ThrottlingException"])
def test_too_many_requests_is_always_tried_again(code: str) -> None:
    assert again("DeleteRestApi", 50, _error(code), 429) is not None


def test_a_rationed_call_waits_for_its_ration() -> None:
    verdict = again("DeleteRestApi", 1, _error("TooManyRequestsException", "Too Many Requests"), 429)
    assert verdict is not None
    assert 30 <= verdict.delay <= 33
    assert verdict.reason


@pytest.mark.parametrize(
    ("operation", "code", "message"),
    [
        (
            "CreateFunction",
            "InvalidParameterValueException",
            "The role defined for the function cannot be assumed by Lambda.",
        ),
        (
            "Invoke2",
            "ResourceConflictException",
            "The function is currently in the following state: Pending",
        ),
        (
            "UpdateFunctionCode",
            "ResourceConflictException",
            "The operation cannot be performed at this time. An update is in progress for resource: arn",
        ),
        (
            "PutMethod",
            "ConflictException",
            "Unable to complete operation due to concurrent modification. Please try again later.",
        ),
        ("DeleteTable", "ResourceInUseException", "Attempt to change a resource: Table is being created: x"),
    ],
)
def test_not_yet_is_known_by_its_message(operation: str, code: str, message: str) -> None:
    assert again(operation, 30, _error(code, message), 400) is not None


@pytest.mark.parametrize(
    ("operation", "code", "message", "status"),
    [
        ("CreateFunction", "InvalidParameterValueException", "Unzipped size must be smaller", 400),
        ("CreateFunction", "ResourceConflictException", "Function already exist: x", 409),
        ("CreateRole", "AccessDenied", "no", 403),
        ("CreateRole", "ExpiredToken", "old", 403),
        ("CreateRestApi", "InternalFailure", "", 500),
        ("AddPermission", "ServiceException", "", 503),
        ("Invoke", "ServiceException", "", 500),
        ("TestInvokeMethod", "InternalFailure", "", 500),
    ],
)
def test_what_would_not_help_or_could_do_harm_is_not_tried_again(
    operation: str, code: str, message: str, status: int
) -> None:
    assert again(operation, 1, _error(code, message), status) is None


def test_a_rationed_call_comes_back_ever_more_rarely_but_not_too_rarely() -> None:
    """Thirty programs that come back every three seconds would take what the account has for all calls."""
    throttled = _error("TooManyRequestsException", "Too Many Requests")
    for tries in range(1, 40):
        verdict = again("CreateRestApi", tries, throttled, 429)
        assert verdict is not None
        assert 3 <= verdict.delay <= min(3 * (tries + 1), LONGEST_BACK_OFF) * 1.1
    delays = [verdict.delay for _ in range(300) if (verdict := again("CreateRestApi", 20, throttled, 429))]
    assert sum(delays) / len(delays) > 10


def test_where_time_is_shorter_so_are_the_waits_for_a_ration() -> None:
    verdict = again("DeleteRestApi", 1, _error("TooManyRequestsException"), 429, factor=0.01)
    assert verdict is not None
    assert verdict.delay <= 0.33


def test_what_api_gateway_limits_did_not_run_the_function_and_is_tried_for_long() -> None:
    assert again("TestInvokeMethod", 50, _error("TooManyRequestsException"), 429) is not None
    assert again("TestInvokeMethod", RUN_TRIES, _error("ConflictException"), 409) is None


def test_an_invocation_that_was_throttled_did_not_run_and_is_tried_again_but_not_for_long() -> None:
    throttled = _error("TooManyRequestsException", "Rate Exceeded.")
    assert again("Invoke", 1, throttled, 429) is not None
    assert again("Invoke", RUN_TRIES, throttled, 429) is None


def test_a_lost_connection_is_tried_again_only_where_repeating_is_harmless() -> None:
    assert again("GetRole", 1, {}, None) is not None
    assert again("PutRolePolicy", 1, {}, None) is not None
    assert again("CreateRestApi", 1, {}, None) is None
    assert again("Invoke", 1, {}, None) is None


def test_a_passing_failure_that_does_not_pass_is_given_up() -> None:
    assert again("GetRole", 5, {}, 500) is None


@pytest.mark.parametrize("needed", [1.0, 2.0, 4.0, 8.0, 15.0, 60.0])
def test_a_wait_ends_soon_after_what_it_waits_for(needed: float) -> None:
    clock, looks = StoppedClock(), 0

    def done() -> bool:
        nonlocal looks
        looks += 1
        return clock.now >= needed

    assert RunContext(lambda _: None, clock, clock.pass_).wait_until(done, "", 300)
    assert clock.now - needed <= max(0.25, 0.08 * needed)
    assert looks <= 1 + 4 * needed
    assert looks <= 115


class _Operation:
    name = "DeleteRestApi"


class _Http:
    status_code = 429


def _throttled(handler: RetryHandler, context: dict[str, Any], attempts: int) -> float | None:
    response = (_Http(), {"Error": _error("TooManyRequestsException")})
    return handler(response, _Operation(), attempts, {"context": context})


def test_patience_ends_after_its_seconds_and_every_wait_says_why() -> None:
    told: list[Event] = []
    clock = StoppedClock()
    run = RunContext(told.append, clock, clock.pass_)
    handler, context = RetryHandler(run, patience=100), dict[str, Any]()
    answers = [_throttled(handler, context, attempts) for attempts in range(1, 6)]
    assert answers == [0.0, 0.0, 0.0, None, None]
    waits = [event for event in told if isinstance(event, Waiting)]
    assert len(waits) == 3
    assert all("DeleteRestApi" in wait.reason for wait in waits)


def test_a_refused_call_is_known_as_such_and_an_answered_one_is_not() -> None:
    clock = StoppedClock()
    handler = RetryHandler(RunContext(lambda event: None, clock, clock.pass_), patience=100)
    context = dict[str, Any]()
    assert not is_repeated(context)
    _throttled(handler, context, 1)
    assert is_repeated(context)


def test_without_turns_a_rationed_call_is_not_made_again() -> None:
    clock = StoppedClock()
    run = RunContext(lambda event: None, clock, clock.pass_)
    handler = RetryHandler(run, patience=100, turns=False)
    assert _throttled(handler, {}, 1) is None
    assert clock.now == StoppedClock().now


def test_an_address_that_is_silent_is_asked_twice_and_that_is_said() -> None:
    """Each try takes as long as an answer may take: five of them would be minutes without a word."""
    told: list[Event] = []
    run = RunContext(told.append, sleep=lambda _: None)
    handler, silence = RetryHandler(run, patience=300), ReadTimeoutError(endpoint_url="x")
    operation, request = type("Operation", (), {"name": "GetRole"})(), dict[str, Any](context={})
    assert handler(None, operation, 1, request, silence) == 0.0
    assert handler(None, operation, 2, request, silence) is None
    [wait] = [event for event in told if isinstance(event, Waiting)]
    assert "GetRole was not answered" in wait.reason


def test_what_could_not_be_sent_is_not_sent_again() -> None:
    handler = RetryHandler(RunContext(lambda event: None, sleep=lambda _: None), patience=300)
    operation, request = type("Operation", (), {"name": "GetRole"})(), dict[str, Any](context={})
    broken = HTTPClientError(error="Invalid header value b'a\\nb'")
    assert handler(None, operation, 1, request, HTTPClientError(error="closed")) == 0.0
    assert handler(None, operation, 1, request, broken) is None


def test_an_interrupt_ends_the_wait_between_two_tries() -> None:
    run = RunContext(lambda event: None)
    run.interrupt()
    with pytest.raises(InterruptedRunError):
        _throttled(RetryHandler(run, 100), {}, 1)
