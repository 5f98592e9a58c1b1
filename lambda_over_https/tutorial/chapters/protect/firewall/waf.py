"""What the parts of the firewall share: how AWS WAF lists, names and tags what it has."""

from collections.abc import Callable, Mapping
from typing import Any

from lambda_over_https.aws.looks.listings import firewall_items
from lambda_over_https.deployment.stack import Stack
from lambda_over_https.kinds import Kind
from lambda_over_https.tutorial.parts.part import ABSENT, Sighting, Standing

CHAPTER = "protect"

SCOPE: Any = "REGIONAL"

DESCRIPTION = "lambda-over-https: the firewall of the tutorial"
"""Without brackets: AWS WAF does not take them."""

_LISTED = {Kind.IP_SET: ("IPSets", "an IP set"), Kind.WEB_ACL: ("WebACLs", "a web ACL")}
"""The member of a listing's answer that holds the items of a kind, and such an item in words."""


def naming(name: str, id_: str) -> Any:
    """The parameters by which a call names an item."""
    return {"Name": name, "Scope": SCOPE, "Id": id_}


def look_for(stack: Stack, kind: Kind, name: str, wrong: Callable[[Any], str]) -> Sighting:
    """The item of that name; names are unique in an account and Region.

    ``wrong`` is asked of ours alone: given the parameters by which a call names it, it says what is not as it
    should be; empty if nothing.
    """
    listing, in_words = _LISTED[kind]
    items = firewall_items(stack.cloud.wafv2, listing)
    found = next((each for each in items if each["Name"] == name), None)
    if found is None:
        return ABSENT
    id_, arn = found["Id"], found["ARN"]
    tags = _tags_of(stack, arn)
    if not stack.owns(tags):
        return Sighting(Standing.FOREIGN, f"{in_words} of this name exists", id_, arn, tags=tags)
    reason = wrong(naming(name, id_))
    return Sighting(Standing.PARTIAL if reason else Standing.OURS, reason, id_, arn, tags=tags)


def _tags_of(stack: Stack, arn: str) -> Mapping[str, str]:
    """The tags of an item; none if it is gone."""
    waf = stack.cloud.wafv2
    try:
        found = waf.list_tags_for_resource(ResourceARN=arn)["TagInfoForResource"]
    except waf.exceptions.WAFNonexistentItemException:
        return {}
    return {tag["Key"]: tag["Value"] for tag in found["TagList"]}
