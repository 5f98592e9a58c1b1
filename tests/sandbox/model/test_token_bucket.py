"""The token bucket: a burst at once, then a steady rate, and never more."""

from hypothesis import given
from hypothesis import strategies as st

from lambda_over_https.sandbox.model.token_bucket import TokenBucket
from tests.kit.in_memory.clock import StoppedClock


def test_a_full_bucket_gives_its_size_at_once_and_then_its_rate() -> None:
    clock = StoppedClock()
    bucket = TokenBucket(rate=2, size=3, now=clock)
    assert [bucket.take() for _ in range(4)] == [True, True, True, False]
    clock.now = 0.5
    assert [bucket.take() for _ in range(2)] == [True, False]


def test_a_bucket_never_holds_more_than_its_size() -> None:
    clock = StoppedClock()
    bucket = TokenBucket(rate=2, size=3, now=clock)
    clock.now = 1000.0
    assert [bucket.take() for _ in range(4)] == [True, True, True, False]


@given(st.integers(1, 20), st.integers(1, 20), st.lists(st.sampled_from([0.0, 0.25, 0.5, 2.0]), max_size=80))
def test_no_pattern_of_requests_gets_more_than_size_and_rate(
    rate: int, size: int, pauses: list[float]
) -> None:
    clock = StoppedClock()
    bucket = TokenBucket(rate, size, clock)
    taken = 0
    for pause in pauses:
        clock.now += pause
        taken += bucket.take()
    assert taken <= size + rate * clock.now
