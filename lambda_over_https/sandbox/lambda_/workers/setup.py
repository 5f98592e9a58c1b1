"""What the workers of functions share, and their limits."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from lambda_over_https.sandbox.lambda_.workers.reaper import Reaper
from lambda_over_https.sandbox.lambda_.workers.waiting import kept_waiting
from lambda_over_https.sandbox.model.functions import Credentials


class WorkerView(Protocol):
    """What a worker needs of the account's state."""

    def role_credentials(self, role_arn: str, function_arn: str) -> Credentials:
        """New keys of the role, for the function."""

    def log(self, region: str, group: str, stream: str, events: list[tuple[int, str]]) -> None:
        """Append events to a log stream."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one function's workers. Times are in seconds.

    At most ``workers`` run at once, and at most ``waiting`` invocations wait for one; further ones are
    throttled. An invocation waits ``patience`` before another worker is started for it. A worker has the time
    ``init`` to start (AWS: "The Init phase is limited to 10 seconds"), and ends after it was ``idle`` for so
    long.
    """

    workers: int = 10
    waiting: int = 1000
    patience: float = 0.02
    init: float = 10.0
    idle: float = 300.0


@dataclass(frozen=True, slots=True)
class WorkerSetup:
    """What all workers share. ``home`` is an empty folder; ``cache`` holds the SDK for JavaScript.

    ``kept_waiting`` tells of a process for how many seconds it could have run and was not let.
    """

    state: WorkerView
    endpoint_url: str
    home: Path
    cache: Path
    reaper: Reaper
    limits: Limits
    kept_waiting: Callable[[int], float] = kept_waiting
