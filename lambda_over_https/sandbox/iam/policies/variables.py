"""Variables in a policy document, as ``${aws:username}``: replaced by what is known of the request.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

Context = Mapping[str, str | Sequence[str]]
"""Condition keys in lower case, and their values."""

VERSION = "2012-10-17"
"""The version of the policy language that has variables; in the older one they are plain text."""

ESCAPED = re.compile(r"\$\{([*?$])\}")
"""A character that would be special, meant as itself: ``${*}``."""

_VARIABLE = re.compile(r"\$\{(?P<key>[^}*?$,]+?)\s*(?:,\s*'(?P<default>[^']*)'\s*)?\}")
_SPECIAL = re.compile(r"[*?$]")


class _UnknownError(Exception):
    """The request has no such key, or several values of it, and the variable no default."""


def resolved(statement: Mapping[str, Any], context: Context) -> Mapping[str, Any] | None:
    """The statement with its variables replaced; None if one has no value: then AWS ignores all of it.

    Variables may stand in resources and in the values of conditions. What replaces them means itself: a
    ``*`` in it is no wildcard.
    """
    try:
        return {
            member: _replaced(value, context) if member in ("Resource", "NotResource", "Condition") else value
            for member, value in statement.items()
        }
    except _UnknownError:
        return None


def literal(text: str) -> str:
    """The text that a value stands for where nothing is a wildcard."""
    return ESCAPED.sub(r"\1", text)


def _replaced(value: Any, context: Context) -> Any:
    if isinstance(value, str):
        return _VARIABLE.sub(lambda found: _value(found, context), value)
    if isinstance(value, Mapping):
        return {key: _replaced(each, context) for key, each in value.items()}
    return [_replaced(each, context) for each in value] if isinstance(value, list | tuple) else value


def _value(found: re.Match[str], context: Context) -> str:
    value = context.get(found["key"].lower(), found["default"])
    if not isinstance(value, str):
        raise _UnknownError
    return _SPECIAL.sub(lambda special: f"${{{special[0]}}}", value)
