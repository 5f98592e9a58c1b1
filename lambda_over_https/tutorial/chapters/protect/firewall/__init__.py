"""AWS WAF before the stage, with an IP set and a limit for each address."""

from lambda_over_https.aws.policies.permissions import Calls, Need, needs
from lambda_over_https.tutorial.chapters.protect.firewall.association import ASSOCIATION
from lambda_over_https.tutorial.chapters.protect.firewall.ip_set import IP_SET
from lambda_over_https.tutorial.chapters.protect.firewall.web_acl import WEB_ACL
from lambda_over_https.tutorial.parts.part import Part

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
