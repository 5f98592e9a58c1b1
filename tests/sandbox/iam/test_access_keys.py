"""Keys of roles: refused when they are over, stolen in part, or bound by a permissions boundary."""

import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from lambda_over_https.sandbox.iam.access_keys import AccessKeys, new_key_pair, role_may
from lambda_over_https.sandbox.iam.authentication import Authentication
from lambda_over_https.sandbox.iam.authorization import Authorization, may_log
from lambda_over_https.sandbox.iam.policy import AccessRequest
from lambda_over_https.sandbox.model.errors import AwsError
from lambda_over_https.sandbox.web.http import Request
from tests.kit.callers import KEY, OPERATOR, SECRET, TOKEN, Roles, call, checked, request, session
from tests.kit.control import REGION, policy


@pytest.fixture
def roles() -> Iterator[Roles]:
    roles = Roles()
    yield roles
    roles.clear()


@pytest.fixture
def keys() -> AccessKeys:
    return AccessKeys(OPERATOR)


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
    given = keys.assume_role(role.arn, "me")
    held = keys.session(given.access_key_id)
    assert held is not None
    assert (held.token, held.role_arn, held.name) == (given.session_token, role.arn, "me")
    assert held.expires > datetime.now(UTC).replace(tzinfo=None) + timedelta(hours=11)
    assert keys.session("ASIAQOVER") is None
    assert keys.session("ASIAQSTILL") is not None


def test_keys_of_no_role_cannot_be_had(keys: AccessKeys) -> None:
    with pytest.raises(AwsError, match="cannot be assumed by Lambda") as refused:
        keys.assume_role("arn:aws:iam::123456789012:role/none", "me")
    assert refused.value.status == 403


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
