"""Schedule expressions: ``rate(…)``, ``cron(…)`` and ``at(…)``, for rules and for schedules.

A rule's expression is in UTC, and must say ``rate(1 minute)`` but ``rate(5 minutes)``. A schedule's may be in
a time zone, accepts either plural, and may be a single time, ``at(2026-11-26T15:00:00)``. Which expressions
are accepted was recorded on AWS. Source: EventBridge user guide, "Rate expressions reference"; EventBridge
Scheduler user guide, "Schedule types".
"""

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Protocol

from lambda_over_https.sandbox.schedule import cron

UTC: Final = datetime.UTC
_MAX_RATE = datetime.timedelta(days=365 * 100)
_UNITS: Mapping[str, datetime.timedelta] = {
    "minute": datetime.timedelta(minutes=1),
    "hour": datetime.timedelta(hours=1),
    "day": datetime.timedelta(days=1),
}


class Expression(Protocol):
    """When a trigger fires. All moments are in UTC."""

    def following(self, moment: datetime.datetime, start: datetime.datetime) -> datetime.datetime | None:
        """The first time after ``moment``; None if there is none. A rate counts from ``start``."""


@dataclass(frozen=True, slots=True)
class Rate:
    """A regular interval. The first time is ``start`` itself."""

    period: datetime.timedelta

    def following(self, moment: datetime.datetime, start: datetime.datetime) -> datetime.datetime | None:
        """See ``Expression``."""
        if moment < start:
            return start
        return start + ((moment - start) // self.period + 1) * self.period


@dataclass(frozen=True, slots=True)
class Times:
    """A cron expression on the clocks of a time zone.

    A time that these clocks skip in spring does not happen. A time that they show twice in autumn happens
    once (EventBridge Scheduler user guide, "Daylight savings time").
    """

    cron: cron.Cron
    zone: datetime.tzinfo

    def following(self, moment: datetime.datetime, start: datetime.datetime) -> datetime.datetime | None:
        """See ``Expression``."""
        del start
        wall = moment.astimezone(self.zone).replace(tzinfo=None, fold=0)
        while (found := self.cron.following(wall)) is not None:
            instant = found.replace(tzinfo=self.zone).astimezone(UTC)
            exists = instant.astimezone(self.zone).replace(tzinfo=None, fold=0) == found
            if exists and instant > moment:
                return instant
            wall = found
        return None


@dataclass(frozen=True, slots=True)
class Once:
    """One moment."""

    moment: datetime.datetime

    def following(self, moment: datetime.datetime, start: datetime.datetime) -> datetime.datetime | None:
        """See ``Expression``."""
        del start
        return self.moment if self.moment > moment else None


def of_rule(text: str) -> Expression:
    """Read a rule's ScheduleExpression. ValueError if EventBridge refuses it."""
    match = re.fullmatch(r"rate\(([0-9]+) ([a-z]+)\)", text)
    if not match:
        return _times(text, UTC)
    singular = match[1].lstrip("0") == "1"
    if singular is match[2].endswith("s"):
        raise ValueError("the unit is singular for 1 and plural for more")
    return _rate(match[1], match[2].removesuffix("s"))


def of_schedule(text: str, timezone: str = "UTC") -> Expression:
    """Read a schedule's ScheduleExpression. ValueError if Scheduler refuses it."""
    zone = time_zone(timezone)
    if match := re.fullmatch(r"rate\(([0-9]+) ([a-zA-Z]+)\)", text):
        return _rate(match[1], match[2].lower().removesuffix("s"))
    if match := re.fullmatch(r"at\(((?:19|2\d)\d\d-\d\d-\d\dT\d\d:\d\d:\d\d)\)", text, re.ASCII):
        return Once(datetime.datetime.fromisoformat(match[1]).replace(tzinfo=zone).astimezone(UTC))
    return _times(text, zone)


def time_zone(name: str) -> datetime.tzinfo:
    """The time zone of that name in the IANA database. ValueError if there is none."""
    if name == "UTC":
        return UTC
    import zoneinfo  # slow to load, and few users need it

    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, OSError, ValueError):
        raise ValueError(f"no time zone: {name!r}") from None


def _rate(number: str, unit: str) -> Rate:
    if unit not in _UNITS:
        raise ValueError(f"not a unit: {unit!r}")
    if not 1 <= int(number[:18]) <= _MAX_RATE // _UNITS[unit] or len(number) > 18:
        raise ValueError(f"not a rate: {number}")
    return Rate(int(number) * _UNITS[unit])


def _times(text: str, zone: datetime.tzinfo) -> Times:
    match = re.fullmatch(r"cron\((.*)\)", text)
    if not match:
        raise ValueError("neither a rate nor a cron expression")
    return Times(cron.parse(match[1]), zone)
