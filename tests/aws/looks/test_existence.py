"""Whether something is still there: the answer of its own service counts, for every kind that we make."""

from typing import Any

import pytest

from lambda_over_https.aws.cloud import Cloud
from lambda_over_https.aws.looks.existence import exists
from lambda_over_https.aws.sessions import sealed_access
from lambda_over_https.names import TAG_DEPLOYMENT, names_for
from lambda_over_https.run_context import RunContext
from tests.kit.account import decoys
from tests.kit.program.support import Account
from tests.kit.sandbox.web_acls import visible

TAGS = {TAG_DEPLOYMENT: "existence-0000000000000000"}
TAG_LIST = [{"Key": key, "Value": value} for key, value in TAGS.items()]


@pytest.fixture
def cloud(account: Account) -> Cloud:
    sandbox = account.sandbox
    access = sealed_access("us-east-1", keys=(sandbox.access_key_id, sandbox.secret_access_key))
    return Cloud(access, RunContext(lambda _: None), 0, sandbox.endpoint_url)


def _plant(account: Account, name: str) -> None:
    names = names_for(name)
    for kind in ("function", "table", "log group"):
        decoys.plant(account, kind, decoys.named(names)[kind], TAGS)
    gateway, waf = account.client("apigateway"), account.client("wafv2")
    gateway.create_usage_plan(name=name, tags=TAGS)
    gateway.create_api_key(name=name, tags=TAGS)
    account.client("scheduler").create_schedule_group(Name=name, Tags=TAG_LIST)
    common: dict[str, Any] = {"Name": name, "Scope": "REGIONAL", "Tags": TAG_LIST}
    waf.create_ip_set(IPAddressVersion="IPV4", Addresses=[], **common)
    waf.create_web_acl(DefaultAction={"Allow": {}}, Rules=[], VisibilityConfig=visible(name), **common)


def test_what_was_deleted_is_gone_whatever_the_tagging_api_says(
    account: Account, cloud: Cloud, name: str
) -> None:
    _plant(account, name)
    filters = [{"Key": TAG_DEPLOYMENT, "Values": [TAGS[TAG_DEPLOYMENT]]}]
    listed = account.listed(
        "resourcegroupstaggingapi", "get_resources", "ResourceTagMappingList", TagFilters=filters
    )
    arns = [each["ResourceARN"] for each in listed]
    assert len(arns) == 8
    assert {arn: exists(cloud, arn) for arn in arns} == dict.fromkeys(arns, True)
    decoys.remove_all(account)
    assert {arn: exists(cloud, arn) for arn in arns} == dict.fromkeys(arns, False)


def test_what_we_may_not_look_at_is_not_gone(account: Account, cloud: Cloud, name: str) -> None:
    _plant(account, name)
    listed = account.listed("resourcegroupstaggingapi", "get_resources", "ResourceTagMappingList")
    arns = {each["ResourceARN"] for each in listed if name in each["ResourceARN"]}
    barred = Cloud(
        sealed_access("us-east-1", keys=_keys_that_may_do_nothing(account, name)),
        RunContext(lambda _: None),
        0,
        account.sandbox.endpoint_url,
    )
    assert any(":function:" in arn for arn in arns)
    assert {arn: exists(barred, arn) for arn in arns} == dict.fromkeys(arns, True)
    gone = f"arn:aws:apigateway:us-east-1::/apikeys/{name}"
    assert not exists(barred, gone), "our policy shows those of our tag: this one has it no more"


def _keys_that_may_do_nothing(account: Account, name: str) -> tuple[str, str]:
    iam = account.client("iam")
    iam.create_user(UserName=name)
    key = iam.create_access_key(UserName=name)["AccessKey"]
    return key["AccessKeyId"], key["SecretAccessKey"]


def test_of_what_we_never_make_the_tagging_api_alone_knows(cloud: Cloud) -> None:
    assert exists(cloud, "arn:aws:sqs:us-east-1:123456789012:dead-letters")
