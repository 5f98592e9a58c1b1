"""The address of an HTTP integration: its URI with variables and path parameters filled in.

Only this machine is called: loopback's addresses, and ``localhost`` with all names below it (RFC 6761,
section 6.3), which are never looked up.
"""

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from lambda_over_https.sandbox.gateway.errors import ConfigurationError, UnsupportedError

_PARAMETER = re.compile(r"\{([^{}]*)\}")
_IN_A_PATH, _IN_A_QUERY = "/:@!$'()*+,;=~%", "~%"
_PORTS = {"http": 80, "https": 443}
_LOCALHOST = ("127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class Address:
    """Where a request goes. ``name`` is the URI's host, ``addresses`` are tried in their order.

    ``target`` is the request's target: the path, and the query if there is one.
    """

    scheme: str
    name: str
    port: int
    authority: str
    addresses: tuple[str, ...]
    target: str

    @property
    def url(self) -> str:
        """The whole URL, for the execution log."""
        return f"{self.scheme}://{self.authority}{self.target}"


def address_of(uri: str, path: Mapping[str, str], query: str) -> Address:
    """The address that a URI names: ``{name}`` is replaced from ``path``; ``query`` follows the URI's own.

    Slashes that follow one another count as one, as recorded (test_import_with_stage_variables).

    ConfigurationError if it is no address, UnsupportedError if it is not on this machine.
    """
    front, _, own_query = uri.partition("?")
    front = _REPEATED.sub("/", front)
    front, own_query = _filled(front, path, _IN_A_PATH), _filled(own_query, path, _IN_A_QUERY)
    try:
        parts = urlsplit(front)
        port = parts.port or _PORTS[parts.scheme]
    except (ValueError, KeyError):
        raise _invalid() from None
    if not parts.hostname or parts.username is not None or not _VISIBLE.fullmatch(front + own_query):
        raise _invalid()
    target = "?".join(
        part for part in (parts.path or "/", "&".join(filter(None, (own_query, query)))) if part
    )
    return Address(parts.scheme, parts.hostname, port, parts.netloc, _addresses(parts.hostname), target)


_VISIBLE = re.compile(r"[!-~]+")
_REPEATED = re.compile("(?<!:)//+")


def _filled(text: str, values: Mapping[str, str], safe: str) -> str:
    def value(match: re.Match[str]) -> str:
        if match[1] not in values:
            raise _invalid()
        return quote(values[match[1]], safe=safe)

    return _PARAMETER.sub(value, text)


def _invalid() -> ConfigurationError:
    return ConfigurationError("Invalid endpoint address")


def _addresses(host: str) -> tuple[str, ...]:
    if host == "localhost" or host.endswith(".localhost"):
        return _LOCALHOST
    try:
        if ipaddress.ip_address(host).is_loopback:
            return (host,)
    except ValueError:
        pass
    raise UnsupportedError(
        f"an HTTP integration with {host}: it calls this machine alone, as localhost, 127.0.0.1 or [::1]"
    )
