"""What a deployment costs: an estimate from AWS's public prices, with their date."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from lambda_over_https.settings import SANDBOX

PRICES_OF = "November 2026, us-east-1, without free allowances"
# US dollars for one: AWS's price pages of API Gateway (REST), Lambda (x86) and DynamoDB (on demand).
API_REQUEST = 3.50 / 1e6
LAMBDA_REQUEST = 0.20 / 1e6
LAMBDA_GB_SECOND = 0.0000166667
WRITE_UNIT = 0.625 / 1e6
LOG_GB = 0.50

MEMORY_GB = 0.125
DURATION = 0.05
"""Seconds that a create takes in the function, generously."""
LOG_BYTES = 500
"""Bytes that a request leaves in the log: START, END, REPORT."""

OLD = timedelta(days=1)
"""A tutorial that is older was probably forgotten."""


def per_thousand_requests() -> float:
    """US dollars for a thousand ``create`` requests over HTTPS."""
    one = API_REQUEST + LAMBDA_REQUEST + WRITE_UNIT
    one += MEMORY_GB * DURATION * LAMBDA_GB_SECOND + LOG_BYTES / 1e9 * LOG_GB
    return 1000 * one


def cost_lines(target: str) -> list[str]:
    """What to say about costs for a deployment on this target."""
    requests = f"1,000 requests about {per_thousand_requests():.4f} USD ({PRICES_OF})"
    if target == SANDBOX:
        return [f"Costs nothing: it is on this machine. On AWS: idle nothing, {requests}."]
    return [f"Costs: idle nothing but a little log storage; {requests}."]


@dataclass(frozen=True, slots=True)
class Age:
    """How long a deployment has been there, in words; ``old`` if long enough to be reminded of."""

    text: str
    old: bool


def age_of(created: str, now: datetime | None = None) -> Age:
    """The age of what was created at ``created`` (ISO)."""
    age = (now or datetime.now(UTC)) - datetime.fromisoformat(created)
    return Age(_in_words(age), age >= OLD)


def _in_words(age: timedelta) -> str:
    minutes = int(age.total_seconds()) // 60
    for size, word in ((1440, "day"), (60, "hour"), (1, "minute")):
        if minutes >= size:
            count = minutes // size
            return f"{count} {word}{'s' if count > 1 else ''}"
    return "less than a minute"
