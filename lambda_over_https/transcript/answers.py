"""What an answer tells that the call did not say already."""

from collections.abc import Iterator, Mapping
from typing import Any

from lambda_over_https.deployment.history import Call

MOST = 3
"""Facts that are worth a line."""

_TELLING = ("id", "arn", "state", "status", "sha256")
_NAMING = ("name", "statementid", "statuscode", "method", "pathpart")


def news(call: Call) -> dict[str, str]:
    """The telling values (ids, ARNs, states) of the answer that are not in the parameters; few and short."""
    said = repr(call.parameters)
    found: dict[str, str] = {}
    for key, value in _leaves(call.answer):
        if key.lower().endswith(_TELLING) and value not in said and value not in found.values():
            found.setdefault(key, _short(value))
    return dict(list(found.items())[:MOST])


def _leaves(value: Any, key: str = "", depth: int = 0) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for name, each in value.items():
            if depth < 2:
                yield from _leaves(each, name, depth + 1)
    elif isinstance(value, str) and not value.startswith("<"):
        yield key, value


def _short(text: str, limit: int = 60) -> str:
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


def thing(call: Call) -> str:
    """The name of what the call is about: the last of its parameters that names something."""
    named = [value for key, value in call.parameters.items() if key.lower().endswith(_NAMING)]
    return str(named[-1]) if named else ""
