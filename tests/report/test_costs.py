"""Age and cost of a deployment."""

from datetime import UTC, datetime, timedelta

import pytest

from lambda_over_https.aws import prices
from lambda_over_https.aws.prices import HOURLY, PRICES_OF
from lambda_over_https.deployment.journal.state import Record
from lambda_over_https.kinds import Kind
from lambda_over_https.report.costs import age_of, cost_lines, meter_line, meters, per_thousand_requests
from lambda_over_https.states import RecordState
from lambda_over_https.tutorial.chapter_lessons import OUTLINES
from lambda_over_https.tutorial.lessons import LESSONS, Lesson
from tests.kit.program.support import loh

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)

HOURS_A_MONTH = 730

COUNTED = {
    "a million requests to a REST API": (prices.API_REQUESTS, 3.50),
    "a million calls of a function": (prices.LAMBDA_REQUESTS, 0.20),
    "a million seconds with 1 GB of memory": (prices.LAMBDA_GB_SECONDS, 16.6667),
    "a million write units": (prices.WRITE_UNITS, 0.625),
    "a GB in the log": (prices.LOG_GB, 0.50),
    "an hour of a cache of 0.5 GB": (HOURLY[Kind.CACHE], 0.02),
    "an hour of a web ACL with two rules": (
        HOURLY[Kind.WEB_ACL],
        pytest.approx((5 + 2 * 1) / HOURS_A_MONTH, rel=0.01),
    ),
}
"""What the program reckons with, beside AWS's price pages of 2026 for us-east-1, in US dollars."""

TOLD = {
    "2.3": {"0.20 USD per million calls", "16.67 USD per million GB-seconds"},
    "2.4": {"0.625 USD per million write units", "0.125 USD per million read units"},
    "3.1": {"3.50 USD per million requests"},
    "cors": {"3.50 USD per million"},
    "schedule": {"1.00 USD per million runs"},
    "cache": {"0.02 USD an hour", "15 USD a month"},
    "protect": {"0.0096 USD an hour", "5 USD a month", "0.60 USD per million requests"},
}
"""What a lesson says of AWS's prices, by its number; 15 is 0.02 for the hours of a month."""


@pytest.mark.parametrize(
    ("age", "text", "old"),
    [
        (timedelta(seconds=20), "less than a minute", False),
        (timedelta(minutes=1), "1 minute", False),
        (timedelta(hours=23, minutes=59), "23 hours", False),
        (timedelta(days=1), "1 day", True),
        (timedelta(days=12, hours=5), "12 days", True),
    ],
)
def test_an_age_is_told_in_its_largest_unit_and_a_day_is_old(age: timedelta, text: str, old: bool) -> None:
    found = age_of((NOW - age).isoformat(), NOW)
    assert (found.text, found.old) == (text, old)


@pytest.mark.parametrize("what", COUNTED)
def test_the_program_reckons_with_what_aws_asks(what: str) -> None:
    ours, theirs = COUNTED[what]
    assert ours == theirs


@pytest.mark.parametrize("lesson", [*LESSONS, *(each.lesson for each in OUTLINES)], ids=lambda it: it.number)
def test_each_price_in_a_lesson_is_what_aws_asks_and_has_its_date(lesson: Lesson) -> None:
    told = TOLD.get(lesson.number, set())
    assert lesson.costs.count("USD") == len(told)
    assert {price for price in told if price in lesson.costs} == told
    assert (PRICES_OF in lesson.costs) == bool(told)


def test_the_prices_of_the_chapters_are_listed_with_their_date() -> None:
    said = " ".join(loh("chapter", "list").out.split())
    assert "0.02 USD/hour" in said
    assert "0.0096 USD/hour" in said
    assert f"Costs are AWS's {PRICES_OF}." in said


def test_a_thousand_requests_cost_less_than_a_cent() -> None:
    assert 0.004 < per_thousand_requests() < 0.006


def test_the_sandbox_costs_nothing_and_prices_are_dated() -> None:
    assert cost_lines(free=True)[0].startswith("Costs nothing")
    assert f"({PRICES_OF}, without free allowances)" in cost_lines(free=False)[0]


def _recorded(kind: str, chapter: str, since: datetime, at: datetime) -> Record:
    detail = {"since": since.isoformat()}
    return Record(kind, "prod", chapter, RecordState.MADE, at=at.isoformat(), detail=detail)


@pytest.mark.parametrize(("hours", "usd"), [(0.5, 0.01), (3.0, 0.06), (24.0, 0.48)])
def test_what_costs_by_the_hour_has_a_clock_that_a_correction_does_not_set_back(
    hours: float, usd: float
) -> None:
    made = NOW - timedelta(hours=hours)
    [meter] = meters([_recorded("apigateway:cache", "cache", made, at=NOW)], NOW)
    assert (meter.usd_per_hour, meter.usd) == (0.02, usd)
    line = meter_line(meter, free=False, now=NOW)
    assert f"{usd:.2f} USD by now" in line
    assert "`loh chapter off cache` ends that" in line
    assert PRICES_OF in line
    assert "free here" in meter_line(meter, free=True, now=NOW)


def test_what_costs_nothing_by_the_hour_has_no_clock() -> None:
    assert list(meters([_recorded("apigateway:stage", "3.5", NOW, NOW)], NOW)) == []


def test_every_chapter_that_costs_by_the_hour_has_a_price_with_its_date_and_asks_for_a_yes() -> None:
    dear = [each for each in OUTLINES if each.usd_per_hour]
    assert {each.usd_per_hour for each in dear} == set(HOURLY.values())
    for each in dear:
        assert each.asks
        assert PRICES_OF in each.lesson.costs
        assert f"{each.usd_per_hour:g} USD an hour" in each.lesson.costs
