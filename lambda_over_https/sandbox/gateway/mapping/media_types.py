"""Media types: which of them an API treats as binary, and which one the client accepts.

Source: API Gateway developer guide, "Working with binary media types for REST APIs". API Gateway reads only
the first media type of an Accept header.
"""

from collections.abc import Sequence

from lambda_over_https.sandbox.gateway.request.exchange import Exchange

JSON = "application/json"


def mime_type(value: str) -> str:
    """The first media type of a Content-Type or Accept header, without parameters, in lower case."""
    return value.partition(",")[0].partition(";")[0].strip().lower()


def accepted(exchange: Exchange) -> str:
    """The media type that the client accepts; "" if it names none."""
    return mime_type(exchange.request.headers.get("accept", ""))


def is_binary(media_type: str, binary_media_types: Sequence[str]) -> bool:
    """Whether an API treats a media type as binary. Wildcards are ``*/*`` and ``image/*``, not ``*/x``."""
    family, slash, _ = media_type.partition("/")
    kinds = {media_type, f"{family}/*"} if slash and (family != "*" or media_type == "*/*") else set()
    return any(each.lower() in {*kinds, "*/*"} for each in binary_media_types)
