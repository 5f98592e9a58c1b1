"""Each language says references in its own way, and refuses what it cannot do."""

import pytest

from lambda_over_https.errors import UsageError
from lambda_over_https.infrastructure.description import PLACE, Description, Ref, Resource, Text
from lambda_over_https.infrastructure.languages import LANGUAGES, SAM, TERRAFORM
from lambda_over_https.kinds import Kind
from tests.kit.exports.templates import described

ROLE = Resource(Kind.ROLE, "manager", "2.2", {"RoleName": "it"})
ARN = Text(
    ("arn:", Ref(PLACE, "partition"), ":s:", Ref(PLACE, "region"), ":", Ref(PLACE, "account"), ":${x}")
)
SOMEWHERE = Description(
    (
        ROLE,
        Resource(
            Kind.ROLE_POLICY,
            "manager",
            "2.2",
            {"PolicyName": "it", "PolicyDocument": {"A": ARN}},
            "",
            "manager",
        ),
    ),
    headings={"2.2": "2.2 Create the execution role"},
)


def test_sam_says_where_the_stack_is_by_pseudo_parameters() -> None:
    text = LANGUAGES[SAM].text(SOMEWHERE, None)
    assert "A: !Sub arn:${AWS::Partition}:s:${AWS::Region}:${AWS::AccountId}:${!x}\n" in text


def test_terraform_says_where_the_stack_is_by_data_sources_that_it_declares() -> None:
    text = LANGUAGES[TERRAFORM].text(SOMEWHERE, None)
    partition, region = "data.aws_partition.current.partition", "data.aws_region.current.region"
    account = "data.aws_caller_identity.current.account_id"
    assert f'A = "arn:${{{partition}}}:s:${{{region}}}:${{{account}}}:$${{x}}"' in text
    for source in ("aws_partition", "aws_region", "aws_caller_identity"):
        assert text.count(f'data "{source}" "current" {{}}\n') == 1


def test_terraform_declares_no_data_source_that_nothing_asks_for() -> None:
    assert 'data "aws_' not in LANGUAGES[TERRAFORM].text(described(), None)


def test_only_terraform_takes_over_what_exists() -> None:
    for write in (
        lambda: LANGUAGES[SAM].text(described(), {}),
        lambda: LANGUAGES[SAM].files(described(), "it", {}),
    ):
        with pytest.raises(UsageError, match="cannot take over"):
            write()


def test_a_setting_that_cloudformation_does_not_have_is_named_by_sam_alone() -> None:
    members = {"path": "/x", "verb": "GET", "requireAuthorizationForCacheControl": True}
    settings = Resource(Kind.METHOD_SETTINGS, "get", "cache", members, "", "manager")
    description = Description((settings,))
    assert LANGUAGES[SAM].not_included(description) == [
        "requireAuthorizationForCacheControl (step cache): CloudFormation cannot set it."
    ]
    assert LANGUAGES[TERRAFORM].not_included(description) == []
