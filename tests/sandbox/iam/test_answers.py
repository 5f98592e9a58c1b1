"""What is done to an answer on its way out: sessions are remembered, tags withheld."""

import json
from typing import Any

import pytest

from lambda_over_https.sandbox.control.layer import AwsResponse
from lambda_over_https.sandbox.control.moto_state import sts_backend
from lambda_over_https.sandbox.iam.authorization import Authorization
from lambda_over_https.sandbox.iam.callers.access_keys import AccessKeys
from lambda_over_https.sandbox.iam.callers.sessions import RoleSession
from lambda_over_https.sandbox.iam.security_tokens import SecurityTokens
from tests.kit.sandbox.callers import OPERATOR, Roles, call, checked, session
from tests.kit.sandbox.control import ACCOUNT, REGION, policy

FUNCTION = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:f"
OPERATORS = {"key": OPERATOR.access_key_id, "secret": OPERATOR.secret_access_key, "token": None}


@pytest.fixture
def layer(keys: AccessKeys) -> Authorization:
    return Authorization(keys, lambda _: None)


@pytest.fixture
def tokens(keys: AccessKeys) -> SecurityTokens:
    return SecurityTokens(keys)


# --- GetFunction tells the tags to those who may list them ---

GET, LIST = "lambda:GetFunction", "lambda:ListTags"


def answered(layer: Authorization, content: dict[str, Any], operation: str = "GetFunction") -> dict[str, Any]:
    """The answer as it leaves."""
    response = AwsResponse.json(200, content)
    layer.after(call("lambda", operation, FunctionName="f"), response)
    return response.document


def in_region(region: str) -> str:
    """A policy that lets tags be listed in one Region, and functions be read everywhere."""
    listing = {
        "Effect": "Allow",
        "Action": LIST,
        "Resource": "*",
        "Condition": {"StringEquals": {"aws:RequestedRegion": region}},
    }
    reading = {"Effect": "Allow", "Action": GET, "Resource": "*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [listing, reading]})


@pytest.mark.parametrize(
    ("document", "told"),
    [
        (policy(GET, LIST), True),
        (policy(GET, LIST, resource=FUNCTION), True),
        (policy(GET), False),
        (policy(GET, LIST, resource=f"{FUNCTION}2"), False),
        (in_region(REGION), True),
        (in_region("eu-west-1"), False),
    ],
)
def test_a_functions_tags_are_told_to_those_who_may_list_them(
    roles: Roles, keys: AccessKeys, layer: Authorization, document: str, told: bool
) -> None:
    keys.register(session(roles.make(document=document)))
    rest = {"Configuration": {"FunctionName": "f"}}
    content = {**rest, "Tags": {"project": "p"}}
    assert answered(layer, content) == (content if told else rest)


def test_a_function_without_tags_is_told_as_it_is(
    roles: Roles, keys: AccessKeys, layer: Authorization
) -> None:
    keys.register(session(roles.make(GET)))
    assert answered(layer, {"Configuration": {}}) == {"Configuration": {}}


def test_tags_in_other_answers_are_left_alone(roles: Roles, keys: AccessKeys, layer: Authorization) -> None:
    keys.register(session(roles.make(GET)))
    assert answered(layer, {"Tags": {"a": "b"}}, "CreateFunction") == {"Tags": {"a": "b"}}


def test_the_operator_sees_all_tags(layer: Authorization) -> None:
    response = AwsResponse.json(200, {"Tags": {"a": "b"}})
    layer.after(call("lambda", "GetFunction", FunctionName="f", **OPERATORS), response)
    assert response.document == {"Tags": {"a": "b"}}


# --- AssumeRole opens a session ---


def assumed(role: Any) -> Any:
    """A session that moto has opened."""
    return sts_backend().assume_role(REGION, "lesson", role.arn, "", 900, "")


def as_xml(opened: Any) -> AwsResponse:
    """AWS's answer, as far as it tells the session."""
    return AwsResponse(200, f"<Credentials><AccessKeyId>{opened.access_key_id}</AccessKeyId>".encode())


def keys_of(opened: Any) -> dict[str, str]:
    return {
        "key": opened.access_key_id,
        "secret": opened.secret_access_key,
        "token": opened.session_token,
    }


def test_the_keys_that_assume_role_gives_are_good_from_then_on(
    roles: Roles, keys: AccessKeys, tokens: SecurityTokens
) -> None:
    role = roles.make("dynamodb:ListTables")
    opened = assumed(role)
    assert checked(keys, call(**keys_of(opened))) is not None
    tokens.after(call("sts", "AssumeRole", RoleArn=role.arn, **OPERATORS), as_xml(opened))
    assert checked(keys, call(**keys_of(opened))) is None


def test_a_session_has_the_tags_that_it_was_opened_with(
    roles: Roles, keys: AccessKeys, tokens: SecurityTokens
) -> None:
    role = roles.make("*")
    opened = assumed(role)
    tags = [{"Key": "Team", "Value": "Blue"}]
    tokens.after(call("sts", "AssumeRole", RoleArn=role.arn, Tags=tags, **OPERATORS), as_xml(opened))
    held = keys.session(opened.access_key_id)
    assert isinstance(held, RoleSession)
    assert held.tags == ({"Key": "Team", "Value": "Blue"},)
    assert keys.principal(opened.access_key_id).keys["aws:principaltag/team"] == "Blue"


@pytest.mark.parametrize("body", [b"", b"<AccessKeyId>ASIAQNOBODYNOBODY999</AccessKeyId>"])
def test_an_answer_that_tells_no_session_opens_none(
    keys: AccessKeys, tokens: SecurityTokens, body: bytes
) -> None:
    tokens.after(call("sts", "AssumeRole", **OPERATORS), AwsResponse(200, body))
    assert keys.session("ASIAQNOBODYNOBODY999") is None


def test_no_other_call_opens_a_session(roles: Roles, keys: AccessKeys, tokens: SecurityTokens) -> None:
    opened = assumed(roles.make("*"))
    tokens.after(call("sts", "GetCallerIdentity", **OPERATORS), as_xml(opened))
    assert keys.session(opened.access_key_id) is None
