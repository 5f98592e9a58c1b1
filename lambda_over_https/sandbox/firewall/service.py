"""WAF as a whole: answers its calls, and applies its web ACLs to the requests of stages."""

import re
import time
from typing import TYPE_CHECKING, Any, Final

from lambda_over_https.sandbox.control.aws_calls import AwsCall
from lambda_over_https.sandbox.control.layer import AwsResponse
from lambda_over_https.sandbox.control.moto_state import apigateway_backend
from lambda_over_https.sandbox.firewall import errors, tagging
from lambda_over_https.sandbox.firewall.inspection import DEFAULT_METRIC, Inspection
from lambda_over_https.sandbox.firewall.items import IP_SET, WEB_ACL, Item, Items, Stage
from lambda_over_https.sandbox.firewall.operations import Operations, described
from lambda_over_https.sandbox.firewall.record import KEPT_SECONDS, Record

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_STAGE_ARN = re.compile(r"arn:aws[a-z-]*:apigateway:([a-z0-9-]+)::/restapis/([a-z0-9]+)/stages/([\w-]+)")
_ALL_RULES: Final = "ALL"
_BAD_ARN = (
    "The ARN isn't valid. A valid ARN begins with arn: and includes other information separated by colons or "
    "slashes."
)

Document = dict[str, Any]


def stage_arn(region: str, stage: Stage) -> str:
    """The ARN of a stage, as WAF names it."""
    return f"arn:aws:apigateway:{region}::/restapis/{stage[0]}/stages/{stage[1]}"


class Firewall:
    """WAF. ``answer`` and ``let_go`` are for the control thread, ``inspection`` for the event loop."""

    def __init__(self) -> None:
        self.items = Items()
        tagging.cover(self.items)
        self._record = Record()
        self.inspection = Inspection(self.items, self._record)
        operations = Operations(self.items, self.inspection.forget)
        self._operations = operations
        self.answers: Mapping[str, Callable[[AwsCall], Document]] = {
            "AssociateWebACL": self._associate,
            "CheckCapacity": operations.check_capacity,
            "CreateIPSet": lambda call: operations.create(call, IP_SET),
            "CreateWebACL": lambda call: operations.create(call, WEB_ACL),
            "DeleteIPSet": lambda call: operations.delete(call, IP_SET),
            "DeleteWebACL": lambda call: operations.delete(call, WEB_ACL),
            "DisassociateWebACL": self._disassociate,
            "GetIPSet": operations.ip_set,
            "GetRateBasedStatementManagedKeys": self._managed_keys,
            "GetSampledRequests": self._samples,
            "GetWebACL": operations.web_acl,
            "GetWebACLForResource": self._web_acl_of,
            "ListIPSets": lambda call: operations.listed(call, IP_SET),
            "ListResourcesForWebACL": self._resources,
            "ListTagsForResource": self._list_tags,
            "ListWebACLs": lambda call: operations.listed(call, WEB_ACL),
            "TagResource": self._tag,
            "UntagResource": self._untag,
            "UpdateIPSet": lambda call: operations.update(call, IP_SET),
            "UpdateWebACL": lambda call: operations.update(call, WEB_ACL),
        }

    def answer(self, call: AwsCall) -> AwsResponse:
        """Answer a call of WAF."""
        return AwsResponse.json(200, self.answers[call.operation](call))

    def let_go(self, region: str, api_id: str) -> None:
        """Let go of the associations of those stages of an API that are gone."""
        for stage in self.items.guarded_stages():
            if stage[0] == api_id and _find(region, stage) is None:
                self.items.unguard(stage)

    # Associations

    def _associate(self, call: AwsCall) -> Document:
        web_acl = self._web_acl(call, "WebACLArn")
        stage, found = self._stage(call)
        self.items.guard(stage, web_acl)
        found.web_acl_arn = web_acl.arn  # GetStage tells it
        return {}

    def _disassociate(self, call: AwsCall) -> Document:
        stage, found = self._stage(call)
        self.items.unguard(stage)
        found.web_acl_arn = None
        return {}

    def _web_acl_of(self, call: AwsCall) -> Document:
        stage, _ = self._stage(call)
        web_acl = self.items.guard_of(stage)
        return {"WebACL": described(web_acl)} if web_acl else {}

    def _resources(self, call: AwsCall) -> Document:
        web_acl = self._web_acl(call, "WebACLArn")
        if call.parameters.get("ResourceType", "APPLICATION_LOAD_BALANCER") != "API_GATEWAY":
            return {"ResourceArns": []}
        return {"ResourceArns": [stage_arn(call.region, each) for each in self.items.guarded_by(web_acl)]}

    def _web_acl(self, call: AwsCall, member: str) -> Item:
        web_acl = self.items.by_arn(call.parameters[member])
        if web_acl is None or (web_acl.kind, web_acl.region) != (WEB_ACL, call.region):
            raise errors.nonexistent()
        return web_acl

    def _stage(self, call: AwsCall) -> tuple[Stage, Any]:
        """The stage that the call names, and moto's object; AwsError if there is none."""
        arn = call.parameters["ResourceArn"]
        if not arn.startswith("arn:"):
            raise errors.invalid(_BAD_ARN, "RESOURCE_ARN", arn)
        match = _STAGE_ARN.fullmatch(arn)
        if match is None:
            raise NotImplementedError(f"web ACLs for anything but stages of REST APIs ({arn})")
        stage = (match[2], match[3])
        found = _find(match[1], stage) if match[1] == call.region else None
        if found is None:
            raise errors.nonexistent()
        return stage, found

    # What was seen

    def _samples(self, call: AwsCall) -> Document:
        web_acl, asked = self._web_acl(call, "WebAclArn"), call.parameters["RuleMetricName"]
        window, now = call.parameters["TimeWindow"], time.time()
        start, end = max(float(window["StartTime"]), now - KEPT_SECONDS), float(window["EndTime"])
        metrics = _metrics(web_acl) if asked == _ALL_RULES else [asked]
        found = [
            sample for metric in metrics for sample in self._record.between(web_acl.arn, metric, start, end)
        ]
        found.sort(key=lambda sample: sample.request.received)
        return {
            "SampledRequests": [sample.told() for sample in found[-call.parameters["MaxItems"] :]],
            "PopulationSize": len(found),
            "TimeWindow": {"StartTime": start, "EndTime": end},
        }

    def _managed_keys(self, call: AwsCall) -> Document:
        name, item_id = call.parameters["WebACLName"], call.parameters["WebACLId"]
        web_acl = self.items.named(WEB_ACL, call.region, name, item_id)
        rules = web_acl.content["Rules"] if web_acl else []
        if web_acl is None or call.parameters["RuleName"] not in [rule["Name"] for rule in rules]:
            raise errors.nonexistent()
        keys = self.inspection.blocked_addresses(web_acl, call.parameters["RuleName"], time.time())
        v4, v6 = ([key for key in keys if key and (":" in key) is is_v6] for is_v6 in (False, True))
        return {
            "ManagedKeysIPV4": {"IPAddressVersion": "IPV4", "Addresses": [f"{key}/32" for key in v4]},
            "ManagedKeysIPV6": {"IPAddressVersion": "IPV6", "Addresses": [f"{key}/128" for key in v6]},
        }

    # Tags

    def _list_tags(self, call: AwsCall) -> Document:
        arn = self._tagged(call)
        tags = [{"Key": key, "Value": value} for key, value in self.items.tags.get(arn, {}).items()]
        return {"TagInfoForResource": {"ResourceARN": arn, "TagList": tags}}

    def _tag(self, call: AwsCall) -> Document:
        arn = self._tagged(call)
        new = {tag["Key"]: tag["Value"] for tag in call.parameters["Tags"]}
        self.items.tags[arn] = {**self.items.tags.get(arn, {}), **new}
        return {}

    def _untag(self, call: AwsCall) -> Document:
        arn, gone = self._tagged(call), call.parameters["TagKeys"]
        kept = {key: value for key, value in self.items.tags.get(arn, {}).items() if key not in gone}
        self.items.tags[arn] = kept
        return {}

    def _tagged(self, call: AwsCall) -> str:
        arn: str = call.parameters["ResourceARN"]
        if self.items.by_arn(arn) is None:
            raise errors.nonexistent()
        return arn


def _find(region: str, stage: Stage) -> Any:
    api = apigateway_backend(region).apis.get(stage[0])
    return api.stages.get(stage[1]) if api else None


def _metrics(web_acl: Item) -> list[str]:
    rules = [rule["VisibilityConfig"]["MetricName"] for rule in web_acl.content["Rules"]]
    return [*dict.fromkeys(rules), DEFAULT_METRIC]
