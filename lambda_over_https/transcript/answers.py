"""What is new in AWS's answer to a call: ids, ARNs and states that the call did not contain."""

from collections.abc import Iterator, Mapping
from typing import Any

from lambda_over_https.deployment.recorded.call import Call

MOST = 3
"""The most values that a line shows."""

_TELLING = ("id", "arn", "state", "status", "sha256")
_NAMING = ("name", "statementid", "statuscode", "method", "pathpart")


def news(call: Call) -> dict[str, str]:
    """The ids, ARNs and states of the answer that are not in the parameters: a few, shortened."""
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


def subject(call: Call) -> str:
    """The name of the resource that the call is about: the last parameter that is a name."""
    named = [value for key, value in call.parameters.items() if key.lower().endswith(_NAMING)]
    return str(named[-1]) if named else ""


def readable(value: Any) -> str:
    """What stands for a value that JSON does not know: the text of bytes, or how Python writes it."""
    return value.decode(errors="replace") if isinstance(value, bytes) else str(value)
