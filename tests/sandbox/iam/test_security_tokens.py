"""STS: who may assume a role and for how long, and temporary keys of users."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from lambda_over_https.sandbox.model.account import ACCOUNT
from tests.kit.sandbox.control import Clients, keys_bound_to, policy, refused

ROOT = f"arn:aws:iam::{ACCOUNT}:root"
USER = f"arn:aws:iam::{ACCOUNT}:user"
ASSUMING = policy("sts:AssumeRole", "sts:TagSession")
NOTHING = policy("tag:GetResources")


def trusting(
    principal: object, *actions: str, condition: Mapping[str, Any] | None = None, effect: str = "Allow"
) -> str:
    """A trust policy of one statement."""
    statement = {"Effect": effect, "Principal": principal, "Action": [*actions] or ["sts:AssumeRole"]}
    if condition:
        statement["Condition"] = condition
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def role_for(aws: Clients, name: str, principal: object, **more: Any) -> str:
    """The ARN of a new role that trusts the principal, and may do all of DynamoDB and STS."""
    trust = trusting(principal, *more.pop("actions", ()), condition=more.pop("condition", None))
    made = aws("iam").create_role(RoleName=name, AssumeRolePolicyDocument=trust, **more)
    own = policy("dynamodb:*", "sts:*")
    aws("iam").put_role_policy(RoleName=name, PolicyName="own", PolicyDocument=own)
    return str(made["Role"]["Arn"])


def keys_of(answer: Any) -> dict[str, str]:
    """The keys in an answer of STS, for ``aws``."""
    given = answer["Credentials"]
    return {"key": given["AccessKeyId"], "secret": given["SecretAccessKey"], "token": given["SessionToken"]}


def assumed(aws: Clients, role: str, keys: Mapping[str, str] | None = None, **more: Any) -> Any:
    """The answer of AssumeRole."""
    return aws("sts", **(keys or {})).assume_role(RoleArn=role, RoleSessionName="me", **more)


def lasts(answer: Any) -> timedelta:
    """How long the keys are good, to the minute."""
    return timedelta(
        minutes=round((answer["Credentials"]["Expiration"] - datetime.now(UTC)) / timedelta(minutes=1))
    )


def not_authorized(who: str, action: str, role: str, reason: str = "") -> tuple[int, str, str]:
    message = f"User: {who} is not authorized to perform: {action} on resource: {role}{reason}"
    return 403, "AccessDenied", message


class TestDuration:
    """STS API reference, AssumeRole: up to the role's MaxSessionDuration; one hour in a chain of roles."""

    @pytest.mark.parametrize(("most", "asked"), [(3600, 3600), (7200, 7200), (7200, 900), (7200, None)])
    def test_a_session_lasts_as_long_as_was_asked(
        self, aws: Clients, unique: str, most: int, asked: int | None
    ) -> None:
        role = role_for(aws, unique, {"AWS": ROOT}, MaxSessionDuration=most)
        answer = aws("sts").assume_role(
            RoleArn=role, RoleSessionName="me", **({"DurationSeconds": asked} if asked else {})
        )
        assert lasts(answer) == timedelta(seconds=asked or 3600)

    @pytest.mark.parametrize("settings", [{}, {"MaxSessionDuration": 7199}])
    def test_no_session_lasts_longer_than_the_role_allows(
        self, aws: Clients, unique: str, settings: dict[str, int]
    ) -> None:
        role = role_for(aws, unique, {"AWS": ROOT}, **settings)
        assert refused(aws("sts").assume_role, RoleArn=role, RoleSessionName="me", DurationSeconds=7200) == (
            400,
            "ValidationError",
            "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
        )

    def test_a_role_assumed_by_a_role_lasts_an_hour_at_most(self, aws: Clients, unique: str) -> None:
        role = role_for(aws, unique, {"AWS": ROOT}, MaxSessionDuration=43200)
        first = keys_of(assumed(aws, role, DurationSeconds=43200))
        assert lasts(assumed(aws, role, first, DurationSeconds=3600)) == timedelta(hours=1)
        chained = aws("sts", **first)
        assert refused(chained.assume_role, RoleArn=role, RoleSessionName="me", DurationSeconds=3601) == (
            400,
            "ValidationError",
            (
                "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role "
                "chaining."
            ),
        )

    def test_a_role_assumed_with_a_users_temporary_keys_is_no_chain(self, aws: Clients, unique: str) -> None:
        role = role_for(aws, unique, {"AWS": ROOT}, MaxSessionDuration=7200)
        first = keys_of(aws("sts").get_session_token())
        assert lasts(assumed(aws, role, first, DurationSeconds=7200)) == timedelta(hours=2)


class TestTrust:
    """IAM guide, "Permissions for AssumeRole" and "How IAM roles differ from resource-based policies"."""

    def test_who_is_refused_is_named(self, aws: Clients, unique: str) -> None:
        bound = keys_bound_to(aws("iam"), unique, ASSUMING)
        caller, missing = f"{USER}/{unique}", f"arn:aws:iam::{ACCOUNT}:role/none"
        theirs = aws("sts", **bound)
        assert refused(theirs.assume_role, RoleArn=missing, RoleSessionName="me") == not_authorized(
            caller, "sts:AssumeRole", missing
        )
        role = role_for(aws, unique, {"AWS": ROOT})
        tags = [{"Key": "a", "Value": "b"}]
        assert refused(theirs.assume_role, RoleArn=role, RoleSessionName="me", Tags=tags) == not_authorized(
            caller, "sts:TagSession", role
        )
        session = aws("sts", **keys_of(assumed(aws, role, bound)))
        assert refused(session.assume_role, RoleArn=missing, RoleSessionName="me") == not_authorized(
            f"arn:aws:sts::{ACCOUNT}:assumed-role/{unique}/me", "sts:AssumeRole", missing
        )

    def test_whom_a_role_trusts_through_the_account_needs_a_policy_of_the_own(
        self, aws: Clients, unique: str
    ) -> None:
        role = role_for(aws, unique, {"AWS": ACCOUNT})
        bound = keys_bound_to(aws("iam"), unique, NOTHING)
        reason = " because no identity-based policy allows the sts:AssumeRole action"
        assert refused(aws("sts", **bound).assume_role, RoleArn=role, RoleSessionName="me") == not_authorized(
            f"{USER}/{unique}", "sts:AssumeRole", role, reason
        )
        aws("iam").put_user_policy(UserName=unique, PolicyName="own", PolicyDocument=ASSUMING)
        assert assumed(aws, role, bound)["AssumedRoleUser"]["Arn"].endswith(f"{unique}/me")

    def test_whom_a_role_names_needs_none_unless_it_is_denied(self, aws: Clients, unique: str) -> None:
        iam, bound = aws("iam"), keys_bound_to(aws("iam"), unique, NOTHING)
        role = role_for(aws, unique, {"AWS": f"{USER}/{unique}"})
        assert assumed(aws, role, bound)
        denied = policy("sts:AssumeRole", effect="Deny")
        iam.put_user_policy(UserName=unique, PolicyName="own", PolicyDocument=denied)
        reason = " with an explicit deny in an identity-based policy"
        assert refused(aws("sts", **bound).assume_role, RoleArn=role, RoleSessionName="me") == not_authorized(
            f"{USER}/{unique}", "sts:AssumeRole", role, reason
        )

    def test_a_role_that_names_one_user_trusts_no_other(self, aws: Clients, unique: str) -> None:
        keys_bound_to(aws("iam"), f"{unique}-a", ASSUMING)
        other = keys_bound_to(aws("iam"), f"{unique}-b", ASSUMING)
        role = role_for(aws, unique, {"AWS": f"{USER}/{unique}-a"})
        for keys, who in ((other, f"{USER}/{unique}-b"), ({}, f"{USER}/operator")):
            assert refused(
                aws("sts", **keys).assume_role, RoleArn=role, RoleSessionName="me"
            ) == not_authorized(who, "sts:AssumeRole", role)

    def test_a_role_that_is_named_is_trusted_in_each_of_its_sessions(self, aws: Clients, unique: str) -> None:
        first = role_for(aws, f"{unique}-1", {"AWS": ROOT})
        second = role_for(aws, f"{unique}-2", {"AWS": first})
        assert assumed(aws, second, keys_of(assumed(aws, first)))
        assert refused(aws("sts").assume_role, RoleArn=second, RoleSessionName="me")[1] == "AccessDenied"

    @pytest.mark.parametrize(
        "condition",
        [
            {"StringEquals": {"sts:RoleSessionName": "me"}},
            {"StringEquals": {"aws:username": "{user}"}},
            {"StringEquals": {"aws:PrincipalArn": "{arn}"}},
            {"StringEquals": {"aws:username": "${{aws:username}}"}},
        ],
    )
    def test_a_trust_policy_can_ask_who_calls_and_for_what(
        self, aws: Clients, unique: str, condition: dict[str, dict[str, str]]
    ) -> None:
        bound = keys_bound_to(aws("iam"), unique, ASSUMING)
        for user, let_in in ((unique, True), ("another", False)):
            said = json.dumps(condition).replace("{user}", user).replace("{arn}", f"{USER}/{user}")
            said = said.replace("${{aws:username}}", "${aws:username}")
            asked = json.loads(said)
            role = role_for(aws, f"{unique}-{user}", {"AWS": ROOT}, condition=asked)
            if let_in:
                assert assumed(aws, role, bound)
            elif user in said:
                theirs = aws("sts", **bound)
                assert refused(theirs.assume_role, RoleArn=role, RoleSessionName="me")[1] == "AccessDenied"


class TestTemporaryKeysOfAUser:
    """STS API reference, GetSessionToken: the user's rights, which need no permission; not for IAM."""

    def test_they_have_the_users_rights(self, aws: Clients, unique: str) -> None:
        bound = keys_bound_to(aws("iam"), unique, policy("dynamodb:ListTables"))
        answer = aws("sts", **bound).get_session_token()
        keys = keys_of(answer)
        assert keys["key"].startswith("ASIA")
        assert lasts(answer) == timedelta(hours=12)
        assert aws("sts", **keys).get_caller_identity()["Arn"] == f"{USER}/{unique}"
        assert "TableNames" in aws("dynamodb", **keys).list_tables()
        assert refused(aws("dynamodb", **keys).describe_limits)[1] == "AccessDeniedException"
        aws("iam").put_user_policy(UserName=unique, PolicyName="own", PolicyDocument=NOTHING)
        assert refused(aws("dynamodb", **keys).list_tables)[1] == "AccessDeniedException"

    def test_those_of_the_operator_may_do_what_the_operator_may(self, aws: Clients) -> None:
        keys = keys_of(aws("sts").get_session_token(DurationSeconds=900))
        assert "TableNames" in aws("dynamodb", **keys).list_tables()

    def test_they_last_as_long_as_was_asked(self, aws: Clients) -> None:
        assert lasts(aws("sts").get_session_token(DurationSeconds=900)) == timedelta(minutes=15)

    def test_they_are_none_for_iam(self, aws: Clients) -> None:
        keys = keys_of(aws("sts").get_session_token())
        message = "The security token included in the request is invalid."
        assert refused(aws("iam", **keys).list_roles) == (403, "InvalidClientTokenId", message)

    def test_they_get_no_further_ones(self, aws: Clients, unique: str) -> None:
        role = role_for(aws, unique, {"AWS": ROOT})
        message = "Cannot call GetSessionToken with session credentials"
        for keys in (keys_of(aws("sts").get_session_token()), keys_of(assumed(aws, role))):
            assert refused(aws("sts", **keys).get_session_token) == (403, "AccessDenied", message)

    def test_they_end_with_the_user(self, aws: Clients, unique: str) -> None:
        iam, bound = aws("iam"), keys_bound_to(aws("iam"), unique, policy("*"))
        keys = keys_of(aws("sts", **bound).get_session_token())
        iam.delete_access_key(UserName=unique, AccessKeyId=bound["key"])
        assert aws("sts", **keys).get_caller_identity()["Arn"] == f"{USER}/{unique}"
        iam.delete_user_policy(UserName=unique, PolicyName="own")
        iam.delete_user(UserName=unique)
        assert refused(aws("sts", **keys).get_caller_identity)[1] == "InvalidClientTokenId"

    @pytest.mark.parametrize(("with_token", "allowed"), [(True, False), (False, True)])
    def test_a_policy_that_asks_for_mfa_knows_that_they_have_none(
        self, aws: Clients, unique: str, with_token: bool, allowed: bool
    ) -> None:
        """IAM guide, "AWS global condition context keys": only temporary keys have the key."""
        condition = {"Null": {"aws:MultiFactorAuthPresent": "true"}}
        keys = keys_bound_to(aws("iam"), unique, policy("dynamodb:ListTables", condition=condition))
        if with_token:
            keys = keys_of(aws("sts", **keys).get_session_token())
        if allowed:
            assert "TableNames" in aws("dynamodb", **keys).list_tables()
        else:
            assert refused(aws("dynamodb", **keys).list_tables)[1] == "AccessDeniedException"


def test_everybody_is_told_who_they_are(aws: Clients, unique: str) -> None:
    bound = keys_bound_to(aws("iam"), unique, NOTHING)
    user = aws("iam").get_user(UserName=unique)["User"]
    told = aws("sts", **bound).get_caller_identity()
    assert (told["UserId"], told["Account"], told["Arn"]) == (user["UserId"], ACCOUNT, user["Arn"])
    operator = aws("sts").get_caller_identity()
    assert (operator["UserId"][:4], operator["Arn"]) == ("AIDA", f"{USER}/operator")
    role = role_for(aws, unique, {"AWS": ROOT})
    session = aws("sts", **keys_of(assumed(aws, role))).get_caller_identity()
    role_id = aws("iam").get_role(RoleName=unique)["Role"]["RoleId"]
    assert session["UserId"] == f"{role_id}:me"
    assert session["Arn"] == f"arn:aws:sts::{ACCOUNT}:assumed-role/{unique}/me"


@pytest.mark.parametrize(
    ("call", "arguments"),
    [
        ("assume_role_with_web_identity", {"RoleSessionName": "me", "WebIdentityToken": "token"}),
        ("assume_role_with_saml", {"PrincipalArn": f"arn:aws:iam::{ACCOUNT}:saml", "SAMLAssertion": "abcd"}),
    ],
)
def test_the_calls_that_clients_do_not_sign_are_not_in_the_sandbox(
    aws: Clients, call: str, arguments: dict[str, str]
) -> None:
    role = f"arn:aws:iam::{ACCOUNT}:role/none"
    status, code, message = refused(getattr(aws("sts"), call), RoleArn=role, **arguments)
    assert (status, code) == (501, "NotImplemented")
    assert re.fullmatch(r"Not in this sandbox: AssumeRoleWith\w+ of STS\. Use AssumeRole, .+", message)
