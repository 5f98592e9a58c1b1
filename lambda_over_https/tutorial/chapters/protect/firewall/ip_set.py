"""The addresses that the firewall blocks."""

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
from lambda_over_https.tutorial.parts.part import Part, Product, Sighting, Standing, deleted

BLOCKED = "127.0.0.3"
"""The address on this machine that the firewall blocks, for the experiment."""

BLOCKED_NETWORKS = (f"{BLOCKED}/32", "198.51.100.0/24")
"""What the firewall blocks: nobody on the Internet has either (RFC 1122, RFC 5737)."""


class IpSet(Part):
    """The addresses that the firewall blocks."""

    def name(self, stack: Stack) -> str:
        return stack.names.blocked_addresses

    def look(self, stack: Stack) -> Sighting:
        def wrong(which: Any) -> str:
            addresses = stack.cloud.wafv2.get_ip_set(**which)["IPSet"]["Addresses"]
            return "" if set(addresses) == set(BLOCKED_NETWORKS) else "it has other addresses"

        return look_for(stack, Kind.IP_SET, self.name(stack), wrong)

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
