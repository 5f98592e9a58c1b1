"""Schedule expressions: which of them AWS takes, and when they mean."""

import datetime
import itertools

import pytest
from aws_croniter import AwsCroniter
from hypothesis import given
from hypothesis import strategies as st

from lambda_over_https.sandbox.schedule import cron
from lambda_over_https.sandbox.schedule.expressions import UTC, Expression, of_rule, of_schedule

START = datetime.datetime(2026, 11, 26, 12, 0, 30, tzinfo=UTC)

TAKEN_BY_BOTH = (
    "rate(1 minute)",
    "rate(5 minutes)",
    "rate(1 hour)",
    "rate(7 days)",
    "cron(0 2 ? * SAT *)",
    "cron(0 12 * * ? *)",
    "cron(5,35 14 * * ? *)",
    "cron(15 10 ? * 6L 2002-2005)",
    "cron(0 2 ? * SAT#3 *)",
    "cron(0/5 5 ? JAN 1-5 2022)",
    "cron(0/30 20-23 ? * MON-FRI *)",
    "cron(0-15/1 8-8 ? * 2,3,4,5,6,7 *)",
    "cron(1-31/30 1-1 ? * 1,7 *)",
    "cron(0 0 LW * ? *)",
    "cron(0 0 3W * ? *)",
    "cron(0 0 L-2 * ? *)",
)
REFUSED_BY_BOTH = (
    "",
    "nonsense",
    "rate()",
    "rate(10)",
    "rate(0 minutes)",
    "rate(-10 minutes)",
    "rate(foo minutes)",
    "rate(10 minutess)",
    "rate(10 seconds)",
    "rate(10 years)",
    "rate( 10 minutes )",
    " rate(10 minutes)",
    "rate(99999999999999999999 days)",
    "cron()",
    "cron(INVALID)",
    "cron(0 1 * * * *)",
    "cron(0 1 ? * ? *)",
    "cron(7 20 * * NOT *)",
    "cron(0 dummy ? * MON-FRI *)",
    "cron(71 8 1 * ? *)",
    "cron(0 24 1 * ? *)",
    "cron(0 0 32 * ? *)",
    "cron(0 0 0 * ? *)",
    "cron(0 0 1 13 ? *)",
    "cron(0 0 ? * 8 *)",
    "cron(0 0 ? * 6#6 *)",
    "cron(0 0 1 * ? 1969)",
    "cron(0/0 0 1 * ? *)",
    "cron(0/x 0 1 * ? *)",
    "cron(0 0 L-32 * ? *)",
    "cron(0 12 * * ?)",
    "at(2021-12-31)",
    "at(2021-12-31T23:59:59Z)",
    "at(2026-02-30T00:00:00)",
)


@pytest.mark.parametrize("text", TAKEN_BY_BOTH)
def test_a_rule_and_a_schedule_take(text: str) -> None:
    assert of_rule(text)
    assert of_schedule(text)


@pytest.mark.parametrize("text", REFUSED_BY_BOTH)
def test_neither_a_rule_nor_a_schedule_takes(text: str) -> None:
    for read in (of_rule, of_schedule):
        with pytest.raises(ValueError, match=r"."):
            read(text)


@pytest.mark.parametrize(
    "text",
    ["rate(1 minutes)", "rate(10 minute)", "rate(2 day)", "rate(10 MINUTES)", "at(2030-01-01T00:00:00)"],
)
def test_only_a_schedule_takes(text: str) -> None:
    assert of_schedule(text)
    with pytest.raises(ValueError, match=r"."):
        of_rule(text)


def test_an_unknown_time_zone_is_refused() -> None:
    for name in ("Europe/Nowhere", "../../etc/passwd", "", "/etc/localtime"):
        with pytest.raises(ValueError, match="time zone"):
            of_schedule("rate(1 minute)", name)


def times(expression: Expression, begin: datetime.datetime, count: int) -> list[datetime.datetime]:
    """The first ``count`` times after ``begin``, fewer if there are no more."""
    found, moment = [], begin
    for _ in range(count):
        following = expression.following(moment, START)
        if following is None:
            break
        found.append(following)
        moment = following
    return found


def test_a_rate_counts_from_its_start() -> None:
    rate = of_rule("rate(5 minutes)")
    assert rate.following(START - datetime.timedelta(days=1), START) == START
    assert times(rate, START, 2) == [START + datetime.timedelta(minutes=5 * number) for number in (1, 2)]
    late = START + datetime.timedelta(minutes=12)
    assert rate.following(late, START) == START + datetime.timedelta(minutes=15)


def test_at_happens_once_in_its_time_zone() -> None:
    once = of_schedule("at(2026-12-24T18:00:00)", "America/New_York")
    assert times(once, START, 3) == [datetime.datetime(2026, 12, 24, 23, tzinfo=UTC)]


def test_a_time_that_the_clocks_skip_does_not_happen() -> None:
    daily = of_schedule("cron(30 2 * * ? *)", "Europe/Berlin")
    days = times(daily, datetime.datetime(2027, 3, 27, tzinfo=UTC), 2)
    assert days == [
        datetime.datetime(2027, 3, 27, 1, 30, tzinfo=UTC),
        datetime.datetime(2027, 3, 29, 0, 30, tzinfo=UTC),
    ]


def test_a_time_that_the_clocks_show_twice_happens_once() -> None:
    daily = of_schedule("cron(30 2 * * ? *)", "Europe/Berlin")
    days = times(daily, datetime.datetime(2026, 10, 24, 12, tzinfo=UTC), 2)
    assert days == [
        datetime.datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
        datetime.datetime(2026, 10, 26, 1, 30, tzinfo=UTC),
    ]
    second_pass = datetime.datetime(2026, 10, 25, 1, 10, tzinfo=UTC)
    assert daily.following(second_pass, START) == days[1]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("0 12 ? * FRI *", ["2026-11-27", "2026-12-04"]),
        ("0 12 ? * 6L *", ["2026-11-27", "2026-12-25"]),
        ("0 12 ? * 3#2 *", ["2026-12-08", "2027-01-12"]),
        ("0 12 ? * L *", ["2026-11-28", "2026-12-05"]),
        ("0 12 L * ? *", ["2026-11-30", "2026-12-31"]),
        ("0 12 L-2 * ? *", ["2026-11-28", "2026-12-29"]),
        ("0 12 LW * ? *", ["2026-11-30", "2026-12-31"]),
        ("0 12 1W * ? *", ["2026-12-01", "2027-01-01"]),
        ("0 12 31W 1-5 ? 2027", ["2027-01-29", "2027-03-31"]),
        ("0 12 29 2 ? 2097-2199", ["2104-02-29", "2108-02-29"]),
        ("0 12 ? 2 1#5 *", ["2032-02-29", "2060-02-29"]),
        ("0 12 30 2 ? *", []),
        ("0 12 1 1 ? 2020", []),
    ],
)
def test_the_days_of(text: str, wanted: list[str]) -> None:
    expected = [datetime.datetime.fromisoformat(f"{day}T12:00:00+00:00") for day in wanted]
    assert times(of_rule(f"cron({text})"), START, 2) == expected


def field(first: int, last: int) -> st.SearchStrategy[str]:
    """A field of numbers: all of them, or values, ranges and steps, listed."""
    value = st.integers(first, last)
    part = st.one_of(
        value.map(str),
        st.tuples(value, value).map(lambda ends: f"{min(ends)}-{max(ends)}"),
        st.tuples(value, st.integers(1, max(1, (last - first) // 2))).map(
            lambda step: f"{step[0]}/{step[1]}"
        ),
    )
    return st.one_of(st.just("*"), st.lists(part, min_size=1, max_size=3).map(",".join))


DAYS = st.one_of(
    st.tuples(field(1, 28), st.just("?")),
    st.tuples(st.sampled_from(["L", "L-3", "15W", "1W", "28W"]), st.just("?")),
    st.tuples(st.just("?"), st.sampled_from(["*", "2-6", "SUN", "MON,WED", "6L", "3#2", "7#4"])),
)
CRONS = st.builds(
    lambda minute, hour, days, month, year: f"{minute} {hour} {days[0]} {month} {days[1]} {year}",
    field(0, 59),
    field(0, 23),
    DAYS,
    field(1, 12),
    st.sampled_from(["*", "2026-2030", "2027"]),
)
BEGIN = datetime.datetime.fromisoformat("2026-01-01T00:00:00")
MOMENTS = st.datetimes(BEGIN, BEGIN.replace(year=2029))


@given(CRONS, MOMENTS)
def test_the_next_time_is_the_one_that_another_reader_of_the_dialect_finds(
    text: str, moment: datetime.datetime
) -> None:
    ours = cron.parse(text).following(moment)
    theirs = AwsCroniter(text).get_next(moment.replace(tzinfo=UTC))[0]
    assert ours == (theirs and theirs.replace(tzinfo=None))


@given(CRONS, MOMENTS)
def test_the_times_come_in_order_and_no_minute_between_them_matches(
    text: str, moment: datetime.datetime
) -> None:
    parsed = cron.parse(text)
    first = parsed.following(moment)
    if first is None:
        return
    assert first > moment
    minute = datetime.timedelta(minutes=1)
    before = itertools.takewhile(lambda each: each > moment, (first - minute * back for back in range(1, 50)))
    assert {parsed.following(each - minute) for each in before} <= {first}


@given(st.text(alphabet="0123456789*?/-,LW#ABCMONFRI ", max_size=30))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        parsed = cron.parse(text)
    except ValueError:
        return
    assert parsed.minutes
    parsed.following(BEGIN)
