"""The forms of ARNs, as AWS writes them: in China's partition, where every part can be seen."""

from collections.abc import Callable

import pytest

from lambda_over_https.aws import arns
from lambda_over_https.aws.place import Place

CHINA = Place("aws", "123456789012", "cn-north-1", "aws-cn", "")
FUNCTION = "arn:aws-cn:lambda:cn-north-1:123456789012:function:f"
LOG_GROUP = "arn:aws-cn:logs:cn-north-1:123456789012:log-group:/aws/lambda/f"


@pytest.mark.parametrize(
    ("made", "arn"),
    [
        (arns.role(CHINA, "r"), "arn:aws-cn:iam::123456789012:role/r"),
        (arns.managed_policy(CHINA, "p"), "arn:aws-cn:iam::123456789012:policy/p"),
        (arns.user(CHINA, "u"), "arn:aws-cn:iam::123456789012:user/u"),
        (arns.function(CHINA, "f"), FUNCTION),
        (
            arns.invocations(CHINA, FUNCTION),
            f"arn:aws-cn:apigateway:cn-north-1:lambda:path/2015-03-31/functions/{FUNCTION}/invocations",
        ),
        (arns.table(CHINA, "t"), "arn:aws-cn:dynamodb:cn-north-1:123456789012:table/t"),
        (arns.log_group(CHINA, "/aws/lambda/f"), LOG_GROUP),
        (arns.log_streams(LOG_GROUP), f"{LOG_GROUP}:*"),
        (arns.api_gateway(CHINA, "/tags/*"), "arn:aws-cn:apigateway:cn-north-1::/tags/*"),
        (arns.rest_api(CHINA, "a1"), "arn:aws-cn:apigateway:cn-north-1::/restapis/a1"),
        (arns.stage(CHINA, "a1", "prod"), "arn:aws-cn:apigateway:cn-north-1::/restapis/a1/stages/prod"),
        (arns.usage_plan(CHINA, "p1"), "arn:aws-cn:apigateway:cn-north-1::/usageplans/p1"),
        (arns.api_key(CHINA, "k1"), "arn:aws-cn:apigateway:cn-north-1::/apikeys/k1"),
        (arns.execute_api(CHINA, "a1"), "arn:aws-cn:execute-api:cn-north-1:123456789012:a1"),
        (
            arns.execute_method(CHINA, "a1", "prod", "POST", "/x"),
            "arn:aws-cn:execute-api:cn-north-1:123456789012:a1/prod/POST/x",
        ),
        (arns.schedule_group(CHINA, "g"), "arn:aws-cn:scheduler:cn-north-1:123456789012:schedule-group/g"),
        (arns.schedule(CHINA, "g", "s"), "arn:aws-cn:scheduler:cn-north-1:123456789012:schedule/g/s"),
        (arns.ip_set(CHINA, "n", "i"), "arn:aws-cn:wafv2:cn-north-1:123456789012:regional/ipset/n/i"),
        (arns.web_acl(CHINA, "n", "i"), "arn:aws-cn:wafv2:cn-north-1:123456789012:regional/webacl/n/i"),
    ],
)
def test_an_arn_has_the_form_that_its_service_gives_it(made: str, arn: str) -> None:
    """Each form by itself: the whole text, and so its partition, Region, account and path."""
    assert made == arn


@pytest.mark.parametrize(
    ("check", "text", "is_one"),
    [
        (arns.is_role, "arn:aws:iam::123456789012:role/LabRole", True),
        (arns.is_role, "arn:aws-us-gov:iam::123456789012:role/a/path/r", True),
        (arns.is_role, "LabRole", False),
        (arns.is_role, "arn:aws:iam::12345678901:role/r", False),
        (arns.is_role, "arn:aws:iam::123456789012:policy/p", False),
        (arns.is_role, "arn:aws:iam::123456789012:role/r!", False),
        (arns.is_managed_policy, "arn:aws:iam::123456789012:policy/a/path/p", True),
        (arns.is_managed_policy, "arn:aws-cn:iam::aws:policy/PowerUserAccess", True),
        (arns.is_managed_policy, "arn:aws:iam::123456789012:role/r", False),
        (arns.is_managed_policy, "arn:aws:iam::123456789012:policy/é", False),
        (arns.is_managed_policy, "arn:aws:iam::123456789012:policy/", False),
    ],
)
def test_what_a_user_gives_for_an_arn_is_told_from_what_is_none(
    check: Callable[[str], bool], text: str, is_one: bool
) -> None:
    assert check(text) is is_one
