"""Headers that API Gateway reserves, in requests and in responses.

Source: API Gateway developer guide, "Amazon API Gateway important notes", the table of headers that may be
dropped, remapped or otherwise modified.
"""

from collections.abc import Iterable

from lambda_over_https.sandbox.gateway.errors import ConfigurationError
from lambda_over_https.sandbox.web.headers import is_header

_REMAPPED = frozenset(
    (
        "authorization",
        "connection",
        "content-length",
        "content-md5",
        "date",
        "expect",
        "host",
        "max-forwards",
        "proxy-authenticate",
        "server",
        "trailer",
        "upgrade",
        "user-agent",
        "www-authenticate",
    )
)
_NOT_MAPPABLE = frozenset(
    (
        "authorization",
        "connection",
        "content-length",
        "expect",
        "proxy-authenticate",
        "te",
        "transfer-encoding",
    )
)
_NOT_MAPPABLE_TO_HTTP = frozenset(("content-length", "transfer-encoding"))


def sendable(headers: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """The headers of an integration's response as they go out to the client.

    Of names that differ only in case, the last counts. Some names get the prefix ``x-amzn-Remapped-``, and
    Transfer-Encoding is dropped. ConfigurationError if a name or value is not valid in a header.
    """
    distinct = {name.lower(): (name, value) for name, value in headers if name.lower() != "transfer-encoding"}
    for name, value in distinct.values():
        check(name, value)
    return [(renamed(name), value) for name, value in distinct.values()]


def renamed(name: str) -> str:
    """The name under which an integration's header goes out."""
    return f"x-amzn-Remapped-{name}" if name.lower() in _REMAPPED else name


def check(name: str, value: str) -> None:
    """Raise ConfigurationError if name or value is not valid in a header."""
    if not is_header(name, value):
        raise ConfigurationError(f"not a header: {name!r}: {value!r}")


def check_mappable(names: Iterable[str], *, http: bool = False) -> None:
    """Raise ConfigurationError if an integration request sets a header that it may not set.

    An HTTP integration may set more of them than one with Lambda.
    """
    for name in names:
        if name.lower() in (_NOT_MAPPABLE_TO_HTTP if http else _NOT_MAPPABLE):
            raise ConfigurationError(f"{name} header already present")
