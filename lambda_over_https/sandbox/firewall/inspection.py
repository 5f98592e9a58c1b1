"""The data plane of WAF: what becomes of a request to a stage that has a web ACL."""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lambda_over_https.sandbox.firewall.items import Item, Items, Stage
from lambda_over_https.sandbox.firewall.rates import RateCounter
from lambda_over_https.sandbox.firewall.record import Record
from lambda_over_https.sandbox.firewall.requests import WebRequest
from lambda_over_https.sandbox.firewall.statements import (
    DEFAULT_BODY,
    DEFAULT_WINDOW,
    Networks,
    Predicate,
    Statements,
)

_ACTIONS = {"Allow": "ALLOW", "Block": "BLOCK", "Count": "COUNT"}
DEFAULT_METRIC = "Default_Action"
"""The rule's name, in samples, for what no rule decides."""


@dataclass(frozen=True, slots=True)
class _Rule:
    matches: Predicate
    action: str
    metric: str | None


@dataclass(frozen=True, slots=True)
class _Compiled:
    """A web ACL made ready: its rules in the order of their priority."""

    web_acl: Item
    rules: tuple[_Rule, ...]
    default: str
    default_metric: str | None


class Inspection:
    """Applies web ACLs to requests, and keeps count and record of them."""

    def __init__(self, items: Items, record: Record) -> None:
        self._items = items
        self._record = record
        self._compiled: dict[str, _Compiled] = {}
        self._counters: dict[tuple[str, str], RateCounter] = {}
        self._parsed: dict[str, tuple[Item, Networks]] = {}

    def lets_in(self, stage: Stage, request: WebRequest) -> bool:
        """Whether the stage's web ACL lets the request in: the first rule that allows or blocks decides."""
        web_acl = self._items.guard_of(stage)
        if web_acl is None:
            return True
        compiled = self._ready(web_acl)
        for rule in compiled.rules:
            if rule.matches(request):
                self._note(web_acl, rule.metric, request, rule.action)
                if rule.action != "COUNT":
                    return rule.action == "ALLOW"
        self._note(web_acl, compiled.default_metric, request, compiled.default)
        return compiled.default == "ALLOW"

    def blocked_addresses(self, web_acl: Item, rule: str, now: float) -> list[str]:
        """The addresses that a rate-based rule of the web ACL holds back at the moment."""
        counter = self._counters.get((web_acl.arn, rule))
        return counter.too_many(now) if counter else []

    def forget(self, web_acl: Item) -> None:
        """Forget what was counted and recorded for a web ACL that is gone."""
        self._compiled.pop(web_acl.arn, None)
        self._record.forget(web_acl.arn)
        for key in [key for key in list(self._counters) if key[0] == web_acl.arn]:
            self._counters.pop(key, None)

    def _note(self, web_acl: Item, metric: str | None, request: WebRequest, action: str) -> None:
        if metric is not None:
            self._record.add(web_acl.arn, metric, request, action)

    def _ready(self, web_acl: Item) -> _Compiled:
        compiled = self._compiled.get(web_acl.arn)
        if compiled is None or compiled.web_acl is not web_acl:
            compiled = self._compiled[web_acl.arn] = self._compile(web_acl)
        return compiled

    def _compile(self, web_acl: Item) -> _Compiled:
        content = web_acl.content
        statements = Statements(self._networks, _inspected_body(content))
        rules = sorted(content.get("Rules", ()), key=lambda rule: rule["Priority"])
        return _Compiled(
            web_acl,
            tuple(self._rule(web_acl, statements, rule) for rule in rules),
            _ACTIONS[next(iter(content["DefaultAction"]))],
            DEFAULT_METRIC if content["VisibilityConfig"]["SampledRequestsEnabled"] else None,
        )

    def _rule(self, web_acl: Item, statements: Statements, rule: Mapping[str, Any]) -> _Rule:
        visibility = rule["VisibilityConfig"]
        return _Rule(
            statements.predicate(rule["Statement"], self._counter(web_acl, rule)),
            _ACTIONS[next(iter(rule["Action"]))],
            visibility["MetricName"] if visibility["SampledRequestsEnabled"] else None,
        )

    def _counter(self, web_acl: Item, rule: Mapping[str, Any]) -> RateCounter | None:
        """The counter of a rate-based rule; it goes on counting if the rule's rate stays the same."""
        members = rule["Statement"].get("RateBasedStatement")
        if members is None:
            return None
        key, limit = (web_acl.arn, rule["Name"]), members["Limit"]
        window = members.get("EvaluationWindowSec", DEFAULT_WINDOW)
        counter = self._counters.get(key)
        if counter is None or (counter.limit, counter.window) != (limit, window):
            counter = self._counters[key] = RateCounter(limit, window)
        return counter

    def _networks(self, arn: str) -> Networks:
        item = self._items.by_arn(arn)
        if item is None:
            return ()
        known, networks = self._parsed.get(arn, (None, ()))
        if known is not item:
            networks = [ipaddress.ip_network(each, strict=False) for each in item.content["Addresses"]]
            self._parsed[arn] = item, networks
        return networks


def _inspected_body(content: Mapping[str, Any]) -> int:
    sizes = (content.get("AssociationConfig") or {}).get("RequestBody", {}).get("API_GATEWAY", {})
    limit = sizes.get("DefaultSizeInspectionLimit")
    return int(limit.removeprefix("KB_")) * 1024 if limit else DEFAULT_BODY
