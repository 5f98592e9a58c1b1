"""The rates at which AWS lets an account call API Gateway and Lambda: the program's one copy.

Sources: API Gateway developer guide, "Quotas for configuring and running a REST API"; Lambda developer guide,
"Lambda quotas". None of these can be raised.
"""

from dataclasses import dataclass

ALL = "*"
"""Stands for all operations of a service together."""


@dataclass(frozen=True, slots=True)
class Limit:
    """One call in ``seconds`` in the long run, ``burst`` of them at once."""

    seconds: float
    burst: int = 1

    @property
    def rationed(self) -> bool:
        """Whether there is no burst at all: then every single call has a turn of its own."""
        return self.burst == 1


# A few less at once than AWS lets pass (40, 15, 5): calls that were sent evenly arrive unevenly.
LIMITS = {
    ("apigateway", "CreateRestApi"): Limit(3),
    ("apigateway", "DeleteRestApi"): Limit(30),
    ("apigateway", "CreateDeployment"): Limit(5),
    ("apigateway", "UpdateUsagePlan"): Limit(20),
    ("apigateway", "CreateResource"): Limit(1 / 5, 4),
    ("apigateway", "DeleteResource"): Limit(1 / 5, 4),
    ("apigateway", "CreateApiKey"): Limit(1 / 5, 4),
    ("apigateway", "DeleteApiKey"): Limit(1 / 5, 4),
    ("apigateway", "GetResources"): Limit(2 / 5, 4),
    ("apigateway", ALL): Limit(1 / 10, 36),
    ("lambda", ALL): Limit(1 / 15, 12),
}
SERVICES = frozenset(service for service, _ in LIMITS)

DATA_PLANE = frozenset({"Invoke"})
"""Has a limit of its own, far above these."""

RATIONED = {operation: limit.seconds for (_, operation), limit in LIMITS.items() if limit.rationed}
"""Seconds between two calls of each operation that has no burst."""


def limits_of(service: str, operation: str) -> list[tuple[str, str]]:
    """The keys of the limits that a call counts against, its own first."""
    if operation in DATA_PLANE:
        return []
    return [key for key in ((service, operation), (service, ALL)) if key in LIMITS]
