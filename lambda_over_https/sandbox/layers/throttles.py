"""API Gateway's and Lambda's limits on calls of the control plane, as token buckets per Region.

Rates: API Gateway developer guide, "Quotas for configuring and running a REST API"; Lambda developer guide,
"Lambda quotas". None of them can be raised.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from lambda_over_https.sandbox.control.aws_calls import AwsCall
from lambda_over_https.sandbox.model.errors import AwsError


@dataclass(frozen=True, slots=True)
class Rate:
    """``calls`` in ``seconds``, at most ``burst`` at once."""

    calls: int
    seconds: float
    burst: int


_EDGE = "CreateRestApi, edge-optimized"
_IMPORT_EDGE = "ImportRestApi, edge-optimized"
_ALL = "all calls"

RATES: dict[tuple[str, str], Rate] = {
    ("apigateway", "CreateRestApi"): Rate(1, 3, 1),
    ("apigateway", _EDGE): Rate(1, 30, 1),
    ("apigateway", "ImportRestApi"): Rate(1, 3, 1),
    ("apigateway", _IMPORT_EDGE): Rate(1, 30, 1),
    ("apigateway", "PutRestApi"): Rate(1, 1, 1),
    ("apigateway", "DeleteRestApi"): Rate(1, 30, 1),
    ("apigateway", "CreateDeployment"): Rate(1, 5, 1),
    ("apigateway", "CreateResource"): Rate(5, 1, 5),
    ("apigateway", "DeleteResource"): Rate(5, 1, 5),
    ("apigateway", "CreateApiKey"): Rate(5, 1, 5),
    ("apigateway", "DeleteApiKey"): Rate(5, 1, 5),
    ("apigateway", "GetResources"): Rate(5, 2, 5),
    ("apigateway", "UpdateAccount"): Rate(1, 20, 1),
    ("apigateway", "UpdateUsagePlan"): Rate(1, 20, 1),
    ("apigateway", _ALL): Rate(10, 1, 40),
    ("lambda", _ALL): Rate(15, 1, 15),
}

_MESSAGES = {"apigateway": "Too Many Requests", "lambda": "Rate Exceeded."}


class Bucket:
    """Tokens that come back with time; ``factor`` stretches or shortens the time."""

    def __init__(self, rate: Rate, factor: float, now: Callable[[], float]) -> None:
        self._per_second = rate.calls / (rate.seconds * factor)
        self._burst = rate.burst
        self._now = now
        self._tokens = float(rate.burst)
        self._counted = now()

    def take(self) -> bool:
        """Take a token if there is one."""
        now = self._now()
        self._tokens = min(self._burst, self._tokens + (now - self._counted) * self._per_second)
        self._counted = now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True


class Throttles:
    """All buckets; a factor of 0 means no limits."""

    def __init__(self, factor: float, now: Callable[[], float] = time.monotonic) -> None:
        self._factor = factor
        self._now = now
        self._buckets: dict[tuple[str, str, str], Bucket] = {}

    def check(self, call: AwsCall) -> None:
        """Refuse the call with TooManyRequestsException if one of its limits is used up."""
        if not self._factor or call.operation == "Invoke":
            return
        for limit in _limits(call):
            rate = RATES.get((call.service, limit))
            if rate and not self._bucket(call, limit, rate).take():
                raise AwsError("TooManyRequestsException", _MESSAGES[call.service], 429)

    def _bucket(self, call: AwsCall, limit: str, rate: Rate) -> Bucket:
        key = (call.service, limit, call.region)
        if key not in self._buckets:
            self._buckets[key] = Bucket(rate, self._factor, self._now)
        return self._buckets[key]


def _limits(call: AwsCall) -> Iterator[str]:
    yield _ALL
    if call.operation == "CreateRestApi":
        types = (call.parameters.get("endpointConfiguration") or {}).get("types") or ["EDGE"]
        yield _EDGE if "EDGE" in types else "CreateRestApi"
    elif call.operation == "ImportRestApi":
        kind = (call.parameters.get("parameters") or {}).get("endpointConfigurationTypes", "EDGE")
        yield _IMPORT_EDGE if kind == "EDGE" else "ImportRestApi"
    else:
        yield call.operation
