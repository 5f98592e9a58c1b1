"""The cache of a stage: responses that are served again without calling the integration.

It caches the method's whole response, whatever its status, so a stale read is as real here as on AWS. The
body of a request is never part of the key; only the integration's cache key parameters are. Source: API
Gateway developer guide, "Cache settings for REST APIs". The words of the 403 and of the warning are not
documented: they are this module's own.
"""

import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Final

from lambda_over_https.sandbox.gateway.errors import ACCESS_DENIED, GatewayError
from lambda_over_https.sandbox.gateway.mapping.parameters import mapped, value_of
from lambda_over_https.sandbox.gateway.request.exchange import Exchange
from lambda_over_https.sandbox.gateway.request.trail import CACHE
from lambda_over_https.sandbox.model.apis import Caching, Integration
from lambda_over_https.sandbox.web.http import Request, Response

LARGEST: Final = 1_048_576
"""Bytes of the largest response that is cached (API Gateway quotas)."""

ROOM: Final = 64 * 1024 * 1024
"""Bytes of memory that all caches together may use, however large their clusters are."""

MayRenew = Callable[[Request, str], bool]
"""Whether the sender of the request may renew an entry of the method with that ARN."""

_WARNING = ("Warning", '199 - "The cache entry was not renewed: the request is not authorized to."')
_REQUEST = "integration.request."

_Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Entry:
    response: Response
    expires: float

    @property
    def size(self) -> int:
        return len(self.response.body)


class ResponseCache:
    """The caches of all stages. ``clock`` is in seconds."""

    def __init__(
        self, may_renew: MayRenew = lambda *_: False, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._may_renew = may_renew
        self._clock = clock
        self._entries: OrderedDict[_Key, _Entry] = OrderedDict()
        self._size = 0

    async def respond(self, exchange: Exchange, answer: Callable[[], Awaitable[Response]]) -> Response:
        """Return the cached response, or let ``answer`` make one and cache it, as the method's settings say.

        GatewayError if the request asks to renew an entry and may not.
        """
        settings, integration = _settings(exchange), exchange.method.integration
        if settings is None or integration is None:
            return await answer()
        renewed, warned = self._wanted(exchange, settings)
        key = _key(exchange, integration)
        response = None if renewed else self._fresh(key)
        if response is not None:
            exchange.trail.reach(CACHE)
        else:
            response = await answer()
            self._keep(key, response, settings.ttl)
        return replace(response, headers=[*response.headers, _WARNING]) if warned else response

    def _wanted(self, exchange: Exchange, settings: Caching) -> tuple[bool, bool]:
        """Whether to renew the entry, and whether to add a warning."""
        if not _asks_to_renew(exchange.request):
            return False, False
        if not settings.require_authorization or self._may_renew(exchange.request, exchange.source_arn):
            return True, False
        if settings.unauthorized == "FAIL_WITH_403":
            raise GatewayError(ACCESS_DENIED)
        return False, settings.unauthorized == "SUCCEED_WITH_RESPONSE_HEADER"

    def _fresh(self, key: _Key) -> Response | None:
        entry = self._entries.get(key)
        if entry is None or entry.expires <= self._clock():
            return None
        self._entries.move_to_end(key)
        return entry.response

    def _keep(self, key: _Key, response: Response, ttl: int) -> None:
        self._drop(key)
        if len(response.body) > LARGEST:
            return
        self._entries[key] = _Entry(response, self._clock() + ttl)
        self._size += len(response.body)
        while self._size > ROOM:
            self._drop(next(iter(self._entries)))

    def _drop(self, key: _Key) -> None:
        entry = self._entries.pop(key, None)
        self._size -= entry.size if entry else 0


def _settings(exchange: Exchange) -> Caching | None:
    """The method's own settings, else those of all methods, which cache only GET. None: do not cache."""
    own = exchange.stage.caching.get(exchange.method_key)
    settings = own or (exchange.stage.caching.get("*/*") if exchange.verb == "GET" else None)
    return settings if settings and settings.enabled and settings.ttl else None


def _key(exchange: Exchange, integration: Integration) -> _Key:
    mappings = integration.request_parameters
    values = [
        mapped(mappings, name, exchange).get("", "")
        if name.startswith(_REQUEST)
        else value_of(name, exchange) or ""
        for name in integration.cache_key_parameters
    ]
    namespace = integration.cache_namespace or exchange.resource.id
    return exchange.stage.cache or "", namespace, exchange.verb, *values


def _asks_to_renew(request: Request) -> bool:
    directives = request.headers.get("cache-control", "").lower().split(",")
    return any(directive.strip() == "max-age=0" for directive in directives)
