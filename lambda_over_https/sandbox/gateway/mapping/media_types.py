"""Content types: which are binary for an API, and which the client wants.

Source: API Gateway developer guide, "Working with binary media types for REST APIs". API Gateway looks at
the first media type of an Accept header only.
"""

from collections.abc import Sequence

from lambda_over_https.sandbox.gateway.request.exchange import Exchange

JSON = "application/json"


def mime_type(value: str) -> str:
    """Return the first media type of a Content-Type or Accept header, without parameters, in lower case."""
    return value.partition(",")[0].partition(";")[0].strip().lower()


def accepted(exchange: Exchange) -> str:
    """Return the media type the client asks for, "" if it does not."""
    return mime_type(exchange.request.headers.get("accept", ""))


def is_binary(media_type: str, binary_media_types: Sequence[str]) -> bool:
    """Tell whether an API treats a media type as binary; ``*/*`` and ``image/*`` match as they read."""
    family = media_type.partition("/")[0]
    return any(each.lower() in (media_type, f"{family}/*", "*/*") for each in binary_media_types)
