"""WAF's statements: whether one matches a request.

Sources: AWS WAF developer guide, "Rate-based rule statement", "IP set match rule statement", "Size constraint
rule statement", "Using forwarded IP addresses", "Oversize web request components".
"""

import ipaddress
import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final
from urllib.parse import unquote_to_bytes

from lambda_over_https.sandbox.firewall.rates import RateCounter
from lambda_over_https.sandbox.firewall.requests import WebRequest

Predicate = Callable[[WebRequest], bool]
Networks = Sequence[ipaddress.IPv4Network | ipaddress.IPv6Network]

DEFAULT_WINDOW: Final = 300
"""Seconds; EvaluationWindowSec of a rate-based statement that does not say."""

DEFAULT_BODY: Final = 16 * 1024
"""Bytes of a body that are inspected, unless the web ACL's AssociationConfig asks for more."""

COMPARISONS: Mapping[str, Callable[[int, int], bool]] = {
    "EQ": operator.eq,
    "NE": operator.ne,
    "LE": operator.le,
    "LT": operator.lt,
    "GE": operator.ge,
    "GT": operator.gt,
}

TRANSFORMATIONS: Mapping[str, Callable[[bytes], bytes]] = {
    "NONE": lambda content: content,
    "LOWERCASE": bytes.lower,
    "URL_DECODE": lambda content: unquote_to_bytes(content.replace(b"+", b" ")),
}

FIELDS: Mapping[str, Callable[[WebRequest, Mapping[str, Any]], str]] = {
    "UriPath": lambda request, _: request.path,
    "QueryString": lambda request, _: request.query,
    "Method": lambda request, _: request.method,
    "SingleHeader": lambda request, named: request.headers.get(named["Name"].lower(), ""),
    "SingleQueryArgument": lambda request, named: request.query_argument(named["Name"]),
}
"""What a statement can look at, besides the body."""


class Statements:
    """Makes predicates of one web ACL's statements.

    ``networks`` gives an IP set's by its ARN, as they are at the time; ``body`` bytes of a body are seen.
    """

    def __init__(self, networks: Callable[[str], Networks], body: int = DEFAULT_BODY) -> None:
        self._networks = networks
        self._body = body

    def predicate(self, statement: Mapping[str, Any], counter: RateCounter | None = None) -> Predicate:
        """The statement as a predicate; ``counter`` is that of a rate-based one."""
        ((kind, members),) = statement.items()
        if kind == "RateBasedStatement" and counter is not None:
            return self._rate_based(members, counter)
        return _MAKERS[kind](self, members)

    def _rate_based(self, members: Mapping[str, Any], counter: RateCounter) -> Predicate:
        scope = members.get("ScopeDownStatement")
        concerns = self.predicate(scope) if scope else None

        def exceeds(request: WebRequest) -> bool:
            if concerns is not None and not concerns(request):
                return False
            key, fallback = _aggregate(members, request)
            return fallback if key is None else counter.exceeds(key, request.received)

        return exceeds

    def ip_set(self, members: Mapping[str, Any]) -> Predicate:
        """Whether the client, or a forwarded address, is in an IP set."""

        def is_in(request: WebRequest) -> bool:
            networks, forwarded = self._networks(members["ARN"]), members.get("IPSetForwardedIPConfig")
            if forwarded is None:
                return _within([request.client], networks)
            addresses = _forwarded(forwarded, request)
            if addresses is None:
                return False
            chosen = {"FIRST": addresses[:1], "LAST": addresses[-1:]}.get(forwarded["Position"], addresses)
            if not all(map(_is_address, chosen)):
                return bool(forwarded["FallbackBehavior"] == "MATCH")
            return _within(chosen, networks)

        return is_in

    def size(self, members: Mapping[str, Any]) -> Predicate:
        """Whether a part of the request has a size."""
        compare, size = COMPARISONS[members["ComparisonOperator"]], members["Size"]
        ((field, named),) = members["FieldToMatch"].items()
        steps = sorted(members["TextTransformations"], key=lambda step: step["Priority"])
        transformations = [TRANSFORMATIONS[step["Type"]] for step in steps]

        def fits(request: WebRequest) -> bool:
            content = request.body if field == "Body" else FIELDS[field](request, named).encode()
            if field == "Body" and len(content) > self._body:
                if named["OversizeHandling"] != "CONTINUE":
                    return bool(named["OversizeHandling"] == "MATCH")
                content = content[: self._body]
            for transform in transformations:
                content = transform(content)
            return compare(len(content), size)

        return fits

    def every(self, members: Mapping[str, Any]) -> Predicate:
        """Whether all statements match."""
        parts = [self.predicate(each) for each in members["Statements"]]
        return lambda request: all(part(request) for part in parts)

    def either(self, members: Mapping[str, Any]) -> Predicate:
        """Whether one of the statements matches."""
        parts = [self.predicate(each) for each in members["Statements"]]
        return lambda request: any(part(request) for part in parts)

    def negation(self, members: Mapping[str, Any]) -> Predicate:
        """Whether the statement does not match."""
        part = self.predicate(members["Statement"])
        return lambda request: not part(request)


_MAKERS: Mapping[str, Callable[[Statements, Mapping[str, Any]], Predicate]] = {
    "IPSetReferenceStatement": Statements.ip_set,
    "SizeConstraintStatement": Statements.size,
    "AndStatement": Statements.every,
    "OrStatement": Statements.either,
    "NotStatement": Statements.negation,
}

KINDS = frozenset({"RateBasedStatement", *_MAKERS})
"""The kinds of statements that the sandbox has."""


def _aggregate(members: Mapping[str, Any], request: WebRequest) -> tuple[str | None, bool]:
    """What a rate-based statement counts the request under; None, and whether it matches nevertheless."""
    if members["AggregateKeyType"] == "CONSTANT":
        return "", False
    if members["AggregateKeyType"] == "IP":
        return request.client, False
    addresses = _forwarded(members["ForwardedIPConfig"], request)
    if addresses is None:
        return None, False
    if not _is_address(addresses[0]):
        return None, members["ForwardedIPConfig"]["FallbackBehavior"] == "MATCH"
    return addresses[0], False


def _forwarded(config: Mapping[str, Any], request: WebRequest) -> list[str] | None:
    """The addresses that the header lists; None if there is no such header, and so nothing to match."""
    header = request.headers.get(config["HeaderName"].lower())
    return None if header is None else [each.strip() for each in header.split(",")]


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _within(addresses: Sequence[str], networks: Networks) -> bool:
    parsed = [ipaddress.ip_address(each) for each in addresses]
    return any(address in network for address in parsed for network in networks)
