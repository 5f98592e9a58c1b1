"""Keeps a program's requests to the sandbox away from the proxy that its environment names."""

from collections.abc import Mapping

LOOPBACK = ("127.0.0.1", "localhost")
"""The sandbox's addresses. ``localhost`` also covers every name that ends in it."""

_NAMES = ("NO_PROXY", "no_proxy")
"""Programs read one or the other; if both are set, the second wins."""


def without_proxy(environ: Mapping[str, str]) -> dict[str, str]:
    """Both variables, with the sandbox's addresses added to what they name in ``environ``."""
    said = [entry.strip() for name in _NAMES for entry in environ.get(name, "").split(",")]
    entries = dict.fromkeys([entry for entry in said if entry] + list(LOOPBACK))
    return dict.fromkeys(_NAMES, ",".join(entries))
