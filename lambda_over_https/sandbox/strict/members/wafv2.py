"""AWS WAF: the operations and members that the sandbox serves."""

from typing import Final

from lambda_over_https.sandbox.strict.members.table import Served, Service

_NAMED: Final = "Name Id"
_PAGES: Final = Served("NextMarker Limit", only={"Scope": "REGIONAL"})
_SCOPE: Final = {"Scope": "REGIONAL"}
_WEB_ACL: Final = "Name DefaultAction Rules VisibilityConfig AssociationConfig"

SERVICE: Final = Service(
    "AWS WAF",
    {
        "AssociateWebACL": Served("WebACLArn ResourceArn"),
        "CheckCapacity": Served("Rules", only=_SCOPE),
        "CreateIPSet": Served("Name IPAddressVersion Addresses Tags", "Description", _SCOPE),
        "CreateWebACL": Served(f"{_WEB_ACL} Tags", "Description", _SCOPE),
        "DeleteIPSet": Served(f"{_NAMED} LockToken", only=_SCOPE),
        "DeleteWebACL": Served(f"{_NAMED} LockToken", only=_SCOPE),
        "DisassociateWebACL": Served("ResourceArn"),
        "GetIPSet": Served(_NAMED, only=_SCOPE),
        "GetRateBasedStatementManagedKeys": Served("WebACLName WebACLId RuleName", only=_SCOPE),
        "GetSampledRequests": Served("WebAclArn RuleMetricName TimeWindow MaxItems", only=_SCOPE),
        "GetWebACL": Served(f"{_NAMED} ARN", only=_SCOPE),
        "GetWebACLForResource": Served("ResourceArn"),
        "ListIPSets": _PAGES,
        "ListResourcesForWebACL": Served("WebACLArn ResourceType"),
        "ListTagsForResource": Served("NextMarker Limit ResourceARN"),
        "ListWebACLs": _PAGES,
        "TagResource": Served("ResourceARN Tags"),
        "UntagResource": Served("ResourceARN TagKeys"),
        "UpdateIPSet": Served(f"{_NAMED} Addresses LockToken", "Description", _SCOPE),
        "UpdateWebACL": Served(f"{_WEB_ACL} Id LockToken", "Description", _SCOPE),
    },
    {
        "CreateRuleGroup": "write the rules into the web ACL itself",
        "CustomResponseBodies": "use the plain Block action: it answers 403",
        "PutLoggingConfiguration": "read the requests with GetSampledRequests",
        "Scope": "use REGIONAL: the sandbox has no CloudFront",
    },
)
