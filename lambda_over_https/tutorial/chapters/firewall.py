"""Part of the chapter protect: AWS WAF before the stage, with an IP set and a limit for each address."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from lambda_over_https.aws import arns
from lambda_over_https.aws.listings import firewall_items
from lambda_over_https.aws.policies.permissions import Calls, Need, needs
from lambda_over_https.deployment.journal import Record
from lambda_over_https.deployment.stack import Stack
from lambda_over_https.kinds import Kind
from lambda_over_https.names import STAGE
from lambda_over_https.tutorial.checks import FIREWALL_WINDOW
from lambda_over_https.tutorial.parts.part import (
    ABSENT,
    Evidence,
    Part,
    Product,
    Sighting,
    Standing,
    Turn,
    deleted,
)
from lambda_over_https.tutorial.parts.reading import stage

CHAPTER = "protect"
SCOPE: Any = "REGIONAL"

BLOCKED = "127.0.0.3"
"""The address on this machine that the firewall blocks, for the experiment."""

BLOCKED_NETWORKS = (f"{BLOCKED}/32", "198.51.100.0/24")
"""What the firewall blocks: nobody on the Internet has either (RFC 1122, RFC 5737)."""

LIMIT, WINDOW = 100, FIREWALL_WINDOW
"""Requests that one address may send in so many seconds."""

DESCRIPTION = "lambda-over-https: the firewall of the tutorial"
"""Without brackets: AWS WAF does not take them."""


class IpSet(Part):
    """The addresses that the firewall blocks."""

    def name(self, stack: Stack) -> str:
        return stack.names.blocked_addresses

    def look(self, stack: Stack) -> Sighting:
        found = _summary(stack, "IPSets", self.name(stack))
        if found is None:
            return ABSENT
        tags = _tags(stack, found["ARN"])
        if not stack.owns(tags):
            return Sighting(
                Standing.FOREIGN, "an IP set of this name exists", found["Id"], found["ARN"], tags=tags
            )
        addresses = stack.cloud.wafv2.get_ip_set(**_which(found))["IPSet"]["Addresses"]
        wrong = set(addresses) != set(BLOCKED_NETWORKS)
        standing = Standing.PARTIAL if wrong else Standing.OURS
        reason = "it has other addresses" if wrong else ""
        return Sighting(standing, reason, found["Id"], found["ARN"], tags=tags)

    def make(self, stack: Stack, seen: Sighting) -> Product:
        waf, name, addresses = stack.cloud.wafv2, self.name(stack), list(BLOCKED_NETWORKS)
        if seen.standing is Standing.ABSENT:
            made = waf.create_ip_set(
                Name=name,
                Scope=SCOPE,
                Description=DESCRIPTION,
                IPAddressVersion="IPV4",
                Addresses=addresses,
                Tags=stack.tag_list,
            )["Summary"]
            return Product(made["Id"], made["ARN"])
        which: Any = {"Name": name, "Scope": SCOPE, "Id": seen.id}
        token = waf.get_ip_set(**which)["LockToken"]
        waf.update_ip_set(**which, Description=DESCRIPTION, Addresses=addresses, LockToken=token)
        return Product(seen.id, seen.arn)

    def remove(self, stack: Stack, record: Record, *, force: bool) -> bool:
        waf = stack.cloud.wafv2
        which: Any = {"Name": self.name(stack), "Scope": SCOPE, "Id": record.id}
        return deleted(
            lambda: waf.delete_ip_set(**which, LockToken=waf.get_ip_set(**which)["LockToken"]),
            waf.exceptions.WAFNonexistentItemException,
        )


class WebAcl(Part):
    """The web ACL: the firewall's rules, tried in order before anything else is looked at."""

    def name(self, stack: Stack) -> str:
        return stack.names.firewall

    def look(self, stack: Stack) -> Sighting:
        found = _summary(stack, "WebACLs", self.name(stack))
        if found is None:
            return ABSENT
        tags = _tags(stack, found["ARN"])
        if not stack.owns(tags):
            return Sighting(
                Standing.FOREIGN, "a web ACL of this name exists", found["Id"], found["ARN"], tags=tags
            )
        rules: Any = stack.cloud.wafv2.get_web_acl(**_which(found))["WebACL"]["Rules"]
        wrong = [_told(each) for each in rules] != [_told(each) for each in _rules(stack)]
        standing = Standing.PARTIAL if wrong else Standing.OURS
        return Sighting(standing, "it has other rules" if wrong else "", found["Id"], found["ARN"], tags=tags)

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
        which: Any = {"Name": name, "Scope": SCOPE, "Id": seen.id}
        waf.update_web_acl(**which, LockToken=waf.get_web_acl(**which)["LockToken"], **content)
        record = stack.record(Kind.WEB_ACL)
        return Product(seen.id, seen.arn, record.detail if record else {})

    def remove(self, stack: Stack, record: Record, *, force: bool) -> bool:
        waf = stack.cloud.wafv2
        which: Any = {"Name": self.name(stack), "Scope": SCOPE, "Id": record.id}
        return deleted(
            lambda: waf.delete_web_acl(**which, LockToken=waf.get_web_acl(**which)["LockToken"]),
            waf.exceptions.WAFNonexistentItemException,
        )

    def testify(self, stack: Stack, so_far: Evidence) -> Evidence:
        """That it is there shows that it was agreed to."""
        there = stack.record(Kind.WEB_ACL) is not None
        return replace(so_far, choices=replace(so_far.choices, firewall="yes" if there else ""))


class Association(Part):
    """What puts the web ACL before the stage."""

    def name(self, stack: Stack) -> str:
        return STAGE

    def look(self, stack: Stack) -> Sighting:
        guard = stage(stack).get("webAclArn")
        if not guard:
            return ABSENT
        if f":regional/webacl/{stack.names.firewall}/" not in guard:
            return Sighting(Standing.PARTIAL, "another web ACL guards the stage", STAGE)
        return Sighting(Standing.OURS, id=STAGE)

    def make(self, stack: Stack, seen: Sighting) -> Product:
        web_acl = stack.record(Kind.WEB_ACL)
        stack.cloud.wafv2.associate_web_acl(
            WebACLArn=web_acl.arn if web_acl else "", ResourceArn=_stage_arn(stack)
        )
        return Product(STAGE)

    def remove(self, stack: Stack, record: Record, *, force: bool) -> bool:
        waf = stack.cloud.wafv2
        return deleted(
            lambda: waf.disassociate_web_acl(ResourceArn=_stage_arn(stack)),
            waf.exceptions.WAFNonexistentItemException,
        )


def _now() -> str:
    from datetime import UTC, datetime

    return datetime.now(UTC).isoformat()


def _stage_arn(stack: Stack) -> str:
    return arns.stage(stack.place, stack.id_of(Kind.REST_API), STAGE)


def _summary(stack: Stack, kind: str, name: str) -> Any:
    """What the listing says of the item of that name; names are unique in an account and region."""
    return next((each for each in firewall_items(stack.cloud.wafv2, kind) if each["Name"] == name), None)


def _which(found: Any) -> Any:
    return {"Name": found["Name"], "Scope": SCOPE, "Id": found["Id"]}


def _tags(stack: Stack, arn: str) -> Mapping[str, str]:
    waf = stack.cloud.wafv2
    try:
        found = waf.list_tags_for_resource(ResourceARN=arn)["TagInfoForResource"]
    except waf.exceptions.WAFNonexistentItemException:
        return {}
    return {tag["Key"]: tag["Value"] for tag in found["TagList"]}


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


IP_SET = IpSet(
    kind=Kind.IP_SET,
    creates=("wafv2:CreateIPSet",),
    updates=("wafv2:UpdateIPSet",),
    removes=("wafv2:DeleteIPSet",),
    after=(Kind.WEB_ACL,),
    chapter=CHAPTER,
)
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
ASSOCIATION = Association(
    kind=Kind.WEB_ACL_ASSOCIATION,
    owner=Kind.WEB_ACL,
    creates=("wafv2:AssociateWebACL",),
    updates=("wafv2:AssociateWebACL",),
    removes=("wafv2:DisassociateWebACL",),
    turn=Turn.FIRST,
    rests_on=(Kind.WEB_ACL, Kind.STAGE),
    chapter=CHAPTER,
)
PARTS: tuple[Part, ...] = (IP_SET, WEB_ACL, ASSOCIATION)


def _guarding(action: str) -> tuple[Need, ...]:
    return (*needs("web acl", action), *needs("guarded stage", "apigateway:SetWebACL"))


CALLS: Calls = {
    "wafv2:ListIPSets": needs("everything", "wafv2:ListIPSets"),
    "wafv2:ListWebACLs": needs("everything", "wafv2:ListWebACLs"),
    "wafv2:ListTagsForResource": needs("firewall", "wafv2:ListTagsForResource"),
    "wafv2:CreateIPSet": (*needs("ip set", "wafv2:CreateIPSet"), *needs("firewall", "wafv2:TagResource")),
    "wafv2:GetIPSet": needs("ip set", "wafv2:GetIPSet"),
    "wafv2:UpdateIPSet": needs("ip set", "wafv2:UpdateIPSet"),
    "wafv2:DeleteIPSet": needs("ip set", "wafv2:DeleteIPSet"),
    "wafv2:CreateWebACL": needs("firewall", "wafv2:CreateWebACL", "wafv2:TagResource"),
    "wafv2:GetWebACL": needs("web acl", "wafv2:GetWebACL"),
    "wafv2:UpdateWebACL": needs("firewall", "wafv2:UpdateWebACL"),
    "wafv2:DeleteWebACL": needs("web acl", "wafv2:DeleteWebACL"),
    "wafv2:AssociateWebACL": _guarding("wafv2:AssociateWebACL"),
    "wafv2:DisassociateWebACL": needs("guarded stage", "apigateway:SetWebACL", "wafv2:DisassociateWebACL"),
}
