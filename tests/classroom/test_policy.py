"""One policy for a class, tried by two students: everything of one's own, nothing of the other's."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from lambda_over_https.aws.policies.sizes import MANAGED, size
from lambda_over_https.names import TAG_NAME, names_for
from tests.kit.account.census import census, difference
from tests.kit.program.support import Account, Ran, done, loh
from tests.kit.sandbox.attacks import assert_denied, attempts_on
from tests.kit.sandbox.control import package, policy, trust_policy

CODE = """
import boto3

def handler(event, context):
    client = boto3.client(event["service"])
    getattr(client, event["call"])(**event["arguments"])
    return "done"
"""


@dataclass
class Member:
    """An IAM user in the class's group."""

    name: str
    key: str
    secret: str
    url: str
    boundary: str
    patch: pytest.MonkeyPatch

    def client(self, service: str) -> Any:
        session = boto3.Session(self.key, self.secret, region_name="us-east-1")
        return session.client(service, endpoint_url=self.url)  # type: ignore[call-overload]

    def loh(self, *arguments: str) -> Ran:
        with self.patch.context() as patch:
            patch.setenv("AWS_ACCESS_KEY_ID", self.key)
            patch.setenv("AWS_SECRET_ACCESS_KEY", self.secret)
            where = ("--name", self.name, "--region", "us-east-1", "--endpoint-url", self.url)
            return loh(*arguments, *where)

    def does(self, *arguments: str) -> Ran:
        ran = self.loh(*arguments)
        assert ran.code == 0, ran.err
        return ran

    def run(self, *more: str) -> Ran:
        return self.does("run", "--no-pause", "--yes", "--permissions-boundary", self.boundary, *more)


@pytest.fixture
def pair(own: Account, name: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Member, Member]]:
    """Two students of a class, with nothing but the class's policy; both have a finished deployment."""
    done("class", "new", name, "--prefix", name, "--count", "2")
    iam = own.client("iam")
    bounded = done("class", "policy", "--class", name, "--boundary").json
    made = iam.create_policy(PolicyName=f"{name}-lambda-gateway-boundary", PolicyDocument=json.dumps(bounded))
    document = done("class", "policy", "--class", name, "--chapter", "keys").json
    assert size(document) <= MANAGED
    whole = iam.create_policy(PolicyName=f"{name}-p", PolicyDocument=json.dumps(document))
    iam.create_group(GroupName=name)
    iam.attach_group_policy(GroupName=name, PolicyArn=whole["Policy"]["Arn"])
    members = [
        _member(own, name, f"{name}-{number}", made["Policy"]["Arn"], monkeypatch) for number in ("01", "02")
    ]
    yield members[0], members[1]
    for each in members:
        each.does("teardown", "--yes")


def _member(account: Account, group: str, name: str, boundary: str, patch: pytest.MonkeyPatch) -> Member:
    iam = account.client("iam")
    iam.create_user(UserName=name)
    iam.add_user_to_group(GroupName=group, UserName=name)
    key = iam.create_access_key(UserName=name)["AccessKey"]
    url = account.sandbox.endpoint_url
    member = Member(name, key["AccessKeyId"], key["SecretAccessKey"], url, boundary, patch)
    member.run()
    return member


def test_each_may_do_everything_with_the_own_and_nothing_with_the_others(
    pair: tuple[Member, Member], account: Account
) -> None:
    for me, other in (pair, pair[::-1]):
        assert me.does("verify", "--json").json["passed"]
        me.does("undo")
        me.run()
        me.does("chapter", "on", "keys", "--yes", "--json")
        me.does("chapter", "off", "keys", "--yes", "--json")
        theirs = names_for(other.name)
        apis = account.listed("apigateway", "get_rest_apis", "items")
        [api] = [each["id"] for each in apis if each["name"] == theirs.api]
        before = census(account)
        for attempt in attempts_on(theirs, api, me.boundary):
            assert_denied(me.client, attempt)
        assert difference(before, census(account)) == []


def test_nobody_becomes_administrator_through_a_role_or_gets_to_anothers_data(
    pair: tuple[Member, Member], account: Account
) -> None:
    me, other = pair
    own, theirs = names_for(me.name), names_for(other.name)
    iam, lambda_ = me.client("iam"), me.client("lambda")
    lying = [{"Key": TAG_NAME, "Value": other.name}]
    with pytest.raises(ClientError, match="not authorized to perform: iam:TagRole"):
        iam.tag_role(RoleName=own.role, Tags=lying)
    with pytest.raises(ClientError, match="not authorized to perform"):
        iam.delete_role_permissions_boundary(RoleName=own.role)
    iam.put_role_policy(RoleName=own.role, PolicyName="more", PolicyDocument=policy("*"))
    lambda_.update_function_code(FunctionName=own.function, ZipFile=package(CODE, "LambdaFunctionOverHttps"))
    key = {"Key": {"Id": {"S": "1"}}}
    for service, call, arguments, allowed in (
        ("iam", "list_users", {}, False),
        ("dynamodb", "get_item", {"TableName": theirs.table, **key}, False),
        ("lambda", "invoke", {"FunctionName": theirs.function}, False),
        ("dynamodb", "get_item", {"TableName": own.table, **key}, True),
    ):
        event = json.dumps({"service": service, "call": call, "arguments": arguments})
        answer = lambda_.invoke(FunctionName=own.function, Payload=event)["Payload"].read().decode()
        assert ("no permissions boundary allows" in answer) is not allowed, (service, call, answer)
    iam.delete_role_policy(RoleName=own.role, PolicyName="more")


def test_nobody_takes_anothers_name_in_a_session_tag(pair: tuple[Member, Member], account: Account) -> None:
    me, other = pair
    own, iam = names_for(me.name), account.client("iam")
    trust = json.loads(trust_policy())
    trust["Statement"].append(
        {
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:aws:iam::123456789012:user/{me.name}"},
            "Action": ["sts:AssumeRole", "sts:TagSession"],
        }
    )
    iam.update_assume_role_policy(RoleName=own.role, PolicyDocument=json.dumps(trust))
    iam.put_user_policy(UserName=me.name, PolicyName="more", PolicyDocument=policy("sts:*"))
    with pytest.raises(ClientError, match="with an explicit deny in an identity-based policy"):
        me.client("sts").assume_role(
            RoleArn=f"arn:aws:iam::123456789012:role/{own.role}",
            RoleSessionName="mine",
            Tags=[{"Key": TAG_NAME, "Value": other.name}],
        )
    iam.delete_user_policy(UserName=me.name, PolicyName="more")
    iam.update_assume_role_policy(RoleName=own.role, PolicyDocument=trust_policy())


def test_a_role_without_the_own_tag_may_do_nothing(pair: tuple[Member, Member], account: Account) -> None:
    me, _ = pair
    own = names_for(me.name)
    account.client("iam").untag_role(RoleName=own.role, TagKeys=[TAG_NAME])
    key = {"Key": {"Id": {"S": "1"}}, "TableName": own.table}
    me.client("lambda").update_function_code(
        FunctionName=own.function, ZipFile=package(CODE, "LambdaFunctionOverHttps")
    )
    event = json.dumps({"service": "dynamodb", "call": "get_item", "arguments": key})
    answer = me.client("lambda").invoke(FunctionName=own.function, Payload=event)["Payload"].read().decode()
    assert "no permissions boundary allows" in answer
    tags = [{"Key": TAG_NAME, "Value": me.name}]
    account.client("iam").tag_role(RoleName=own.role, Tags=tags)


def test_for_sessions_a_tag_says_whose_it_is(account: Account, name: str) -> None:
    done("class", "new", name, "--prefix", name, "--count", "2")
    document = done("class", "policy", "--class", name, "--session").json
    assert "${aws:PrincipalTag/lambda-over-https-name}-LambdaTable" in json.dumps(document)
    assert "aws:username" not in json.dumps(document)
    iam = account.client("iam")
    trust = json.loads(trust_policy())
    trust["Statement"][0]["Principal"] = {"AWS": "arn:aws:iam::123456789012:root"}
    trust["Statement"][0]["Action"] = ["sts:AssumeRole", "sts:TagSession"]
    role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
    iam.put_role_policy(RoleName=name, PolicyName="class", PolicyDocument=json.dumps(document))
    given = account.client("sts").assume_role(
        RoleArn=role,
        RoleSessionName="student",
        Tags=[{"Key": "lambda-over-https-name", "Value": f"{name}-01"}],
    )["Credentials"]
    session = boto3.Session(
        given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"], region_name="us-east-1"
    )
    dynamodb: Any = session.client("dynamodb", endpoint_url=account.sandbox.endpoint_url)
    own, other = names_for(f"{name}-01").table, names_for(f"{name}-02").table
    with pytest.raises(ClientError, match="ResourceNotFound"):
        dynamodb.describe_table(TableName=own)
    with pytest.raises(ClientError, match="not authorized"):
        dynamodb.describe_table(TableName=other)
