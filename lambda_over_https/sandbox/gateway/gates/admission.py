"""Who may call an API, and how often: API keys, usage plans with throttles and quotas, throttles of a stage.

Source: API Gateway developer guide, "Usage plans and API keys for REST APIs" and "Throttle requests to your
REST APIs".
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from lambda_over_https.sandbox.gateway.errors import (
    INVALID_API_KEY,
    QUOTA_EXCEEDED,
    THROTTLED,
    GatewayError,
    UnsupportedError,
)
from lambda_over_https.sandbox.gateway.request.exchange import Exchange
from lambda_over_https.sandbox.model.apis import ApiKey, DeployedStage, Quota, Throttle, UsagePlan
from lambda_over_https.sandbox.model.token_bucket import TokenBucket
from lambda_over_https.sandbox.model.usage import Usage


@dataclass(slots=True)
class Admission:
    """Counts requests, for the life of the sandbox. ``clock`` is in seconds since the epoch."""

    clock: Callable[[], float] = time.time
    usage: Usage = field(default_factory=Usage)
    _buckets: dict[tuple[str, ...], tuple[Throttle, TokenBucket]] = field(default_factory=dict)

    def admit(self, exchange: Exchange) -> None:
        """Let the request pass, or raise the GatewayError that AWS answers it with."""
        if exchange.method.api_key_required:
            plan, key = self._identify(exchange)
            exchange.api_key = key
            self._use_plan(exchange, plan, key)
        if exchange.stage.throttles:
            self._use_stage(exchange)

    def _identify(self, exchange: Exchange) -> tuple[UsagePlan, ApiKey]:
        if exchange.api.api_key_source != "HEADER":
            raise UnsupportedError(f"the API key source {exchange.api.api_key_source}")
        sent = exchange.request.headers.get("x-api-key")
        for plan in exchange.stage.usage_plans:
            for key in plan.keys:
                if key.enabled and sent is not None and key.value == sent:
                    return plan, key
        raise GatewayError(INVALID_API_KEY)

    def _use_plan(self, exchange: Exchange, plan: UsagePlan, key: ApiKey) -> None:
        own = plan.method_throttles.get(exchange.method_key)
        for throttle, scope in ((own, exchange.method_key), (plan.throttle, "")):
            if throttle is not None and not self._take(exchange, throttle, "plan", plan.id, key.id, scope):
                raise GatewayError(THROTTLED)
        if plan.quota is not None:
            self._use_quota(exchange, plan.quota, (plan.id, key.id))

    def _use_quota(self, exchange: Exchange, quota: Quota, key: tuple[str, str]) -> None:
        passes = self.usage.use(key, quota, self.clock())
        if exchange.trail.kept:
            exchange.trail.limit("quota", self.usage.remaining_now(key, quota, self.clock()), quota.limit)
        if not passes:
            raise GatewayError(QUOTA_EXCEEDED)

    def _use_stage(self, exchange: Exchange) -> None:
        name = _stage_key(exchange.stage, exchange.method_key)
        if name and not self._take(
            exchange, exchange.stage.throttles[name], "stage", exchange.api.id, exchange.stage.name, name
        ):
            raise GatewayError(THROTTLED)

    def _take(self, exchange: Exchange, throttle: Throttle, *name: str) -> bool:
        rate, burst = throttle.rate_limit, throttle.burst_limit
        if rate == 0 or burst == 0:
            return False
        if rate is None:
            return True
        known, bucket = self._buckets.get(name, (None, None))
        if bucket is None or known != throttle:
            bucket = TokenBucket(rate, burst or max(rate, 1), self.clock)
            self._buckets[name] = throttle, bucket
        passes = bucket.take()
        exchange.trail.limit(f"{name[0]} bucket", bucket.left, burst or max(rate, 1), rate)
        return passes


def _stage_key(stage: DeployedStage, method_key: str) -> str:
    """The setting that applies: the method's own, else the stage's; "" if there is neither."""
    return next((name for name in (method_key, "*/*") if _limits(stage.throttles, name)), "")


def _limits(throttles: Mapping[str, Throttle], name: str) -> bool:
    return name in throttles and throttles[name] != Throttle()
