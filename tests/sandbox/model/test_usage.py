"""The record of what keys have used of their quotas."""

import datetime

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
