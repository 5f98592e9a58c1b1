"""Headers that API Gateway keeps for itself, on the way in and on the way out.

Source: API Gateway developer guide, "Amazon API Gateway important notes", the table of headers that may be
dropped, remapped or otherwise modified.
"""

import re
from collections.abc import Iterable

from lambda_over_https.sandbox.gateway.errors import ConfigurationError

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
_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE = re.compile(r"[\t\x20-\x7e\x80-\xff]*")


def sendable(headers: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the headers of an integration's answer as they may go out.

    Of names that differ in case only, the last counts; some names begin with ``x-amzn-Remapped-`` then, and
    Transfer-Encoding is dropped. Raises ConfigurationError for what cannot stand in a header.
    """
    distinct = {name.lower(): (name, value) for name, value in headers if name.lower() != "transfer-encoding"}
    for name, value in distinct.values():
        check(name, value)
    return [(renamed(name), value) for name, value in distinct.values()]


def renamed(name: str) -> str:
    """Return the name under which a backend's header goes out."""
    return f"x-amzn-Remapped-{name}" if name.lower() in _REMAPPED else name


def is_header(name: str, value: str) -> bool:
    """Tell whether name and value can stand in a header."""
    return _NAME.fullmatch(name) is not None and _VALUE.fullmatch(value) is not None


def check(name: str, value: str) -> None:
    """Raise ConfigurationError if name or value cannot stand in a header."""
    if not is_header(name, value):
        raise ConfigurationError(f"not a header: {name!r}: {value!r}")


def check_mappable(names: Iterable[str]) -> None:
    """Raise ConfigurationError if an integration request sets a header that is not its to set."""
    for name in names:
        if name.lower() in _NOT_MAPPABLE:
            raise ConfigurationError(f"{name} header already present")
