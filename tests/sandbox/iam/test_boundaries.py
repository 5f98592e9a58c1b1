"""Permissions boundaries: what they let through, who must set them, and what becomes of them."""

from lambda_over_https.sandbox.client.record import Sandbox
from tests.kit.sandbox.control import (
    ACCOUNT,
    Clients,
    client_of,
    keys_bound_to,
    policy,
    refused,
    trust_policy,
)


class TestOfRoles:
    """A role's permissions boundary: who may make a role, and what becomes of the boundary."""

    def test_only_a_policy_that_exists_can_be_one(self, aws: Clients, unique: str) -> None:
        missing = f"arn:aws:iam::{ACCOUNT}:policy/{unique}"
        trust = trust_policy()
        iam = aws("iam")
        said = refused(
            iam.create_role, RoleName=unique, AssumeRolePolicyDocument=trust, PermissionsBoundary=missing
        )
        assert said == (404, "NoSuchEntity", f"Scope ARN: {missing} does not exist or is not attachable.")
        iam.create_role(RoleName=unique, AssumeRolePolicyDocument=trust)
        put = refused(iam.put_role_permissions_boundary, RoleName=unique, PermissionsBoundary=missing)
        assert put[1] == "NoSuchEntity"

    def test_one_that_is_in_use_cannot_be_deleted(self, aws: Clients, unique: str) -> None:
        iam = aws("iam")
        made = iam.create_policy(PolicyName=unique, PolicyDocument=policy("s3:*"))["Policy"]["Arn"]
        iam.create_role(RoleName=unique, AssumeRolePolicyDocument=trust_policy(), PermissionsBoundary=made)
        assert refused(iam.delete_policy, PolicyArn=made)[1] == "DeleteConflict"
        iam.delete_role(RoleName=unique)
        iam.delete_policy(PolicyArn=made)

    def test_a_policy_can_ask_for_one(self, aws: Clients, sandbox: Sandbox, unique: str) -> None:
        iam = aws("iam")
        boundary = iam.create_policy(PolicyName=unique, PolicyDocument=policy("s3:*"))["Policy"]["Arn"]
        asked = {"StringEquals": {"iam:PermissionsBoundary": boundary}}
        document = policy("iam:CreateRole", "iam:PutRolePolicy", condition=asked)
        theirs = client_of(sandbox, "iam", **keys_bound_to(iam, unique, document))
        new = {"RoleName": f"{unique}-1", "AssumeRolePolicyDocument": trust_policy()}
        assert refused(theirs.create_role, **new)[1] == "AccessDenied"
        theirs.create_role(**new, PermissionsBoundary=boundary)
        put = {"PolicyName": "p", "PolicyDocument": policy("*")}
        theirs.put_role_policy(RoleName=f"{unique}-1", **put)
        iam.create_role(RoleName=f"{unique}-2", AssumeRolePolicyDocument=trust_policy())
        assert refused(theirs.put_role_policy, RoleName=f"{unique}-2", **put)[1] == "AccessDenied"


class TestOfUsers:
    """IAM user guide, "Permissions boundaries for IAM entities"."""

    def test_a_user_may_do_what_the_boundary_allows_too(self, aws: Clients, unique: str) -> None:
        iam, dynamodb = aws("iam"), policy("dynamodb:*", "lambda:*")
        boundary = iam.create_policy(PolicyName=unique, PolicyDocument=policy("dynamodb:*"))["Policy"]["Arn"]
        made = iam.create_user(UserName=unique, PermissionsBoundary=boundary)["User"]
        told = {"PermissionsBoundaryType": "PermissionsBoundaryPolicy", "PermissionsBoundaryArn": boundary}
        assert made["PermissionsBoundary"] == told
        assert iam.get_user(UserName=unique)["User"]["PermissionsBoundary"] == told
        iam.put_user_policy(UserName=unique, PolicyName="own", PolicyDocument=dynamodb)
        key = iam.create_access_key(UserName=unique)["AccessKey"]
        keys = {"key": key["AccessKeyId"], "secret": key["SecretAccessKey"]}
        assert "TableNames" in aws("dynamodb", **keys).list_tables()
        assert refused(aws("lambda", **keys).list_functions)[2].endswith(
            "because no permissions boundary allows the lambda:ListFunctions action"
        )
        iam.delete_user_permissions_boundary(UserName=unique)
        assert "Functions" in aws("lambda", **keys).list_functions()
        assert "PermissionsBoundary" not in iam.get_user(UserName=unique)["User"]

    def test_a_boundary_is_put_on_a_user(self, aws: Clients, unique: str) -> None:
        iam, keys = aws("iam"), keys_bound_to(aws("iam"), unique, policy("dynamodb:*"))
        boundary = iam.create_policy(PolicyName=unique, PolicyDocument=policy("s3:*"))["Policy"]["Arn"]
        iam.put_user_permissions_boundary(UserName=unique, PermissionsBoundary=boundary)
        assert refused(aws("dynamodb", **keys).list_tables)[1] == "AccessDeniedException"
        assert refused(iam.delete_policy, PolicyArn=boundary)[1] == "DeleteConflict"
        iam.delete_user_permissions_boundary(UserName=unique)
        iam.delete_policy(PolicyArn=boundary)

    def test_it_must_exist_and_so_must_the_user(self, aws: Clients, unique: str) -> None:
        iam, missing = aws("iam"), f"arn:aws:iam::{ACCOUNT}:policy/{unique}"
        said = (404, "NoSuchEntity", f"Scope ARN: {missing} does not exist or is not attachable.")
        assert refused(iam.create_user, UserName=unique, PermissionsBoundary=missing) == said
        iam.create_user(UserName=unique)
        put = iam.put_user_permissions_boundary
        assert refused(put, UserName=unique, PermissionsBoundary=missing) == said
        no_user = (404, "NoSuchEntity", f"The user with name {unique}-2 cannot be found.")
        assert refused(iam.delete_user_permissions_boundary, UserName=f"{unique}-2") == no_user

    def test_a_policy_can_ask_for_one(self, aws: Clients, unique: str) -> None:
        iam = aws("iam")
        boundary = iam.create_policy(PolicyName=unique, PolicyDocument=policy("s3:*"))["Policy"]["Arn"]
        asked = {"StringEquals": {"iam:PermissionsBoundary": boundary}}
        theirs = aws("iam", **keys_bound_to(iam, unique, policy("iam:*User*", condition=asked)))
        assert refused(theirs.create_user, UserName=f"{unique}-2")[1] == "AccessDenied"
        theirs.create_user(UserName=f"{unique}-2", PermissionsBoundary=boundary)
        theirs.put_user_policy(UserName=f"{unique}-2", PolicyName="p", PolicyDocument=policy("s3:*"))
