"""May API Gateway invoke this function for this method? The function's resource policy answers.

Source: Lambda developer guide, "Working with resource-based IAM policies in Lambda"; IAM user guide, "IAM
JSON policy elements: Condition operators".
"""

import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any

_SERVICE = "apigateway.amazonaws.com"
_ACTION = "lambda:InvokeFunction"


def may_invoke(
    statements: Iterable[Mapping[str, Any]], function_arn: str, source_arn: str, source_account: str
) -> bool:
    """Tell whether the policy lets API Gateway invoke ``function_arn`` on behalf of ``source_arn``.

    ``source_arn`` is ``arn:aws:execute-api:REGION:ACCOUNT:API/STAGE/VERB/path``. A Deny wins over any Allow.
    """
    context = {"aws:sourcearn": source_arn, "aws:sourceaccount": source_account}
    effects = {
        statement.get("Effect")
        for statement in statements
        if _applies(statement, function_arn) and _conditions_hold(statement.get("Condition") or {}, context)
    }
    return "Allow" in effects and "Deny" not in effects


def _applies(statement: Mapping[str, Any], function_arn: str) -> bool:
    return (
        _is_principal(statement.get("Principal"))
        and any(_like(_ACTION.lower(), action.lower()) for action in _several(statement.get("Action")))
        and any(_like(function_arn, resource) for resource in _several(statement.get("Resource", "*")))
    )


def _is_principal(principal: object) -> bool:
    if isinstance(principal, Mapping):
        return _SERVICE in _several(principal.get("Service")) or "*" in _several(principal.get("AWS"))
    return principal == "*"


def _conditions_hold(conditions: Mapping[str, Mapping[str, Any]], context: Mapping[str, str]) -> bool:
    return all(
        _holds(operator, context.get(key.lower()), _several(values))
        for operator, wanted in conditions.items()
        for key, values in wanted.items()
    )


def _holds(operator: str, actual: str | None, values: Iterable[str]) -> bool:
    name = operator.removesuffix("IfExists")
    if actual is None:
        return name != operator
    if name not in _OPERATORS:
        return False
    matches, wanted = _OPERATORS[name]
    return any(matches(actual, value) for value in values) is wanted


def _several(value: object) -> list[str]:
    if value is None:
        return []
    return [value] if isinstance(value, str) else [str(item) for item in value]  # type: ignore[attr-defined]


def _like(actual: str, pattern: str) -> bool:
    return _wildcard(pattern).fullmatch(actual) is not None


def _arn_like(actual: str, pattern: str) -> bool:
    """ArnLike compares each of the six parts of an ARN on its own: ``*`` does not reach over a colon."""
    actual_parts, pattern_parts = actual.split(":", 5), pattern.split(":", 5)
    return len(actual_parts) == len(pattern_parts) and all(map(_like, actual_parts, pattern_parts))


@lru_cache(maxsize=256)
def _wildcard(pattern: str) -> re.Pattern[str]:
    parts = (".*" if c == "*" else "." if c == "?" else re.escape(c) for c in pattern)
    return re.compile("".join(parts), re.DOTALL)


def _equal(actual: str, value: str) -> bool:
    return actual == value


def _equal_ignoring_case(actual: str, value: str) -> bool:
    return actual.lower() == value.lower()


_OPERATORS: dict[str, tuple[Callable[[str, str], bool], bool]] = {
    "ArnLike": (_arn_like, True),
    "ArnEquals": (_arn_like, True),
    "ArnNotLike": (_arn_like, False),
    "ArnNotEquals": (_arn_like, False),
    "StringLike": (_like, True),
    "StringNotLike": (_like, False),
    "StringEquals": (_equal, True),
    "StringNotEquals": (_equal, False),
    "StringEqualsIgnoreCase": (_equal_ignoring_case, True),
    "StringNotEqualsIgnoreCase": (_equal_ignoring_case, False),
}
