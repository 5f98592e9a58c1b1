"""Keys of roles: refused when they are over, stolen in part, or bound by a permissions boundary."""

import json
import re
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from lambda_over_https.sandbox.control.moto_state import iam_backend
from lambda_over_https.sandbox.iam.authorization import Authorization, may_log
from lambda_over_https.sandbox.iam.callers.access_keys import AccessKeys, new_key_pair
from lambda_over_https.sandbox.iam.callers.authentication import Authentication
from lambda_over_https.sandbox.iam.callers.sessions import RoleSession
from lambda_over_https.sandbox.iam.policies.policy import AccessRequest
from lambda_over_https.sandbox.iam.policies.principals import role_may
from lambda_over_https.sandbox.model.errors import AwsError
from lambda_over_https.sandbox.model.functions import FunctionUrl
from lambda_over_https.sandbox.web.http import Request
from tests.kit.sandbox.callers import (
    KEY,
    OPERATOR,
    SECRET,
    TOKEN,
    Roles,
    call,
    checked,
    only_if,
    request,
    session,
)
from tests.kit.sandbox.control import ACCOUNT, REGION, policy, trust_policy


@pytest.fixture
def local_time(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Sets the machine's time zone until the test is over."""

    def set_to(zone: str) -> None:
        monkeypatch.setenv("TZ", zone)
        time.tzset()

    with monkeypatch.context() as monkeypatch:
        yield set_to
    time.tzset()


FUNCTION = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:f"
EXPIRED = "The security token included in the request is expired"
INVALID = "The security token included in the request is invalid."


@pytest.mark.parametrize(
    ("service", "operation", "status", "code"),
    [
        ("sts", "GetCallerIdentity", 403, "ExpiredToken"),
        ("iam", "ListRoles", 403, "ExpiredToken"),
        ("dynamodb", "ListTables", 400, "ExpiredTokenException"),
        ("lambda", "ListFunctions", 403, "ExpiredTokenException"),
        ("apigateway", "GetRestApis", 403, "ExpiredTokenException"),
    ],
)
def test_a_session_that_is_over_is_refused(
    roles: Roles, keys: AccessKeys, service: str, operation: str, status: int, code: str
) -> None:
    keys.register(session(roles.make("*"), minutes=-0.01))
    assert checked(keys, call(service, operation)) == (status, code, EXPIRED)


def test_a_session_is_good_until_it_is_over(roles: Roles, keys: AccessKeys) -> None:
    keys.register(session(roles.make("*"), minutes=0.5))
    assert checked(keys, call()) is None


@pytest.mark.parametrize("token", [None, "", "another-token", TOKEN.upper(), f"{TOKEN}x"])
def test_keys_are_worth_nothing_without_their_session_token(
    roles: Roles, keys: AccessKeys, token: str | None
) -> None:
    keys.register(session(roles.make("*")))
    assert checked(keys, call(token=token)) == (400, "UnrecognizedClientException", INVALID)
    assert checked(keys, call(token=TOKEN)) is None


def test_keys_of_a_role_that_was_deleted_or_made_again_are_worth_nothing(
    roles: Roles, keys: AccessKeys
) -> None:
    keys.register(session(roles.make("*")))
    roles.remove()
    refused = (400, "UnrecognizedClientException", INVALID)
    assert checked(keys, call()) == refused
    assert keys.principal(KEY).policies == []
    roles.make("*")
    assert checked(keys, call()) == refused
    assert keys.principal(KEY).policies == []


@pytest.mark.parametrize("key", ["ASIAQNOBODYNOBODY999", "AKIAQNOBODYNOBODY999", "test", "TEST"])
def test_keys_that_nobody_was_given_are_refused(keys: AccessKeys, key: str) -> None:
    assert checked(keys, call(key=key, token=None)) == (400, "UnrecognizedClientException", INVALID)


def test_the_operator_needs_the_right_secret_and_no_token(keys: AccessKeys) -> None:
    own = {"key": OPERATOR.access_key_id, "secret": OPERATOR.secret_access_key}
    assert checked(keys, call(**own, token=None)) is None
    assert checked(keys, call(**own, token="surplus")) == (400, "UnrecognizedClientException", INVALID)
    refused = checked(keys, call(key=OPERATOR.access_key_id, secret="guessed", token=None))
    assert refused is not None
    assert refused[:2] == (400, "InvalidSignatureException")


def test_no_two_sandboxes_have_the_same_keys() -> None:
    pairs = [new_key_pair() for _ in range(20)]
    assert (
        len({pair.access_key_id for pair in pairs}) == len({pair.secret_access_key for pair in pairs}) == 20
    )
    assert all(re.fullmatch(r"AKIA[A-Z2-7]{16}", pair.access_key_id) for pair in pairs)
    assert all(re.fullmatch(r"[\w-]{40}", pair.secret_access_key) for pair in pairs)
    assert not any(pair.secret_access_key in repr(pair) for pair in pairs)


def test_an_operator_is_checked_and_nobody_else_is(roles: Roles, keys: AccessKeys) -> None:
    """What the check is for: faults that make the operator's keys expire."""
    keys.register(session(roles.make("*")))
    heard: list[str] = []
    layer = Authorization(keys, lambda sent: heard.append(sent.access_key))
    layer.before(call())
    layer.before(call(key=OPERATOR.access_key_id, token=None))
    assert heard == [OPERATOR.access_key_id]


ONLY_READS = policy("dynamodb:List*", "dynamodb:Get*")


def test_a_boundary_must_allow_what_the_policies_allow(roles: Roles, keys: AccessKeys) -> None:
    keys.register(session(roles.make("dynamodb:*", boundary=ONLY_READS)))
    assert checked(keys, call()) is None
    refused = checked(keys, call(operation="DeleteTable", TableName="t"))
    assert refused is not None
    assert refused[1] == "AccessDeniedException"
    assert refused[2].endswith("because no permissions boundary allows the dynamodb:DeleteTable action")


def test_a_boundary_alone_allows_nothing(roles: Roles, keys: AccessKeys) -> None:
    keys.register(session(roles.make(boundary=policy("*"))))
    refused = checked(keys, call())
    assert refused is not None
    assert refused[2].endswith("because no identity-based policy allows the dynamodb:ListTables action")


def test_a_boundary_that_denies_is_named(roles: Roles, keys: AccessKeys) -> None:
    denies = json.loads(policy("dynamodb:*", effect="Deny"))
    allows = json.loads(policy("*"))
    both = json.dumps({**allows, "Statement": [*allows["Statement"], *denies["Statement"]]})
    keys.register(session(roles.make("*", boundary=both)))
    refused = checked(keys, call())
    assert refused is not None
    assert refused[2].endswith("with an explicit deny in a permissions boundary")


@pytest.mark.parametrize(
    ("allowed", "boundary", "may"),
    [
        ("dynamodb:ListTables", None, True),
        ("dynamodb:ListTables", ONLY_READS, True),
        ("dynamodb:ListTables", policy("logs:*"), False),
        ("logs:*", ONLY_READS, False),
    ],
)
def test_a_role_may_do_what_both_allow(roles: Roles, allowed: str, boundary: str | None, may: bool) -> None:
    role = roles.make(allowed, boundary=boundary)
    assert role_may(role, AccessRequest("dynamodb:ListTables", ["*"])) is may


@pytest.mark.parametrize(("region", "may"), [(REGION, True), ("eu-west-1", False)])
def test_a_boundary_can_keep_what_a_service_does_in_a_role_to_one_region(
    roles: Roles, region: str, may: bool
) -> None:
    """The form of "AWS: Denies access to AWS based on the requested Region" in the IAM guide."""
    conditions = (
        ("Allow", {"Bool": {"aws:SecureTransport": "true"}}),
        ("Deny", {"StringNotEquals": {"aws:RequestedRegion": REGION}}),
    )
    statements = [
        {"Effect": effect, "Action": "*", "Resource": "*", "Condition": condition}
        for effect, condition in conditions
    ]
    boundary = json.dumps({"Version": "2012-10-17", "Statement": statements})
    role = roles.make("dynamodb:*", boundary=boundary)
    stream = f"arn:aws:dynamodb:{region}:{ACCOUNT}:table/t/stream/s"
    assert role_may(role, AccessRequest("dynamodb:GetRecords", [stream])) is may


def test_a_function_logs_only_as_far_as_the_boundary_of_its_role(roles: Roles) -> None:
    inside, outside = roles.make("logs:*"), roles.make("logs:*", boundary=ONLY_READS, name="bound")
    where = (REGION, "/aws/lambda/f", "stream", "logs:PutLogEvents")
    assert may_log(inside.arn, *where)
    assert not may_log(outside.arn, *where)
    assert not may_log("arn:aws:iam::123456789012:role/none", *where)


def test_new_keys_of_a_role_are_known_and_old_ones_forgotten(roles: Roles, keys: AccessKeys) -> None:
    role = roles.make("*")
    keys.register(session(role, minutes=-1, key="ASIAQOVER"))
    keys.register(session(role, minutes=1, key="ASIAQSTILL"))
    given = keys.assume_role(role.arn, f"{FUNCTION}:1")
    held = keys.session(given.access_key_id)
    assert isinstance(held, RoleSession)
    assert (held.token, held.role_arn, held.name) == (given.session_token, role.arn, "f")
    assert held.principal().keys["lambda:sourcefunctionarn"] == FUNCTION
    assert held.expires > datetime.now(UTC).replace(tzinfo=None) + timedelta(hours=11)
    assert keys.session("ASIAQOVER") is None
    assert keys.session("ASIAQSTILL") is not None


def test_keys_of_no_role_cannot_be_had(keys: AccessKeys) -> None:
    with pytest.raises(AwsError, match="cannot be assumed by Lambda") as refused:
        keys.assume_role("arn:aws:iam::123456789012:role/none", FUNCTION)
    assert (refused.value.status, refused.value.code) == (403, "AccessDeniedException")


def test_keys_of_a_role_that_lambda_may_no_longer_assume_cannot_be_had(
    roles: Roles, keys: AccessKeys
) -> None:
    role = roles.make("*")
    role.assume_role_policy_document = trust_policy("ec2.amazonaws.com")
    with pytest.raises(AwsError, match="cannot be assumed by Lambda"):
        keys.assume_role(role.arn, FUNCTION)


def test_keys_of_a_session_without_a_role_may_do_nothing(keys: AccessKeys) -> None:
    keys.register(session(SimpleNamespace(arn=f"arn:aws:iam::{ACCOUNT}:role/none")))
    assert checked(keys, call()) == (400, "UnrecognizedClientException", INVALID)
    assert keys.principal(KEY).policies == []


@pytest.mark.parametrize("zone", ["UTC", "Etc/GMT+11", "Etc/GMT-11"])
def test_sessions_are_over_at_the_same_moment_wherever_the_machine_stands(
    roles: Roles, keys: AccessKeys, local_time: Callable[[str], None], zone: str
) -> None:
    local_time(zone)
    role = roles.make("*")
    keys.register(session(role, minutes=-1, key="ASIAQOVER"))
    keys.register(session(role, minutes=1, key="ASIAQSTILL"))
    keys.assume_role(role.arn, FUNCTION)
    assert keys.session("ASIAQOVER") is None
    assert keys.session("ASIAQSTILL") is not None


# --- what policies can ask of a session ---


def told_of(role: Any) -> dict[str, str]:
    """The condition keys that tell of a session of the role, and their values."""
    return {
        "aws:PrincipalArn": role.arn,
        "aws:PrincipalAccount": ACCOUNT,
        "aws:PrincipalType": "AssumedRole",
        "aws:PrincipalTag/Team": "Blue",
        "aws:PrincipalTag/Seat": "7",
        "aws:userid": f"{role.id}:me",
    }


ROLES_TAGS = [{"Key": "Team", "Value": "Red"}, {"Key": "Seat", "Value": "7"}]
SESSIONS_TAGS = [{"Key": "team", "Value": "Blue"}]


@pytest.mark.parametrize(
    "key",
    [
        "aws:PrincipalArn",
        "aws:PrincipalAccount",
        "aws:PrincipalType",
        "aws:PrincipalTag/Team",
        "aws:PrincipalTag/Seat",
        "aws:userid",
    ],
)
def test_a_policy_can_ask_who_the_session_is(roles: Roles, keys: AccessKeys, key: str) -> None:
    """The ARN is the role's; the tags are the session's first, then the role's.

    IAM guide, "AWS global condition context keys", aws:PrincipalArn; "Pass session tags in AWS STS".
    """
    role = roles.make("logs:*", path="/class/", tags=ROLES_TAGS)
    keys.register(session(role), SESSIONS_TAGS)
    value = told_of(role)[key]
    for wanted, let_in in ((value, True), (f"{value}x", False)):
        iam_backend().put_role_policy("r", "p", only_if(key, wanted))
        assert (checked(keys, call()) is None) is let_in


@pytest.mark.parametrize(
    ("before", "let_in"), [("2020-01-01T00:00:00Z", True), ("2100-01-01T00:00:00Z", False)]
)
def test_a_policy_revokes_the_sessions_that_are_older(
    roles: Roles, keys: AccessKeys, before: str, let_in: bool
) -> None:
    """IAM guide, "Revoke IAM role temporary security credentials"."""
    role = roles.make("*")
    keys.register(session(role))
    revoked = policy("*", effect="Deny", condition={"DateLessThan": {"aws:TokenIssueTime": before}})
    iam_backend().put_role_policy("r", "AWSRevokeOlderSessions", revoked)
    assert (checked(keys, call()) is None) is let_in


def test_a_policy_can_ask_for_the_tags_of_a_functions_role(roles: Roles) -> None:
    role = roles.make(document=only_if("aws:PrincipalTag/Team", "Red"), tags=ROLES_TAGS)
    other = roles.make(document=only_if("aws:PrincipalTag/Team", "Red"), name="other")
    assert role_may(role, AccessRequest("logs:PutLogEvents", ["*"]))
    assert not role_may(other, AccessRequest("logs:PutLogEvents", ["*"]))


def test_a_session_is_named_by_its_role_without_the_path(roles: Roles, keys: AccessKeys) -> None:
    keys.register(session(roles.make("*", path="/class/")))
    assert keys.principal(KEY).arn == f"arn:aws:sts::{ACCOUNT}:assumed-role/r/me"


def test_a_policy_can_ask_what_the_call_is_about(roles: Roles, keys: AccessKeys) -> None:
    """Here for the boundary that a new role is to have."""
    keys.register(session(roles.make(document=only_if("iam:PermissionsBoundary", "arn:aws:iam::1:policy/b"))))
    new = {"RoleName": "new", "PermissionsBoundary": "arn:aws:iam::1:policy/b"}
    assert checked(keys, call("iam", "CreateRole", **new)) is None
    assert checked(keys, call("iam", "CreateRole", RoleName="new")) is not None


def test_a_boundary_that_is_gone_allows_nothing(roles: Roles, keys: AccessKeys) -> None:
    role = roles.make("*", boundary=policy("*"))
    keys.register(session(role))
    role.permissions_boundary_arn += "-gone"
    refused = checked(keys, call())
    assert refused is not None
    assert refused[2].endswith("because no permissions boundary allows the dynamodb:ListTables action")


@pytest.mark.parametrize(
    ("resource", "may"),
    [
        (f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/aws/lambda/f", True),
        (f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/aws/lambda/f:log-stream:s", True),
        (f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/aws/lambda/f:log-stream:other", False),
        (f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/aws/lambda/g:*", False),
        (f"arn:aws:logs:eu-west-1:{ACCOUNT}:log-group:/aws/lambda/f:*", False),
    ],
)
def test_a_function_logs_only_where_its_role_may(roles: Roles, resource: str, may: bool) -> None:
    role = roles.make(document=policy("logs:PutLogEvents", resource=resource))
    assert may_log(role.arn, REGION, "/aws/lambda/f", "s", "logs:PutLogEvents") is may


# --- who may renew what a stage has cached ---


def of_the_operator(token: str | None = None) -> Request:
    return request("execute-api", OPERATOR.access_key_id, OPERATOR.secret_access_key, token)


@pytest.mark.parametrize(
    ("allowed", "request_of", "may"),
    [
        ("execute-api:InvalidateCache", lambda: request("execute-api", KEY, SECRET, TOKEN), True),
        ("execute-api:InvalidateCache", lambda: request("execute-api", KEY, SECRET, None), False),
        ("execute-api:InvalidateCache", lambda: request("execute-api", KEY, SECRET, "another"), False),
        ("execute-api:InvalidateCache", lambda: request("execute-api", KEY, "guessed", TOKEN), False),
        ("execute-api:Invoke", lambda: request("execute-api", KEY, SECRET, TOKEN), False),
        ("execute-api:Invoke", of_the_operator, True),
        ("*", lambda: of_the_operator("surplus"), False),
        ("*", lambda: request("execute-api", "ASIAQNOBODYNOBODY999", SECRET, None), False),
        ("*", lambda: Request("GET", "/", "", {}, b""), False),
    ],
)
def test_a_cache_is_renewed_for_those_who_may(
    roles: Roles, keys: AccessKeys, allowed: str, request_of: Callable[[], Request], may: bool
) -> None:
    keys.register(session(roles.make(allowed)))
    arn = f"arn:aws:execute-api:{REGION}:123456789012:a/prod/GET/"
    assert Authentication(keys).may_renew_cache(request_of(), arn) is may


# --- whom a function URL lets in ---

ROLE, SESSION = f"arn:aws:iam::{ACCOUNT}:role/r", f"arn:aws:sts::{ACCOUNT}:assumed-role/r"


@pytest.mark.parametrize(
    ("principal", "let_in"),
    [
        (ROLE, True),
        (f"{SESSION}/me", True),
        ("*", True),
        (f"{SESSION}/another", False),
        (f"{ROLE}2", False),
    ],
)
def test_a_functions_policy_lets_in_the_role_or_the_session_that_it_names(
    roles: Roles, keys: AccessKeys, principal: str, let_in: bool
) -> None:
    """IAM guide, "Principal": an element that names a role means each session of it."""
    keys.register(session(roles.make("logs:*")))
    arn = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:f"
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": principal},
        "Action": "lambda:InvokeFunctionUrl",
        "Resource": arn,
    }
    url = FunctionUrl(REGION, arn, open=False, signed=True, policy=[statement])
    sent = request("lambda", KEY, SECRET, TOKEN)
    if let_in:
        assert Authentication(keys).url_caller(sent, url).user_arn == f"{SESSION}/me"
    else:
        with pytest.raises(AwsError):
            Authentication(keys).url_caller(sent, url)
