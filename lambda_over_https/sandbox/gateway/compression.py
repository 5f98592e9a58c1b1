"""Compressed bodies: of a request, and of a response for a client that accepts one.

API Gateway guide, "Payload compression for REST APIs in API Gateway".
"""

import gzip
import zlib
from collections.abc import Callable, Mapping
from dataclasses import replace

from lambda_over_https.sandbox.gateway.errors import REQUEST_TOO_LARGE, UNSUPPORTED_MEDIA_TYPE, GatewayError
from lambda_over_https.sandbox.gateway.request.exchange import Exchange
from lambda_over_https.sandbox.web.http import Request, Response

LARGEST_BODY = 10 * 1024 * 1024
"""Bytes (API Gateway guide, "Quotas")."""

_CODINGS: Mapping[str, Callable[[bytes], bytes]] = {"gzip": gzip.compress, "deflate": zlib.compress}


_FORMATS = {"gzip": 31, "deflate": 15}
"""What zlib calls the codings."""


def decompressed(request: Request) -> Request:
    """The request with its body as it was before the client compressed it.

    API Gateway does this for every API ("By default, API Gateway supports decompression") and leaves the
    Content-Encoding header as it is (reports of users). GatewayError: 415 for another coding, or for a body
    that does not have it; 413 if the body becomes longer than API Gateway's limit.
    """
    coding = request.headers.get("content-encoding", "").strip().lower()
    if not request.body or coding in ("", "identity"):
        return request
    if coding not in _FORMATS:
        raise GatewayError(UNSUPPORTED_MEDIA_TYPE)
    stream = zlib.decompressobj(_FORMATS[coding])
    try:
        body = stream.decompress(request.body, LARGEST_BODY + 1)
    except zlib.error as error:
        raise GatewayError(UNSUPPORTED_MEDIA_TYPE) from error
    if len(body) > LARGEST_BODY:
        raise GatewayError(REQUEST_TOO_LARGE)
    if not stream.eof:
        raise GatewayError(UNSUPPORTED_MEDIA_TYPE)
    return replace(request, body=body)


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
