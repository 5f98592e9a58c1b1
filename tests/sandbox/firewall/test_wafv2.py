"""WAFv2 in a real sandbox: web ACLs before the stages of APIs, and what AWS refuses."""

import datetime
import json
from typing import Any

import pytest

from tests.kit.sandbox.control import ACCOUNT, REGION, Clients, keys_bound_to, policy, refused
from tests.kit.sandbox.live_api import Api
from tests.kit.sandbox.web_acls import rate, rule, size, visible

REGIONAL = {"Scope": "REGIONAL"}
DUPLICATE = "some resource in your request is a duplicate of an existing one."
NONEXISTENT = "your resource doesn\u2019t exist."
ASSOCIATED = "your resource is being used by another resource or it\u2019s associated with another resource."
LOCKED = "someone changed the resource after you started to edit it. Reapply your changes."
NOWHERE = "00000000-0000-0000-0000-000000000000"


def acl(name: str, *rules: dict[str, Any], default: str = "Allow", **members: Any) -> dict[str, Any]:
    """Arguments of CreateWebACL."""
    whole = {"DefaultAction": {default: {}}, "Rules": list(rules), "VisibilityConfig": visible(name)}
    return {**REGIONAL, "Name": name, **whole, **members}


def ip_set(waf: Any, name: str, *addresses: str) -> Any:
    made = {**REGIONAL, "Name": name, "IPAddressVersion": "IPV4", "Addresses": list(addresses)}
    return waf.create_ip_set(**made)["Summary"]


def named(summary: dict[str, Any]) -> dict[str, Any]:
    return {**REGIONAL, "Name": summary["Name"], "Id": summary["Id"]}


def stage_arn(api: Api | str, stage: str = "prod") -> str:
    api_id = api if isinstance(api, str) else api.id
    return f"arn:aws:apigateway:{REGION}::/restapis/{api_id}/stages/{stage}"


def refusal(call: Any, **arguments: Any) -> tuple[str, str]:
    """Code and message of a 400."""
    status, code, message = refused(call, **arguments)
    assert status == 400
    return code, message


@pytest.fixture
def waf(aws: Clients) -> Any:
    return aws("wafv2")


@pytest.fixture
def guarded(tutorial: Api, waf: Any, unique: str) -> tuple[Api, dict[str, Any]]:
    """The tutorial's API, callable, behind a web ACL without rules; the web ACL's summary."""
    tutorial.allow()
    summary = waf.create_web_acl(**acl(unique))["Summary"]
    waf.associate_web_acl(WebACLArn=summary["ARN"], ResourceArn=stage_arn(tutorial))
    return tutorial, summary


def change(waf: Any, summary: dict[str, Any], *rules: dict[str, Any], default: str = "Allow") -> str:
    """UpdateWebACL with a fresh lock token; the next one."""
    token = waf.get_web_acl(**named(summary))["LockToken"]
    changed = acl(summary["Name"], *rules, default=default)
    answer = waf.update_web_acl(**{**changed, **named(summary)}, LockToken=token)
    return str(answer["NextLockToken"])


def test_a_rate_based_rule_holds_a_burst_back_before_all_else(
    guarded: tuple[Api, dict[str, Any]], waf: Any
) -> None:
    api, summary = guarded
    assert api.call('"x"').status == 200
    change(waf, summary, rule(rate(10)))
    statuses = [api.call('"x"').status for _ in range(12)]
    assert statuses == [200] * 10 + [403] * 2
    blocked = api.call('"x"', path="/prod/nowhere")
    assert (blocked.status, blocked.json) == (403, {"message": "Forbidden"})
    assert blocked.headers["x-amzn-errortype"] == "ForbiddenException"
    keys = waf.get_rate_based_statement_managed_keys(
        **REGIONAL, WebACLName=summary["Name"], WebACLId=summary["Id"], RuleName="rule0"
    )
    assert keys["ManagedKeysIPV4"]["Addresses"] == ["127.0.0.1/32"]


def test_an_ip_set_and_a_size_rule_act_as_they_are_now(
    guarded: tuple[Api, dict[str, Any]], waf: Any, unique: str
) -> None:
    api, summary = guarded
    addresses = ip_set(waf, unique, "203.0.113.0/24")
    blocked = rule({"IPSetReferenceStatement": {"ARN": addresses["ARN"]}})
    change(waf, summary, blocked, rule(size("GT", 100), priority=1))
    assert api.call('"x"').status == 200
    assert api.call(f'"{"x" * 100}"').status == 403
    token = waf.get_ip_set(**named(addresses))["LockToken"]
    waf.update_ip_set(**named(addresses), Addresses=["127.0.0.0/8"], LockToken=token)
    assert api.call('"x"').status == 403
    in_use = waf.get_ip_set(**named(addresses))["LockToken"]
    code, message = refusal(waf.delete_ip_set, **named(addresses), LockToken=in_use)
    assert (code, message.endswith(ASSOCIATED)) == ("WAFAssociatedItemException", True)
    change(waf, summary)
    assert api.call('"x"').status == 200
    waf.delete_ip_set(**named(addresses), LockToken=in_use)


def test_a_gateway_response_can_say_it_otherwise(guarded: tuple[Api, dict[str, Any]], waf: Any) -> None:
    api, summary = guarded
    headers = {"gatewayresponse.header.Access-Control-Allow-Origin": "'*'"}
    api.gateway.put_gateway_response(
        restApiId=api.id, responseType="WAF_FILTERED", statusCode="418", responseParameters=headers
    )
    api.deploy()
    change(waf, summary, default="Block")
    answer = api.call('"x"')
    assert (answer.status, answer.headers["access-control-allow-origin"]) == (418, "*")


def test_an_association_is_told_from_both_sides_and_ends(
    guarded: tuple[Api, dict[str, Any]], waf: Any, unique: str
) -> None:
    api, summary = guarded
    arn, target = summary["ARN"], {"ResourceArn": stage_arn(api)}
    assert waf.get_web_acl_for_resource(**target)["WebACL"]["ARN"] == arn
    listed = {"WebACLArn": arn, "ResourceType": "API_GATEWAY"}
    assert waf.list_resources_for_web_acl(**listed)["ResourceArns"] == [stage_arn(api)]
    assert waf.list_resources_for_web_acl(WebACLArn=arn)["ResourceArns"] == []
    stage = {"restApiId": api.id, "stageName": "prod"}
    assert api.gateway.get_stage(**stage)["webAclArn"] == arn
    other = waf.create_web_acl(**acl(f"{unique}-2", default="Block"))["Summary"]
    waf.associate_web_acl(WebACLArn=other["ARN"], **target)
    assert api.call('"x"').status == 403
    assert waf.list_resources_for_web_acl(**listed)["ResourceArns"] == []
    waf.disassociate_web_acl(**target)
    waf.disassociate_web_acl(**target)
    assert api.call('"x"').status == 200
    assert "WebACL" not in waf.get_web_acl_for_resource(**target)
    assert "webAclArn" not in api.gateway.get_stage(**stage)


def test_an_association_is_gone_with_its_stage_and_its_api(
    guarded: tuple[Api, dict[str, Any]], waf: Any, unique: str
) -> None:
    api, summary = guarded
    listed = {"WebACLArn": summary["ARN"], "ResourceType": "API_GATEWAY"}
    change(waf, summary, default="Block")
    api.gateway.delete_stage(restApiId=api.id, stageName="prod")
    assert waf.list_resources_for_web_acl(**listed)["ResourceArns"] == []
    api.deploy()
    assert api.call('"x"').status == 200
    waf.associate_web_acl(WebACLArn=summary["ARN"], ResourceArn=stage_arn(api))
    api.gateway.delete_rest_api(restApiId=api.id)
    assert waf.list_resources_for_web_acl(**listed)["ResourceArns"] == []
    waf.delete_web_acl(**named(summary), LockToken=waf.get_web_acl(**named(summary))["LockToken"])


def test_a_web_acl_is_deleted_when_nothing_has_it_and_with_its_lock_token(
    guarded: tuple[Api, dict[str, Any]], waf: Any
) -> None:
    api, summary = guarded
    stale = summary["LockToken"]
    fresh = change(waf, summary, default="Block")
    code, message = refusal(waf.delete_web_acl, **named(summary), LockToken=stale)
    assert (code, message.endswith(LOCKED)) == ("WAFOptimisticLockException", True)
    code, message = refusal(waf.delete_web_acl, **named(summary), LockToken=fresh)
    assert (code, message.endswith(ASSOCIATED)) == ("WAFAssociatedItemException", True)
    waf.disassociate_web_acl(ResourceArn=stage_arn(api))
    waf.delete_web_acl(**named(summary), LockToken=fresh)
    code, message = refusal(waf.get_web_acl, **named(summary))
    assert (code, message.endswith(NONEXISTENT)) == ("WAFNonexistentItemException", True)


def test_what_exists_and_what_does_not(waf: Any, unique: str, tutorial: Api) -> None:
    summary = waf.create_web_acl(**acl(unique))["Summary"]
    addresses = ip_set(waf, unique, "203.0.113.0/24")
    code, message = refusal(waf.create_web_acl, **acl(unique))
    assert (code, message.endswith(DUPLICATE)) == ("WAFDuplicateItemException", True)
    assert refusal(lambda: ip_set(waf, unique, "203.0.113.0/24"))[0] == "WAFDuplicateItemException"
    unknown = f"arn:aws:wafv2:{REGION}:{ACCOUNT}:regional/webacl/none/{NOWHERE}"
    target = {"ResourceArn": stage_arn(tutorial)}
    for call, arguments in (
        (waf.associate_web_acl, {"WebACLArn": unknown, **target}),
        (waf.associate_web_acl, {"WebACLArn": addresses["ARN"], **target}),
        (waf.associate_web_acl, {"WebACLArn": summary["ARN"], "ResourceArn": stage_arn(tutorial, "no")}),
        (waf.associate_web_acl, {"WebACLArn": summary["ARN"], "ResourceArn": stage_arn("none")}),
        (waf.get_web_acl_for_resource, {"ResourceArn": stage_arn("none")}),
        (waf.get_ip_set, {**named(addresses), "Id": NOWHERE}),
        (waf.list_tags_for_resource, {"ResourceARN": unknown}),
    ):
        assert refusal(call, **arguments)[0] == "WAFNonexistentItemException"


def test_what_is_listed_comes_in_pages(waf: Any, unique: str) -> None:
    for number in range(3):
        waf.create_web_acl(**acl(f"{unique}-{number}"))
    first = waf.list_web_acls(**REGIONAL, Limit=1, NextMarker=unique)
    assert [each["Name"] for each in first["WebACLs"]] == [f"{unique}-0"]
    rest = waf.list_web_acls(**REGIONAL, NextMarker=first["NextMarker"])
    assert [each["Name"] for each in rest["WebACLs"]][:2] == [f"{unique}-1", f"{unique}-2"]
    assert set(first["WebACLs"][0]) == {"Name", "Id", "Description", "LockToken", "ARN"}


def test_a_web_acl_is_told_with_its_capacity(waf: Any, unique: str) -> None:
    addresses = ip_set(waf, unique, "203.0.113.0/24")
    scoped = rate(100, ScopeDownStatement=size("GT", 10, None, "LOWERCASE"))
    rules = [rule({"IPSetReferenceStatement": {"ARN": addresses["ARN"]}}), rule(scoped, priority=1)]
    summary = waf.create_web_acl(**acl(unique, *rules, Description="mine"))["Summary"]
    told = waf.get_web_acl(ARN=summary["ARN"])
    assert told["LockToken"] == summary["LockToken"]
    assert told["WebACL"]["Capacity"] == 1 + 2 + 11
    assert (told["WebACL"]["Rules"], told["WebACL"]["Description"]) == (rules, "mine")
    assert waf.check_capacity(**REGIONAL, Rules=rules)["Capacity"] == 14


@pytest.mark.parametrize(
    ("changes", "code", "part"),
    [
        ({"Rules": [rule(rate(2_000_000_001))]}, "ValidationException", "less than or equal to 2000000000"),
        ({"Rules": [rule(rate(window=90))]}, "WAFInvalidParameterException", "field: EVALUATION_WINDOW"),
        ({"Rules": [rule(rate(AggregateKeyType="CONSTANT"))]}, "WAFInvalidParameterException", "ScopeDown"),
        (
            {"Rules": [rule(rate(AggregateKeyType="FORWARDED_IP"))]},
            "WAFInvalidParameterException",
            "Forwarded",
        ),
        (
            {"Rules": [rule({"NotStatement": {"Statement": rate()}})]},
            "WAFInvalidParameterException",
            "nested",
        ),
        ({"Rules": [rule(rate()), rule(rate())]}, "WAFInvalidParameterException", "field: RULE_NAME"),
        ({"Rules": [rule({**rate(), **size("GT", 1)})]}, "WAFInvalidParameterException", "field: STATEMENT"),
        ({"Rules": [rule(rate(), Action={})]}, "WAFInvalidParameterException", "field: RULE_ACTION"),
        ({"DefaultAction": {}}, "WAFInvalidParameterException", "field: DEFAULT_ACTION"),
        ({"Name": "no spaces"}, "ValidationException", "regular expression"),
        (
            {"Rules": [rule({"IPSetReferenceStatement": {"ARN": f"arn:aws:wafv2:{REGION}:1:ipset"}})]},
            "WAFNonexistentItemException",
            NONEXISTENT,
        ),
    ],
)
def test_what_is_no_web_acl(waf: Any, unique: str, changes: dict[str, Any], code: str, part: str) -> None:
    refused_with, message = refusal(waf.create_web_acl, **{**acl(unique), **changes})
    assert (refused_with, part in message) == (code, True)


@pytest.mark.parametrize("address", ["203.0.113.1", "0.0.0.0/0", "2001:db8::/32", "nonsense/8"])
def test_what_is_no_address_of_an_ip_set(waf: Any, unique: str, address: str) -> None:
    code, message = refusal(lambda: ip_set(waf, unique, address))
    assert code == "WAFInvalidParameterException"
    assert message == (
        "Error reason: The parameter contains formatting that is not valid., field: IP_ADDRESS, "
        f"parameter: {address}"
    )


@pytest.mark.parametrize(
    ("operation", "changes", "named_part"),
    [
        ("create_web_acl", {"Scope": "CLOUDFRONT"}, "Scope of CreateWebACL"),
        ("create_web_acl", {"Rules": [rule({"GeoMatchStatement": {"CountryCodes": ["DE"]}})]}, "GeoMatch"),
        ("create_web_acl", {"Rules": [rule(rate(), Action={"Captcha": {}})]}, "Captcha"),
        ("create_web_acl", {"Rules": [rule(rate(AggregateKeyType="CUSTOM_KEYS"))]}, "custom keys"),
        (
            "create_web_acl",
            {"DefaultAction": {"Block": {"CustomResponse": {"ResponseCode": 418}}}},
            "CustomResponse",
        ),
        ("create_web_acl", {"Rules": [rule(size("GT", 1, {"AllQueryArguments": {}}))]}, "AllQueryArguments"),
        ("create_web_acl", {"Rules": [rule(size("GT", 1, None, "HEX_DECODE"))]}, "HEX_DECODE"),
        ("create_web_acl", {"TokenDomains": ["example.com"]}, "TokenDomains"),
        ("list_rule_groups", None, "ListRuleGroups"),
    ],
)
def test_what_the_sandbox_has_not_is_named(
    waf: Any, unique: str, operation: str, changes: dict[str, Any] | None, named_part: str
) -> None:
    arguments = REGIONAL if changes is None else {**acl(unique), **changes}
    status, code, message = refused(getattr(waf, operation), **arguments)
    assert (status, code, named_part in message) == (501, "NotImplemented", True)


def test_requests_are_sampled(guarded: tuple[Api, dict[str, Any]], waf: Any) -> None:
    api, summary = guarded
    change(waf, summary, rule(size("GT", 10)))
    for body in ('"x"', f'"{"x" * 10}"', '"y"'):
        api.call(body, headers={"X-Mine": "1"})
    now = datetime.datetime.now(datetime.UTC)
    hour = datetime.timedelta(hours=1)
    asked = {"WebAclArn": summary["ARN"], **REGIONAL, "MaxItems": 500}
    window = {"StartTime": now - hour, "EndTime": now + hour}

    def sampled(metric: str) -> list[dict[str, Any]]:
        found = waf.get_sampled_requests(**asked, RuleMetricName=metric, TimeWindow=window)
        assert found["PopulationSize"] == len(found["SampledRequests"])
        return list(found["SampledRequests"])

    (blocked,) = sampled("rule0")
    assert (blocked["Action"], blocked["Request"]["ClientIP"]) == ("BLOCK", "127.0.0.1")
    assert (blocked["Request"]["Method"], blocked["Request"]["URI"]) == ("POST", "/prod/DynamoDBManager")
    assert {"Name": "x-mine", "Value": "1"} in blocked["Request"]["Headers"]
    assert [each["Action"] for each in sampled("ALL")] == ["ALLOW", "BLOCK", "ALLOW"]
    before = {"StartTime": now - 2 * hour, "EndTime": now - hour}
    early = waf.get_sampled_requests(**asked, RuleMetricName="ALL", TimeWindow=before)
    assert early["SampledRequests"] == []


def test_items_have_tags_and_are_found_by_them(waf: Any, aws: Clients, unique: str) -> None:
    tag = {"Key": "owner", "Value": unique}
    arn = waf.create_web_acl(**acl(unique), Tags=[tag])["Summary"]["ARN"]
    waf.tag_resource(ResourceARN=arn, Tags=[{"Key": "more", "Value": "1"}])
    waf.untag_resource(ResourceARN=arn, TagKeys=["more"])
    assert waf.list_tags_for_resource(ResourceARN=arn)["TagInfoForResource"]["TagList"] == [tag]
    tagging = aws("resourcegroupstaggingapi")
    search = {"TagFilters": [{"Key": "owner", "Values": [unique]}], "ResourceTypeFilters": ["wafv2"]}
    assert tagging.get_resources(**search)["ResourceTagMappingList"] == [{"ResourceARN": arn, "Tags": [tag]}]


def test_who_associates_needs_a_right_on_the_web_acl_and_one_on_the_stage(
    tutorial: Api, waf: Any, aws: Clients, unique: str
) -> None:
    iam, document = aws("iam"), json.loads(policy("wafv2:*"))
    document["Statement"][0]["Resource"] = f"arn:aws:wafv2:*:*:regional/*/{unique}/*"
    bound = aws("wafv2", **keys_bound_to(iam, unique, json.dumps(document)))
    summary = bound.create_web_acl(**acl(unique))["Summary"]
    denied = refusal(bound.create_web_acl, **acl(f"{unique}-other"))
    assert denied[0] == "AccessDeniedException"
    both = {"WebACLArn": summary["ARN"], "ResourceArn": stage_arn(tutorial)}
    code, message = refusal(bound.associate_web_acl, **both)
    assert (code, "apigateway:SetWebACL" in message) == ("AccessDeniedException", True)
    may = json.loads(policy("apigateway:SetWebACL", resource=stage_arn(tutorial)))["Statement"]
    document["Statement"] += may
    iam.put_user_policy(UserName=unique, PolicyName="own", PolicyDocument=json.dumps(document))
    bound.associate_web_acl(**both)
