"""API Gateway's and Lambda's limits on calls of the control plane: a token bucket for each limit and Region.

Rates: API Gateway developer guide, "Quotas for configuring and running a REST API"; Lambda developer guide,
"Lambda quotas". AWS raises none of them.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from lambda_over_https.sandbox.control.aws_calls import AwsCall
from lambda_over_https.sandbox.control.refusals import too_many_requests
from lambda_over_https.sandbox.model.token_bucket import TokenBucket


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


class Throttles:
    """All token buckets. ``factor`` stretches the time that tokens take to come back; 0 means no limits."""

    def __init__(self, factor: float, now: Callable[[], float] = time.monotonic) -> None:
        self._factor = factor
        self._now = now
        self._buckets: dict[tuple[str, str, str], TokenBucket] = {}

    def check(self, call: AwsCall) -> None:
        """Refuse the call with TooManyRequestsException if one of its limits is reached."""
        if not self._factor or call.operation == "Invoke":
            return
        for limit in _limits(call):
            rate = RATES.get((call.service, limit))
            if rate and not self._bucket(call, limit, rate).take():
                raise too_many_requests(call.service)

    def _bucket(self, call: AwsCall, limit: str, rate: Rate) -> TokenBucket:
        key = (call.service, limit, call.region)
        if key not in self._buckets:
            per_second = rate.calls / (rate.seconds * self._factor)
            self._buckets[key] = TokenBucket(per_second, rate.burst, self._now)
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
