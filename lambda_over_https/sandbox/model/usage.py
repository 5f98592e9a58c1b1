"""How much of their quotas the keys of usage plans have used: one record for the gateway and for GetUsage.

API Gateway developer guide, "Usage plans and API keys for REST APIs". AWS's own figures lag; these do not.
"""

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from lambda_over_https.sandbox.model.apis import Quota

Key = tuple[str, str]
"""A usage plan's id and an API key's."""

_PERIODS: Mapping[str, Callable[[datetime.date], str]] = {
    "DAY": lambda day: day.isoformat(),
    "WEEK": lambda day: f"{day:%G-%V}",
    "MONTH": lambda day: f"{day:%Y-%m}",
}


@dataclass(slots=True)
class _Used:
    """Requests by day, and by period what has been added to the limit (or taken from it)."""

    days: dict[datetime.date, int] = field(default_factory=lambda: defaultdict(int))
    added: dict[tuple[str, str], int] = field(default_factory=lambda: defaultdict(int))


class Usage:
    """Counts for the life of the sandbox, in days of UTC."""

    def __init__(self) -> None:
        self._keys: dict[Key, _Used] = {}

    def use(self, key: Key, quota: Quota, now: float) -> bool:
        """Count a request; False, and nothing is counted, if the quota is used up."""
        day = _day(now)
        if self.remaining(key, quota, day) < 1:
            return False
        self._of(key, quota, day).days[day] += 1
        return True

    def grant(self, key: Key, quota: Quota, remaining: int, now: float) -> None:
        """Let so many requests remain in the present period."""
        day = _day(now)
        used = self._of(key, quota, day)
        used.added[_period(quota, day)] += remaining - self.remaining(key, quota, day)

    def remaining_now(self, key: Key, quota: Quota, now: float) -> int:
        """What remains at this moment."""
        return self.remaining(key, quota, _day(now))

    def remaining(self, key: Key, quota: Quota, day: datetime.date) -> int:
        """What remains at the end of the day, never less than nothing."""
        used, period = self._keys.get(key), _period(quota, day)
        if used is None:
            return max(0, quota.limit - quota.offset)
        taken = sum(
            count for each, count in list(used.days.items()) if each <= day and _period(quota, each) == period
        )
        return max(0, quota.limit + used.added.get(period, 0) - taken)

    def by_day(
        self, key: Key, quota: Quota, start: datetime.date, end: datetime.date
    ) -> Iterator[tuple[int, int]]:
        """For each day from ``start`` to ``end``: what was used, and what remained."""
        used = self._keys.get(key)
        for number in range((end - start).days + 1):
            day = start + datetime.timedelta(days=number)
            yield (used.days.get(day, 0) if used else 0), self.remaining(key, quota, day)

    def _of(self, key: Key, quota: Quota, day: datetime.date) -> _Used:
        """What a key has used; the period in which it is first seen starts with the offset used."""
        if key not in self._keys:
            used = self._keys[key] = _Used()
            used.added[_period(quota, day)] -= quota.offset
        return self._keys[key]


def _period(quota: Quota, day: datetime.date) -> tuple[str, str]:
    return quota.period, _PERIODS[quota.period](day)


def _day(now: float) -> datetime.date:
    return datetime.datetime.fromtimestamp(now, datetime.UTC).date()
