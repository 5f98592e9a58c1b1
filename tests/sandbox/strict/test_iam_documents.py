"""Policy documents that IAM refuses, in AWS's words, and those that it takes."""

import json
from typing import Any

import pytest

from lambda_over_https.sandbox.model.account import ACCOUNT
from tests.kit.sandbox.control import Clients, policy, refused, trust_policy

ROOT = f"arn:aws:iam::{ACCOUNT}"
OTHER = "arn:aws:iam::999999999999"
STATEMENT = {"Effect": "Allow", "Action": "dynamodb:*", "Resource": "*"}
SID = (
    "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression "
    "[0-9A-Za-z]*"
)
PRINCIPAL = "Policy document should not specify a principal."


def document(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def trusting(principal: object, action: object = "sts:AssumeRole") -> str:
    """A trust policy."""
    return document({"Effect": "Allow", "Principal": principal, "Action": action})


class Holders:
    """A role, a user, a group and a managed policy, and each call that gives one of them a document."""

    def __init__(self, aws: Clients, name: str) -> None:
        self.iam, self.name = aws("iam"), name
        self.iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust_policy())
        self.iam.create_user(UserName=name)
        self.iam.create_group(GroupName=name)
        made = self.iam.create_policy(PolicyName=name, PolicyDocument=policy("dynamodb:*"))
        self.arn = made["Policy"]["Arn"]

    def call(self, kind: str) -> tuple[Any, dict[str, str]]:
        """The call, and its arguments but for the document."""
        if kind == "policy":
            return self.iam.create_policy, {"PolicyName": f"{self.name}-2"}
        if kind == "version":
            return self.iam.create_policy_version, {"PolicyArn": self.arn}
        put = getattr(self.iam, f"put_{kind}_policy")
        return put, {f"{kind.capitalize()}Name": self.name, "PolicyName": "p"}

    def refused(self, kind: str, said: str) -> tuple[int, str, str]:
        call, named = self.call(kind)
        return refused(call, **named, PolicyDocument=said)

    def take(self, kind: str, said: str) -> None:
        call, named = self.call(kind)
        call(**named, PolicyDocument=said)


@pytest.mark.parametrize(
    "key", ["apigateway:Request/EndpointType", "apigateway:resource/apinames", "events:creatorAccount"]
)
def test_a_condition_that_no_request_could_fulfil_here_is_named(aws: Clients, unique: str, key: str) -> None:
    said = policy("*", effect="Deny", condition={"StringEquals": {"aws:PrincipalType": "User", key: "x"}})
    assert refused(aws("iam").create_policy, PolicyName=unique, PolicyDocument=said) == (
        501,
        "NotImplemented",
        f"Not in this sandbox: the condition key {key}. Try the condition on AWS.",
    )


@pytest.fixture
def holders(aws: Clients, unique: str) -> Holders:
    return Holders(aws, unique)


EVERYWHERE = pytest.mark.parametrize("kind", ["role", "user", "group", "policy", "version"])


@EVERYWHERE
@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ({"Principal": "*"}, PRINCIPAL),
        ({"Principal": {"AWS": f"{ROOT}:root"}}, PRINCIPAL),
        ({"NotPrincipal": {"AWS": f"{ROOT}:root"}}, PRINCIPAL),
        ({"Sid": "read-only"}, SID),
        ({"Sid": "Read only"}, SID),
    ],
)
def test_what_a_document_may_not_say(
    holders: Holders, kind: str, statement: dict[str, Any], message: str
) -> None:
    """Also in the second statement."""
    for said in (document({**STATEMENT, **statement}), document(STATEMENT, {**STATEMENT, **statement})):
        assert holders.refused(kind, said) == (400, "MalformedPolicyDocument", message)


@EVERYWHERE
@pytest.mark.parametrize("sid", ["", "ReadOnly1"])
def test_what_a_sid_may_be(holders: Holders, kind: str, sid: str) -> None:
    holders.take(kind, document({**STATEMENT, "Sid": sid}))


def sized(size: int) -> str:
    """A document of so many characters, and white space, which does not count."""
    bare = json.dumps({"Version": "2012-10-17", "Statement": [STATEMENT]}, separators=(",", ":"))
    return f"  {bare[:-1]},{json.dumps('Id')}:{json.dumps('x' * (size - len(bare) - 8))} }} \n"


@pytest.mark.parametrize(
    ("kind", "limit", "message"),
    [
        ("role", 10_240, "Maximum policy size of 10240 bytes exceeded for role {}"),
        ("user", 2_048, "Maximum policy size of 2048 bytes exceeded for user {}"),
        ("group", 5_120, "Maximum policy size of 5120 bytes exceeded for group {}"),
        ("policy", 6_144, "Cannot exceed quota for PolicySize: 6144"),
        ("version", 6_144, "Cannot exceed quota for PolicySize: 6144"),
    ],
)
def test_how_long_a_document_may_be(holders: Holders, kind: str, limit: int, message: str) -> None:
    """IAM user guide, "IAM and AWS STS quotas": white space does not count."""
    assert holders.refused(kind, sized(limit + 1)) == (409, "LimitExceeded", message.format(holders.name))
    holders.take(kind, sized(limit))


@pytest.mark.parametrize(("kind", "limit"), [("role", 10_240), ("user", 2_048), ("group", 5_120)])
def test_all_inline_policies_of_one_holder_count_together(holders: Holders, kind: str, limit: int) -> None:
    holders.take(kind, sized(limit))
    call, named = holders.call(kind)
    assert refused(call, **{**named, "PolicyName": "q"}, PolicyDocument=policy("s3:*"))[1] == "LimitExceeded"
    holders.take(kind, policy("s3:*"))
    call(**{**named, "PolicyName": "q"}, PolicyDocument=policy("s3:*"))


class Trusts:
    """The two calls that give a role its trust policy."""

    def __init__(self, aws: Clients, name: str) -> None:
        self.iam, self.name = aws("iam"), name
        self.iam.create_role(RoleName=f"{name}-1", AssumeRolePolicyDocument=trust_policy())

    def refused(self, said: str) -> set[tuple[int, str, str]]:
        """How both calls are refused."""
        new, old = {"RoleName": f"{self.name}-2"}, {"RoleName": f"{self.name}-1"}
        return {
            refused(self.iam.create_role, **new, AssumeRolePolicyDocument=said),
            refused(self.iam.update_assume_role_policy, **old, PolicyDocument=said),
        }

    def take(self, said: str) -> None:
        self.iam.create_role(RoleName=f"{self.name}-2", AssumeRolePolicyDocument=said)
        self.iam.update_assume_role_policy(RoleName=f"{self.name}-1", PolicyDocument=said)


@pytest.fixture
def trusts(aws: Clients, unique: str) -> Trusts:
    return Trusts(aws, unique)


@pytest.mark.parametrize(
    "action", ["sts:GetCallerIdentity", "lambda:InvokeFunction", "*", ["sts:AssumeRole", "iam:PassRole"]]
)
def test_which_actions_a_trust_policy_may_not_have(trusts: Trusts, action: object) -> None:
    message = "AssumeRole policy may only specify STS AssumeRole actions."
    said = trusting({"Service": "lambda.amazonaws.com"}, action)
    assert trusts.refused(said) == {(400, "MalformedPolicyDocument", message)}


@pytest.mark.parametrize(
    "action",
    [
        "sts:AssumeRole",
        "sts:assumerole",
        "sts:AssumeRoleWithSAML",
        ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"],
    ],
)
def test_which_actions_a_trust_policy_may_have(trusts: Trusts, action: object) -> None:
    trusts.take(trusting({"Service": "lambda.amazonaws.com"}, action))


@pytest.mark.parametrize(
    "service", ["lamda.amazonaws.com", "lambda", "lambda.amazonaws.org", "lambda.aws", ""]
)
def test_a_service_that_is_none_cannot_be_trusted(trusts: Trusts, service: str) -> None:
    message = f'Invalid principal in policy: "SERVICE":"{service}"'
    for named in (service, ["lambda.amazonaws.com", service]):
        assert trusts.refused(trusting({"Service": named})) == {(400, "MalformedPolicyDocument", message)}


SERVICES = (
    "lambda edgelambda replicator.lambda apigateway ops.apigateway events scheduler pipes states ec2 "
    "ecs-tasks logs delivery.logs logs.us-east-1 vpc-flow-logs cloudformation s3 sns sqs dynamodb "
    "dynamodb.application-autoscaling cognito-idp email.cognito-idp iot firehose glue monitoring cloudtrail "
    "codebuild config eks ssm transfer"
)


def test_the_services_that_there_are_can_be_trusted(trusts: Trusts) -> None:
    trusts.take(trusting({"Service": [f"{name}.amazonaws.com" for name in SERVICES.split()]}))


@pytest.mark.parametrize(
    "name",
    [
        f"{ROOT}:user/nope",
        f"{ROOT}:role/nope",
        f"{ROOT}:user/*",
        f"{OTHER}:role/*",
        f"arn:aws:sts::{ACCOUNT}:assumed-role/nope/me",
        f"{ROOT}:group/nope",
        "foo",
        "12345678901",
    ],
)
def test_whoever_does_not_exist_cannot_be_trusted(trusts: Trusts, name: str) -> None:
    message = f'Invalid principal in policy: "AWS":"{name}"'
    for named in (name, [f"{ROOT}:root", name]):
        assert trusts.refused(trusting({"AWS": named})) == {(400, "MalformedPolicyDocument", message)}


def test_who_exists_or_may_exist_elsewhere_can_be_trusted(aws: Clients, unique: str, trusts: Trusts) -> None:
    user = aws("iam").create_user(UserName=unique, Path="/class/")["User"]
    session = f"arn:aws:sts::{ACCOUNT}:assumed-role/{unique}-1/me"
    known = [f"{ROOT}:root", ACCOUNT, "*", user["Arn"], f"{ROOT}:role/{unique}-1", session]
    trusts.take(trusting({"AWS": [*known, f"{ROOT}:user/operator", f"{OTHER}:user/a", "999999999999"]}))


def test_everybody_can_be_trusted(trusts: Trusts) -> None:
    assert {code for _, code, _ in trusts.refused(trusting("nobody"))} == {"MalformedPolicyDocument"}
    trusts.take(trusting("*"))
