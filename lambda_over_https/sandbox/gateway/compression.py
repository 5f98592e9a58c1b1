"""Compression of an API's responses for clients that accept it.

API Gateway guide, "Payload compression for REST APIs in API Gateway".
"""

import gzip
import zlib
from collections.abc import Callable, Mapping

from lambda_over_https.sandbox.gateway.errors import UnsupportedError
from lambda_over_https.sandbox.gateway.request.exchange import Exchange
from lambda_over_https.sandbox.web.http import Response

_CODINGS: Mapping[str, Callable[[bytes], bytes]] = {"gzip": gzip.compress, "deflate": zlib.compress}


def check_request(exchange: Exchange) -> None:
    """UnsupportedError for a body that AWS would decompress."""
    coding = exchange.request.headers.get("content-encoding", "").lower()
    if exchange.api.minimum_compression_size is not None and coding in _CODINGS:
        raise UnsupportedError("compressed bodies of requests")


def compressed(response: Response, exchange: Exchange) -> Response:
    """The response, compressed if it is as large as the API says and the client accepts a coding."""
    least = exchange.api.minimum_compression_size
    coding = _accepted(exchange.request.headers.get("accept-encoding", ""))
    encoded = any(name.lower() == "content-encoding" for name, _ in response.headers)
    if least is None or coding is None or encoded or len(response.body) < max(least, 1):
        return response
    headers = [*response.headers, ("Content-Encoding", coding)]
    return Response(response.status, _CODINGS[coding](response.body), headers)


def _accepted(header: str) -> str | None:
    """The coding that the client likes best, of those that there are; None if it accepts none."""
    liked = {name: weight for name, weight in map(_weighed, header.split(",")) if name in _CODINGS}
    best = max(liked, key=liked.__getitem__, default=None)
    return best if best and liked[best] > 0 else None


def _weighed(part: str) -> tuple[str, float]:
    """A coding with its quality value, 1 if none is said (RFC 9110, 12.4.2)."""
    name, _, weight = part.partition(";")
    try:
        return name.strip().lower(), float(weight.strip().removeprefix("q=") or 1)
    except ValueError:
        return "", 0
