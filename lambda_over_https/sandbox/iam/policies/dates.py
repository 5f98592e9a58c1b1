"""Dates in policies: the condition keys that tell a time, and how two dates are compared.

IAM user guide, "Date condition operators" and "AWS global condition context keys".
"""

import math
import re
from datetime import UTC, datetime

from lambda_over_https.sandbox.model.times import zulu

_MONTH = re.compile(r"\d{4}-\d{2}")


def time_keys(moment: datetime) -> dict[str, str]:
    """The condition keys of a request made at that moment, which is in UTC."""
    return {"aws:currenttime": zulu(moment), "aws:epochtime": str(int(moment.timestamp()))}


def moment_of(text: str) -> float:
    """The seconds since 1970 of a date in ISO 8601, or in such seconds; NaN for any other text.

    A date without a time zone is in UTC.
    """
    try:
        return float(text)
    except ValueError:
        pass
    try:
        date = datetime.fromisoformat(f"{text}-01" if _MONTH.fullmatch(text) else text.upper())
    except ValueError:
        return math.nan
    return (date if date.tzinfo else date.replace(tzinfo=UTC)).timestamp()
