"""The present moment as AWS's services write it."""

import datetime


def lambda_time() -> str:
    """As Lambda writes it in ``LastModified`` and ``CreatedDate``: 2026-11-23T09:16:11.155+0000."""
    return _to_the_millisecond().replace("+00:00", "+0000")


def event_time() -> str:
    """As Lambda writes it in its logs and in records of events: 2026-11-23T09:16:11.155Z."""
    return _to_the_millisecond().replace("+00:00", "Z")


def _to_the_millisecond() -> str:
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="milliseconds")
