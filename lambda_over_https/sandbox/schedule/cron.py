"""Cron expressions in EventBridge's dialect: minute, hour, day of month, month, day of week, year.

Sunday is day 1 of the week. One of the two day fields is ``?``; the other decides. ``L`` is the last day of
the month (``L-2``: two days before it) or of the week, ``6L`` the month's last Friday, ``6#2`` its second
Friday, ``15W`` the weekday nearest to the 15th within the month, ``LW`` the month's last weekday. A range may
wrap around (``22-2``). A step may follow ``*``, a range, or a first value. Source: EventBridge user guide,
"Cron expressions reference".
"""

import calendar
import datetime
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

Days = Callable[[int, int], Sequence[int]]
"""The matching days of a month, in order: ``days(year, month)``."""

_MONTHS = dict(
    zip(
        ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"],
        range(1, 13),
        strict=True,
    )
)
_WEEKDAYS = dict(zip(["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"], range(1, 8), strict=True))
_SATURDAY = 7
_FIELDS = 6


@dataclass(frozen=True, slots=True)
class _Field:
    """The values that one field may have, and their names."""

    first: int
    last: int
    names: Mapping[str, int]

    def number(self, text: str) -> int:
        """Read one value. ValueError if the field has no such value."""
        if not re.fullmatch(r"[0-9]{1,4}|[A-Z]{3}", text):
            raise ValueError(f"not a value: {text!r}")
        value = self.names[text] if text in self.names else int(text)
        if not self.first <= value <= self.last:
            raise ValueError(f"{value} is not from {self.first} to {self.last}")
        return value

    def values(self, text: str) -> list[int]:
        """Read a whole field without ``?``, ``L``, ``W`` or ``#``: its values in order."""
        return sorted({value for part in text.split(",") for value in self._part(part)})

    def _part(self, text: str) -> Iterator[int]:
        base, slash, step = text.partition("/")
        begin, dash, end = base.partition("-")
        if base == "*":
            first, last = self.first, self.last
        elif dash:
            first, last = self.number(begin), self.number(end)
        else:
            first = self.number(begin)
            last = self.last if slash else first
        size = self.last - self.first + 1
        for offset in range(0, (last - first) % size + 1, _step(step, size) if slash else 1):
            yield self.first + (first - self.first + offset) % size


def _step(text: str, size: int) -> int:
    if not text.isascii() or not text.isdecimal() or not 1 <= int(text) <= size:
        raise ValueError(f"not a step: {text!r}")
    return int(text)


_MINUTE, _HOUR = _Field(0, 59, {}), _Field(0, 23, {})
_DAY, _MONTH = _Field(1, 31, {}), _Field(1, 12, _MONTHS)
_WEEKDAY, _YEAR = _Field(1, 7, _WEEKDAYS), _Field(1970, 2199, {})


@dataclass(frozen=True, slots=True)
class Cron:
    """A parsed expression. Its moments have no time zone: the caller knows it."""

    minutes: Sequence[int]
    hours: Sequence[int]
    days: Days
    months: Sequence[int]
    years: Sequence[int]

    def following(self, moment: datetime.datetime) -> datetime.datetime | None:
        """The first minute after ``moment`` (naive) that the expression matches; None if there is none."""
        return next((found for found in self._from(moment.date()) if found > moment), None)

    def _from(self, date: datetime.date) -> Iterator[datetime.datetime]:
        for year in self.years:
            for month in self.months if year >= date.year else ():
                for day in self.days(year, month):
                    if (year, month, day) >= (date.year, date.month, date.day):
                        yield from self._of_day(datetime.date(year, month, day))

    def _of_day(self, date: datetime.date) -> Iterator[datetime.datetime]:
        for hour in self.hours:
            for minute in self.minutes:
                yield datetime.datetime.combine(date, datetime.time(hour, minute))


def parse(text: str) -> Cron:
    """Read the six fields. ValueError if EventBridge refuses them."""
    fields = text.upper().split()
    if len(fields) != _FIELDS:
        raise ValueError(f"{len(fields)} fields, not {_FIELDS}")
    minute, hour, day, month, weekday, year = fields
    if (day == "?") is (weekday == "?"):
        raise ValueError("one of day-of-month and day-of-week is ?, the other is not")
    return Cron(
        minutes=_MINUTE.values(minute),
        hours=_HOUR.values(hour),
        days=_days_of_week(weekday) if day == "?" else _days_of_month(day),
        months=_MONTH.values(month),
        years=_YEAR.values(year),
    )


def _days_of_month(text: str) -> Days:
    if text == "LW":
        return lambda year, month: [_nearest_weekday(year, month, _last(year, month))]
    if text == "L" or text.startswith("L-"):
        before = _DAY.number(text[2:]) if text != "L" else 0
        return lambda year, month: [day for day in [_last(year, month) - before] if day > 0]
    if text.endswith("W"):
        wanted = _DAY.number(text[:-1])
        return lambda year, month: (
            [_nearest_weekday(year, month, wanted)] if wanted <= _last(year, month) else []
        )
    days = _DAY.values(text)
    return lambda year, month: [day for day in days if day <= _last(year, month)]


def _days_of_week(text: str) -> Days:
    if match := re.fullmatch(r"(\w+)#([1-5])", text):
        weekday, week = _WEEKDAY.number(match[1]), int(match[2])
        return lambda year, month: _all_of(year, month, [weekday])[week - 1 : week]
    if text != "L" and text.endswith("L"):
        last_one = _WEEKDAY.number(text[:-1])
        return lambda year, month: _all_of(year, month, [last_one])[-1:]
    weekdays = [_SATURDAY] if text == "L" else _WEEKDAY.values(text)
    return lambda year, month: _all_of(year, month, weekdays)


def _last(year: int, month: int) -> int:
    return calendar.monthrange(year, month)[1]


def _all_of(year: int, month: int, weekdays: Sequence[int]) -> list[int]:
    """The days of the month that fall on one of these weekdays (Sunday is 1)."""
    first = datetime.date(year, month, 1).isoweekday() % 7
    return [day for day in range(1, _last(year, month) + 1) if (first + day - 1) % 7 + 1 in weekdays]


def _nearest_weekday(year: int, month: int, day: int) -> int:
    """The day from Monday to Friday that is nearest to ``day`` in the same month."""
    weekdays = _all_of(year, month, range(2, 7))
    return min(weekdays, key=lambda each: (abs(each - day), -each))
