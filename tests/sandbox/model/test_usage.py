"""The record of what keys have used of their quotas."""

import datetime
import time
from collections.abc import Iterator

import pytest

from lambda_over_https.sandbox.model.apis import Quota
from lambda_over_https.sandbox.model.usage import Usage

KEY, OTHER = ("plan", "key"), ("plan", "other")
MONDAY = datetime.datetime(2026, 11, 23, 12, tzinfo=datetime.UTC)


def at(days: float) -> float:
    """Epoch seconds, so many days after a Monday noon."""
    return (MONDAY + datetime.timedelta(days=days)).timestamp()


def day(days: int) -> datetime.date:
    return (MONDAY + datetime.timedelta(days=days)).date()


def test_a_quota_ends_for_one_key_and_the_other_goes_on() -> None:
    usage, quota = Usage(), Quota(2, "DAY")
    assert [usage.use(KEY, quota, at(0)) for _ in range(3)] == [True, True, False]
    assert usage.use(OTHER, quota, at(0))
    assert list(usage.by_day(KEY, quota, day(-1), day(0))) == [(0, 2), (2, 0)]
    assert list(usage.by_day(OTHER, quota, day(0), day(0))) == [(1, 1)]


@pytest.mark.parametrize(("period", "next_period"), [("DAY", 1), ("WEEK", 7), ("MONTH", 8)])
def test_a_quota_is_new_with_each_period(period: str, next_period: int) -> None:
    usage, quota = Usage(), Quota(1, period)
    assert usage.use(KEY, quota, at(0))
    assert not usage.use(KEY, quota, at(next_period - 1)) or period == "DAY"
    assert usage.use(KEY, quota, at(next_period))


def test_what_remains_is_told_for_each_day_of_a_longer_period() -> None:
    usage, quota = Usage(), Quota(5, "WEEK")
    for days in (0, 0, 2):
        usage.use(KEY, quota, at(days))
    assert list(usage.by_day(KEY, quota, day(0), day(7))) == [
        *((2, 3), (0, 3), (1, 2), (0, 2), (0, 2), (0, 2), (0, 2)),
        (0, 5),
    ]


def test_the_offset_is_used_up_in_the_first_period_only() -> None:
    usage, quota = Usage(), Quota(2, "DAY", offset=1)
    assert [usage.use(KEY, quota, at(0)) for _ in range(2)] == [True, False]
    assert [usage.use(KEY, quota, at(1)) for _ in range(3)] == [True, True, False]


@pytest.mark.parametrize("remaining", [0, 1, 10])
def test_more_or_less_can_be_granted_for_the_present_period(remaining: int) -> None:
    usage, quota = Usage(), Quota(2, "DAY")
    usage.use(KEY, quota, at(0))
    usage.grant(KEY, quota, remaining, at(0))
    assert usage.remaining(KEY, quota, day(0)) == remaining
    assert [usage.use(KEY, quota, at(0)) for _ in range(remaining + 1)] == [True] * remaining + [False]
    assert usage.remaining(KEY, quota, day(1)) == 2


@pytest.mark.parametrize("remaining", [0, 3, 10])
@pytest.mark.parametrize("used", [0, 1, 2])
def test_what_is_granted_stands_whatever_offset_and_use_have_left(used: int, remaining: int) -> None:
    usage, quota = Usage(), Quota(4, "WEEK", offset=2)
    assert [usage.use(KEY, quota, at(0)) for _ in range(used)] == [True] * used
    for each in (7, remaining):
        usage.grant(KEY, quota, each, at(1))
    assert usage.remaining_now(KEY, quota, at(1)) == remaining
    assert [usage.use(KEY, quota, at(2)) for _ in range(remaining + 1)] == [True] * remaining + [False]
    assert usage.remaining_now(OTHER, quota, at(1)) == 2, "another key has what it had"
    assert usage.remaining_now(KEY, quota, at(7)) == 4, "the next period has the whole limit"


@pytest.mark.parametrize(("limit", "offset", "remaining"), [(5, 0, 5), (5, 2, 3), (5, 5, 0), (5, 9, 0)])
def test_a_key_that_was_never_used_has_what_the_offset_leaves(
    limit: int, offset: int, remaining: int
) -> None:
    usage, quota = Usage(), Quota(limit, "DAY", offset)
    assert usage.remaining_now(KEY, quota, at(0)) == remaining
    assert list(usage.by_day(KEY, quota, day(0), day(1))) == [(0, remaining)] * 2
    assert usage.use(KEY, quota, at(0)) is (remaining > 0)


@pytest.fixture(params=["UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago"])
def _any_time_zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The machine's time zone: that of Greenwich, and the ones with the earliest and the latest day."""
    with monkeypatch.context() as changed:
        changed.setenv("TZ", request.param)
        time.tzset()
        yield
    time.tzset()


@pytest.mark.usefixtures("_any_time_zone")
def test_a_day_is_one_of_utc_whatever_the_machine_s_time_zone() -> None:
    usage, quota = Usage(), Quota(1, "DAY")
    last_second, midnight = at(0.5) - 1, at(0.5)
    assert usage.use(KEY, quota, last_second)
    assert not usage.use(KEY, quota, last_second)
    assert usage.use(KEY, quota, midnight)
    assert list(usage.by_day(KEY, quota, day(0), day(1))) == [(1, 0), (1, 0)]
