"""What a deployment costs: an estimate from AWS's public prices, with their date."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from lambda_over_https.aws.prices import (
    API_REQUESTS,
    HOURLY,
    LAMBDA_GB_SECONDS,
    LAMBDA_REQUESTS,
    LOG_GB,
    PRICES_OF,
    WRITE_UNITS,
)
from lambda_over_https.deployment.journal.state import Record
from lambda_over_https.tutorial.chapter_lessons import OUTLINES

MEMORY_GB = 0.125
DURATION = 0.05
"""Seconds that a create takes in the function, on the high side."""
LOG_BYTES = 500
"""Bytes that a request adds to the log: START, END, REPORT."""

OLD = timedelta(days=1)
"""The age from which a deployment was probably forgotten."""


def per_thousand_requests() -> float:
    """US dollars for a thousand ``create`` requests over HTTPS."""
    million = API_REQUESTS + LAMBDA_REQUESTS + WRITE_UNITS + MEMORY_GB * DURATION * LAMBDA_GB_SECONDS
    return million / 1000 + 1000 * LOG_BYTES / 1e9 * LOG_GB


def cost_lines(*, free: bool) -> list[str]:
    """What a deployment costs, in words; ``free`` if it is on this machine."""
    requests = (
        f"about {per_thousand_requests():.4f} USD per 1,000 requests ({PRICES_OF}, without free allowances)"
    )
    if free:
        return [f"Costs nothing on this machine. On AWS: nothing while idle, {requests}."]
    return [f"Costs: nothing while idle except a little log storage; {requests}."]


@dataclass(frozen=True, slots=True)
class Meter:
    """Something that costs by the hour, used or not: the chapter that made it, and since when (ISO)."""

    chapter: str
    kind: str
    since: str
    usd_per_hour: float
    usd: float


def meters(records: Iterable[Record], now: datetime | None = None) -> Iterator[Meter]:
    """The meters that run, of what the journal records; what is only begun or half deleted counts, too."""
    chapters = {each.name for each in OUTLINES}
    for record in records:
        if record.kind in HOURLY and record.step in chapters:
            since = record.detail.get("since") or record.at
            hours = ((now or datetime.now(UTC)) - datetime.fromisoformat(since)).total_seconds() / 3600
            rate = HOURLY[record.kind]
            yield Meter(record.step, record.kind, since, rate, round(rate * max(0.0, hours), 4))


def meter_line(meter: Meter, *, free: bool, now: datetime | None = None) -> str:
    """A running meter in words; ``free`` if the deployment is on this machine."""
    age, so_far = age_of(meter.since, now).text, f"{meter.usd:.2f} USD"
    prices = f"{meter.usd_per_hour:g} USD an hour, used or not ({PRICES_OF})"
    if free:
        return f"The chapter {meter.chapter}, on for {age}: free here. On AWS {prices}: {so_far} by now."
    off = f"`loh chapter off {meter.chapter}` ends that."
    return f"The chapter {meter.chapter}, on for {age}, costs {prices}: {so_far} by now. {off}"


@dataclass(frozen=True, slots=True)
class Age:
    """How long a deployment has existed, in words; ``old`` if it is time for a reminder."""

    text: str
    old: bool


def age_of(created: str, now: datetime | None = None) -> Age:
    """The age of a deployment that was created at ``created`` (ISO)."""
    age = (now or datetime.now(UTC)) - datetime.fromisoformat(created)
    return Age(_in_words(age), age >= OLD)


def _in_words(age: timedelta) -> str:
    minutes = int(age.total_seconds()) // 60
    for size, word in ((1440, "day"), (60, "hour"), (1, "minute")):
        if minutes >= size:
            count = minutes // size
            return f"{count} {word}{'s' if count > 1 else ''}"
    return "less than a minute"
