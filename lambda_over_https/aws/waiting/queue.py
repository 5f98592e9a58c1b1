"""The queue of those who delete REST APIs in one account: AWS lets one of them through in 30 seconds.

Whoever is refused cannot know who else waits, on which machine. But the account shows how many of this
program's REST APIs there still are, and that their number falls. So a refused call waits as long as it does,
however many are before it, and asks rarely: about one try a second from all who wait together.

Source: API Gateway developer guide, "Quotas for configuring and running a REST API".
"""

import random
import threading
from collections.abc import Callable, Iterable
from typing import Any

from lambda_over_https.aws.waiting.rates import RATIONED
from lambda_over_https.names import TAG_DEPLOYMENT

QUEUED = "DeleteRestApi"
"""The call that waits in the queue."""

LOOK_EVERY = 30.0
"""Seconds between two looks at the account."""

SOONEST, LATEST = 2.0, 30.0
"""Seconds between two tries, for the last one in the queue and for thirty or more."""


class ApiQueue:
    """Who waits to delete a REST API, as far as one who waits can see. Safe across threads.

    ``listed`` gives the ids of this program's REST APIs in the account, and may fail; ``factor`` is how many
    seconds one of AWS's takes there.
    """

    def __init__(
        self, listed: Callable[[], Iterable[str]], clock: Callable[[], float], factor: float = 1.0
    ) -> None:
        self._listed = listed
        self._clock = clock
        self._factor = factor
        self._lock = threading.Lock()
        self._ids: frozenset[str] | None = None
        self._looked: float | None = None
        self.moved_at = clock()
        """When the account was last seen to make progress: an API that was there is gone."""

    def look(self) -> None:
        """Look at the account again, unless that was just done; it may not be allowed."""
        with self._lock:
            now = self._clock()
            if self._looked is not None and now - self._looked < LOOK_EVERY * self._factor:
                return
            self._looked = now
            ids = self._read()
            if self._ids is not None and ids is not None and self._ids - ids:
                self.moved_at = now
            self._ids = ids

    def delay(self) -> float:
        """Seconds until the next try, so that all who wait together make about one a second."""
        waiting = len(self._ids) if self._ids is not None else LATEST
        stretch = random.uniform(1.0, 1.2)  # noqa: S311 - to spread, not to hide
        return min(max(SOONEST, float(waiting)), LATEST) * stretch * self._factor

    def sentence(self) -> str:
        """How long it takes, in words; the order is nobody's to know, so the place is the middle."""
        if not self._ids:
            return f"AWS limits {QUEUED} for the whole account"
        place = (len(self._ids) + 1) // 2
        seconds = place * RATIONED[QUEUED] * self._factor
        return (
            f"AWS deletes one REST API in {RATIONED[QUEUED]:.0f} s for the whole account; ours is about the"
            f" {ordinal(place)} in the queue, {_duration(seconds)}"
        )

    def _read(self) -> frozenset[str] | None:
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            return frozenset(self._listed())
        except (BotoCoreError, ClientError):  # to know the queue is a courtesy
            return None


def our_apis(client: Any) -> Iterable[str]:
    """The ids of all REST APIs of the account that this program has made, on whatever machine."""
    pages = client.get_paginator("get_rest_apis").paginate(PaginationConfig={"PageSize": 500})
    return [api["id"] for page in pages for api in page["items"] if TAG_DEPLOYMENT in api.get("tags", {})]


def ordinal(number: int) -> str:
    """The number as a place: 1st, 2nd, 3rd, 4th, 11th."""
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def _duration(seconds: float) -> str:
    minutes = round(seconds / 60)
    return f"{minutes} minutes" if minutes > 1 else f"{seconds:.0f} s"
