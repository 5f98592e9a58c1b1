"""The web ACL: the rules of the firewall."""

from dataclasses import replace
from typing import Any

from lambda_over_https.deployment.journal.state import Record
from lambda_over_https.deployment.stack import Stack
from lambda_over_https.kinds import Kind
from lambda_over_https.tutorial.chapters.protect.firewall.waf import (
    CHAPTER,
    DESCRIPTION,
    SCOPE,
    look_for,
    naming,
)
from lambda_over_https.tutorial.checks import FIREWALL_WINDOW
from lambda_over_https.tutorial.parts.part import Evidence, Part, Product, Sighting, Standing, deleted

LIMIT, WINDOW = 100, FIREWALL_WINDOW
"""Requests that one address may send in so many seconds."""


class WebAcl(Part):
    """The web ACL: the firewall's rules, tried in order before anything else is looked at."""

    def name(self, stack: Stack) -> str:
        return stack.names.firewall

    def look(self, stack: Stack) -> Sighting:
        def wrong(which: Any) -> str:
            rules: Any = stack.cloud.wafv2.get_web_acl(**which)["WebACL"]["Rules"]
            same = [_told(each) for each in rules] == [_told(each) for each in _rules(stack)]
            return "" if same else "it has other rules"

        return look_for(stack, Kind.WEB_ACL, self.name(stack), wrong)

    def make(self, stack: Stack, seen: Sighting) -> Product:
        waf, name = stack.cloud.wafv2, self.name(stack)
        content: Any = {
            "DefaultAction": {"Allow": {}},
            "Description": DESCRIPTION,
            "Rules": _rules(stack),
            "VisibilityConfig": _visible("firewall"),
        }
        if seen.standing is Standing.ABSENT:
            made = waf.create_web_acl(Name=name, Scope=SCOPE, Tags=stack.tag_list, **content)["Summary"]
            return Product(made["Id"], made["ARN"], {"since": _now()})
        which = naming(name, seen.id)
        waf.update_web_acl(**which, LockToken=waf.get_web_acl(**which)["LockToken"], **content)
        record = stack.record(Kind.WEB_ACL)
        return Product(seen.id, seen.arn, record.detail if record else {})

    def remove(self, stack: Stack, record: Record, *, force: bool) -> bool:
        waf = stack.cloud.wafv2
        which = naming(self.name(stack), record.id)
        return deleted(
            lambda: waf.delete_web_acl(**which, LockToken=waf.get_web_acl(**which)["LockToken"]),
            waf.exceptions.WAFNonexistentItemException,
        )

    def testify(self, stack: Stack, so_far: Evidence) -> Evidence:
        """That it is there shows that it was agreed to."""
        there = stack.record(Kind.WEB_ACL) is not None
        return replace(so_far, choices=replace(so_far.choices, firewall=there))


def _now() -> str:
    from datetime import UTC, datetime

    return datetime.now(UTC).isoformat()


def _rules(stack: Stack) -> list[Any]:
    """First the addresses that are blocked, then the limit for each address."""
    ip_set = stack.record(Kind.IP_SET)
    statements = {
        "blocked-addresses": {"IPSetReferenceStatement": {"ARN": ip_set.arn if ip_set else ""}},
        "rate-limit": {
            "RateBasedStatement": {
                "Limit": LIMIT,
                "EvaluationWindowSec": WINDOW,
                "AggregateKeyType": "IP",
            }
        },
    }
    return [
        {
            "Name": name,
            "Priority": priority,
            "Statement": statement,
            "Action": {"Block": {}},
            "VisibilityConfig": _visible(name),
        }
        for priority, (name, statement) in enumerate(statements.items())
    ]


def _visible(name: str) -> Any:
    return {"SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True, "MetricName": name}


def _told(rule: Any) -> Any:
    return {name: rule.get(name) for name in ("Name", "Priority", "Statement", "Action")}


WEB_ACL = WebAcl(
    kind=Kind.WEB_ACL,
    creates=("wafv2:CreateWebACL",),
    updates=("wafv2:UpdateWebACL",),
    removes=("wafv2:DeleteWebACL",),
    after=(Kind.WEB_ACL_ASSOCIATION,),
    rests_on=(Kind.IP_SET,),
    seen_after=(Kind.IP_SET,),
    chapter=CHAPTER,
)
