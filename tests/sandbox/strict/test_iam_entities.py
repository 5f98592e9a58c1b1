"""Users, groups and managed policies: names, what is in use, and limits, in AWS's words."""

from typing import Any

import pytest

from lambda_over_https.sandbox.model.account import ACCOUNT
from tests.kit.sandbox.control import Clients, keys_bound_to, policy, refused, trust_policy

ROOT = f"arn:aws:iam::{ACCOUNT}"
IN_GROUP = "Cannot delete entity, must remove users from group first."
ATTACHED = "Cannot delete entity, must detach all policies first."
INLINE = "Cannot delete entity, must delete policies first."


@pytest.mark.parametrize("kind", ["User", "Group", "Role"])
def test_names_differ_by_more_than_case(aws: Clients, unique: str, kind: str) -> None:
    call, trust = getattr(aws("iam"), f"create_{kind.lower()}"), trust_policy()
    more = {"AssumeRolePolicyDocument": trust} if kind == "Role" else {}
    call(**{f"{kind}Name": unique}, **more)
    for name in (unique, unique.upper()):
        message = f"{kind} with name {name} already exists."
        assert refused(call, **{f"{kind}Name": name}, **more) == (409, "EntityAlreadyExists", message)


@pytest.mark.parametrize("kind", ["User", "Group"])
def test_a_new_name_is_nobody_elses(aws: Clients, unique: str, kind: str) -> None:
    iam = aws("iam")
    for name in (unique, f"{unique}-2"):
        getattr(iam, f"create_{kind.lower()}")(**{f"{kind}Name": name})
    update = getattr(iam, f"update_{kind.lower()}")
    said = refused(update, **{f"{kind}Name": f"{unique}-2", f"New{kind}Name": unique})
    assert said == (409, "EntityAlreadyExists", f"{kind} with name {unique} already exists.")
    update(**{f"{kind}Name": unique, f"New{kind}Name": unique.upper()})


def test_what_a_user_has_stays_with_the_new_name(aws: Clients, unique: str) -> None:
    iam, new = aws("iam"), f"{unique}-2"
    keys = keys_bound_to(iam, unique, policy("sts:*"))
    iam.tag_user(UserName=unique, Tags=[{"Key": "a", "Value": "b"}])
    iam.update_user(UserName=unique, NewUserName=new, NewPath="/class/")
    assert iam.get_user(UserName=new)["User"]["Arn"] == f"{ROOT}:user/class/{new}"
    assert iam.list_user_tags(UserName=new)["Tags"] == [{"Key": "a", "Value": "b"}]
    assert iam.list_access_keys(UserName=new)["AccessKeyMetadata"][0]["UserName"] == new
    assert aws("sts", **keys).get_caller_identity()["Arn"] == f"{ROOT}:user/class/{new}"


def test_a_group_gets_a_new_path_without_a_new_name(aws: Clients, unique: str) -> None:
    aws("iam").create_group(GroupName=unique)
    aws("iam").update_group(GroupName=unique, NewPath="/class/")
    assert aws("iam").get_group(GroupName=unique)["Group"]["Arn"] == f"{ROOT}:group/class/{unique}"


def test_a_user_is_deleted_without_anything(aws: Clients, unique: str) -> None:
    iam, user = aws("iam"), {"UserName": unique}
    iam.create_user(**user)
    iam.create_group(GroupName=unique)
    iam.add_user_to_group(GroupName=unique, **user)
    key = iam.create_access_key(**user)["AccessKey"]["AccessKeyId"]
    said = "Cannot delete entity, must delete access keys first."
    assert refused(iam.delete_user, **user) == (409, "DeleteConflict", said)
    iam.delete_access_key(AccessKeyId=key, **user)
    assert refused(iam.delete_user, **user) == (409, "DeleteConflict", IN_GROUP)
    iam.remove_user_from_group(GroupName=unique, **user)
    iam.delete_user(**user)


def test_a_group_is_deleted_without_anything(aws: Clients, unique: str) -> None:
    iam, group = aws("iam"), {"GroupName": unique}
    arn = iam.create_policy(PolicyName=unique, PolicyDocument=policy("s3:*"))["Policy"]["Arn"]
    iam.create_user(UserName=unique)
    iam.create_group(**group)
    iam.add_user_to_group(UserName=unique, **group)
    iam.attach_group_policy(PolicyArn=arn, **group)
    iam.put_group_policy(PolicyName="p", PolicyDocument=policy("s3:*"), **group)
    assert refused(iam.delete_group, **group) == (409, "DeleteConflict", IN_GROUP)
    iam.remove_user_from_group(UserName=unique, **group)
    assert refused(iam.delete_group, **group) == (409, "DeleteConflict", ATTACHED)
    iam.detach_group_policy(PolicyArn=arn, **group)
    assert refused(iam.delete_group, **group) == (409, "DeleteConflict", INLINE)
    iam.delete_group_policy(PolicyName="p", **group)
    iam.delete_group(**group)


def test_a_managed_policy_is_deleted_after_its_older_versions(aws: Clients, unique: str) -> None:
    iam = aws("iam")
    arn = iam.create_policy(PolicyName=unique, PolicyDocument=policy("s3:*"))["Policy"]["Arn"]
    iam.create_policy_version(PolicyArn=arn, PolicyDocument=policy("sns:*"))
    assert refused(iam.delete_policy, PolicyArn=arn)[:2] == (409, "DeleteConflict")
    iam.delete_policy_version(PolicyArn=arn, VersionId="v2")
    iam.delete_policy(PolicyArn=arn)


@pytest.mark.parametrize("kind", ["User", "Group", "Role"])
def test_ten_managed_policies_can_be_attached(aws: Clients, unique: str, kind: str) -> None:
    """IAM user guide, "IAM and AWS STS quotas"."""
    iam, named = aws("iam"), {f"{kind}Name": unique}
    more = {"AssumeRolePolicyDocument": trust_policy()} if kind == "Role" else {}
    getattr(iam, f"create_{kind.lower()}")(**named, **more)
    attach: Any = getattr(iam, f"attach_{kind.lower()}_policy")
    for number in range(11):
        made = iam.create_policy(PolicyName=f"{unique}-{number}", PolicyDocument=policy("s3:*"))
        arn = made["Policy"]["Arn"]
        if number < 10:
            attach(**named, PolicyArn=arn)
    said = (409, "LimitExceeded", f"Cannot exceed quota for PoliciesPer{kind}: 10")
    assert refused(attach, **named, PolicyArn=arn) == said
    attach(**named, PolicyArn=f"{ROOT}:policy/{unique}-0")
    assert iam.get_policy(PolicyArn=f"{ROOT}:policy/{unique}-0")["Policy"]["AttachmentCount"] == 1


@pytest.mark.parametrize("kind", ["User", "Group"])
def test_an_inline_policy_that_is_not_there_is_named(aws: Clients, unique: str, kind: str) -> None:
    iam = aws("iam")
    getattr(iam, f"create_{kind.lower()}")(**{f"{kind}Name": unique})
    message = f"The {kind.lower()} policy with name none cannot be found."
    for verb in ("get", "delete"):
        call = getattr(iam, f"{verb}_{kind.lower()}_policy")
        said = refused(call, **{f"{kind}Name": unique}, PolicyName="none")
        assert said == (404, "NoSuchEntity", message)


def test_the_operator_is_told_as_the_own_user(aws: Clients) -> None:
    user = aws("iam").get_user()["User"]
    assert (user["UserName"], user["Arn"]) == ("operator", f"{ROOT}:user/operator")
    assert user["UserId"] == aws("sts").get_caller_identity()["UserId"]


def test_a_role_has_no_user_of_its_own(aws: Clients, unique: str) -> None:
    iam = aws("iam")
    trust = trust_policy().replace('"Service": "lambda.amazonaws.com"', f'"AWS": "{ACCOUNT}"')
    role = iam.create_role(RoleName=unique, AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    iam.put_role_policy(RoleName=unique, PolicyName="p", PolicyDocument=policy("iam:*"))
    given = aws("sts").assume_role(RoleArn=role, RoleSessionName="me")["Credentials"]
    keys = {"key": given["AccessKeyId"], "secret": given["SecretAccessKey"], "token": given["SessionToken"]}
    message = "Must specify userName when calling with non-User credentials"
    for call in (aws("iam", **keys).get_user, aws("iam", **keys).list_access_keys):
        assert refused(call) == (400, "ValidationError", message)


@pytest.mark.parametrize("value", [3600, "3600", [3600], 1.5, True])
def test_a_condition_may_hold_a_number_without_quotes(aws: Clients, unique: str, value: object) -> None:
    aws("iam").create_user(UserName=unique)
    document = policy("s3:*", condition={"NumericLessThan": {"aws:MultiFactorAuthAge": value}})
    aws("iam").put_user_policy(UserName=unique, PolicyName="p", PolicyDocument=document)


def test_a_path_that_would_be_ignored_is_refused(aws: Clients) -> None:
    assert refused(aws("iam").list_groups, PathPrefix="/class/")[0] == 501


def test_answers_of_the_sandboxs_own_tell_their_request(aws: Clients, unique: str) -> None:
    aws("iam").create_user(UserName=unique)
    answers = [
        aws("iam").update_user(UserName=unique, NewPath="/class/"),
        aws("sts").get_caller_identity(),
        aws("sts").get_session_token(),
    ]
    ids = {answer["ResponseMetadata"]["RequestId"] for answer in answers}
    assert len(ids) == len(answers)
