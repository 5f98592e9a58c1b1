"""Age and cost of a deployment."""

from datetime import UTC, datetime, timedelta

import pytest

from lambda_over_https.report.costs import age_of, cost_lines, per_thousand_requests

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
