"""Functions' resource policies: one for each version and alias. Answers are AWS's, as recorded."""

import json
from typing import Any

import pytest

from tests.kit.sandbox.control import ACCOUNT, REGION, Clients, refused
from tests.kit.sandbox.live_api import Api

REVISION = (
    "The Revision Id provided does not match the latest Revision Id. Call the GetPolicy API to "
    "retrieve the latest Revision Id"
)
INVOKE = "lambda:InvokeFunction"
OTHER = "999999999999"
LOGS = {"Action": INVOKE, "Principal": "logs.amazonaws.com"}


@pytest.fixture
def lambda_(aws: Clients) -> Any:
    return aws("lambda")


@pytest.fixture
def alias(lambda_: Any, function: str) -> str:
    """The ARN of the function's alias ``live``."""
    lambda_.publish_version(FunctionName=function)
    arn: str = lambda_.create_alias(FunctionName=function, Name="live", FunctionVersion="1")["AliasArn"]
    return arn


def sids(client: Any, **named: str) -> list[str]:
    policy = json.loads(client.get_policy(**named)["Policy"])
    return [statement["Sid"] for statement in policy["Statement"]]


@pytest.mark.parametrize("by_arn", [True, False])
def test_a_statement_is_the_aliass_own(lambda_: Any, function: str, alias: str, by_arn: bool) -> None:
    named = {"FunctionName": alias} if by_arn else {"FunctionName": function, "Qualifier": "live"}
    lambda_.add_permission(FunctionName=function, StatementId="own", **LOGS)
    made = json.loads(lambda_.add_permission(**named, StatementId="alias", **LOGS)["Statement"])
    assert made["Resource"] == alias
    assert sids(lambda_, FunctionName=function) == ["own"]
    assert sids(lambda_, **named) == ["alias"]
    lambda_.remove_permission(**named, StatementId="alias")
    assert sids(lambda_, FunctionName=function) == ["own"]
    assert refused(lambda_.get_policy, **named)[:2] == (404, "ResourceNotFoundException")


@pytest.mark.parametrize(
    ("principal", "statement"),
    [
        ("*", "*"),
        ("lambda.amazonaws.com", {"Service": "lambda.amazonaws.com"}),
        (ACCOUNT, {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}),
        (f"arn:aws:iam::{OTHER}:role/r", {"AWS": f"arn:aws:iam::{OTHER}:role/r"}),
    ],
)
def test_a_principal_is_written_as_its_kind(
    lambda_: Any, function: str, principal: str, statement: object
) -> None:
    made = lambda_.add_permission(
        FunctionName=function, StatementId="s", Action="lambda:InvokeFunction", Principal=principal
    )
    assert made["ResponseMetadata"]["HTTPStatusCode"] == 201
    assert json.loads(made["Statement"])["Principal"] == statement


def test_users_and_roles_of_the_account_are_principals_if_they_exist(
    aws: Clients, lambda_: Any, function: str, role: str, unique: str
) -> None:
    """The message is AWS's, as recorded for a principal that is none."""
    user = aws("iam").create_user(UserName=unique, Path="/class/")["User"]["Arn"]
    session = f"arn:aws:sts::{ACCOUNT}:assumed-role/{unique}-role/{unique}"
    for number, principal in enumerate((user, role, session, f"arn:aws:iam::{ACCOUNT}:root")):
        made = lambda_.add_permission(
            FunctionName=function, StatementId=f"s{number}", Action=INVOKE, Principal=principal
        )
        assert json.loads(made["Statement"])["Principal"] == {"AWS": principal}


@pytest.mark.parametrize(
    "principal",
    [
        f"arn:aws:iam::{ACCOUNT}:role/none",
        f"arn:aws:iam::{ACCOUNT}:user/none",
        f"arn:aws:iam::{ACCOUNT}:group/none",
        f"arn:aws-cn:iam::{ACCOUNT}:root",
        "arn:aws:s3:::bucket",
        "arn:nonsense",
        "12345",
    ],
)
def test_who_cannot_be_is_no_principal(lambda_: Any, function: str, principal: str) -> None:
    assert refused(
        lambda_.add_permission, FunctionName=function, StatementId="s", Action=INVOKE, Principal=principal
    ) == (
        400,
        "InvalidParameterValueException",
        "The provided principal was invalid. Please check the principal and try again.",
    )
    assert refused(lambda_.get_policy, FunctionName=function)[1] == "ResourceNotFoundException"


def test_conditions_of_a_statement(lambda_: Any, function: str) -> None:
    source = f"arn:aws:s3:::{function}"
    made = lambda_.add_permission(
        FunctionName=function, StatementId="s", SourceArn=source, SourceAccount=ACCOUNT, **LOGS
    )
    assert json.loads(made["Statement"])["Condition"] == {
        "StringEquals": {"AWS:SourceAccount": ACCOUNT},
        "ArnLike": {"AWS:SourceArn": source},
    }


@pytest.mark.parametrize(
    ("name", "more", "code", "message"),
    [
        (
            "{}:live",
            {"Qualifier": "other"},
            "InvalidParameterValueException",
            "The derived qualifier from the function name does not match the specified qualifier.",
        ),
        (
            "{}",
            {"Qualifier": "$LATEST"},
            "InvalidParameterValueException",
            "We currently do not support adding policies for $LATEST.",
        ),
        ("{}", {"Qualifier": "none"}, "ResourceNotFoundException", "Cannot find alias arn: {arn}:none"),
        ("{}", {"Qualifier": "42"}, "ResourceNotFoundException", "Function not found: {arn}:42"),
        (
            "{}",
            {"RevisionId": "old"},
            "PreconditionFailedException",
            REVISION,
        ),
    ],
)
def test_what_adds_no_statement(
    lambda_: Any, function: str, name: str, more: dict[str, str], code: str, message: str
) -> None:
    arn = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{function}"
    said = refused(
        lambda_.add_permission, FunctionName=name.format(function), StatementId="s", **LOGS, **more
    )
    assert said[1:] == (code, message.format(arn=arn))


def test_what_removes_no_statement(lambda_: Any, function: str) -> None:
    arn = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:none"
    assert refused(lambda_.remove_permission, FunctionName=function, StatementId="s") == (
        404,
        "ResourceNotFoundException",
        "No policy is associated with the given resource.",
    )
    assert refused(lambda_.remove_permission, FunctionName="none", StatementId="s") == (
        404,
        "ResourceNotFoundException",
        f"No policy found for: {arn}",
    )


def test_the_gateway_asks_the_aliass_policy(api: Api, aws: Clients) -> None:
    client = aws("lambda")
    client.publish_version(FunctionName=api.function)
    client.create_alias(FunctionName=api.function, Name="live", FunctionVersion="1")
    api.method(api.root, uri=api.uri(":live"))
    api.deploy()
    api.allow("*/*/")
    assert api.call("{}", "/prod/").status == 500
    api.allow("*/*/", Qualifier="live")
    assert api.call("{}", "/prod/").status == 200
