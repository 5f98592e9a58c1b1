"""What the parts of the firewall share: how AWS WAF lists, names and tags what it has."""

from collections.abc import Mapping
from typing import Any

from lambda_over_https.aws.listings import firewall_items
from lambda_over_https.deployment.stack import Stack

CHAPTER = "protect"

SCOPE: Any = "REGIONAL"

DESCRIPTION = "lambda-over-https: the firewall of the tutorial"
"""Without brackets: AWS WAF does not take them."""


def summary(stack: Stack, kind: str, name: str) -> Any:
    """What the listing says of the item of that name; names are unique in an account and region."""
    return next((each for each in firewall_items(stack.cloud.wafv2, kind) if each["Name"] == name), None)


def naming(name: str, id_: str) -> Any:
    """The parameters by which a call names an item."""
    return {"Name": name, "Scope": SCOPE, "Id": id_}


def tags_of(stack: Stack, arn: str) -> Mapping[str, str]:
    """The tags of an item; none if it is gone."""
    waf = stack.cloud.wafv2
    try:
        found = waf.list_tags_for_resource(ResourceARN=arn)["TagInfoForResource"]
    except waf.exceptions.WAFNonexistentItemException:
        return {}
    return {tag["Key"]: tag["Value"] for tag in found["TagList"]}
