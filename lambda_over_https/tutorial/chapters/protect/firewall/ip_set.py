"""The addresses that the firewall blocks."""

from lambda_over_https.deployment.journal.state import Record
from lambda_over_https.deployment.stack import Stack
from lambda_over_https.kinds import Kind
from lambda_over_https.tutorial.chapters.protect.firewall.waf import (
    CHAPTER,
    DESCRIPTION,
    SCOPE,
    naming,
    summary,
    tags_of,
)
from lambda_over_https.tutorial.parts.part import ABSENT, Part, Product, Sighting, Standing, deleted

BLOCKED = "127.0.0.3"
"""The address on this machine that the firewall blocks, for the experiment."""

BLOCKED_NETWORKS = (f"{BLOCKED}/32", "198.51.100.0/24")
"""What the firewall blocks: nobody on the Internet has either (RFC 1122, RFC 5737)."""


class IpSet(Part):
    """The addresses that the firewall blocks."""

    def name(self, stack: Stack) -> str:
        return stack.names.blocked_addresses

    def look(self, stack: Stack) -> Sighting:
        found = summary(stack, "IPSets", self.name(stack))
        if found is None:
            return ABSENT
        tags = tags_of(stack, found["ARN"])
        if not stack.owns(tags):
            return Sighting(
                Standing.FOREIGN, "an IP set of this name exists", found["Id"], found["ARN"], tags=tags
            )
        addresses = stack.cloud.wafv2.get_ip_set(**naming(found["Name"], found["Id"]))["IPSet"]["Addresses"]
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
        which = naming(name, seen.id)
        token = waf.get_ip_set(**which)["LockToken"]
        waf.update_ip_set(**which, Description=DESCRIPTION, Addresses=addresses, LockToken=token)
        return Product(seen.id, seen.arn)

    def remove(self, stack: Stack, record: Record, *, force: bool) -> bool:
        waf = stack.cloud.wafv2
        which = naming(self.name(stack), record.id)
        return deleted(
            lambda: waf.delete_ip_set(**which, LockToken=waf.get_ip_set(**which)["LockToken"]),
            waf.exceptions.WAFNonexistentItemException,
        )


IP_SET = IpSet(
    kind=Kind.IP_SET,
    creates=("wafv2:CreateIPSet",),
    updates=("wafv2:UpdateIPSet",),
    removes=("wafv2:DeleteIPSet",),
    after=(Kind.WEB_ACL,),
    chapter=CHAPTER,
)
