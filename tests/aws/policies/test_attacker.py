"""What a malicious holder of the printed policy can do beyond the own name: next to nothing."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from lambda_over_https.names import TAG_NAME, names_for
from tests.kit.account.between import Between
from tests.kit.account.census import census, difference
from tests.kit.program.holder import Holder
from tests.kit.program.lesson import finished
from tests.kit.program.support import Account
from tests.kit.sandbox.control import create_function, package, policy, trust_policy

ACCOUNT = "123456789012"
MALLORY, BOB = "mallory", "bob"
OWN, BOBS = names_for(MALLORY), names_for(BOB)
ADMIN = "arn:aws:iam::aws:policy/AdministratorAccess"

RUN = ("run", "--no-pause", "--yes")

CODE = """
import boto3

def handler(event, context):
    client = boto3.client(event["service"])
    getattr(client, event["call"])(**event["arguments"])
    return "done"
"""


@pytest.fixture
def bob(account: Account) -> str:
    """The id of the REST API of somebody else's finished deployment."""
    finished(BOB)
    apis = account.listed("apigateway", "get_rest_apis", "items")
    [api] = [each["id"] for each in apis if each["name"] == BOBS.api]
    return str(api)


@pytest.fixture
def mallory(account: Account, bob: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Holder]:
    """Somebody with the policy that ``loh policy --name mallory`` prints."""
    with Between(account.sandbox.endpoint_url) as between:
        learner = Holder(account, between, MALLORY, monkeypatch)
        learner.may(learner.printed("--name", MALLORY))
        yield learner
        learner.does("teardown", "--yes")
        learner.leave()


def role(name: str) -> str:
    return f"arn:aws:iam::{ACCOUNT}:role/{name}"


def denied(client: Any, call: str, **arguments: Any) -> None:
    with pytest.raises(ClientError, match="not authorized to perform"):
        getattr(client, call)(**arguments)


def test_no_role_can_be_made_or_changed_so_that_it_may_do_more(mallory: Holder, account: Account) -> None:
    iam = mallory.client("iam")
    new = {"RoleName": OWN.role, "AssumeRolePolicyDocument": trust_policy()}
    document = policy("*")
    denied(iam, "create_role", **new)
    denied(iam, "create_role", **new, PermissionsBoundary=ADMIN)
    denied(iam, "create_role", **{**new, "RoleName": "mine"}, PermissionsBoundary=mallory.boundary)
    mallory.does(*RUN, "--to", "2.2")
    before = census(account)
    denied(iam, "delete_role_permissions_boundary", RoleName=OWN.role)
    denied(iam, "put_role_permissions_boundary", RoleName=OWN.role, PermissionsBoundary=ADMIN)
    denied(iam, "attach_role_policy", RoleName=OWN.role, PolicyArn=ADMIN)
    denied(iam, "update_assume_role_policy", RoleName=OWN.role, PolicyDocument=trust_policy())
    denied(iam, "put_role_policy", RoleName=BOBS.role, PolicyName="p", PolicyDocument=document)
    denied(iam, "create_policy_version", PolicyArn=mallory.boundary, PolicyDocument=document)
    denied(iam, "set_default_policy_version", PolicyArn=mallory.boundary, VersionId="v1")
    denied(iam, "delete_policy", PolicyArn=mallory.boundary)
    denied(iam, "put_user_policy", UserName=mallory.user, PolicyName="p", PolicyDocument=document)
    denied(iam, "attach_user_policy", UserName=mallory.user, PolicyArn=ADMIN)
    denied(iam, "create_access_key", UserName=f"learner-{BOB}")
    denied(mallory.client("sts"), "assume_role", RoleArn=role(BOBS.role), RoleSessionName="mallory")
    assert difference(before, census(account)) == []


def test_no_function_gets_another_role(mallory: Holder, account: Account) -> None:
    mallory.does(*RUN, "--to", "2.3")
    account.client("iam").create_role(RoleName="administrator", AssumeRolePolicyDocument=trust_policy())
    lambda_ = mallory.client("lambda")
    for wanted in ("administrator", BOBS.role):
        denied(lambda_, "update_function_configuration", FunctionName=OWN.function, Role=role(wanted))
        with pytest.raises(ClientError, match="not authorized to perform: iam:PassRole"):
            create_function(lambda_, OWN.function, role(wanted))
    account.client("iam").delete_role(RoleName="administrator")


def test_the_own_role_may_do_no_more_than_its_boundary_whatever_its_policy_says(
    mallory: Holder, account: Account
) -> None:
    mallory.does(*RUN)
    everything = {"RoleName": OWN.role, "PolicyName": "everything", "PolicyDocument": policy("*")}
    mallory.client("iam").put_role_policy(**everything)
    lambda_ = mallory.client("lambda")
    lambda_.update_function_code(FunctionName=OWN.function, ZipFile=package(CODE, "LambdaFunctionOverHttps"))
    item = {"Key": {"Id": {"S": "1"}}}
    attempts = [
        ("iam", "create_user", {"UserName": "evil"}),
        ("iam", "list_users", {}),
        ("dynamodb", "get_item", {"TableName": BOBS.table, **item}),
        ("dynamodb", "delete_table", {"TableName": OWN.table}),
        ("lambda", "invoke", {"FunctionName": BOBS.function}),
        ("logs", "describe_log_groups", {}),
    ]
    for service, call, arguments in attempts:
        event = json.dumps({"service": service, "call": call, "arguments": arguments})
        answer = lambda_.invoke(FunctionName=OWN.function, Payload=event)["Payload"].read().decode()
        assert "no permissions boundary allows" in answer, (service, call, answer)
    event = json.dumps(
        {"service": "dynamodb", "call": "get_item", "arguments": {"TableName": OWN.table, **item}}
    )
    assert lambda_.invoke(FunctionName=OWN.function, Payload=event)["Payload"].read() == b'"done"'
    account.client("iam").delete_role_policy(RoleName=OWN.role, PolicyName="everything")


def test_what_is_somebody_elses_cannot_be_changed_used_or_removed(
    mallory: Holder, account: Account, bob: str
) -> None:
    before = census(account)
    lambda_, dynamodb, logs = (mallory.client(each) for each in ("lambda", "dynamodb", "logs"))
    denied(lambda_, "invoke", FunctionName=BOBS.function)
    denied(lambda_, "get_function", FunctionName=BOBS.function)
    denied(lambda_, "update_function_code", FunctionName=BOBS.function, ZipFile=package())
    denied(lambda_, "delete_function", FunctionName=BOBS.function)
    denied(dynamodb, "scan", TableName=BOBS.table)
    denied(dynamodb, "put_item", TableName=BOBS.table, Item={"Id": {"S": "1"}})
    denied(dynamodb, "delete_table", TableName=BOBS.table)
    denied(logs, "filter_log_events", logGroupName=BOBS.log_group)
    denied(logs, "delete_log_group", logGroupName=BOBS.log_group)
    denied(mallory.client("iam"), "delete_role", RoleName=BOBS.role)
    denied(mallory.client("apigateway"), "create_rest_api", name=BOBS.api, tags={TAG_NAME: MALLORY})
    denied(mallory.client("apigateway"), "create_rest_api", name=OWN.api, tags={TAG_NAME: BOB})
    assert difference(before, census(account)) == []


def test_an_api_with_a_stolen_tag_can_be_changed_inside_but_not_renamed_or_deleted(
    mallory: Holder, account: Account, bob: str
) -> None:
    """The known limit, which ``loh policy`` and SECURITY.md name: IAM cannot limit who sets tags there."""
    gateway = mallory.client("apigateway")
    resources = account.client("apigateway").get_resources(restApiId=bob)["items"]
    [root] = [each["id"] for each in resources if each["path"] == "/"]
    inside = {"restApiId": bob, "parentId": root, "pathPart": "evil"}
    rename = [{"op": "replace", "path": "/name", "value": OWN.api}]
    denied(gateway, "create_resource", **inside)
    gateway.tag_resource(
        resourceArn=f"arn:aws:apigateway:us-east-1::/restapis/{bob}", tags={TAG_NAME: MALLORY}
    )
    made = gateway.create_resource(**inside)
    denied(gateway, "update_rest_api", restApiId=bob, patchOperations=rename)
    denied(gateway, "delete_rest_api", restApiId=bob)
    gateway.delete_resource(restApiId=bob, resourceId=made["id"])
    own = account.client("apigateway")
    own.tag_resource(resourceArn=f"arn:aws:apigateway:us-east-1::/restapis/{bob}", tags={TAG_NAME: BOB})
