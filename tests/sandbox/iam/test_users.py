"""Keys of users: good while they are active, and bound by what the user and the user's groups may do."""

from typing import Any

import pytest

from lambda_over_https.sandbox.iam.callers.access_keys import AccessKeys
from tests.kit.sandbox.callers import Users, call, checked, only_if
from tests.kit.sandbox.control import ACCOUNT, policy

INVALID = "The security token included in the request is invalid."
REFUSED = (400, "UnrecognizedClientException", INVALID)
LISTS = policy("dynamodb:ListTables")


def test_a_user_may_do_what_the_users_policy_allows(users: Users, keys: AccessKeys) -> None:
    mine = users.key(users.make(LISTS))
    assert checked(keys, call(**mine)) is None
    refused = checked(keys, call(operation="DeleteTable", TableName="t", **mine))
    assert refused == (
        400,
        "AccessDeniedException",
        (
            f"User: arn:aws:iam::{ACCOUNT}:user/class/alice is not authorized to perform: "
            f"dynamodb:DeleteTable on resource: arn:aws:dynamodb:us-east-1:{ACCOUNT}:table/t "
            "because no identity-based policy allows the dynamodb:DeleteTable action"
        ),
    )


def test_a_user_without_policies_may_do_nothing(users: Users, keys: AccessKeys) -> None:
    refused = checked(keys, call(**users.key(users.make())))
    assert refused is not None
    assert refused[1] == "AccessDeniedException"


def test_what_is_attached_to_the_user_counts(users: Users, keys: AccessKeys) -> None:
    user = users.make()
    mine = users.key(user)
    users.iam.attach_user_policy(users.managed("lists", LISTS), user.name)
    assert checked(keys, call(**mine)) is None


def test_of_an_attached_policy_the_default_version_counts(users: Users, keys: AccessKeys) -> None:
    user = users.make()
    mine = users.key(user)
    arn = users.managed("lists", LISTS)
    users.iam.attach_user_policy(arn, user.name)
    users.iam.create_policy_version(arn, policy("logs:*"), False)
    assert checked(keys, call(**mine)) is None
    users.iam.set_default_policy_version(arn, "v2")
    assert checked(keys, call(**mine)) is not None


@pytest.mark.parametrize("attached", [False, True])
def test_what_a_group_may_do_its_members_may(users: Users, keys: AccessKeys, attached: bool) -> None:
    member, other = users.make(), users.make(name="bob")
    group = users.group("class", member)
    if attached:
        users.iam.attach_group_policy(users.managed("lists", LISTS), group)
    else:
        users.iam.put_group_policy(group, "p", LISTS)
    assert checked(keys, call(**users.key(member))) is None
    assert checked(keys, call(**users.key(other))) is not None


def test_a_key_is_good_while_it_is_active_whatever_the_users_other_key_is(
    users: Users, keys: AccessKeys
) -> None:
    user = users.make(LISTS)
    first, second = users.key(user), users.key(user)
    assert checked(keys, call(**first)) is None
    users.iam.update_access_key(user.name, first["key"], "Inactive")
    assert keys.secret(str(first["key"])) is None
    assert checked(keys, call(**first)) == REFUSED
    assert checked(keys, call(**second)) is None
    users.iam.update_access_key(user.name, first["key"], "Active")
    assert checked(keys, call(**first)) is None


def test_a_key_needs_its_own_secret(users: Users, keys: AccessKeys) -> None:
    user = users.make(LISTS)
    first, second = users.key(user), users.key(user)
    refused = checked(keys, call(**{**second, "secret": first["secret"]}))
    assert refused is not None
    assert refused[1] == "InvalidSignatureException"


def test_a_users_key_comes_without_a_session_token(users: Users, keys: AccessKeys) -> None:
    assert checked(keys, call(**{**users.key(users.make(LISTS)), "token": "surplus"})) == REFUSED


def test_a_deleted_key_is_worth_nothing_and_whoever_still_holds_it_may_do_nothing(
    users: Users, keys: AccessKeys
) -> None:
    user = users.make(policy("*"))
    mine = users.key(user)
    users.iam.delete_access_key(mine["key"], user.name)
    assert checked(keys, call(**mine)) == REFUSED
    holder = keys.principal(str(mine["key"]))
    assert (holder.arn, holder.policies) == (f"arn:aws:iam::{ACCOUNT}:user/unknown", [])


TAGS = [{"Key": "Team", "Value": "Blue"}]


def told_of(user: Any) -> dict[str, str]:
    """What policies can ask of the user: the condition keys, and their values."""
    return {
        "aws:PrincipalArn": user.arn,
        "aws:PrincipalAccount": ACCOUNT,
        "aws:PrincipalType": "User",
        "aws:PrincipalTag/Team": "Blue",
        "aws:username": "alice",
        "aws:userid": user.id,
    }


@pytest.mark.parametrize(
    "key",
    [
        "aws:PrincipalArn",
        "aws:PrincipalAccount",
        "aws:PrincipalType",
        "aws:PrincipalTag/Team",
        "aws:username",
        "aws:userid",
    ],
)
def test_a_policy_can_ask_who_the_user_is(users: Users, keys: AccessKeys, key: str) -> None:
    user = users.make(tags=TAGS)
    mine, value = users.key(user), told_of(user)[key]
    for wanted, let_in in ((value, True), (f"{value}x", False), (value.swapcase() + "y", False)):
        users.iam.put_user_policy(user.name, "p", only_if(key, wanted))
        assert (checked(keys, call(**mine)) is None) is let_in
