"""How long the next try of each refused call is waited for, what is told of it, and when it is given up."""

from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError, HTTPClientError, ReadTimeoutError

from lambda_over_https.aws.waiting.queue import ApiQueue
from lambda_over_https.aws.waiting.retries import RetryHandler
from lambda_over_https.aws.waiting.verdict import PASSING_TRIES, again
from lambda_over_https.events import Event, Waiting
from lambda_over_https.run_context import LOOK, RunContext
from tests.kit.in_memory.clock import StoppedClock

SAMPLES = 200
"""How often a wait with chance in it is asked for."""

ROLE_SPREADS = {
    "Code": "InvalidParameterValueException",
    "Message": "The role defined for the function cannot be assumed by Lambda.",
}
IN_QUEUE = "ours is about the 2nd in the queue"


def delays(operation: str, tries: int, code: str) -> list[float]:
    """The waits after so many tries of a call that AWS limits, as chance will have it."""
    verdicts = [again(operation, tries, {"Code": code}, 429) for _ in range(SAMPLES)]
    return [verdict.delay for verdict in verdicts if verdict]


# --- how long ---


@pytest.mark.parametrize(("tries", "seconds"), [(1, 0.5), (2, 1), (3, 2), (4, 4), (5, 8), (6, 8), (30, 8)])
def test_a_limited_call_waits_twice_as_long_each_time_up_to_eight_seconds(tries: int, seconds: float) -> None:
    waits = delays("PutMethod", tries, "ThrottlingException")
    assert len(waits) == SAMPLES
    assert seconds <= min(waits) < max(waits) <= seconds * 1.1, "a little more, so that not all come together"


@pytest.mark.parametrize(("tries", "longest"), [(1, 6), (2, 9), (9, 30), (50, 30)])
def test_a_rationed_call_waits_at_random_between_its_ration_and_more_each_time(
    tries: int, longest: float
) -> None:
    waits = delays("CreateRestApi", tries, "TooManyRequestsException")
    assert 3 <= min(waits) < max(waits) <= longest * 1.1
    assert max(waits) > longest * 0.8


@pytest.mark.parametrize(("tries", "seconds"), [(1, 0.2), (2, 0.4), (3, 0.8), (4, 1.6)])
@pytest.mark.parametrize("status", [500, 502, 503, 504, None])
def test_a_failure_that_passes_is_waited_for_twice_as_long_each_time_and_without_a_word(
    tries: int, seconds: float, status: int | None
) -> None:
    verdict = again("GetRole", tries, {}, status)
    assert verdict is not None
    assert verdict.delay == pytest.approx(seconds)
    assert verdict.reason is None
    assert again("GetRole", PASSING_TRIES, {}, status) is None


# --- what counts as which error ---


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("Throttling", 400),
        ("RequestLimitExceeded", 503),
        ("SlowDown", 503),
        ("Whatever", 429),
        (None, 429),
    ],
)
def test_the_code_or_the_status_alone_says_that_there_were_too_many_requests(
    code: str | None, status: int
) -> None:
    verdict = again("GetRole", 50, {"Code": code} if code else {}, status)
    assert verdict is not None
    assert verdict.reason == "AWS limits GetRole for the whole account"


@pytest.mark.parametrize("status", [400, 403, 404, 409, 428, 430, 501, 505])
@pytest.mark.parametrize("error", [{}, {"Code": "Whatever"}, {"Code": "InvalidParameterValueException"}])
def test_any_other_error_stands(status: int, error: dict[str, str]) -> None:
    assert again("GetRole", 1, error, status) is None


@pytest.mark.parametrize(
    ("code", "message", "reason"),
    [
        (ROLE_SPREADS["Code"], ROLE_SPREADS["Message"], "IAM is spreading the role to Lambda"),
        (
            "ValidationException",
            "The execution role you provide must allow AWS EventBridge Scheduler to assume the role.",
            "IAM is spreading the role to EventBridge Scheduler",
        ),
        (
            "ResourceConflictException",
            "The function is currently in the following state: Pending",
            "Lambda is still busy with the function",
        ),
        (
            "ConflictException",
            "Unable to complete operation due to concurrent modification.",
            "API Gateway is still busy with the API",
        ),
        ("ResourceInUseException", "Table is being deleted: x", "DynamoDB is still busy"),
        ("WAFUnavailableEntityException", None, "AWS WAF is preparing the firewall"),
        ("OperationAbortedException", None, "CloudWatch Logs is still busy with the log group"),
    ],
)
def test_what_is_not_yet_so_is_asked_for_soon_and_the_user_is_told_what_is_waited_for(
    code: str, message: str | None, reason: str
) -> None:
    verdict = again("Whatever", 1, {"Code": code} | ({"Message": message} if message else {}), 400)
    assert verdict is not None
    assert (verdict.delay, verdict.reason) == (LOOK, reason)


# --- what becomes of a call ---


class Caller:
    """Somebody whose calls are refused; ``told`` is what the user is told of the waits."""

    def __init__(self, patience: float = 300, apis: int | None = None, **options: Any) -> None:
        self.clock = StoppedClock(1000.0)
        self.events: list[Event] = []
        run = RunContext(self.events.append, self.clock, self.clock.pass_)
        queue = ApiQueue(lambda: [str(number) for number in range(apis or 0)], self.clock)
        self._handler = RetryHandler(run, patience, None if apis is None else queue, **options)
        self._context: dict[str, Any] = {}
        self._attempts = 0

    def tries_again(self, operation: str, status: int | Exception, error: Any = None) -> bool:
        """Whether the call is made again at once after this answer: an HTTP status, or none but an error."""
        self._attempts += 1
        silent = isinstance(status, Exception)
        http = type("Http", (), {"status_code": status})()
        told = self._handler(
            None if silent else (http, {} if error is None else {"Error": error}),
            type("Operation", (), {"name": operation})(),
            self._attempts,
            {"context": self._context},
            status if isinstance(status, Exception) else None,
        )
        assert told in (0.0, None), "the handler waits by itself"
        return told is not None

    @property
    def waited(self) -> float:
        """Seconds so far."""
        return self.clock.now - 1000.0

    @property
    def told(self) -> list[Waiting]:
        return [event for event in self.events if isinstance(event, Waiting)]


@pytest.mark.parametrize(("status", "again_"), [(200, False), (204, False), (299, False), (400, True)])
def test_an_answer_that_says_success_stands_whatever_else_it_says(status: int, again_: bool) -> None:
    assert Caller().tries_again("GetRole", status, {"Code": "Throttling"}) is again_


@pytest.mark.parametrize(
    ("status", "error", "again_"),
    [
        (500, None, True),
        (503, {"Code": "ServiceUnavailable"}, True),
        (400, None, False),
        (400, {"Code": "Throttling"}, True),
        (400, ROLE_SPREADS, True),
        (404, {"Code": "NoSuchEntity"}, False),
        (EndpointConnectionError(endpoint_url="x"), None, True),
        (HTTPClientError(error="closed"), None, True),
        (ValueError("no connection's"), None, False),
    ],
)
def test_the_answer_decides_whether_the_call_is_made_again(
    status: int | Exception, error: Any, again_: bool
) -> None:
    caller = Caller()
    assert caller.tries_again("GetRole", status, error) is again_
    assert (caller.waited > 0) is again_


def test_each_wait_tells_since_when_and_how_long_until_the_next_try() -> None:
    caller = Caller()
    for _ in range(3):
        assert caller.tries_again("CreateFunction", 400, ROLE_SPREADS)
    assert [(wait.elapsed, wait.next_look) for wait in caller.told] == [
        (0, LOOK),
        (LOOK, LOOK),
        (2 * LOOK, LOOK),
    ]


def test_an_unanswered_call_is_asked_once_more_after_the_wait_of_a_failure_that_passes() -> None:
    caller = Caller()
    assert caller.tries_again("GetRole", ReadTimeoutError(endpoint_url="x"))
    [wait] = caller.told
    assert (wait.next_look, caller.waited) == pytest.approx((0.2, 0.2))


@pytest.mark.parametrize(("patience", "again_"), [(LOOK, True), (LOOK * 0.99, False)])
def test_a_wait_that_ends_within_the_patience_is_waited(patience: float, again_: bool) -> None:
    assert Caller(patience).tries_again("CreateFunction", 400, ROLE_SPREADS) is again_


@pytest.mark.parametrize("factor", [0.01, 1.0, 2.0])
def test_the_wait_for_a_ration_is_as_long_as_time_is_there(factor: float) -> None:
    caller = Caller(factor=factor)
    assert caller.tries_again("DeleteRestApi", 429)
    assert 30 * factor <= caller.waited <= 33 * factor


# --- turns and the queue ---


@pytest.mark.parametrize(
    ("status", "error", "again_"),
    [(429, None, False), (400, {"Code": "TooManyRequestsException"}, False), (503, None, True)],
)
def test_without_turns_a_rationed_call_is_made_again_only_where_it_was_not_its_turn_that_failed(
    status: int, error: Any, again_: bool
) -> None:
    assert Caller(turns=False).tries_again("DeleteRestApi", status, error) is again_
    assert Caller(turns=False, apis=3).tries_again("DeleteRestApi", status, error) is again_


def test_without_turns_a_call_that_has_no_ration_is_made_again() -> None:
    assert Caller(turns=False).tries_again("PutMethod", 429)


@pytest.mark.parametrize(
    ("operation", "status", "error", "queued"),
    [
        ("DeleteRestApi", 429, {"Code": "TooManyRequestsException"}, True),
        ("DeleteRestApi", 429, None, True),
        ("DeleteRestApi", 400, {"Code": "ConflictException", "Message": "concurrent modification"}, False),
        ("CreateRestApi", 429, {"Code": "TooManyRequestsException"}, False),
    ],
)
def test_only_a_delete_of_an_api_that_was_too_soon_waits_in_the_queue(
    operation: str, status: int, error: Any, queued: bool
) -> None:
    caller = Caller(apis=3)
    assert caller.tries_again(operation, status, error)
    [wait] = caller.told
    assert (IN_QUEUE in wait.reason) is queued


def test_a_wait_in_the_queue_tells_since_when_and_how_long_until_the_next_try() -> None:
    caller = Caller(apis=3)
    for _ in range(2):
        assert caller.tries_again("DeleteRestApi", 429)
    first, second = caller.told
    assert (first.elapsed, second.elapsed) == pytest.approx((0, first.next_look))
    assert first.next_look + second.next_look == pytest.approx(caller.waited)
    assert 3 <= first.next_look <= 3.6


@pytest.mark.parametrize(("patience", "again_"), [(3.7, True), (2.9, False)])
def test_the_next_try_of_the_queue_comes_within_the_patience_or_not_at_all(
    patience: float, again_: bool
) -> None:
    assert Caller(patience, apis=3).tries_again("DeleteRestApi", 429) is again_
