"""IAM's policy language: what a policy document allows and denies.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

import functools
import ipaddress
import json
import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Literal

from lambda_over_https.sandbox.iam.policies.dates import moment_of, time_keys
from lambda_over_https.sandbox.iam.policies.variables import ESCAPED, VERSION, literal, resolved

Decision = Literal["allowed", "denied", "not allowed"]
Statement = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class AccessRequest:
    """A request to do ``action`` ("dynamodb:PutItem") on a resource.

    ``resources`` are its ARN and other forms in which policies name it. ``context`` maps condition keys, in
    lower case, to values.
    """

    action: str
    resources: Sequence[str]
    context: Mapping[str, str | Sequence[str]] = field(default_factory=dict)


def statements(document: str | Mapping[str, Any]) -> list[Statement]:
    """The statements of a policy document; an unreadable document has none."""
    return _statements(document) if isinstance(document, str) else _listed(document.get("Statement", []))


@functools.lru_cache(maxsize=512)
def _statements(document: str) -> list[Statement]:
    try:
        return [item for item in _listed(json.loads(document)["Statement"]) if isinstance(item, Mapping)]
    except (ValueError, KeyError, TypeError):
        return []


def decide(policies: Iterable[str | Mapping[str, Any]], request: AccessRequest) -> Decision:
    """Evaluate identity-based policies: an explicit Deny wins, then any Allow."""
    asked = _now(request)
    matching = [
        statement.get("Effect")
        for document in policies
        for statement in _resolved(document, asked)
        if _applies(statement, asked)
    ]
    if "Deny" in matching:
        return "denied"
    return "allowed" if "Allow" in matching else "not allowed"


def _now(request: AccessRequest) -> AccessRequest:
    """The request with the keys that tell when it is made."""
    return replace(request, context={**time_keys(datetime.now(UTC)), **request.context})


def _resolved(document: str | Mapping[str, Any], request: AccessRequest) -> Iterator[Statement]:
    """The statements with their variables replaced, as far as those have a value."""
    found = statements(document)
    if not _has_variables(document):
        yield from found
        return
    for statement in found:
        known = resolved(statement, request.context)
        if known is not None:
            yield known


def _has_variables(document: str | Mapping[str, Any]) -> bool:
    return (not isinstance(document, str) or "${" in document) and version(document) == VERSION


def version(document: str | Mapping[str, Any]) -> str:
    """The version of the policy language that the document says; empty if it says none."""
    return _version(document) if isinstance(document, str) else str(document.get("Version", ""))


@functools.lru_cache(maxsize=512)
def _version(document: str) -> str:
    return str(json.loads(document).get("Version", "")) if statements(document) else ""


def trusts(document: str | Mapping[str, Any], service: str, context: Mapping[str, str] | None = None) -> bool:
    """Whether a role's trust policy lets the service assume the role."""
    request = _now(AccessRequest("sts:AssumeRole", ["*"], context or {}))
    effects = [
        statement.get("Effect")
        for statement in statements(document)
        if service in _services(statement.get("Principal")) and _applies(statement, request)
    ]
    return "Allow" in effects and "Deny" not in effects


def _services(principal: object) -> list[Any]:
    return _listed(principal.get("Service")) if isinstance(principal, Mapping) else []


def _applies(statement: Statement, request: AccessRequest) -> bool:
    return (
        _names(statement, "Action", [request.action], lower=True)
        and _names(statement, "Resource", request.resources, lower=False)
        and all(
            _condition(operator, tests, request.context)
            for operator, tests in (statement.get("Condition") or {}).items()
        )
    )


def _names(statement: Statement, member: str, values: Sequence[str], *, lower: bool) -> bool:
    """``Action``/``NotAction`` or ``Resource``/``NotResource``; a trust policy has no Resource."""
    negated = statement.get(f"Not{member}")
    patterns = [str(item) for item in _listed(negated if negated is not None else statement.get(member, "*"))]
    if lower:
        patterns, values = [item.lower() for item in patterns], [item.lower() for item in values]
    found = any(matches(pattern, value) for pattern in patterns for value in values)
    return found is (negated is None)


_ESCAPED = ESCAPED.pattern.replace("(", "(?:")


@functools.lru_cache(maxsize=4096)
def _wildcard(pattern: str) -> re.Pattern[str]:
    """The first place that fits is taken for each text between two ``*``, for good: no pattern backtracks."""
    parts = [""]
    for part in re.split(rf"({_ESCAPED}|[*?])", pattern):
        if part == "*":
            parts.append("")
        else:
            parts[-1] += "." if part == "?" else re.escape(literal(part))
    first, *rest = parts
    middle = "".join(f"(?>.*?{part})" for part in rest[:-1] if part)
    last = f".*{rest[-1]}" if rest else ""
    return re.compile(first + middle + last, re.DOTALL)


def matches(pattern: str, value: str) -> bool:
    """IAM's wildcards: ``*`` matches any text, ``?`` any one character. No other character is special."""
    return _wildcard(pattern).fullmatch(value) is not None


def matches_arn(pattern: str, arn: str) -> bool:
    """Match each of an ARN's six parts by itself: no wildcard reaches across the first five colons.

    IAM user guide, "ARN condition operators". A pattern that is not an ARN matches nothing, except for ``*``.
    """
    parts, values = pattern.split(":", 5), arn.split(":", 5)
    if len(parts) < len(values):
        return pattern == "*"
    return len(parts) == len(values) and all(map(matches, parts, values))


def _condition(operator: str, tests: Mapping[str, Any], context: Mapping[str, str | Sequence[str]]) -> bool:
    quantifier, _, name = operator.rpartition(":")
    if_exists = name.endswith("IfExists")
    name = name.removesuffix("IfExists")
    for key, expected in tests.items():
        actual = context.get(key.lower())
        if name == "Null":
            if (actual is None) is not (str(_listed(expected)[0]).lower() == "true"):
                return False
        elif actual is None:
            if not (if_exists or _asks_every_value(quantifier, name)):
                return False
        elif not _test(quantifier, name, _listed(actual), [str(item) for item in _listed(expected)]):
            return False
    return True


def _test(quantifier: str, operator: str, actual: Sequence[str], expected: Sequence[str]) -> bool:
    compare = _OPERATORS.get(operator.replace("Not", "", 1))
    if compare is None:
        return False
    negated = _negated(operator)
    results = [any(compare(value, item) for item in expected) is not negated for value in actual]
    return all(results) if _asks_every_value(quantifier, operator) else any(results)


def _asks_every_value(quantifier: str, operator: str) -> bool:
    """Whether every value must pass the test, and not just one of them; then a missing key passes too."""
    return quantifier == "ForAllValues" or (_negated(operator) and quantifier != "ForAnyValue")


def _negated(operator: str) -> bool:
    return "Not" in operator


def _number(value: str) -> float:
    try:
        return float(value)
    except ValueError:
        return math.nan


def _in_network(value: str, network: str) -> bool:
    try:
        return ipaddress.ip_address(value) in ipaddress.ip_network(network, strict=False)
    except ValueError:
        return False


_OPERATORS: Mapping[str, Callable[[str, str], bool]] = {
    "StringEquals": lambda value, item: value == literal(item),
    "StringEqualsIgnoreCase": lambda value, item: value.lower() == literal(item).lower(),
    "StringLike": lambda value, item: matches(item, value),
    "ArnEquals": lambda value, item: matches_arn(item, value),
    "ArnLike": lambda value, item: matches_arn(item, value),
    "Bool": lambda value, item: value.lower() == item.lower(),
    "NumericEquals": lambda value, item: _number(value) == _number(item),
    "NumericLessThan": lambda value, item: _number(value) < _number(item),
    "NumericLessThanEquals": lambda value, item: _number(value) <= _number(item),
    "NumericGreaterThan": lambda value, item: _number(value) > _number(item),
    "NumericGreaterThanEquals": lambda value, item: _number(value) >= _number(item),
    "IpAddress": _in_network,
    "DateEquals": lambda value, item: moment_of(value) == moment_of(item),
    "DateGreaterThan": lambda value, item: moment_of(value) > moment_of(item),
    "DateGreaterThanEquals": lambda value, item: moment_of(value) >= moment_of(item),
    "DateLessThan": lambda value, item: moment_of(value) < moment_of(item),
    "DateLessThanEquals": lambda value, item: moment_of(value) <= moment_of(item),
}


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, (list, tuple)) else [value]
