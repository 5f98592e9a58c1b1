"""What IAM refuses, the sandbox refuses with the same code and message."""

import json
import re

import pytest

from lambda_over_https.sandbox.client.record import Sandbox
from tests.kit.sandbox.control import Clients, careless_client, policy, refused, trust_policy


class TestIam:
    def test_a_role_exists_once(self, aws: Clients, unique: str, role: str) -> None:
        name = role.rpartition("/")[2]
        assert refused(aws("iam").create_role, RoleName=name, AssumeRolePolicyDocument=trust_policy()) == (
            409,
            "EntityAlreadyExists",
            f"Role with name {name} already exists.",
        )

    def test_role_names_that_differ_only_in_case_are_the_same(self, aws: Clients, role: str) -> None:
        name = role.rpartition("/")[2].upper()
        status, code, _ = refused(
            aws("iam").create_role, RoleName=name, AssumeRolePolicyDocument=trust_policy()
        )
        assert (status, code) == (409, "EntityAlreadyExists")

    def test_a_role_name_is_checked(self, aws: Clients) -> None:
        assert refused(aws("iam").create_role, RoleName="a b", AssumeRolePolicyDocument=trust_policy()) == (
            400,
            "ValidationError",
            (
                "The specified value for roleName is invalid. It must contain only alphanumeric characters "
                "and/or the following: +=,.@_-"
            ),
        )
        assert refused(
            aws("iam").create_role, RoleName="r" * 65, AssumeRolePolicyDocument=trust_policy()
        ) == (
            400,
            "ValidationError",
            (
                "1 validation error detected: Value at 'roleName' failed to satisfy constraint: Member "
                "must have length less than or equal to 64"
            ),
        )

    @pytest.mark.parametrize(
        ("document", "message"),
        [
            ("{", "This policy contains invalid Json"),
            ("{}", "Syntax errors in policy."),
            (trust_policy("nonsense"), 'Invalid principal in policy: "SERVICE":"nonsense"'),
        ],
    )
    def test_a_trust_policy_is_checked(self, aws: Clients, unique: str, document: str, message: str) -> None:
        assert refused(aws("iam").create_role, RoleName=unique, AssumeRolePolicyDocument=document) == (
            400,
            "MalformedPolicyDocument",
            message,
        )

    @pytest.mark.parametrize(
        "call",
        ["get_role", "delete_role", "list_role_policies", "list_attached_role_policies", "list_role_tags"],
    )
    def test_a_missing_role_is_no_such_entity(self, aws: Clients, call: str) -> None:
        assert refused(getattr(aws("iam"), call), RoleName="none") == (
            404,
            "NoSuchEntity",
            "The role with name none cannot be found.",
        )

    @pytest.mark.parametrize("call", ["get_role_policy", "delete_role_policy"])
    def test_a_missing_inline_policy_is_no_such_entity(self, aws: Clients, role: str, call: str) -> None:
        name = role.rpartition("/")[2]
        assert refused(getattr(aws("iam"), call), RoleName=name, PolicyName="none") == (
            404,
            "NoSuchEntity",
            "The role policy with name none cannot be found.",
        )

    def test_a_role_with_policies_stays(self, aws: Clients, role: str) -> None:
        iam, name = aws("iam"), role.rpartition("/")[2]
        arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
        iam.attach_role_policy(RoleName=name, PolicyArn=arn)
        attached = (409, "DeleteConflict", "Cannot delete entity, must detach all policies first.")
        inline = (409, "DeleteConflict", "Cannot delete entity, must delete policies first.")
        assert refused(iam.delete_role, RoleName=name) == attached
        iam.detach_role_policy(RoleName=name, PolicyArn=arn)
        assert refused(iam.delete_role, RoleName=name) == inline
        iam.delete_role_policy(RoleName=name, PolicyName="logs")
        iam.delete_role(RoleName=name)
        assert name not in {item["RoleName"] for item in iam.list_roles()["Roles"]}

    def test_inline_policies_have_a_size_limit(self, aws: Clients, role: str) -> None:
        name = role.rpartition("/")[2]
        large = policy(*(f"dynamodb:{number:0>60}" for number in range(200)))
        assert refused(
            aws("iam").put_role_policy, RoleName=name, PolicyName="large", PolicyDocument=large
        ) == (409, "LimitExceeded", f"Maximum policy size of 10240 bytes exceeded for role {name}")

    def test_a_trust_policy_has_a_size_limit(self, aws: Clients, unique: str, role: str) -> None:
        """IAM user guide, "IAM and AWS STS quotas": 2,048 characters, white space not counted."""
        spaced = trust_policy("lambda.amazonaws.com") + " " * 3000
        large = json.dumps(json.loads(spaced) | {"Id": "x" * 2048})
        too_large = (409, "LimitExceeded", "Cannot exceed quota for ACLSizePerRole: 2048")
        iam, name = aws("iam"), role.rpartition("/")[2]
        assert refused(iam.create_role, RoleName=unique, AssumeRolePolicyDocument=large) == too_large
        assert refused(iam.update_assume_role_policy, RoleName=name, PolicyDocument=large) == too_large
        iam.update_assume_role_policy(RoleName=name, PolicyDocument=spaced)


@pytest.mark.parametrize(
    ("kind", "prefix"), [("User", "AIDA"), ("Role", "AROA"), ("Group", "AGPA"), ("Policy", "ANPA")]
)
def test_a_unique_id_tells_what_it_is_of(aws: Clients, unique: str, kind: str, prefix: str) -> None:
    """IAM user guide, "IAM identifiers"."""
    documents = {"Role": "AssumeRolePolicyDocument", "Policy": "PolicyDocument"}
    said = (
        {documents[kind]: trust_policy() if kind == "Role" else policy("s3:*")} if kind in documents else {}
    )
    made = getattr(aws("iam"), f"create_{kind.lower()}")(**{f"{kind}Name": unique}, **said)[kind]
    assert re.fullmatch(f"{prefix}[A-Z2-7]{{17}}", made[f"{kind}Id"])


def test_access_keys_tell_whether_they_are_temporary(aws: Clients, unique: str) -> None:
    aws("iam").create_user(UserName=unique)
    key = aws("iam").create_access_key(UserName=unique)["AccessKey"]["AccessKeyId"]
    assert re.fullmatch("AKIA[A-Z2-7]{16}", key)
    temporary = aws("sts").get_session_token()["Credentials"]["AccessKeyId"]
    assert re.fullmatch("ASIA[A-Z2-7]{16}", temporary)


@pytest.mark.parametrize(
    ("service", "call", "arguments", "missing"),
    [
        ("iam", "create_user", {}, ["userName"]),
        ("iam", "put_role_policy", {"PolicyName": "p", "PolicyDocument": policy("s3:*")}, ["roleName"]),
        ("iam", "attach_user_policy", {"UserName": "u"}, ["policyArn"]),
        ("sts", "assume_role", {"RoleSessionName": "me"}, ["roleArn"]),
    ],
)
def test_what_a_call_must_say(
    sandbox: Sandbox, service: str, call: str, arguments: dict[str, str], missing: list[str]
) -> None:
    """SDKs that check nothing, and curl, send it without."""
    said = [
        f"Value null at '{name}' failed to satisfy constraint: Member must not be null" for name in missing
    ]
    message = f"1 validation error detected: {'; '.join(said)}"
    client = careless_client(sandbox, service)
    assert refused(getattr(client, call), **arguments) == (400, "ValidationError", message)
