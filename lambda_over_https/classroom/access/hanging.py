"""What others hung on the IAM users and policies of a class, and the commands that take it off.

IAM deletes no user and no policy on which something hangs, and whoever hung it there may need it.

Source: IAM API reference, DeleteUser and DeletePolicy (what must go before).
"""

from collections.abc import Iterator
from typing import Any

from lambda_over_https.aws.errors.explanations import explained
from lambda_over_https.engine.remove.removal import tolerating


def taken_off_user(iam: Any, name: str) -> list[str]:
    """The commands that take off what hangs on a user and keeps it from being deleted.

    What may not be asked about is left out.
    """
    commands: list[str] = []
    for asked in (_attached, _inline, _devices, _password):
        with tolerating(lambda _: None), explained():
            commands += [f"aws iam {call} --user-name {name}{which}" for call, which in asked(iam, name)]
    return commands


Calls = Iterator[tuple[str, str]]
"""Commands of the AWS CLI, each with the options that say what of a user is meant."""


def _attached(iam: Any, name: str) -> Calls:
    for each in iam.list_attached_user_policies(UserName=name)["AttachedPolicies"]:
        yield "detach-user-policy", f" --policy-arn {each['PolicyArn']}"


def _inline(iam: Any, name: str) -> Calls:
    for policy in iam.list_user_policies(UserName=name)["PolicyNames"]:
        yield "delete-user-policy", f" --policy-name {policy}"


def _devices(iam: Any, name: str) -> Calls:
    for each in iam.list_mfa_devices(UserName=name)["MFADevices"]:
        yield "deactivate-mfa-device", f" --serial-number {each['SerialNumber']}"


def _password(iam: Any, name: str) -> Calls:
    """The password for the console."""
    try:
        iam.get_login_profile(UserName=name)
    except iam.exceptions.NoSuchEntityException:
        return
    yield "delete-login-profile", ""


def users_of_policy(iam: Any, arn: str) -> list[str]:
    """What a managed policy is attached to, or limits."""
    found = iam.list_entities_for_policy(PolicyArn=arn)
    kinds = {"role": "PolicyRoles", "user": "PolicyUsers", "group": "PolicyGroups"}
    return [f"{kind} {each[f'{kind.title()}Name']}" for kind, key in kinds.items() for each in found[key]]
