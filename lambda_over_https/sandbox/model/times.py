"""Moments as AWS's services write them."""

import datetime


def lambda_time() -> str:
    """Now, as Lambda writes it in ``LastModified`` and ``CreatedDate``: 2026-11-23T09:16:11.155+0000."""
    return _to_the_millisecond().replace("+00:00", "+0000")


def event_time() -> str:
    """Now, as Lambda writes it in its logs and in records of events: 2026-11-23T09:16:11.155Z."""
    return _to_the_millisecond().replace("+00:00", "Z")


def zulu(moment: datetime.datetime) -> str:
    """The moment, in UTC, to the second: 2026-11-26T12:00:00Z."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _to_the_millisecond() -> str:
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="milliseconds")
