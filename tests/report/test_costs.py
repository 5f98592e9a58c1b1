"""Age and cost of a deployment."""

from datetime import UTC, datetime, timedelta

import pytest

from lambda_over_https.deployment.journal import Record
from lambda_over_https.report.costs import age_of, cost_lines, meter_line, meters, per_thousand_requests
from lambda_over_https.states import RecordState
from lambda_over_https.tutorial.chapter_lessons import HOURLY, OUTLINES, PRICES_OF

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


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


def test_a_thousand_requests_cost_less_than_a_cent() -> None:
    assert 0.004 < per_thousand_requests() < 0.006


def test_the_sandbox_costs_nothing_and_prices_are_dated() -> None:
    assert cost_lines("sandbox")[0].startswith("Costs nothing")
    assert "2026" in cost_lines("aws")[0]


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
    line = meter_line(meter, "aws", NOW)
    assert f"{usd:.2f} USD by now" in line
    assert "`loh chapter off cache` ends that" in line
    assert PRICES_OF in line
    assert "free here" in meter_line(meter, "sandbox", NOW)


def test_what_costs_nothing_by_the_hour_has_no_clock() -> None:
    assert list(meters([_recorded("apigateway:stage", "3.5", NOW, NOW)], NOW)) == []


def test_every_chapter_that_costs_by_the_hour_has_a_price_with_its_date_and_asks_for_a_yes() -> None:
    dear = [each for each in OUTLINES if each.usd_per_hour]
    assert {each.usd_per_hour for each in dear} == set(HOURLY.values())
    for each in dear:
        assert each.asks
        assert PRICES_OF in each.lesson.costs
        assert f"{each.usd_per_hour:g} USD an hour" in each.lesson.costs
