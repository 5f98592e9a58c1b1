"""Which rules and addresses WAF takes, and what rules cost in capacity units.

What AWS has and the sandbox has not is a 501 that names it. Sources: the service's model; AWS WAF developer
guide, "Rule statements in AWS WAF" (capacity units), "IP sets". The reasons in the messages are AWS's where
they have been seen, the fields its names for them.
"""

import ipaddress
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from lambda_over_https.sandbox.firewall.errors import invalid, nonexistent
from lambda_over_https.sandbox.firewall.items import IP_SET, Item
from lambda_over_https.sandbox.firewall.statements import FIELDS, KINDS, TRANSFORMATIONS

WINDOWS = (60, 120, 300, 600)
"""Values of EvaluationWindowSec (API reference, RateBasedStatement)."""

_EXACTLY_ONE = "You have used none or multiple values for a field that requires exactly one value."
_BAD_FORMAT = "The parameter contains formatting that is not valid."
_MISSING = "A required field is missing from the parameter."
_BEYOND_RULE = ("OverrideAction", "RuleLabels", "CaptchaConfig", "ChallengeConfig")

Members = Mapping[str, Any]
FindItem = Callable[[str], Item | None]


def check_addresses(addresses: Iterable[str], version: str) -> None:
    """Addresses are networks in CIDR notation, of the set's IP version, and not the whole Internet."""
    for address in addresses:
        try:
            network = ipaddress.ip_network(address, strict=False)
        except ValueError:
            raise invalid(_BAD_FORMAT, "IP_ADDRESS", address) from None
        if "/" not in address or not network.prefixlen or f"IPV{network.version}" != version:
            raise invalid(_BAD_FORMAT, "IP_ADDRESS", address)


def check_action(action: Members, field: str, kinds: Sequence[str]) -> None:
    """An action is exactly one of ``kinds``, as it comes, with nothing customised."""
    if len(action) != 1:
        raise invalid(_EXACTLY_ONE, field, dict(action))
    ((kind, members),) = action.items()
    if kind not in kinds:
        raise NotImplementedError(f"the action {kind} of a web ACL")
    if members:
        raise NotImplementedError(f"{next(iter(members))} of a web ACL's action")


def check_rules(rules: Sequence[Members], find: FindItem) -> None:
    """Rules have names and priorities of their own, an action each, and a statement that the sandbox has."""
    for member, field in (("Name", "RULE_NAME"), ("Priority", "RULE_PRIORITY")):
        values = [rule[member] for rule in rules]
        repeated = next((value for value in values if values.count(value) > 1), None)
        if repeated is not None:
            raise invalid("Your request contains duplicate values.", field, repeated)
    for rule in rules:
        beyond = next((member for member in _BEYOND_RULE if rule.get(member)), None)
        if beyond:
            raise NotImplementedError(f"{beyond} of a web ACL's rule")
        check_action(rule.get("Action") or {}, "RULE_ACTION", ("Allow", "Block", "Count"))
        _check_statement(rule["Statement"], find, nested=False)


def _check_statement(statement: Members, find: FindItem, *, nested: bool) -> None:
    if len(statement) != 1:
        raise invalid(_EXACTLY_ONE, "STATEMENT", dict(statement))
    ((kind, members),) = statement.items()
    if kind not in KINDS:
        raise NotImplementedError(f"the {kind} of a web ACL")
    if kind == "RateBasedStatement":
        if nested:
            raise invalid("A rate-based statement can't be nested.", "STATEMENT", kind)
        _check_rate(members, find)
    elif kind == "IPSetReferenceStatement":
        _check_ip_set(members, find)
    elif kind == "SizeConstraintStatement":
        _check_size(members)
    else:
        for each in members.get("Statements") or [members["Statement"]]:
            _check_statement(each, find, nested=True)


def _check_rate(members: Members, find: FindItem) -> None:
    window, aggregate = members.get("EvaluationWindowSec", WINDOWS[0]), members["AggregateKeyType"]
    if window not in WINDOWS:
        raise invalid(
            f"The value must be one of {', '.join(map(str, WINDOWS))}.", "EVALUATION_WINDOW", window
        )
    if aggregate == "CUSTOM_KEYS" or members.get("CustomKeys"):
        raise NotImplementedError("custom keys of a rate-based statement")
    needed = {"FORWARDED_IP": "ForwardedIPConfig", "CONSTANT": "ScopeDownStatement"}.get(aggregate)
    if needed and not members.get(needed):
        raise invalid(_MISSING, "RATE_BASED_STATEMENT", needed)
    if members.get("ScopeDownStatement"):
        _check_statement(members["ScopeDownStatement"], find, nested=True)


def _check_ip_set(members: Members, find: FindItem) -> None:
    item = find(members["ARN"])
    if item is None or item.kind != IP_SET:
        raise nonexistent()


def _check_size(members: Members) -> None:
    if len(members["FieldToMatch"]) != 1:
        raise invalid(_EXACTLY_ONE, "FIELD_TO_MATCH", dict(members["FieldToMatch"]))
    ((field, named),) = members["FieldToMatch"].items()
    if field not in {*FIELDS, "Body"}:
        raise NotImplementedError(f"{field} as the field to match of a web ACL")
    if field == "Body" and "OversizeHandling" not in named:
        raise invalid(_MISSING, "OVERSIZE_HANDLING", field)
    unknown = [step["Type"] for step in members["TextTransformations"] if step["Type"] not in TRANSFORMATIONS]
    if unknown or members.get("PreParseTextTransformations"):
        raise NotImplementedError(f"the text transformation {unknown or 'before parsing'} of a web ACL")


def capacity(rules: Iterable[Members]) -> int:
    """The web ACL capacity units that the rules need."""
    return sum(_units(rule["Statement"]) for rule in rules)


def _units(statement: Members) -> int:
    ((kind, members),) = statement.items()
    if kind == "RateBasedStatement":
        scope = members.get("ScopeDownStatement")
        return 2 + (_units(scope) if scope else 0)
    if kind == "IPSetReferenceStatement":
        position = (members.get("IPSetForwardedIPConfig") or {}).get("Position")
        return 5 if position == "ANY" else 1
    if kind == "SizeConstraintStatement":
        changed = [step for step in members["TextTransformations"] if step["Type"] != "NONE"]
        return 1 + 10 * len(changed)
    return sum(_units(each) for each in members.get("Statements") or [members["Statement"]])


def used_ip_sets(rules: Iterable[Members]) -> set[str]:
    """The ARNs of the IP sets that the rules refer to."""
    return {arn for rule in rules for arn in _referred(rule["Statement"])}


def _referred(statement: Members) -> Iterable[str]:
    ((kind, members),) = statement.items()
    if kind == "IPSetReferenceStatement":
        return [members["ARN"]]
    parts = [*(members.get("Statements") or ())]
    parts += [members[name] for name in ("Statement", "ScopeDownStatement") if members.get(name)]
    return [arn for part in parts for arn in _referred(part)]
