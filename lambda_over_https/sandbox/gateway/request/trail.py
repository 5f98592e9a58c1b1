"""The way of one request through the gateway: which hops it reached and when, and where it stopped."""

import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from lambda_over_https.sandbox.gateway.errors import GatewayError
from lambda_over_https.sandbox.gateway.request.exchange import Exchange
from lambda_over_https.sandbox.gateway.request.unfollowed import NoTrail
from lambda_over_https.sandbox.model.functions import InvocationResult
from lambda_over_https.sandbox.web.http import Response

GATEWAY: Final = "gateway"
METHOD: Final = "method"
INTEGRATION: Final = "integration"
CACHE: Final = "cache"
PERMISSION: Final = "permission"
FUNCTION: Final = "function"
TABLE: Final = "table"
"""The hops: a request stops at the last one that it reached."""

LONGEST_TEXT: Final = 4000
"""Characters of a body or a log that are told."""

_TOLD_HEADERS: Final = ("content-type", "user-agent", "origin", "cache-control")
"""Request headers that are told. Others may hold keys."""

Tell = Callable[[Mapping[str, Any]], None]


class Trail(NoTrail):
    """Tells of the request when it reaches the function, and again when it is answered."""

    kept = True

    def __init__(self, exchange: Exchange, tell: Tell) -> None:
        self._tell = tell
        self._began = time.perf_counter()
        request = exchange.request
        self._told: dict[str, Any] = {
            "id": exchange.request_id,
            "at": datetime.fromtimestamp(exchange.received, UTC).isoformat(timespec="milliseconds"),
            "api": exchange.api.id,
            "stage": exchange.stage.name,
            "method": exchange.verb,
            "path": f"/{exchange.stage.name}{exchange.path}",
            "scheme": request.scheme,
            "headers": {name: request.headers[name] for name in _TOLD_HEADERS if name in request.headers},
            "body": _text(request.body),
            "hops": [],
            "limits": [],
            "status": None,
            "ms": None,
            "stopped": "",
            "detail": "",
            "failed": "",
            "answer": "",
            "log": "",
        }
        self.reach(GATEWAY)

    def reach(self, hop: str) -> None:
        """Note the hop, with the milliseconds since the request came in."""
        self._told["hops"] = [*self._told["hops"], {"name": hop, "ms": self._elapsed()}]
        if hop == FUNCTION:
            self._tell(dict(self._told))

    def limit(self, name: str, left: float, size: float, rate: float | None = None) -> None:
        """Note what is left of a bucket or a quota now that this request has asked."""
        known = {"name": name, "left": round(left, 2), "size": size, "rate": rate}
        self._told["limits"] = [*self._told["limits"], known]

    def ran(self, result: InvocationResult) -> None:
        """Note the function's log, and the document of its error if it failed."""
        self._told["log"] = _text(result.log)
        self._told["failed"] = _text(result.payload) if result.error else ""

    def stop(self, error: GatewayError) -> None:
        """Note the gateway response's type, and the reason that only the execution log has on AWS."""
        self._told["stopped"], self._told["detail"] = error.response_type, error.reason or error.message

    def end(self, response: Response) -> None:
        """Tell all of it."""
        self._told |= {"status": response.status, "ms": self._elapsed(), "answer": _text(response.body)}
        self._tell(dict(self._told))

    def _elapsed(self) -> float:
        return round((time.perf_counter() - self._began) * 1000, 2)


def _text(content: bytes) -> str:
    text = content[: 4 * LONGEST_TEXT].decode("utf-8", "replace")
    return text if len(text) <= LONGEST_TEXT else f"{text[:LONGEST_TEXT]} …"
