"""Clients that remember make each look once, and keep nothing that may be different the next time."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from lambda_over_https.aws.cloud import Cloud
from lambda_over_https.aws.sessions import sealed_access
from lambda_over_https.run_context import RunContext
from tests.kit.account.between import Answer, Between, Call, Forward
from tests.kit.program.support import Account
from tests.kit.sandbox.control import trust_policy


@dataclass(frozen=True)
class Remembered:
    """Clients that remember, and what of their calls arrives."""

    cloud: Cloud
    between: Between


@pytest.fixture
def remembered(account: Account) -> Iterator[Remembered]:
    sandbox = account.sandbox
    access = sealed_access("us-east-1", keys=(sandbox.access_key_id, sandbox.secret_access_key))
    with Between(sandbox.endpoint_url) as between:
        cloud = Cloud(access, RunContext(lambda _: None), 0, between.url)
        yield Remembered(cloud.remembering(), between)


def test_what_was_asked_once_is_not_asked_again(remembered: Remembered, account: Account, name: str) -> None:
    account.client("iam").create_role(RoleName=name, AssumeRolePolicyDocument=trust_policy())
    iam = remembered.cloud.iam
    first, second = (iam.get_role(RoleName=name)["Role"] for _ in range(2))
    assert second == first
    assert isinstance(second["AssumeRolePolicyDocument"], dict)
    assert remembered.between.names() == ["iam:GetRole"]
    account.client("iam").delete_role(RoleName=name)


def test_whoever_changes_an_answer_changes_it_for_nobody_else(remembered: Remembered) -> None:
    apigateway = remembered.cloud.apigateway
    found = apigateway.get_rest_apis(limit=500)["items"]
    before = list(found)
    found.clear()
    assert apigateway.get_rest_apis(limit=500)["items"] == before


def test_another_question_gets_another_answer(remembered: Remembered, name: str) -> None:
    dynamodb = remembered.cloud.dynamodb
    for table in (f"{name}-1", f"{name}-2", f"{name}-1"):
        with pytest.raises(dynamodb.exceptions.ResourceNotFoundException, match=table):
            dynamodb.describe_table(TableName=table)
    assert remembered.between.names() == ["dynamodb:DescribeTable"] * 2


def test_a_change_makes_it_ask_anew(remembered: Remembered, name: str) -> None:
    iam = remembered.cloud.iam
    with pytest.raises(iam.exceptions.NoSuchEntityException):
        iam.get_role(RoleName=name)
    iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust_policy())
    assert iam.get_role(RoleName=name)["Role"]["RoleName"] == name
    iam.delete_role(RoleName=name)


def test_a_refusal_is_not_kept(remembered: Remembered, name: str) -> None:
    def refuse(call: Call, forward: Forward) -> Answer:
        answer = forward()
        return Answer(403, answer.headers, b"") if call.number == 1 else answer

    remembered.between.meddle = refuse
    logs = remembered.cloud.logs
    with pytest.raises(logs.exceptions.ClientError):
        logs.describe_log_groups(logGroupNamePrefix=name)
    assert logs.describe_log_groups(logGroupNamePrefix=name)["logGroups"] == []
